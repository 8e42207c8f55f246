"""One question that people answered differently: what was there before, and the answers with a button for each."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ewb_desktop.ui.conflicts.presenter import Answer, Choice
from ewb_desktop.ui.widgets.button import Button, Look
from ewb_desktop.ui.widgets.card import Card
from ewb_desktop.ui.widgets.flow import Columns, Flow
from ewb_desktop.ui.widgets.text import Kind, Text

_BY_TAB = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)


class ChoiceBox(Card):
    """Shows a :class:`Choice`; ``chosen(key, which)`` says what to keep: ``shown``, ``other``, ``other.1`` or ``both``."""

    chosen = Signal(str, str)
    history_asked = Signal(object)
    reached = Signal()
    """The keyboard came to the first of its buttons: the question and its answers are to be seen."""

    def __init__(self, choice: Choice, index: int, parent: QWidget | None = None) -> None:
        history = Button("", Look.LINK, name=f"conflicts.history.{index}")
        super().__init__(choice.name, choice.identifiers, aside=history, parent=parent)
        history.set_text(
            self.tr("See how this came about"),
            self.tr("See how this came about: {0}, {1}").format(choice.name, choice.question),
        )
        self.choice = choice
        self._index = index
        self.setAccessibleName(f"{choice.name}: {choice.question}")
        history.clicked.connect(lambda: self.history_asked.emit(choice.history))
        # first in the row of keys: Return on it settles nothing
        self.setFocusProxy(history)
        history.installEventFilter(self)
        asked = QVBoxLayout()
        asked.setContentsMargins(0, 8, 0, 4)
        asked.setSpacing(4)
        asked.addWidget(Text(choice.question, Kind.BOLD))
        asked.addWidget(Text(self.tr("Before: {0}").format(choice.before), Kind.MUTED))
        if choice.careful:
            told = self.tr("Until somebody has chosen, every page goes by the careful answer: “{0}”").format(choice.careful)
            asked.addWidget(Text(told, Kind.BODY))
        self.add(asked)
        now = self.tr("On the screens now") if not choice.careful else self.tr("Written down now")
        shown = self._answer(now, choice.shown, "shown")
        title = self.tr("The other answer") if len(choice.others) == 1 else self.tr("Another answer")
        others = [
            self._answer(title, answer, f"other.{place}" if place else "other") for place, answer in enumerate(choice.others)
        ]
        parts = [shown, *others]
        self.add(Columns(parts, (1,) * len(parts), stack_under=280 * len(parts), spacing=16))
        if choice.both:
            self.add(self._both())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Tell when the keyboard comes from the box before or behind: a page that is opened begins with its head."""
        if isinstance(event, QFocusEvent) and event.gotFocus() and event.reason() in _BY_TAB:
            self.reached.emit()
        return super().eventFilter(watched, event)

    def _answer(self, title: str, answer: Answer, which: str) -> QWidget:
        keep = self._button(answer.button, f"{answer.words}, {answer.by}", which)
        return _part(Text(title, Kind.HINT), Text(answer.words, Kind.BOLD), Text(answer.by, Kind.HINT), keep=keep)

    def _both(self) -> QWidget:
        is_of_two = len(self.choice.others) == 1
        keep = self._button(self.tr("Keep both") if is_of_two else self.tr("Keep all"), self.choice.both, "both")
        title = self.tr("Both together") if is_of_two else self.tr("All together")
        return _part(Text(title, Kind.HINT), Text(self.choice.both, Kind.BOLD), keep=keep)

    def _button(self, text: str, words: str, which: str) -> Button:
        keep = Button(
            text, Look.SECONDARY,
            says=self.tr("{0}: {1}. For {2}, {3}").format(text, words, self.choice.name, self.choice.question),
            name=f"conflicts.choice.{self._index}.{which}",
        )  # fmt: skip
        keep.clicked.connect(lambda: self.chosen.emit(self.choice.key, which))
        return keep


def _part(*words: QWidget, keep: Button) -> QWidget:
    part = Card()
    part.body.setSpacing(4)
    for each in words:
        part.add(each)
    foot = QVBoxLayout()
    foot.setContentsMargins(0, 8, 0, 0)
    # the buttons of answers side by side stand in a line, however long the words are
    foot.addStretch(1)
    foot.addWidget(Flow([keep]))
    part.add(foot, 1)
    return part
