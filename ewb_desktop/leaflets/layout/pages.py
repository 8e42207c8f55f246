"""Boxes laid on pages, so that no heading ends a page and what belongs together stays together."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

from ewb_desktop.leaflets.layout.boxes import Box

PageBoxes = list[tuple[Box, float]]
"""What stands on one page: each box and its distance from the top of the text."""


class PageEnd:
    """Stands among boxes where a new page begins."""


def paginate(boxes: Iterable[Box | PageEnd], width: float, height: float) -> list[PageBoxes]:
    """Return the pages that ``boxes`` fill, each ``width`` by ``height`` points of text."""
    waiting = deque(boxes)
    pages: list[PageBoxes] = [[]]
    used = after = 0.0
    while waiting:
        box = waiting.popleft()
        if isinstance(box, PageEnd):
            pages.append([])
            used = after = 0.0
            continue
        empty = not pages[-1]
        gap = 0.0 if empty else max(after, box.before)
        high = box.measure(width)
        room = height - used - gap
        # under headings alone nothing is gained by a new page: the next heading would stand on it just as lonely
        alone = all(above.with_next for above, _ in pages[-1])
        if high <= room and (alone or not box.with_next or _least_after(box, waiting, width, height) <= room - high):
            pages[-1].append((box, used + gap))
            used, after = used + gap + high, box.after
            continue
        # what is kept whole and is longer than the page begins a page: it is torn in fewer places
        parts = None if box.with_next or (box.whole and not alone) else box.split(width, room)
        if parts is not None:
            pages[-1].append((parts[0], used + gap))
            waiting.appendleft(parts[1])
        elif empty:
            pages[-1].append((box, 0.0))
        else:
            waiting.appendleft(box)
        pages.append([])
        used = after = 0.0
    return [page for page in pages if page]


def _least_after(box: Box, waiting: deque[Box | PageEnd], width: float, height: float) -> float:
    """Return the least height, with its space, that must follow ``box`` on its page."""
    needed, after = 0.0, box.after
    for follower in waiting:
        if isinstance(follower, PageEnd):
            break
        needed += max(after, follower.before)
        if not follower.with_next:
            return needed + _least(follower, width, height)
        needed += follower.measure(width)
        after = follower.after
    return needed


def _least(box: Box, width: float, height: float) -> float:
    """Return the height of the smallest part of ``box`` that may stand at the foot of a page."""
    high = box.measure(width)
    if box.whole:
        return min(high, height)
    room = 0.0
    while room < high:
        parts = box.split(width, room)
        if parts is not None:
            return parts[0].measure(width)
        room += 8.0
    return high
