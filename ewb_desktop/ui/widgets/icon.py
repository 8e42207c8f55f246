"""Icons from the set in resources/icons, drawn in a colour of the palette, always beside words."""

from __future__ import annotations

from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from PySide6.QtCore import QByteArray, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap, QTransform
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QSizePolicy, QWidget

from ewb_desktop.ui.widgets.look import tokens_of

_folders: list[Path] = []


def set_icon_folder(folder: Path) -> None:
    """Say where the SVG files lie; they are named without folder or ending after that."""
    _folders[:] = [folder]
    _drawing.cache_clear()
    pixmap.cache_clear()


@lru_cache(maxsize=128)
def _drawing(name: str) -> bytes:
    for folder in _folders:
        with suppress(OSError):
            return (folder / f"{name}.svg").read_bytes()
    return b""


@lru_cache(maxsize=512)
def pixmap(name: str, px: int, colour: str, ratio: float) -> QPixmap:
    """Return the icon ``px`` pixels square in ``colour``; empty when the set has no such icon."""
    side = max(1, round(px * ratio))
    image = QPixmap(side, side)
    image.fill(Qt.GlobalColor.transparent)
    data = _drawing(name).replace(b"currentColor", colour.encode())
    if data:
        painter = QPainter(image)
        QSvgRenderer(QByteArray(data)).render(painter, QRectF(0, 0, side, side))
        painter.end()
    image.setDevicePixelRatio(ratio)
    return image


TURNING = ("arrow-left", "chevron-right")
"""Icons that point the way one reads, and so to the other side where one reads from right to left."""


def draw_icon(painter: QPainter, name: str, rect: QRect, colour: QColor | str, *, mirrored: bool = False) -> None:
    """Draw the icon centred in ``rect``, as large as its smaller side; ``mirrored`` turns those that point somewhere."""
    px = min(rect.width(), rect.height())
    ratio = painter.device().devicePixelRatio()
    corner = QPoint(rect.x() + (rect.width() - px) // 2, rect.y() + (rect.height() - px) // 2)
    drawn = pixmap(name, px, QColor(colour).name(), ratio)
    painter.drawPixmap(corner, drawn.transformed(QTransform(-1, 0, 0, 1, 0, 0)) if mirrored and name in TURNING else drawn)


class IconView(QWidget):
    """A picture beside words; it says nothing to a screen reader."""

    def __init__(self, name: str, px_at_100: int = 22, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._px = px_at_100
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    @property
    def name(self) -> str:
        """Which picture it is."""
        return self._name

    def show_icon(self, name: str) -> None:
        """Show another picture."""
        self._name = name
        self.update()

    def sizeHint(self) -> QSize:
        """Grow with the text."""
        side = round(self._px * self.fontMetrics().height() / 20)
        return QSize(side, side)

    def minimumSizeHint(self) -> QSize:
        """Never be cut."""
        return self.sizeHint()

    def paintEvent(self, _event: object) -> None:
        """Draw in the muted text's colour."""
        painter = QPainter(self)
        draw_icon(painter, self._name, self.rect(), tokens_of(self).muted)
        painter.end()
