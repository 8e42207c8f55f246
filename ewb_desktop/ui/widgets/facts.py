"""Facts in two columns: what it is called, and what it is."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from ewb_desktop.ui.widgets.look import tokens_of
from ewb_desktop.ui.widgets.text import Kind, Text


class FactTable(QWidget):
    """Label and value pairs with lines between them; a value goes under its label when there is little room."""

    def __init__(self, facts: Sequence[tuple[str, str]] = (), *, stack_under: int = 300, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._under = stack_under
        self._pairs: list[tuple[Text, Text]] = []
        self._stacked = False
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(20)
        self._grid.setVerticalSpacing(0)
        self._grid.setColumnStretch(1, 1)
        self.set_facts(facts)

    def set_facts(self, facts: Sequence[tuple[str, str]]) -> None:
        """Show other facts; one without a value is left out."""
        for pair in self._pairs:
            for part in pair:
                self._grid.removeWidget(part)
                part.hide()
                part.deleteLater()
        self._pairs = []
        for label, value in facts:
            if value:
                name, what = Text(label, Kind.BOLD), Text(value, selectable=True)
                what.setAccessibleName(f"{label}: {value}")
                self._pairs.append((name, what))
        self._lay()

    def _lay(self) -> None:
        top = Qt.AlignmentFlag.AlignTop
        for index, (name, what) in enumerate(self._pairs):
            self._grid.removeWidget(name)
            self._grid.removeWidget(what)
            line = index * 4
            self._grid.setRowMinimumHeight(line, 10)
            self._grid.setRowMinimumHeight(line + 3, 10)
            if self._stacked:
                self._grid.addWidget(name, line + 1, 0, 1, 2)
                self._grid.addWidget(what, line + 2, 0, 1, 2)
            else:
                self._grid.addWidget(name, line + 1, 0, top)
                self._grid.addWidget(what, line + 1, 1)
        for spare in range(len(self._pairs) * 4, self._grid.rowCount()):
            self._grid.setRowMinimumHeight(spare, 0)
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Stack or unstack."""
        stacked = event.size().width() < self._under * self.fontMetrics().height() / 20
        if stacked != self._stacked:
            self._stacked = stacked
            self._lay()
        super().resizeEvent(event)

    def paintEvent(self, _event: object) -> None:
        """Draw the lines between facts."""
        painter = QPainter(self)
        painter.setPen(QPen(QColor(tokens_of(self).line), 1))
        for index in range(1, len(self._pairs)):
            y = self._pairs[index][0].y() - 10
            painter.drawLine(QPoint(0, y), QPoint(self.width(), y))
        painter.end()
