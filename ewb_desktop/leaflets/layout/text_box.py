"""A paragraph, heading or point on the page: lines of shaped text that belong to one element."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ewb_desktop.leaflets.layout.boxes import Box
from ewb_desktop.leaflets.tagging.page import Colour, Page
from ewb_desktop.leaflets.tagging.structure import Element
from ewb_desktop.leaflets.text.bidi import visual_order
from ewb_desktop.leaflets.text.faces import FaceStack
from ewb_desktop.leaflets.text.lines import Line, fill, widest_unit
from ewb_desktop.leaflets.text.pieces import Piece, cut
from ewb_desktop.leaflets.text.spans import Span

_ASCENT = 0.8
"""Where the baseline stands in the size, from its top."""
_FEWEST = 2
"""The fewest lines of a paragraph that stand alone at a page's foot or head."""


@dataclass(frozen=True, slots=True)
class TextLook:
    """How a kind of text is set: faces, size and line height in points, colour, spaces before and after."""

    regular: FaceStack
    bold: FaceStack
    size: float
    line: float
    colour: Colour
    before: float = 0.0
    after: float = 0.0
    with_next: bool = False


@dataclass(frozen=True, slots=True)
class Label:
    """The sign or number before a point, its element, and how far the point's text is set in."""

    text: str
    element: Element
    indent: float


class TextBox:
    """Text of one element. ``element`` is None for what stands on every page (an artifact).

    ``right_to_left`` says how its words run, ``from_right`` at which side its lines begin: English in a leaflet that is read from
    the right stands on the right like all else there. Where ``from_right`` is not told the lines begin where the words do.
    """

    whole = False

    def __init__(
        self,
        spans: tuple[Span, ...],
        look: TextLook,
        element: Element | None,
        lang: str,
        *,
        right_to_left: bool = False,
        from_right: bool | None = None,
        label: Label | None = None,
        bookmark: int = 0,
    ) -> None:
        self.before, self.after, self.with_next = look.before, look.after, look.with_next
        line = max(look.line, look.size * look.regular.leading(lang))
        own = look if line == look.line else replace(look, line=line)
        self._spans, self._look, self._element, self._lang = spans, own, element, lang
        self._right_to_left, self._label, self._bookmark = right_to_left, label, bookmark
        self._from_right = right_to_left if from_right is None else from_right
        self._indent = label.indent if label else 0.0
        self._pieces: tuple[Piece, ...] | None = None
        self._lines: tuple[float, list[Line]] | None = None
        self._links: dict[Span, Element] = {}

    def measure(self, width: float) -> float:
        """Return the height of the lines at ``width``."""
        return len(self._filled(width)) * self._look.line

    def natural_width(self) -> float:
        """Return the width of the text on a single line."""
        return sum(piece.width for piece in self._cut()) * self._look.size / 1000 + self._indent

    def longest_word(self) -> float:
        """Return the width of the widest part that is better not broken."""
        return widest_unit(self._cut()) * self._look.size / 1000 + self._indent

    def split(self, width: float, room: float) -> tuple[Box, Box] | None:
        """Split between lines; neither a first nor a last line stands alone."""
        lines = self._filled(width)
        fits = min(int((room + 0.01) / self._look.line), len(lines) - _FEWEST)
        if fits < _FEWEST:
            return None
        return self._part(width, lines[:fits], first=True), self._part(width, lines[fits:], first=False)

    def cut_at(self, width: float, room: float) -> tuple[TextBox | None, TextBox | None]:
        """Split at any line, for cells side by side: what fits into ``room``, and what does not."""
        lines = self._filled(width)
        fits = int((room + 0.01) / self._look.line)
        if fits >= len(lines):
            return self, None
        if fits < 1:
            return None, self
        return self._part(width, lines[:fits], first=True), self._part(width, lines[fits:], first=False)

    def draw(self, page: Page, left: float, top: float, width: float) -> None:
        """Draw label and lines; links are underlined and can be pressed."""
        look = self._look
        base = (look.line - look.size) / 2 + look.size * _ASCENT
        if self._bookmark:
            words = "".join(span.text for span in self._spans).replace("\u00a0", " ")
            page.bookmark(words, self._bookmark, top)
        if self._label is not None:
            self._draw_label(page, self._label, left, top + base, width)
        start = left if self._from_right else left + self._indent
        for number, line in enumerate(self._filled(width)):
            self._draw_line(page, line, start, top + number * look.line + base)

    def _draw_label(self, page: Page, label: Label, left: float, y: float, width: float) -> None:
        look = self._look
        pieces = cut((Span(label.text),), look.regular, look.bold, self._lang, int(self._right_to_left))
        wide = sum(piece.width for piece in pieces) * look.size / 1000
        x = left + width - wide if self._from_right else left
        places = [0.0] * len(pieces)
        for each in visual_order([piece.level for piece in pieces]):
            places[each] = x
            x += pieces[each].width * look.size / 1000
        for piece, place in zip(pieces, places, strict=True):
            page.words((piece,), place, y, look.size, look.colour, label.element)

    def _draw_line(self, page: Page, line: Line, left: float, y: float) -> None:
        look = self._look
        areas: dict[Span, tuple[float, float]] = {}
        for pieces, start in line.runs:
            span, x = pieces[0].span, left + start
            page.words(pieces, x, y, look.size, look.colour, self._element_of(span))
            for piece in pieces if span.link else ():
                end = x + piece.width * look.size / 1000
                if not piece.space:
                    first, last = areas.get(span, (x, end))
                    areas[span] = (min(first, x), max(last, end))
                x = end
        for span, (first, last) in areas.items():
            page.fill(first, y + look.size * 0.12, last - first, look.size * 0.06, look.colour)
            element = self._element_of(span)
            if element is not None:
                box = (first, y - look.size * 0.9, last, y + look.size * 0.3)
                page.link(box, span.link, span.text, element)

    def _element_of(self, span: Span) -> Element | None:
        """Return the element of ``span``: its own when it is a link or in another language."""
        if self._element is None or not (span.link or span.lang):
            return self._element
        if span not in self._links:
            self._links[span] = self._element.add("Link" if span.link else "Span", lang=span.lang)
        return self._links[span]

    def _cut(self) -> tuple[Piece, ...]:
        if self._pieces is None:
            look = self._look
            self._pieces = cut(self._spans, look.regular, look.bold, self._lang, int(self._right_to_left))
        return self._pieces

    def _filled(self, width: float) -> list[Line]:
        if self._lines is None or self._lines[0] != width:
            room, look, right = width - self._indent, self._look, self._from_right
            key = (self._spans, id(look.bold), self._lang, self._right_to_left, right, room, look.size)
            lines: list[Line] | None = look.regular.filled.get(key)
            if lines is None:
                lines = look.regular.filled[key] = fill(self._cut(), room, look.size, self._lang, from_right=right)
            self._lines = width, lines
        return self._lines[1]

    def _part(self, width: float, lines: list[Line], *, first: bool) -> TextBox:
        way, side = self._right_to_left, self._from_right
        part = TextBox(self._spans, self._look, self._element, self._lang, right_to_left=way, from_right=side)
        part._indent, part._links, part._lines = self._indent, self._links, (width, lines)
        if first:
            part._label, part._bookmark = self._label, self._bookmark
        return part
