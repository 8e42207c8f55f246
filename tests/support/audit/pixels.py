"""The colours of what a window draws, counted without a loop of Python over each pixel."""

from __future__ import annotations

from collections import Counter
from functools import cache

from PIL import Image
from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QWidget

from ewb_desktop.ui.widgets.look import contrast

SCALE = 2
"""Thin strokes reach their full colour only when they are drawn larger."""

Colour = tuple[int, int, int]
"""Red, green and blue, each 0 to 255."""


@cache
def ratio(one: Colour, other: Colour) -> float:
    """Return the contrast of two colours by WCAG 2.2, 1 to 21; few colours meet often, so each pair is worked out once."""
    return contrast(QColor(*one), QColor(*other))


def picture_of(image: QImage) -> Image.Image:
    """Return a copy of the picture whose pixels can be counted at once."""
    plain = image.convertToFormat(QImage.Format.Format_RGB32)
    size = (plain.width(), plain.height())
    return Image.frombytes("RGB", size, bytes(plain.constBits()), "raw", "BGRX", plain.bytesPerLine())


def colours_of(picture: Image.Image) -> Counter[Colour]:
    """Return how often each colour stands in a picture."""
    if not picture.width or not picture.height:
        return Counter()
    found: list[tuple[int, Colour]] = picture.getcolors(picture.width * picture.height)  # type: ignore[assignment]
    return Counter({colour: times for times, colour in found})


class Shot:
    """The pixels of a window."""

    def __init__(self, window: QWidget, scale: int = SCALE) -> None:
        self._scale = scale
        image = QImage(QSize(window.size() * scale), QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(scale)
        image.fill(window.palette().color(window.backgroundRole()))
        window.render(image)
        self._picture = picture_of(image)

    def count(self, rect: QRect) -> Counter[Colour]:
        """Return how often each colour stands in ``rect`` (the window's coordinates)."""
        left, top = max(0, rect.left() * self._scale), max(0, rect.top() * self._scale)
        right = min(self._picture.width, (rect.right() + 1) * self._scale)
        bottom = min(self._picture.height, (rect.bottom() + 1) * self._scale)
        if right <= left or bottom <= top:
            return Counter()
        return colours_of(self._picture.crop((left, top, right, bottom)))


def strongly_changed(before: QImage, after: QImage, frame: int) -> int:
    """Return how many pixels changed by 3:1 or more within ``frame`` pixels of the edge of two pictures of one size."""
    one, two = picture_of(before).tobytes(), picture_of(after).tobytes()
    width, height = before.width(), before.height()
    whole = [(0, width)]
    sides = [(0, min(frame, width)), (max(frame, width - frame), width)]
    changes: Counter[tuple[Colour, Colour]] = Counter()
    for y in range(height):
        for left, right in sides if frame <= y < height - frame else whole:
            row = slice((y * width + left) * 3, (y * width + right) * 3)
            was, now = one[row], two[row]
            if was != now:
                changes.update(zip(_triples(was), _triples(now), strict=True))
    return sum(times for (was, now), times in changes.items() if was != now and ratio(was, now) >= 3)


def _triples(row: bytes) -> zip[Colour]:
    return zip(row[::3], row[1::3], row[2::3], strict=True)
