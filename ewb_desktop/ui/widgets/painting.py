"""Strokes shared by the painted widgets: rounded boxes, key caps, initials, the width of wrapped words."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen

WRAP = int(Qt.TextFlag.TextWordWrap.value)


def draw_box(painter: QPainter, rect: QRect, fill: str, edge: str = "", width: float = 1, radius: float = 8) -> None:
    """Fill a rounded box; the edge lies inside ``rect``."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    inset = width / 2 if edge else 0
    painter.setPen(QPen(QColor(edge), width) if edge else Qt.PenStyle.NoPen)
    painter.setBrush(QColor(fill) if fill else Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(QRectF(rect).adjusted(inset, inset, -inset, -inset), radius, radius)
    painter.restore()


def widest_word(metrics: QFontMetrics, text: str) -> int:
    """Return the width in pixels below which ``text`` can wrap no further."""
    return max((metrics.horizontalAdvance(word) for word in text.split()), default=0)


def wrapped_height(metrics: QFontMetrics, text: str, width: int) -> int:
    """Return the height in pixels of ``text`` wrapped to ``width``."""
    flags = int(Qt.AlignmentFlag.AlignLeft.value) | WRAP
    return metrics.boundingRect(QRect(0, 0, max(1, width), 100_000), flags, text).height()
