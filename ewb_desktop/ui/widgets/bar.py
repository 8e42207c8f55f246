"""The lines at the foot and at the head of a page that never scroll away: what it is for, and whom it is about."""

from __future__ import annotations

from PySide6.QtCore import QPoint
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ewb_desktop.ui.widgets.look import tokens_of


class Bar(QWidget):
    """Holds one widget, mostly buttons. Add it to the page's own layout: after its sheet, or before it ``at_top``."""

    def __init__(self, content: QWidget, parent: QWidget | None = None, *, at_top: bool = False) -> None:
        super().__init__(parent)
        self._at_top = at_top
        box = QVBoxLayout(self)
        box.setContentsMargins(28, 10, 28, 10)
        box.addWidget(content)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the ground and the line between it and the page."""
        tokens = tokens_of(self)
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(tokens.card))
        painter.setPen(QPen(QColor(tokens.line), 1))
        edge = self.height() - 1 if self._at_top else 0
        painter.drawLine(QPoint(0, edge), QPoint(self.width(), edge))
        painter.end()
