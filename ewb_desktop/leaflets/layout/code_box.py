"""A QR code as lines of squares: dark on white whatever the colours of the paper, with the empty edge that readers need."""

from __future__ import annotations

from ewb_desktop.leaflets.codes import EDGE, square_code
from ewb_desktop.leaflets.layout.boxes import Box
from ewb_desktop.leaflets.sheets import MILLIMETRE
from ewb_desktop.leaflets.tagging.page import Page
from ewb_desktop.leaflets.tagging.structure import Element

LEAST_SIDE = 20 * MILLIMETRE
"""The least side of the code itself, its edge left out."""
_LEAST_SQUARE = 0.8 * MILLIMETRE
"""The least side of one square, so that an old camera reads it from a folded sheet too."""
_DARK, _LIGHT = (0.0, 0.0, 0.0), (1.0, 1.0, 1.0)


class CodeBox:
    """The code that opens an address. Its size is its own and not that of the paper."""

    with_next = False
    whole = True
    before = after = 0.0

    def __init__(self, address: str, element: Element) -> None:
        self._squares, self._runs = square_code(address)
        self._square = max(LEAST_SIDE / self._squares, _LEAST_SQUARE)
        self._element = element

    @property
    def side(self) -> float:
        """The side with its empty edge, in points."""
        return (self._squares + 2 * EDGE) * self._square

    def measure(self, width: float) -> float:  # noqa: ARG002 - a code is as high at any width
        """Return the height, which is the side."""
        return self.side

    def split(self, width: float, room: float) -> tuple[Box, Box] | None:  # noqa: ARG002 - a code is never split
        """Return None: a code is never split."""
        return None

    def draw(self, page: Page, left: float, top: float, width: float) -> None:  # noqa: ARG002 - it has its own width
        """Draw the white ground and the dark squares as one figure."""
        side, square = self.side, self._square
        start, first = left + EDGE * square, top + EDGE * square
        runs = [(start + column * square, first + row * square, many * square, square) for row, column, many in self._runs]
        page.figure(((((left, top, side, side),), _LIGHT), (runs, _DARK)), (left, top, left + side, top + side), self._element)
