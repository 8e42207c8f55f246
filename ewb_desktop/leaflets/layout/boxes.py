"""What a page is filled with: a box has a height at a width, can be split at a height, and draws itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from ewb_desktop.leaflets.tagging.page import Page


class Box(Protocol):
    """A part of a page. ``before`` and ``after`` are the least spaces round it, in points."""

    before: float
    after: float
    with_next: bool
    """Never the last thing on a page (a heading)."""
    whole: bool
    """Not split while it fits on a page of its own."""

    def measure(self, width: float) -> float:
        """Return the height at ``width``, spaces round it left out."""

    def split(self, width: float, room: float) -> tuple[Box, Box] | None:
        """Return a part no higher than ``room`` and the rest, or None when no good part fits."""

    def draw(self, page: Page, left: float, top: float, width: float) -> None:
        """Draw the box with its upper left corner at (left, top)."""


def stack_height(boxes: Sequence[Box], width: float) -> float:
    """Return the height of ``boxes`` one under the other."""
    height = after = 0.0
    for i, box in enumerate(boxes):
        height += (max(after, box.before) if i else 0.0) + box.measure(width)
        after = box.after
    return height


def draw_stack(boxes: Sequence[Box], page: Page, left: float, top: float, width: float) -> None:
    """Draw ``boxes`` one under the other."""
    after = 0.0
    for i, box in enumerate(boxes):
        if i:
            top += max(after, box.before)
        box.draw(page, left, top, width)
        top += box.measure(width)
        after = box.after


def split_stack(boxes: Sequence[Box], width: float, room: float) -> tuple[list[Box], list[Box]]:
    """Return the boxes that fit into ``room`` and those that do not, splitting one where that is good.

    A box that belongs with the next is never the last of the first part, and one that is kept whole is split only where
    nothing before it could stand alone.
    """
    used = after = 0.0
    for i, box in enumerate(boxes):
        gap = max(after, box.before) if i else 0.0
        height = box.measure(width)
        if used + gap + height > room:
            end = i
            while end and boxes[end - 1].with_next:
                end -= 1
            parts = None if box.whole and end else box.split(width, room - used - gap)
            if parts is not None:
                return [*boxes[:i], parts[0]], [parts[1], *boxes[i + 1 :]]
            return list(boxes[:end]), list(boxes[end:])
        used += gap + height
        after = box.after
    return list(boxes), []
