"""A TrueType font written from outlines that are packed already: a leaflet needs no more of a font than its glyphs.

Source of the tables: the OpenType specification, version 1.9 (head, hhea, hmtx, maxp, loca, glyf).
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

Box = tuple[int, int, int, int]
_MAGIC = 0x5F0F3CF5
_WHOLE = 0xB1B0AFBA
"""What the sums of a font come to with its own adjustment."""


@dataclass(frozen=True, slots=True)
class Outline:
    """A glyph as the font holds it: packed, with its bounding box and its numbers of points and contours."""

    packed: bytes
    box: Box
    points: int
    contours: int


def outline(glyph: Any) -> Outline:
    """Pack a glyph that was drawn with fontTools' TTGlyphPen."""
    packed = bytes(glyph.compile(None))
    if not packed:
        return Outline(b"", (0, 0, 0, 0), 0, 0)
    box = (glyph.xMin, glyph.yMin, glyph.xMax, glyph.yMax)
    return Outline(packed + bytes(-len(packed) % 4), box, len(glyph.coordinates), glyph.numberOfContours)


def font_file(outlines: Sequence[Outline], advances: Sequence[int], units: int, ascent: int, descent: int) -> tuple[bytes, Box]:
    """Return the font of ``outlines`` in the order of their numbers, and the box round all of them."""
    count = len(outlines)
    drawn = [each.box for each in outlines if each.packed] or [(0, 0, 0, 0)]
    left, bottom = min(box[0] for box in drawn), min(box[1] for box in drawn)
    right, top = max(box[2] for box in drawn), max(box[3] for box in drawn)
    places = [0]
    for each in outlines:
        places.append(places[-1] + len(each.packed))
    after = min(advance - each.box[2] for each, advance in zip(outlines, advances, strict=True))
    head = struct.pack(
        ">IIIIHHqqhhhhHHhhh", 0x10000, 0x10000, 0, _MAGIC, 3, units, 0, 0, left, bottom, right, top, 0, 3, 2, 1, 0
    )  # fmt: skip
    hhea = struct.pack(
        ">IhhhHhhhhhhhhhhhH", 0x10000, ascent, descent, 0, max(advances), left, after, right, 1, 0, 0, 0, 0, 0, 0, 0, count
    )  # fmt: skip
    points, contours = max(each.points for each in outlines), max(each.contours for each in outlines)
    maxp = struct.pack(">IHHHHHHHHHHHHHH", 0x10000, count, points, contours, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0)
    sides = (side for each, advance in zip(outlines, advances, strict=True) for side in (advance, each.box[0]))
    tables = {
        b"glyf": b"".join(each.packed for each in outlines),
        b"head": head,
        b"hhea": hhea,
        b"hmtx": struct.pack(f">{'Hh' * count}", *sides),
        b"loca": struct.pack(f">{count + 1}I", *places),
        b"maxp": maxp,
    }
    whole = _joined(tables)
    adjusted = (_WHOLE - _sum(whole)) & 0xFFFFFFFF
    at = 12 + 16 * len(tables) + len(tables[b"glyf"]) + 8
    return whole[:at] + struct.pack(">I", adjusted) + whole[at + 4 :], (left, bottom, right, top)


def _joined(tables: dict[bytes, bytes]) -> bytes:
    count = len(tables)
    near = 1 << (count.bit_length() - 1)
    start = struct.pack(">IHHHH", 0x10000, count, near * 16, near.bit_length() - 1, (count - near) * 16)
    at = len(start) + 16 * count
    entries, bodies = b"", b""
    for tag, body in tables.items():
        entries += struct.pack(">4sIII", tag, _sum(body), at + len(bodies), len(body))
        bodies += body + bytes(-len(body) % 4)
    return start + entries + bodies


def _sum(body: bytes) -> int:
    whole = body + bytes(-len(body) % 4)
    total: int = sum(struct.unpack(f">{len(whole) // 4}I", whole))
    return total & 0xFFFFFFFF
