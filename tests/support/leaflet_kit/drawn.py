"""What stands on the paper, read from the file's drawing: runs of text with place, size and colour, and what is painted."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pikepdf
from fontTools.pens.statisticsPen import StatisticsPen
from fontTools.ttLib import TTFont

from tests.support.tags import character_map

Colour = tuple[float, ...]
Shape = tuple[float, float, float]
"""How much of the size's square a glyph covers, and where its middle is: no two digits of a face have the same."""

logging.getLogger("fontTools").setLevel(logging.ERROR)  # a font that is the same in every run has a day of making long ago


@dataclass
class FontSeen:
    """A font as the file holds it: widths, the text behind each code, the codes without a picture."""

    widths: list[float]
    texts: dict[int, str]
    empty: frozenset[int]
    name: str
    digits: dict[str, Shape]


@dataclass
class Run:
    """Text drawn at once, from left to right as the eye sees it. (x, y) is its baseline's left end, from the sheet's foot."""

    text: str
    x: float
    y: float
    width: float
    size: float
    colour: Colour
    artifact: bool
    codes: tuple[int, ...]
    font: FontSeen
    ground: Colour = ()

    @property
    def right(self) -> float:
        """Where it ends."""
        return self.x + self.width


@dataclass
class Area:
    """A rectangle that is painted or framed."""

    left: float
    bottom: float
    width: float
    height: float

    def holds(self, x: float, y: float) -> bool:
        """Say whether a point lies in it."""
        return self.left <= x <= self.left + self.width and self.bottom <= y <= self.bottom + self.height


@dataclass
class Drawn:
    """One sheet's side."""

    runs: list[Run] = field(default_factory=list)
    areas: list[Area] = field(default_factory=list)
    figures: list[tuple[Area, Colour]] = field(default_factory=list)
    """What is painted for figures, in its order: the ground and the squares of codes."""

    def lines(self) -> Iterator[str]:
        """Yield the text of each line from left to right, as the eye sees it; cells beside each other are one line."""
        rows: dict[int, list[Run]] = {}
        for run in self.runs:
            rows.setdefault(round(run.y), []).append(run)
        for y in sorted(rows, reverse=True):
            yield "".join(run.text for run in sorted(rows[y], key=lambda run: run.x))


def read_drawing(pdf: bytes) -> list[Drawn]:
    """Return every side of ``pdf``."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        fonts: dict[Any, FontSeen] = {}
        return [_side(page, fonts) for page in document.pages]


class _Pen:
    """Follows the drawing of one side, as far as text and what is painted need it."""

    def __init__(self, fonts: dict[str, FontSeen]) -> None:
        self.drawn = Drawn()
        self._fonts = fonts
        self._font = next(iter(fonts.values()))
        self._size, self._place = 0.0, (0.0, 0.0)
        self._colour: Colour = (0.0, 0.0, 0.0)
        self._boxes: list[Area] = []
        self._painted: list[tuple[Area, Colour]] = []
        self._artifacts: list[bool] = []

    def step(self, operator: str, operands: Any) -> None:
        match operator:
            case "Tf":
                self._font, self._size = self._fonts[str(operands[0])], float(operands[1])
            case "Tm":
                self._place = float(operands[4]), float(operands[5])
            case "rg":
                self._colour = tuple(float(each) for each in operands)
            case "re":
                self._boxes.append(Area(*(float(each) for each in operands)))
            case "f" | "S":
                self._paint(filled=operator == "f")
            case "BDC" | "BMC":
                self._artifacts.append(str(operands[0]) == "/Artifact")
            case "EMC":
                self._artifacts.pop()
            case "TJ" | "Tj":
                self._show(operands[0] if operator == "TJ" else [operands[0]])

    def _paint(self, *, filled: bool) -> None:
        # what is painted for a figure is a picture, and no ground for words
        painted = [(box, self._colour) for box in self._boxes if filled]
        if any(self._artifacts):
            self._painted += painted
            self.drawn.areas += self._boxes
        else:
            self.drawn.figures += painted
        self._boxes = []

    def _show(self, array: Any) -> None:
        run = _run(array, self._font, self._place, self._size, self._colour, artifact=any(self._artifacts))
        run.ground = next((colour for area, colour in reversed(self._painted) if area.holds(*self._place)), ())
        self.drawn.runs.append(run)


def _side(page: Any, fonts: dict[Any, FontSeen]) -> Drawn:
    named = {}
    for name, font in page.Resources.Font.items():
        if font.objgen not in fonts:
            fonts[font.objgen] = _font(font)
        named[name] = fonts[font.objgen]
    pen = _Pen(named)
    steps: Any = pikepdf.parse_content_stream(page)
    for operands, operator in steps:
        pen.step(str(operator), operands)
    return pen.drawn


def _run(array: Any, font: FontSeen, place: tuple[float, float], size: float, colour: Colour, *, artifact: bool) -> Run:
    codes: list[int] = []
    width = 0.0
    for item in array:
        if isinstance(item, pikepdf.String):
            raw = bytes(item)
            here = [raw[i] * 256 + raw[i + 1] for i in range(0, len(raw), 2)]
            width += sum(font.widths[code] for code in here)
            codes += here
        else:
            width -= float(item)
    text = "".join(font.texts.get(code, "\ufffd") for code in codes)
    return Run(text, *place, width * size / 1000, size, colour, artifact, tuple(codes), font)


def shape_of(program: TTFont, name: str) -> Shape:
    """Return the shape of the glyph ``name``, to two hundredths of the size."""
    pen = StatisticsPen()
    program.getGlyphSet()[name].draw(pen)
    units = program["head"].unitsPerEm
    return round(abs(pen.area) / units**2, 3), round(pen.meanX / units, 2), round(pen.meanY / units, 2)


def _font(font: Any) -> FontSeen:
    inner = font.DescendantFonts[0]
    program = TTFont(io.BytesIO(inner.FontDescriptor.FontFile2.read_bytes()))
    outlines = program["glyf"]
    order = program.getGlyphOrder()
    empty = frozenset(code for code, name in enumerate(order) if outlines[name].numberOfContours == 0)
    texts = character_map(font)
    digits = {text: shape_of(program, order[code]) for code, text in texts.items() if text in tuple("0123456789")}
    name = str(font.BaseFont).partition("+")[2]
    return FontSeen([float(each) for each in inner.W[1]], texts, empty, name, digits)
