"""One field that two people answered differently: both answers side by side, each with a button to keep it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from ewb_desktop.ui.sync.presenter import Choice
from ewb_desktop.ui.widgets.button import Button, Look
from ewb_desktop.ui.widgets.flow import Columns
from ewb_desktop.ui.widgets.text import Heading, Kind, Level, Text


class ChoiceBox(QFrame):
    """Shows a :class:`Choice`; ``chosen(key, other)`` says which answer to keep."""

    chosen = Signal(str, bool)

    def __init__(self, choice: Choice, index: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._choice = choice
        self.setAccessibleName(f"{choice.name}: {choice.question}")
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 8, 0, 16)
        box.setSpacing(4)
        box.addWidget(Heading(choice.name, Level.SECTION))
        box.addWidget(Text(choice.identifiers, Kind.MUTED))
        box.addWidget(Text(choice.question))
        shown = self._answer(self.tr("On the screens now"), choice.shown, choice.shown_by, index, other=False)
        other = self._answer(self.tr("Came later"), choice.other, choice.other_by, index, other=True)
        box.addWidget(Columns([shown, other], (1, 1), stack_under=560))

    def _answer(self, title: str, value: str, by: str, index: int, *, other: bool) -> QWidget:
        part = QWidget()
        column = QVBoxLayout(part)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(2)
        column.addWidget(Text(title, Kind.HINT))
        column.addWidget(Text(value, Kind.BOLD))
        column.addWidget(Text(by, Kind.HINT))
        keep = Button(
            self.tr("Keep this answer"),
            Look.SECONDARY,
            says=self.tr("Keep “{0}” for {1}, {2}, by {3}").format(value, self._choice.name, self._choice.question, by),
            name=f"sync.choice.{index}.{'other' if other else 'shown'}",
        )
        keep.clicked.connect(lambda: self.chosen.emit(self._choice.key, other))
        column.addSpacing(6)
        column.addWidget(keep)
        if not other:
            self.setFocusProxy(keep)
        column.addStretch(1)
        return part
