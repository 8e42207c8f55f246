"""What is split between two pages, and what goes on whole."""

from __future__ import annotations

from dataclasses import dataclass

from ewb_desktop.leaflets.layout.boxes import Box, split_stack
from ewb_desktop.leaflets.tagging.page import Page


@dataclass
class Slab:
    """A box of so many points, which can be split anywhere."""

    height: float
    whole: bool = False
    with_next: bool = False
    before: float = 0.0
    after: float = 0.0

    def measure(self, width: float) -> float:
        return self.height

    def split(self, width: float, room: float) -> tuple[Box, Box] | None:
        return Slab(room, self.whole), Slab(self.height - room, self.whole)

    def draw(self, page: Page, left: float, top: float, width: float) -> None:
        """Draw nothing."""


def _heights(boxes: list[Box]) -> list[float]:
    return [box.measure(100) for box in boxes]


def test_what_is_kept_whole_goes_on_to_the_next_page() -> None:
    above, below = split_stack([Slab(10), Slab(30, whole=True), Slab(5)], 100, 25)
    assert (_heights(above), _heights(below)) == ([10], [30, 5])


def test_what_is_not_kept_whole_is_split_where_the_page_ends() -> None:
    above, below = split_stack([Slab(10), Slab(30)], 100, 25)
    assert (_heights(above), _heights(below)) == ([10, 15], [15])


def test_what_is_kept_whole_is_split_where_only_its_heading_stands_before_it() -> None:
    above, below = split_stack([Slab(10, with_next=True), Slab(30, whole=True)], 100, 25)
    assert (_heights(above), _heights(below)) == ([10, 15], [15])
