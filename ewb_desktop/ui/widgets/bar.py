"""The line at the foot of a page that never scrolls away: what the page is for is always one press away."""

from __future__ import annotations

from PySide6.QtCore import QPoint
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ewb_desktop.ui.widgets.look import tokens_of


class Bar(QWidget):
    """Holds one widget, mostly buttons. Add it to the page's own layout, after its sheet."""

    def __init__(self, content: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        box = QVBoxLayout(self)
        box.setContentsMargins(28, 10, 28, 10)
        box.addWidget(content)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the ground and the line above it."""
        tokens = tokens_of(self)
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(tokens.card))
        painter.setPen(QPen(QColor(tokens.line), 1))
        painter.drawLine(QPoint(0, 0), QPoint(self.width(), 0))
        painter.end()
