"""One question that people answered differently: what was there before, and the answers with a button for each."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from ewb_desktop.ui.conflicts.presenter import Answer, Choice
from ewb_desktop.ui.widgets.button import Button, Look
from ewb_desktop.ui.widgets.flow import Columns, Flow
from ewb_desktop.ui.widgets.text import Heading, Kind, Level, Text


class ChoiceBox(QFrame):
    """Shows a :class:`Choice`; ``chosen(key, which)`` says what to keep: ``shown``, ``other``, ``other.1`` or ``both``."""

    chosen = Signal(str, str)
    history_asked = Signal(object)

    def __init__(self, choice: Choice, index: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.choice = choice
        self._index = index
        self.setAccessibleName(f"{choice.name}: {choice.question}")
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 8, 0, 16)
        box.setSpacing(4)
        box.addWidget(Heading(choice.name, Level.SECTION))
        if choice.identifiers:
            box.addWidget(Text(choice.identifiers, Kind.MUTED))
        box.addWidget(Text(choice.question))
        box.addWidget(Text(self.tr("Before: {0}").format(choice.before), Kind.HINT))
        history = Button(
            self.tr("See how this came about"), Look.LINK,
            says=self.tr("See how this came about: {0}, {1}").format(choice.name, choice.question),
            name=f"conflicts.history.{index}",
        )  # fmt: skip
        history.clicked.connect(lambda: self.history_asked.emit(choice.history))
        box.addWidget(Flow([history]))
        # first in the row of keys: Return on it settles nothing
        self.setFocusProxy(history)
        shown = self._answer(self.tr("On the screens now"), choice.shown, "shown")
        title = self.tr("The other answer") if len(choice.others) == 1 else self.tr("Another answer")
        others = [
            self._answer(title, answer, f"other.{place}" if place else "other") for place, answer in enumerate(choice.others)
        ]
        parts = [shown, *others]
        box.addWidget(Columns(parts, (1,) * len(parts), stack_under=280 * len(parts)))
        if choice.both:
            box.addSpacing(8)
            box.addWidget(self._both())

    def _answer(self, title: str, answer: Answer, which: str) -> QWidget:
        keep = self._button(answer.button, f"{answer.words}, {answer.by}", which)
        return _part(Text(title, Kind.HINT), Text(answer.words, Kind.BOLD), Text(answer.by, Kind.HINT), keep)

    def _both(self) -> QWidget:
        is_of_two = len(self.choice.others) == 1
        keep = self._button(self.tr("Keep both") if is_of_two else self.tr("Keep all"), self.choice.both, "both")
        title = self.tr("Both together") if is_of_two else self.tr("All together")
        return _part(Text(title, Kind.HINT), Text(self.choice.both), keep)

    def _button(self, text: str, words: str, which: str) -> Button:
        keep = Button(
            text, Look.SECONDARY,
            says=self.tr("{0}: {1}. For {2}, {3}").format(text, words, self.choice.name, self.choice.question),
            name=f"conflicts.choice.{self._index}.{which}",
        )  # fmt: skip
        keep.clicked.connect(lambda: self.chosen.emit(self.choice.key, which))
        return keep


def _part(*parts: QWidget) -> QWidget:
    part = QWidget()
    column = QVBoxLayout(part)
    column.setContentsMargins(0, 8, 0, 0)
    column.setSpacing(2)
    for each in parts[:-1]:
        column.addWidget(each)
    column.addSpacing(6)
    column.addWidget(parts[-1])
    column.addStretch(1)
    return part
