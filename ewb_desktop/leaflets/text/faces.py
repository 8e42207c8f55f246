"""A face as the text engine sees it: text goes in, one glyph per cluster with its exact text comes out."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

import uharfbuzz as hb
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.recordingPen import RecordingPen
from fontTools.pens.transformPen import TransformPen
from fontTools.pens.ttGlyphPen import TTGlyphPen

from ewb_desktop.leaflets.errors import MissingGlyphError
from ewb_desktop.leaflets.text.font_file import Outline, outline
from ewb_desktop.leaflets.text.spans import NO_BREAK_SPACE

_MOST_KEPT = 1000
_MOST_SHAPED = 10_000
"""How many shaped words a face remembers."""


@dataclass(frozen=True, slots=True, eq=False)
class Glyph:
    """One shaped cluster: a letter, a ligature, a syllable or a letter with its marks.

    ``parts`` are the face's glyphs (number, x, y); ``own`` is the advance the embedded glyph has, ``advance`` the one
    it takes here (they differ by kerning). All in the face's units. ``text`` is what it stands for. Told apart
    by what it is and not by what it holds: a file asks for the code of every letter that it prints.
    """

    parts: tuple[tuple[int, int, int], ...]
    own: int
    advance: int
    text: str


class Shaped(NamedTuple):
    """The glyphs of a word from left to right, and its width in thousandths of the size."""

    glyphs: tuple[Glyph, ...]
    width: float


class Face:
    """A font file, read once and kept warm: what it can print, how it shapes, and its outlines.

    Without ``ligatures`` no two letters are drawn as one, and none is moved further from the next than it stands by itself: a
    face whose letters stand far apart is not read better for it. OpenDyslexic's own pairs tear "XX" apart like two words.
    """

    def __init__(self, path: Path, *, ligatures: bool = True) -> None:
        self._features = None if ligatures else {"liga": False}
        self._apart = not ligatures
        self._face = hb.Face(hb.Blob(path.read_bytes()))
        self._font = hb.Font(self._face)
        self.name = re.sub(r"[^A-Za-z0-9-]", "-", path.stem)
        self.units: int = self._face.upem
        self.characters: frozenset[int] = frozenset(self._face.unicodes)
        extents = self._font.get_font_extents("ltr")
        self.ascent: int = extents.ascender
        self.descent: int = extents.descender
        self._shaped: dict[tuple[str, bool, str], Shaped] = {}
        self._letters: dict[tuple[int, int, str], Glyph] = {}
        self._drawn: dict[tuple[tuple[int, int, int], ...], Outline] = {}

    def has(self, character: str) -> bool:
        """Say whether this face can print ``character``."""
        return ord(character) in self.characters

    def shape(self, text: str, right_to_left: bool, lang: str) -> Shaped:
        """Return the glyphs of ``text`` from left to right, and its width.

        Raises ``MissingGlyphError`` naming the characters that the face cannot print. Offsets are inside the glyph, so
        every glyph sits on the line's baseline, in Nastaliq too.
        """
        key = (text, right_to_left, lang)
        known = self._shaped.get(key)
        if known is None:
            if len(self._shaped) >= _MOST_SHAPED:
                self._shaped.clear()
                self._letters.clear()
            glyphs = self._shape(text, right_to_left, lang)
            width = sum([glyph.advance for glyph in glyphs]) * 1000 / self.units
            known = self._shaped[key] = Shaped(glyphs, width)
        return known

    def drawn(self, parts: tuple[tuple[int, int, int], ...]) -> Outline:
        """Return one TrueType glyph made of the face's glyphs ``parts`` (number, x, y), packed once for all leaflets."""
        known = self._drawn.get(parts)
        if known is None:
            pen = TTGlyphPen(None)
            for number, x, y in parts:
                steps = RecordingPen()
                self._font.draw_glyph_with_pen(number, steps)
                cubic = any(step == "curveTo" for step, _ in steps.value)
                target = Cu2QuPen(pen, self.units / 1000, reverse_direction=True) if cubic else pen
                steps.replay(TransformPen(target, (1, 0, 0, 1, x, y)))
            known = self._drawn[parts] = outline(pen.glyph())
        return known

    def advance_of(self, number: int) -> int:
        """Return the advance of the face's glyph ``number`` in the face's units."""
        return int(self._font.get_glyph_h_advance(number))

    def _shape(self, text: str, right_to_left: bool, lang: str) -> tuple[Glyph, ...]:
        infos, positions = self._laid(text, right_to_left, lang)
        at = [info.cluster for info in infos]
        numbers = [info.codepoint for info in infos]
        starts = sorted(set(at))
        ends = dict(zip(starts, [*starts[1:], len(text)], strict=True))
        glyphs: list[Glyph] = []
        i = 0
        while i < len(at):
            end = i + 1
            while end < len(at) and at[end] == at[i]:
                end += 1
            words = text[at[i] : ends[at[i]]]
            if 0 in numbers[i:end]:
                raise MissingGlyphError(words)
            if end == i + 1 and not right_to_left:
                glyphs.append(self._letter(numbers[i], positions[i], words))
            else:
                glyphs.append(self._cluster(numbers[i:end], positions[i:end], words, right_to_left))
            i = end
        return tuple(glyphs)

    def _laid(self, text: str, right_to_left: bool, lang: str) -> tuple[list[hb.GlyphInfo], list[hb.GlyphPosition]]:
        """Return the face's glyphs of ``text`` and where they stand, each cluster's in one stretch.

        Readers turn text from the right round letter by letter: a mark in one glyph with its letter would come before
        it. So letters and marks stay apart there, but for a face that mixes the glyphs of two letters.
        """
        level = hb.BufferClusterLevel.CHARACTERS if right_to_left else hb.BufferClusterLevel.MONOTONE_GRAPHEMES
        while True:
            buffer = hb.Buffer()
            buffer.add_str(text)
            buffer.guess_segment_properties()
            buffer.direction = "rtl" if right_to_left else "ltr"
            buffer.cluster_level = level
            buffer.language = lang
            hb.shape(self._font, buffer, self._features)
            infos = buffer.glyph_infos
            clusters = [cluster for cluster, _ in groupby(info.cluster for info in infos)] if right_to_left else []
            if level != hb.BufferClusterLevel.CHARACTERS or clusters == sorted(set(clusters), reverse=True):
                return infos, buffer.glyph_positions
            level = hb.BufferClusterLevel.MONOTONE_CHARACTERS

    def _letter(self, number: int, position: hb.GlyphPosition, words: str) -> Glyph:
        """Return what is one of the face's glyphs and read from the left: nearly all of a leaflet in Latin letters."""
        if position.x_offset or position.y_offset:
            return self._cluster([number], [position], words, right_to_left=False)
        key = (number, position.x_advance, words)
        known = self._letters.get(key)
        if known is None:
            known = self._letters[key] = self._cluster([number], [position], words, right_to_left=False)
        return known

    def _cluster(self, numbers: list[int], positions: list[hb.GlyphPosition], words: str, right_to_left: bool) -> Glyph:
        pen = 0
        parts: list[tuple[int, int, int]] = []
        for number, position in zip(numbers, positions, strict=True):
            parts.append((number, pen + position.x_offset, position.y_offset))
            pen += position.x_advance
        plain = not right_to_left and len(parts) == 1 and parts[0][1:] == (0, 0)
        if self._apart and plain:
            pen = min(pen, self.advance_of(parts[0][0]))
        # in Nastaliq a letter may reach back over the one beside it, and a font's own table has no negative advance
        return Glyph(tuple(parts), self.advance_of(parts[0][0]) if plain else max(pen, 0), pen, words)


@dataclass(frozen=True, slots=True)
class Script:
    """The face of a script: the languages that ask it before other scripts' faces, and what it needs.

    ``leading`` is the least distance of its lines, as times the size. ``signs`` are taken from it although the reading
    face has them too, because they look different in that script.
    """

    face: Face
    languages: frozenset[str] = frozenset()
    leading: float = 0.0
    signs: frozenset[str] = frozenset()


class Memory(dict[tuple[Any, ...], Any]):
    """Keeps the last thousand things or fewer, so that a day of leaflets does not fill the laptop."""

    def __setitem__(self, key: tuple[Any, ...], value: Any) -> None:
        """Keep ``value``; a full memory is emptied first."""
        if len(self) >= _MOST_KEPT:
            self.clear()
        super().__setitem__(key, value)


@dataclass(frozen=True, eq=False)
class FaceStack:
    """The faces of a style in the order in which they are asked for a character: those for reading, then the scripts'."""

    faces: tuple[Face, ...]
    scripts: tuple[Script, ...] = ()
    paragraphs: dict[tuple[Any, ...], Any] = field(default_factory=Memory, init=False, repr=False)
    """What was cut and shaped with it before: a leaflet is laid out more than once, and the next one has much of the same."""
    filled: dict[tuple[Any, ...], Any] = field(default_factory=Memory, init=False, repr=False)
    """What was filled into lines before."""
    _found: dict[tuple[str, str], Face] = field(default_factory=dict, init=False, repr=False)
    _read: dict[str, set[str]] = field(default_factory=dict, init=False, repr=False)
    _owned: dict[str, Script | None] = field(default_factory=dict, init=False, repr=False)

    @property
    def reading(self) -> Face:
        """The face that is asked first."""
        return self.faces[0]

    def face_for(self, character: str, lang: str) -> Face:
        """Return the face that prints ``character`` in ``lang``; the reading face when none has it (it will name it)."""
        found = self._found.get((character, lang))
        if found is None:
            found = self._found[character, lang] = self._face_for(character, lang)
        return found

    def _face_for(self, character: str, lang: str) -> Face:
        own = self._script_of(lang)
        if own is not None and character in own.signs:
            return own.face
        asked = (*self.faces, own.face) if own is not None else self.faces
        for face in asked:
            if face.has(character):
                return face
        return next((script.face for script in self.scripts if script.face.has(character)), self.reading)

    def reads(self, letters: set[str], lang: str) -> bool:
        """Say whether the reading face prints all ``letters`` of a text in ``lang``, each by itself."""
        known = self._read.setdefault(lang, {" ", NO_BREAK_SPACE})
        if not letters <= known:
            known.update(letter for letter in letters if self.face_for(letter, lang) is self.reading)
        return letters <= known

    def asked(self, lang: str) -> tuple[Face, ...]:
        """Return the faces that print most of a text in ``lang``, in the order in which they are asked."""
        own = self._script_of(lang)
        return self.faces if own is None else (*self.faces, own.face)

    def leading(self, lang: str) -> float:
        """Return how far apart lines in ``lang`` must be, as times the size; 0 when the style decides."""
        own = self._script_of(lang)
        return 0.0 if own is None else own.leading

    def _script_of(self, lang: str) -> Script | None:
        if lang not in self._owned:
            self._owned[lang] = next((script for script in self.scripts if lang in script.languages), None)
        return self._owned[lang]
