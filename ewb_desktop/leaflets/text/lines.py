"""Pieces filled into lines that never run over their width, and the place of each piece on its line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from ewb_desktop.leaflets.text.bidi import visual_order
from ewb_desktop.leaflets.text.pieces import Piece, shaped
from ewb_desktop.leaflets.text.spans import NO_BREAK_SPACE

_GROUP_ENDS = re.compile(rf"(?<={NO_BREAK_SPACE})|(?=[-\u2010-\u2015._?&=/]\w)")


class Run(NamedTuple):
    """Pieces of one span and face that are drawn at once, and the x at which they begin, in points from the line's left edge."""

    pieces: tuple[Piece, ...]
    x: float


class Line(NamedTuple):
    """A line in reading order, with its width in points, the space at its end left out."""

    runs: tuple[Run, ...]
    width: float


def fill(pieces: Sequence[Piece], width: float, size: float, lang: str, *, from_right: bool) -> list[Line]:
    """Return the lines of a paragraph ``width`` points wide at ``size`` points.

    A word or number that is wider than a whole line is broken: a number at its spaces first, anything at its letters
    last. Nothing is hyphenated. Every line but the last keeps the space at its end, so that copied words stay apart.
    """
    lines: list[list[Piece]] = []
    line: list[Piece] = []
    used = 0.0
    for unit in _units(pieces):
        wide = _width(unit, size)
        if line and not unit[0].space and used + wide > width:
            lines.append(line)
            line, used = [], 0.0
        if not line and unit[0].space:
            if lines and not lines[-1][-1].space:
                lines[-1].extend(unit)
            continue
        if wide > width:
            *full, unit = _broken(unit, width, size, lang)
            lines.extend(full)
            wide = _width(unit, size)
        line = [*line, *unit]
        used += wide
    lines.append(line)
    return [_placed(parts, width, size, from_right=from_right) for parts in lines]


def widest_unit(pieces: Sequence[Piece]) -> float:
    """Return the width, in thousandths of the size, of the widest stretch that a line may not break."""
    return max((sum(piece.width for piece in unit) for unit in _units(pieces)), default=0.0)


def _units(pieces: Sequence[Piece]) -> Iterator[list[Piece]]:
    """Yield the stretches that a line may not break."""
    unit: list[Piece] = []
    for piece in pieces:
        if unit and (piece.space or piece.may_break or unit[0].space):
            yield unit
            unit = []
        unit.append(piece)
    if unit:
        yield unit


def _width(pieces: list[Piece], size: float) -> float:
    return sum(piece.width for piece in pieces) * size / 1000


def _broken(unit: list[Piece], width: float, size: float, lang: str) -> list[list[Piece]]:
    """Return ``unit``, wider than a line, as several that fit (one cluster always fits, however narrow the line)."""
    at_spaces: list[Piece] = []
    for piece in unit:
        at_spaces.extend(_cut_again(piece, _groups(piece.text), lang))
    letters: list[Piece] = []
    for piece in at_spaces:
        if piece.width * size / 1000 <= width:
            letters.append(piece)
        else:
            clusters = piece.glyphs[::-1] if piece.right_to_left else piece.glyphs
            letters.extend(_cut_again(piece, _letters(glyph.text for glyph in clusters), lang))
    rows: list[list[Piece]] = [[]]
    for piece in letters:
        if rows[-1] and _width([*rows[-1], piece], size) > width:
            rows.append([])
        rows[-1].append(piece)
    return [_joined(row, width, size, lang) for row in rows]


def _joined(row: list[Piece], width: float, size: float, lang: str) -> list[Piece]:
    """Return what stands side by side of a broken word shaped as one again: letters of some scripts join."""
    joined: list[Piece] = []
    for (_, face, level), parts in groupby(row, lambda piece: (piece.span, piece.face, piece.level)):
        several = list(parts)
        text = "".join(piece.text for piece in several)
        joined.append(shaped(text, several[0].span, face, level, lang, space=False, may_break=True))
    return joined if _width(joined, size) <= width else row


def _groups(text: str) -> list[str]:
    """Return ``text`` cut after its no-break spaces and before its other signs: at a line's end they pass for a torn word's."""
    return [part for part in _GROUP_ENDS.split(text) if part]


def _letters(clusters: Iterable[str]) -> list[str]:
    """Return ``clusters``, a hyphen with what follows it: readers take one at a line's end for that of a torn word."""
    parts: list[str] = []
    for cluster in clusters:
        if parts and parts[-1].endswith("-"):
            parts[-1] += cluster
        else:
            parts.append(cluster)
    return parts


def _cut_again(piece: Piece, texts: list[str], lang: str) -> list[Piece]:
    if len(texts) == 1:
        return [piece]
    return [shaped(text, piece.span, piece.face, piece.level, lang, space=False, may_break=True) for text in texts if text]


def _placed(parts: list[Piece], width: float, size: float, *, from_right: bool) -> Line:
    ended = len(parts)
    while ended and parts[ended - 1].space:
        ended -= 1
    shown, trailing = parts[:ended], parts[ended:]
    wide = _width(shown, size)
    at = [0.0] * len(parts)
    pen = width - wide if from_right else 0.0
    for i in visual_order([piece.level for piece in shown]) if any(piece.level for piece in shown) else range(ended):
        at[i] = pen
        pen += shown[i].width * size / 1000
    for i, piece in enumerate(trailing, start=ended):
        at[i] = width - wide - piece.width * size / 1000 if from_right else pen
    runs: list[Run] = []
    begun = 0
    for i in range(1, len(parts) + 1):
        # what is read from the right is marked word by word, and the space at the end is no part of what the eye sees
        if i == len(parts) or i == ended or not _go_on(parts[i - 1], parts[i]):
            runs.append(Run(tuple(parts[begun:i]), at[begun]))
            begun = i
    return Line(tuple(runs), wide)


def _go_on(before: Piece, after: Piece) -> bool:
    """Say whether ``after`` is drawn in one run with the piece before it."""
    return before.span is after.span and before.face is after.face and not before.level and not after.level
