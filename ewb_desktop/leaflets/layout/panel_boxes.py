"""Boxes that hold boxes: rows of cells, panels that stand out, pictures and rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ewb_desktop.leaflets.layout.boxes import Box, draw_stack, split_stack, stack_height
from ewb_desktop.leaflets.layout.text_box import TextBox
from ewb_desktop.leaflets.tagging.page import Colour, Page
from ewb_desktop.leaflets.tagging.structure import Element


class RowBox:
    """Cells side by side. ``shares`` are the parts of the width they take; ``rule`` is drawn under the row.

    ``least`` is the least height, for a row that is written in by hand.
    """

    with_next = False
    whole = True

    def __init__(
        self,
        cells: Sequence[TextBox | None],
        shares: Sequence[float],
        *,
        gap: float,
        space: float,
        right_to_left: bool = False,
        rule: Colour | None = None,
        least: float = 0.0,
    ) -> None:
        self.before = self.after = space
        self._least = least
        self._cells, self._shares, self._gap, self._space = tuple(cells), tuple(shares), gap, space
        self._right_to_left, self._rule = right_to_left, rule

    def measure(self, width: float) -> float:
        """Return the height of the highest cell."""
        sized = zip(self._cells, self._widths(width), strict=True)
        return max(self._least, max((cell.measure(wide) for cell, wide in sized if cell is not None), default=0.0))

    def split(self, width: float, room: float) -> tuple[Box, Box] | None:
        """Split every cell at the same height."""
        sized = zip(self._cells, self._widths(width), strict=True)
        halves = [(None, None) if cell is None else cell.cut_at(wide, room) for cell, wide in sized]
        above, below = [half[0] for half in halves], [half[1] for half in halves]
        if not any(above) or not any(below):
            return None
        return self._like(above), self._like(below)

    def draw(self, page: Page, left: float, top: float, width: float) -> None:
        """Draw the cells, from the right where the language runs so, and the rule under them."""
        widths = self._widths(width)
        x = left + width if self._right_to_left else left
        for cell, wide in zip(self._cells, widths, strict=True):
            if self._right_to_left:
                x -= wide
            if cell is not None:
                cell.draw(page, x, top, wide)
            x += -self._gap if self._right_to_left else wide + self._gap
        if self._rule is not None:
            page.fill(left, top + self.measure(width) + self._space / 2, width, 0.75, self._rule)

    def _widths(self, width: float) -> list[float]:
        room = width - self._gap * (len(self._cells) - 1)
        return [share * room for share in self._shares]

    def _like(self, cells: Sequence[TextBox | None]) -> RowBox:
        return RowBox(cells, self._shares, gap=self._gap, space=self._space, right_to_left=self._right_to_left, rule=self._rule)


@dataclass(frozen=True, slots=True)
class PanelLook:
    """How a panel stands out: padding, ground, a frame all round, a bar at the start side, a rule above."""

    padding: float = 0.0
    ground: Colour | None = None
    frame: Colour | None = None
    bar: Colour | None = None
    rule: Colour | None = None
    space: float = 0.0


class PanelBox:
    """Boxes that belong together. Kept on one page where they fit on one."""

    with_next = False
    whole = True
    _FRAME = 2.0
    _BAR = 5.0

    def __init__(self, boxes: Sequence[Box], look: PanelLook, *, right_to_left: bool = False) -> None:
        self.before = self.after = look.space
        self._boxes, self._look, self._right_to_left = tuple(boxes), look, right_to_left

    def measure(self, width: float) -> float:
        """Return the height with its padding."""
        return stack_height(self._boxes, self._inner(width)) + 2 * self._above()

    def split(self, width: float, room: float) -> tuple[Box, Box] | None:
        """Split between its boxes, or inside one that may be split; both parts look like the whole."""
        above, below = split_stack(self._boxes, self._inner(width), room - 2 * self._above())
        if not above or not below:
            return None
        return (
            PanelBox(above, self._look, right_to_left=self._right_to_left),
            PanelBox(below, self._look, right_to_left=self._right_to_left),
        )

    def draw(self, page: Page, left: float, top: float, width: float) -> None:
        """Draw ground, bar, rule and frame, then the boxes."""
        look, height = self._look, self.measure(width)
        if look.ground is not None:
            page.fill(left, top, width, height, look.ground)
        if look.bar is not None:
            x = left + width - self._BAR if self._right_to_left else left
            page.fill(x, top, self._BAR, height, look.bar)
        if look.rule is not None:
            page.fill(left, top, width, 1.0, look.rule)
        if look.frame is not None:
            half = self._FRAME / 2
            page.frame(left + half, top + half, width - 2 * half, height - 2 * half, look.frame, self._FRAME)
        inset = self._inset()
        draw_stack(self._boxes, page, left + inset, top + self._above(), self._inner(width))

    def _inset(self) -> float:
        stands_out = self._look.ground is not None or self._look.frame is not None
        return self._look.padding if stands_out else 0.0

    def _above(self) -> float:
        return self._look.padding

    def _inner(self, width: float) -> float:
        return width - 2 * self._inset()


class RuleBox:
    """A short thick line, such as the one under the title."""

    with_next = True
    whole = True

    def __init__(self, width: float, thickness: float, colour: Colour, after: float, *, right_to_left: bool) -> None:
        self.before, self.after = 0.0, after
        self._width, self._thickness, self._colour = width, thickness, colour
        self._right_to_left = right_to_left

    def measure(self, width: float) -> float:  # noqa: ARG002 - a rule is as high at any width
        """Return the thickness."""
        return self._thickness

    def split(self, width: float, room: float) -> tuple[Box, Box] | None:  # noqa: ARG002 - a rule is never split
        """Return None: a rule is never split."""
        return None

    def draw(self, page: Page, left: float, top: float, width: float) -> None:
        """Draw the line at the side where reading starts."""
        wide = min(self._width, width)
        page.fill(left + width - wide if self._right_to_left else left, top, wide, self._thickness, self._colour)


class WriteBox:
    """Words with a line under them to write on, ``room`` points further down."""

    with_next = False
    whole = True
    _LINE = 0.75

    def __init__(self, words: Box, room: float, colour: Colour) -> None:
        self.before, self.after = words.before, words.after
        self._words, self._room, self._colour = words, room, colour

    def measure(self, width: float) -> float:
        """Return the height of the words and the room for a pen."""
        return self._words.measure(width) + self._room

    def split(self, width: float, room: float) -> tuple[Box, Box] | None:  # noqa: ARG002 - words and their line stay together
        """Return None: the words stay with their line."""
        return None

    def draw(self, page: Page, left: float, top: float, width: float) -> None:
        """Draw the words, and the line under them."""
        self._words.draw(page, left, top, width)
        page.fill(left, top + self.measure(width) - self._LINE, width, self._LINE, self._colour)


class SpaceBox:
    """Empty paper."""

    before = after = 0.0
    with_next = True
    whole = True

    def __init__(self, height: float) -> None:
        self._height = height

    def measure(self, width: float) -> float:  # noqa: ARG002 - empty paper is as high at any width
        """Return the height."""
        return self._height

    def split(self, width: float, room: float) -> tuple[Box, Box] | None:  # noqa: ARG002 - nothing to split
        """Return None: empty paper is never split."""
        return None

    def draw(self, page: Page, left: float, top: float, width: float) -> None:
        """Draw nothing."""


class PictureBox:
    """A picture as wide as the text at most, and never higher than ``highest`` points. A logo stays ``with_next``, the title."""

    whole = True

    def __init__(
        self, name: str, shape: tuple[int, int], highest: float, space: float, element: Element, *, right_to_left: bool = False
    ) -> None:  # fmt: skip
        self.before = self.after = space
        self.with_next = False
        self._name, self._shape, self._highest, self._element = name, shape, highest, element
        self._right_to_left = right_to_left

    def measure(self, width: float) -> float:
        """Return the height at which the picture keeps its shape."""
        return min(width * self._shape[1] / self._shape[0], self._highest)

    def split(self, width: float, room: float) -> tuple[Box, Box] | None:  # noqa: ARG002 - a picture is never split
        """Return None: a picture is never split."""
        return None

    def draw(self, page: Page, left: float, top: float, width: float) -> None:
        """Draw the picture and tell its element where it stands."""
        high = self.measure(width)
        wide = high * self._shape[0] / self._shape[1]
        left = left + width - wide if self._right_to_left else left
        page.image(self._name, (left, top, left + wide, top + high), self._element)
