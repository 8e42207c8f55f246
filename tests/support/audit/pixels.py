"""The colours of what a window draws, counted without a loop of Python over each pixel."""

from __future__ import annotations

from collections import Counter
from functools import cache
from typing import Any

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
    """Return the picture as one whose pixels are counted at once: not copied, so red stands where blue does in Qt's."""
    plain = image.convertToFormat(QImage.Format.Format_RGB32)
    size = (plain.width(), plain.height())
    bits: Any = plain.constBits()
    picture = Image.frombuffer("RGBX", size, bits, "raw", "RGBX", plain.bytesPerLine(), 1)
    # the bytes are the image's, and go with it
    picture.info["bytes of"] = plain
    return picture


def colours_of(picture: Image.Image) -> Counter[Colour]:
    """Return how often each colour stands in a picture."""
    if not picture.width or not picture.height:
        return Counter()
    found: list[tuple[int, tuple[int, int, int, int]]] = picture.getcolors(picture.width * picture.height)  # type: ignore[assignment]
    return Counter({(red, green, blue): times for times, (blue, green, red, _) in found})


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
    one, two = picture_of(before), picture_of(after)
    width, height = one.size
    across, down = min(frame, width), min(frame, height)
    inner = (down, max(down, height - frame))
    changes: Counter[tuple[int, int]] = Counter()
    for part in (
        (0, 0, width, inner[0]),
        (0, inner[1], width, height),
        (0, inner[0], across, inner[1]),
        (max(across, width - frame), inner[0], width, inner[1]),
    ):
        was, now = one.crop(part).tobytes(), two.crop(part).tobytes()
        if was != now:
            changes.update(zip(memoryview(was).cast("I"), memoryview(now).cast("I"), strict=True))
    return sum(times for (was, now), times in changes.items() if was != now and ratio(_colour(was), _colour(now)) >= 3)


def _colour(pixel: int) -> Colour:
    """Return the colour of a pixel as Qt keeps it."""
    return (pixel >> 16) & 0xFF, (pixel >> 8) & 0xFF, pixel & 0xFF
