"""The font that goes into the file: one glyph for each cluster that was printed, and the text behind every glyph."""

from __future__ import annotations

from functools import lru_cache

from ewb_desktop.leaflets.text.faces import Face, Glyph
from ewb_desktop.leaflets.text.font_file import font_file

_Key = tuple[tuple[tuple[int, int, int], ...], int, str]
_NOTDEF: _Key = (((0, 0, 0),), 0, "")


@lru_cache(maxsize=8192)
def figure(value: float) -> str:
    """Return ``value`` as a page's drawing writes it, to two places; none of them is 10,000 or more."""
    return "%.6g" % (round(value, 2) + 0.0)


class FontUse:
    """What one file uses of a face. A glyph has one code and one text, so copied text is right for every reader."""

    def __init__(self, face: Face, name: str) -> None:
        self.face = face
        self.name = name
        self._codes: dict[_Key, int] = {}
        """The code of each glyph in this file; a new one takes the next."""
        self._steps: dict[Glyph, str] = {}
        """What the drawing of a page writes for each glyph: its code, and after it the kerning between two strings."""

    def shown(self, glyphs: tuple[Glyph, ...]) -> str:
        """Return what a page's drawing shows for ``glyphs`` between "<" and ">": their codes, and kerning between them."""
        steps = self._steps
        try:
            return "".join([steps[glyph] for glyph in glyphs])
        except KeyError:
            for glyph in glyphs:
                if glyph not in steps:
                    steps[glyph] = self._step(glyph)
        return "".join([steps[glyph] for glyph in glyphs])

    def _step(self, glyph: Glyph) -> str:
        code = self._codes.setdefault((glyph.parts, glyph.own, glyph.text), len(self._codes) + 1)
        if glyph.advance == glyph.own:
            return f"{code:04X}"
        return f"{code:04X}> {figure((glyph.own - glyph.advance) * 1000 / self.face.units)} <"

    def widths(self) -> list[float]:
        """Return the advance of every code from 0 on, in thousandths of the size."""
        scale = 1000 / self.face.units
        return [round(self.face.advance_of(0) * scale, 3)] + [round(own * scale, 3) for _, own, _ in self._codes]

    def to_unicode(self) -> bytes:
        """Return the character map that says which text each code stands for. No code stands for U+0000."""
        rows = [f"<{code:04X}> <{text.encode('utf-16-be').hex().upper()}>" for (_, _, text), code in self._codes.items()]
        lines = [
            "/CIDInit /ProcSet findresource begin 12 dict begin begincmap",
            "/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def",
            "/CMapName /Adobe-Identity-UCS def /CMapType 2 def",
            "1 begincodespacerange <0000> <FFFF> endcodespacerange",
        ]
        for i in range(0, len(rows), 100):
            lines += [f"{len(rows[i : i + 100])} beginbfchar", *rows[i : i + 100], "endbfchar"]
        lines.append("endcmap CMapName currentdict /CMap defineresource pop end end")
        return "\n".join(lines).encode("ascii")

    def program(self) -> tuple[bytes, tuple[int, int, int, int]]:
        """Return the TrueType font of the glyphs in use, the same bytes for the same glyphs, and its bounding box."""
        keys = [_NOTDEF, *self._codes]
        outlines = [self.face.drawn(parts) for parts, _, _ in keys]
        advances = [self.face.advance_of(0), *(own for _, own, _ in self._codes)]
        return font_file(outlines, advances, self.face.units, self.face.ascent, self.face.descent)
