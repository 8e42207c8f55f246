"""One page being drawn: text that belongs to an element, and everything else, which is an artifact.

Coordinates are points from the page's left and top edges, y downwards.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ewb_desktop.leaflets.tagging.structure import Element, LinkArea, Marked
from ewb_desktop.leaflets.text.embedding import FontUse, figure
from ewb_desktop.leaflets.text.faces import Face
from ewb_desktop.leaflets.text.pieces import Piece

Colour = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Bookmark:
    """An entry of the file's contents list: its words, level (1 is the outermost), page index, y from the top and x."""

    words: str
    level: int
    page: int
    y: float
    x: float = 0.0


@dataclass(frozen=True, slots=True)
class Area:
    """A link's place on the page, in the file's own coordinates (from the bottom), its address and its words."""

    left: float
    bottom: float
    right: float
    top: float
    address: str
    words: str
    element: Element


class Page:
    """A page's drawing as the file will hold it."""

    def __init__(self, index: int, width: float, height: float, use: Callable[[Face], FontUse]) -> None:
        self.index = index
        self.width = width
        self.height = height
        self.marked: list[Element] = []
        self.areas: list[Area] = []
        self.bookmarks: list[Bookmark] = []
        self.shift = 0.0
        self.drop = 0.0
        """How far right and down everything is drawn from now on, where several pages of the leaflet lie on one sheet."""
        self.silent = False
        """Whether what is drawn from now on is a copy for paper, which readers of tags have had already."""
        self._use = use
        self._code: list[str] = []
        self._open: Element | None = None
        self._in_text = False
        self._artifact = False
        self._colour: Colour | None = None
        self._font: tuple[FontUse, float] | None = None

    def code(self) -> str:
        """Return the finished drawing."""
        self._close()
        return "\n".join(self._code)

    def words(
        self, pieces: Sequence[Piece], x: float, y: float, size: float, colour: Colour, element: Element | None
    ) -> None:  # fmt: skip
        """Draw ``pieces``, side by side and of one face, with their baseline's left end at (x, y).

        Without an element they are an artifact of pagination.
        """
        if element is None or element is not self._open or not self._in_text or self.silent:
            self._enter(element, "/Artifact <</Type /Pagination>> BDC", text=True)
        first = pieces[0]
        font = self._use(first.face)
        shown = f"[<{''.join([font.shown(piece.glyphs) for piece in pieces])}>] TJ".replace(" <>", "")
        if first.right_to_left and not first.space and len(first.glyphs) > 1:
            shown = f"/ReversedChars BMC {shown} EMC"
        place = f"{figure(x + self.shift)} {figure(self.height - y - self.drop)}"
        if self._font != (font, size):
            self._font = font, size
            self._code.append(f"/{font.name} {figure(size)} Tf")
        self._code.append(f"{self._filled_with(colour)}1 0 0 1 {place} Tm {shown}")

    def link(self, box: tuple[float, float, float, float], address: str, words: str, element: Element) -> None:
        """Make the box (left, top, right, bottom) open ``address``; the element is its Link."""
        if self.silent:
            return
        left, top, right, bottom = box
        element.children.append(LinkArea(self.index, len(self.areas)))
        start, end = left + self.shift, right + self.shift
        area = Area(start, self.height - bottom - self.drop, end, self.height - top - self.drop, address, words, element)
        self.areas.append(area)

    def bookmark(self, words: str, level: int, y: float) -> None:
        """List this place of the page in the file's contents."""
        if self.silent:
            return
        self.bookmarks.append(Bookmark(words, level, self.index, y + self.drop, self.shift))

    def fill(self, left: float, top: float, width: float, height: float, colour: Colour) -> None:
        """Paint a rectangle, as an artifact."""
        self._enter(None, "/Artifact BMC", text=False)
        self._code.append(f"{self._filled_with(colour)}{self._rectangle(left, top, width, height)} f")

    def frame(self, left: float, top: float, width: float, height: float, colour: Colour, thickness: float) -> None:
        """Draw the outline of a rectangle, as an artifact."""
        self._enter(None, "/Artifact BMC", text=False)
        shape = self._rectangle(left, top, width, height)
        self._code.append(f"{_colour(colour)} RG {figure(thickness)} w {shape} S")

    def image(self, name: str, box: tuple[float, float, float, float], element: Element) -> None:
        """Draw the picture ``name`` in the box (left, top, right, bottom) as the figure ``element``."""
        self._enter(element, "/Artifact BMC", text=False)
        self._stands(element, box)
        left, top, right, bottom = box
        left, right = left + self.shift, right + self.shift
        place = f"{figure(left)} {figure(self.height - bottom - self.drop)}"
        self._code.append(f"q {figure(right - left)} 0 0 {figure(bottom - top)} {place} cm /{name} Do Q")

    def figure(
        self,
        shapes: Sequence[tuple[Sequence[tuple[float, float, float, float]], Colour]],
        box: tuple[float, float, float, float],
        element: Element,
    ) -> None:
        """Paint rectangles (left, top, width, height), each group in its colour, as the figure ``element``.

        ``box`` (left, top, right, bottom) is all of it. One group is one shape: no hair of paper shows between its parts.
        """
        self._enter(element, "/Artifact BMC", text=False)
        self._stands(element, box)
        for rectangles, colour in shapes:
            self._code.append(f"{self._filled_with(colour)}{' '.join(self._rectangle(*each) for each in rectangles)} f")

    def _filled_with(self, colour: Colour) -> str:
        """Return the step that takes ``colour`` for what is filled, or nothing while it is the one in use."""
        if colour == self._colour:
            return ""
        self._colour = colour
        return f"{_colour(colour)} rg "

    def _stands(self, element: Element, box: tuple[float, float, float, float]) -> None:
        """Tell a figure where it stands, once."""
        left, top, right, bottom = box
        if not self.silent:
            below, above = self.height - bottom - self.drop, self.height - top - self.drop
            element.box = (left + self.shift, below, right + self.shift, above)

    def _rectangle(self, left: float, top: float, width: float, height: float) -> str:
        x, y = left + self.shift, self.height - top - height - self.drop
        return f"{figure(x)} {figure(y)} {figure(width)} {figure(height)} re"

    def _enter(self, element: Element | None, artifact: str, *, text: bool) -> None:
        """Begin the marked content of ``element`` (or of an artifact) unless it is the one that is open."""
        element = None if self.silent else element
        same = self._in_text == text and (self._open is element if element is not None else self._artifact)
        if same and (element is not None or text):
            return
        self._close()
        if text:
            self._code.append("BT")
        if element is None:
            self._code.append(artifact)
            self._artifact = True
        else:
            element.children.append(Marked(self.index, len(self.marked)))
            self._code.append(f"/{element.tag} <</MCID {len(self.marked)}>> BDC")
            self.marked.append(element)
        self._open, self._in_text = element, text

    def _close(self) -> None:
        if self._open is None and not self._artifact:
            return
        self._code.append("EMC")
        if self._in_text:
            self._code.append("ET")
        self._open, self._artifact, self._in_text = None, False, False


def _colour(colour: Colour) -> str:
    return " ".join(f"{part:.3f}" for part in colour)
