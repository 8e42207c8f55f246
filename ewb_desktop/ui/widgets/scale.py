"""A scale in one line, 0 to 10 by default, with words at both ends."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QRadioButton, QVBoxLayout, QWidget

from ewb_desktop.ui.widgets.choices import choose_by_arrow
from ewb_desktop.ui.widgets.flow import Flow
from ewb_desktop.ui.widgets.look import RADIUS, tokens_of
from ewb_desktop.ui.widgets.painting import draw_box
from ewb_desktop.ui.widgets.text import Kind, Text


class _Step(QRadioButton):
    """One number of a scale as a box."""

    def __init__(self, number: int, says: str, parent: QWidget | None = None) -> None:
        super().__init__(str(number), parent)
        self.number = number
        self.setAccessibleName(says)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        super().keyPressEvent(event)
        choose_by_arrow(self, event)

    def hitButton(self, pos: QPoint) -> bool:
        return self.rect().contains(pos)

    def sizeHint(self) -> QSize:
        side = self.fontMetrics().height() + 22
        return QSize(max(40, side - 4), max(44, side))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _event: object) -> None:
        tokens, on = tokens_of(self), self.isChecked()
        painter = QPainter(self)
        fill = tokens.accent if on else (tokens.soft if self.underMouse() else tokens.card)
        draw_box(painter, self.rect(), fill, tokens.accent if on else tokens.edge, 2, RADIUS)
        font = self.font()
        font.setBold(on)
        painter.setFont(font)
        painter.setPen(QColor(tokens.on_accent if on else tokens.text))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.text())
        painter.end()


class ScaleRow(QWidget):
    """Numbers in a line that wraps only when it must. Arrow keys move, digits jump; ``chosen(int)`` tells the number."""

    chosen = Signal(int)

    def __init__(
        self, says: str, low: str, high: str, *, first: int = 0, last: int = 10, name: str = "",
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(says)
        self._group = QButtonGroup(self)
        self._quiet = False
        self._steps: list[_Step] = []
        for number in range(first, last + 1):
            end = low if number == first else high if number == last else ""
            step = _Step(number, f"{number}, {end}" if end else str(number))
            step.toggled.connect(self._toggled)
            self._group.addButton(step)
            self._steps.append(step)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(6)
        # eleven numbers stand in one line beside the steps of a conversation
        box.addWidget(Flow(self._steps, spacing=3))
        ends = QHBoxLayout()
        ends.addWidget(Text(f"{first} {low}", Kind.HINT), 1)
        right = Text(f"{last} {high}", Kind.HINT)
        right.set_end()
        ends.addWidget(right, 1)
        box.addLayout(ends)
        self.setFocusProxy(self._steps[0])

    def describe_beside(self, words: str) -> None:
        """Have a screen reader say with each number what stands beside them; no words take it away."""
        self.setAccessibleDescription(words)
        for step in self._steps:
            step.setAccessibleDescription(words)

    def _toggled(self, on: bool) -> None:
        if on and not self._quiet:
            self.chosen.emit(self.value)

    @property
    def digits(self) -> tuple[str, ...]:
        """The digits that press a number; those above nine are reached with the arrow keys."""
        return tuple(step.text() for step in self._steps if len(step.text()) == 1)

    @property
    def value(self) -> int | None:
        """The number chosen, or None."""
        return next((step.number for step in self._steps if step.isChecked()), None)

    @value.setter
    def value(self, value: int | None) -> None:
        self._quiet = True
        self._group.setExclusive(False)
        for step in self._steps:
            step.setChecked(step.number == value)
        self._group.setExclusive(True)
        self._quiet = False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Jump to the number whose digit was typed."""
        typed: Any = event.text()
        if typed.isdecimal():
            for step in self._steps:
                if step.text() == typed:
                    step.setFocus(Qt.FocusReason.ShortcutFocusReason)
                    step.click()
                    return
        super().keyPressEvent(event)
