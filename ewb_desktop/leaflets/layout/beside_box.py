"""A picture where reading starts and its words beside it, as easy read is laid out."""

from __future__ import annotations

from collections.abc import Sequence

from ewb_desktop.leaflets.layout.boxes import Box, draw_stack, split_stack, stack_height
from ewb_desktop.leaflets.tagging.page import Page


class BesideBox:
    """A picture that takes ``share`` of the width, and words that stand in the middle of its height where they are short."""

    with_next = False
    whole = True

    def __init__(
        self, picture: Box | None, words: Sequence[Box], *, share: float, gap: float, space: float, right_to_left: bool
    ) -> None:
        self.before = self.after = space
        self._picture, self._words = picture, tuple(words)
        self._share, self._gap, self._space, self._right_to_left = share, gap, space, right_to_left

    def measure(self, width: float) -> float:
        """Return the height of the picture or of its words, whichever is greater."""
        return max(self._picture_height(width), stack_height(self._words, self._narrow(width)))

    def split(self, width: float, room: float) -> tuple[Box, Box] | None:
        """Split the words; the picture stays with their first part."""
        above, below = split_stack(self._words, self._narrow(width), room)
        if not above or not below or self._picture_height(width) > room:
            return None
        return self._like(self._picture, above), self._like(None, below)

    def draw(self, page: Page, left: float, top: float, width: float) -> None:
        """Draw the picture where reading starts, and the words beside it."""
        narrow, high = self._narrow(width), self.measure(width)
        start = left + width * (1 - self._share) if self._right_to_left else left
        if self._picture is not None:
            self._picture.draw(page, start, top, width * self._share)
        down = (high - stack_height(self._words, narrow)) / 2
        draw_stack(self._words, page, left if self._right_to_left else left + width - narrow, top + down, narrow)

    def _narrow(self, width: float) -> float:
        return width * (1 - self._share) - self._gap

    def _picture_height(self, width: float) -> float:
        return 0.0 if self._picture is None else self._picture.measure(width * self._share)

    def _like(self, picture: Box | None, words: Sequence[Box]) -> BesideBox:
        return BesideBox(
            picture, words, share=self._share, gap=self._gap, space=self._space, right_to_left=self._right_to_left
        )  # fmt: skip
