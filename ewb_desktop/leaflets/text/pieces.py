"""Text cut into pieces that are shaped as one: one span, one face, one direction, and never over a place to break."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from ewb_desktop.leaflets.text import bidi
from ewb_desktop.leaflets.text.faces import Face, FaceStack, Glyph
from ewb_desktop.leaflets.text.numbers import figures_in, numbers_in
from ewb_desktop.leaflets.text.spans import NO_BREAK_SPACE, RIGHT_TO_LEFT, Span, with_whole_numbers

_NEVER_FIRST = frozenset("，。、；：？！）》」』】”’,.;:?!)%")
_ONE_SIGN = "\ufffc"
"""Stands for what has an order of its own, as an object in the text would."""
_NEVER_LAST = frozenset("（《「『【“‘(")
_AT, _AT_LINK = "-/–—", "/"
"""The signs after which a line may begin, in text and in an address."""
_WORDS, _LINK_WORDS = re.compile(r" |[^ \-/–—]*[\-/–—]|[^ \-/–—]+"), re.compile(r" |[^ /]*/|[^ /]+")
_SPACES = frozenset((" ", NO_BREAK_SPACE))
_SIGNS = re.compile(r"[\u2e80-\u2fff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]{2,}")
"""Chinese signs that stand together. There are no spaces between words, so this is the word."""
_MARKS = frozenset(("Mn", "Mc", "Cf"))


class Piece(NamedTuple):
    """A shaped stretch of text. ``width`` is in thousandths of the size. ``may_break`` says a line may begin here."""

    text: str
    span: Span
    face: Face
    level: int
    glyphs: tuple[Glyph, ...]
    width: float
    space: bool
    may_break: bool

    @property
    def right_to_left(self) -> bool:
        """Say whether the piece is read from the right."""
        return bool(self.level & 1)


def cut(spans: tuple[Span, ...], regular: FaceStack, bold: FaceStack, lang: str, base: int) -> tuple[Piece, ...]:
    """Return the pieces of a paragraph in reading order. ``base`` is the paragraph's level, ``lang`` its language."""
    key = (spans, id(bold), lang, base)
    known: tuple[Piece, ...] | None = regular.paragraphs.get(key)
    if known is None:
        known = regular.paragraphs[key] = tuple(_cut(spans, regular, bold, lang, base))
    return known


def _cut(spans: tuple[Span, ...], regular: FaceStack, bold: FaceStack, lang: str, base: int) -> Iterator[Piece]:
    spans = with_whole_numbers(spans)
    text = "".join(span.text for span in spans)
    numbers = list(figures_in(text) if base else numbers_in(text))
    depth = _levels(spans, base, numbers)
    held = frozenset(each for first, end in numbers for each in range(first + 1, end))
    start = 0
    for span in spans:
        end = start + len(span.text)
        yield from _cut_span(text, start, end, span, bold if span.bold else regular, lang, depth, held)
        start = end


def _levels(spans: tuple[Span, ...], base: int, numbers: Sequence[tuple[int, int]]) -> list[int]:
    """Return the level of each character. Words in a language of the other direction stand by themselves, as one sign.

    So do ``numbers``: only a number's digits are sure to run from the left, and not what joins its groups.

    Without that, "999 or A&E" in an Arabic leaflet would be printed as "or A&E 999", and a full stop on the wrong side.
    """
    whole = "".join(span.text for span in spans)
    if not base and bidi.runs_from_left(whole) and not any(span.lang in RIGHT_TO_LEFT for span in spans):
        return [0] * len(whole)
    runs = [
        (apart, "".join(span.text for span in group))
        for apart, group in groupby(spans, lambda span: bool(span.lang) and (span.lang in RIGHT_TO_LEFT) is not bool(base))
    ]
    outer = bidi.levels("".join(_ONE_SIGN if apart else text for apart, text in runs), base)
    depth: list[int] = []
    at = 0
    for apart, text in runs:
        if apart:
            inner = bidi.levels(text, 1 - base)
            depth += [level + (2 if base else 0) for level in inner]
            at += 1
        else:
            depth += outer[at : at + len(text)]
            at += len(text)
    for start, end in numbers:
        digit = next(i for i in range(start, end) if whole[i].isdigit())
        depth[start:end] = [depth[digit]] * (end - start)
    return depth


def shaped(text: str, span: Span, face: Face, level: int, lang: str, *, space: bool, may_break: bool) -> Piece:
    """Return one piece of ``text``, shaped and measured."""
    glyphs, width = face.shape(text, bool(level & 1), span.lang or lang)
    return Piece(text, span, face, level, glyphs, width, space, may_break)


def _cut_span(
    text: str, start: int, end: int, span: Span, stack: FaceStack, lang: str, depth: list[int], held: frozenset[int]
) -> list[Piece]:  # fmt: skip
    """Return the pieces of one span; no line begins at a place that is ``held``.

    What is all of one face and direction, and has no number with dashes, is cut by words and not looked at letter by letter.
    """
    words, here = text[start:end], span.lang or lang
    at, parts = (_AT_LINK, _LINK_WORDS) if span.link else (_AT, _WORDS)
    dashed = any(start <= i < end and text[i - 1] in at for i in held)
    if dashed or any(depth[start:end]) or not stack.reads(set(words), here):
        return _cut_letters(text, start, end, span, stack, lang, depth, held)
    pieces: list[Piece] = []
    face = stack.reading
    opens = bool(words) and start not in held and _may_break_before(text, start, at=at)
    for word in parts.findall(words):
        space = word == " "
        glyphs, width = face.shape(word, False, here)
        pieces.append(Piece(word, span, face, 0, glyphs, width, space, opens and not space))
        opens = True
    return pieces


def _cut_letters(
    text: str, start: int, end: int, span: Span, stack: FaceStack, lang: str, depth: list[int], held: frozenset[int]
) -> list[Piece]:  # fmt: skip
    pieces: list[Piece] = []
    together = _of_one_face(text, start, end, stack, span.lang or lang)
    begun = start
    face: Face | None = None
    opens = False
    for i in range(start, end + 1):
        if i < end:
            here = together.get(i) or _face_of(text[i], face, stack, span.lang or lang)
            breaks = i not in held and _may_break_before(text, i, at=_AT_LINK if span.link else _AT)
            if face is not None and i > begun and here is face and depth[i] == depth[begun] and not breaks:
                continue
        if face is not None and i > begun:
            space = text[begun] == " "
            pieces.append(shaped(text[begun:i], span, face, depth[begun], lang, space=space, may_break=opens and not space))
        if i < end:
            begun, face, opens = i, here, breaks
    return pieces


def _of_one_face(text: str, start: int, end: int, stack: FaceStack, lang: str) -> dict[int, Face]:
    """Return the faces of Chinese signs that would be of several: all of the one that has the whole word.

    A single thin sign in a bold heading looks like a fault of the print.
    """
    found: dict[int, Face] = {}
    for match in _SIGNS.finditer(text, start, end):
        faces = {stack.face_for(sign, lang): None for sign in match.group()}
        whole = next((face for face in faces if all(map(face.has, match.group()))), None)
        if len(faces) > 1 and whole is not None:
            found.update(dict.fromkeys(range(*match.span()), whole))
    return found


def _face_of(character: str, before: Face | None, stack: FaceStack, lang: str) -> Face:
    """Return the face for ``character``: marks stay with the face before them when it has them.

    A space is always of the reading face. That of Nastaliq is so narrow that a number would touch the word beside it,
    and that readers copy the words without it.
    """
    if character in _SPACES:
        return stack.reading
    if unicodedata.category(character) in _MARKS and before is not None and before.has(character):
        return before
    return stack.face_for(character, lang)


def _may_break_before(text: str, i: int, at: str) -> bool:
    """Say whether a line may begin at ``i``; ``at`` are the signs after which it may.

    An address is not broken at its hyphens: a reader takes them for those of a torn word, and copies it without them.
    """
    character = text[i]
    before = text[i - 1] if i else " "
    if character == " " or before == " " or before in at:
        return True
    if _ideographic(character) or _ideographic(before):
        return character not in _NEVER_FIRST and before not in _NEVER_LAST
    return False


def _ideographic(character: str) -> bool:
    return "\u2e80" <= character <= "\u9fff" or "\uf900" <= character <= "\ufaff" or "\uff00" <= character <= "\uffef"
