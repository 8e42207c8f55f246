"""The last page of a conversation: every answer with a way to change it, and only here what they come to."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from ewb_desktop.ui.conversation.shown import CheckPart
from ewb_desktop.ui.widgets.button import Button, Look
from ewb_desktop.ui.widgets.card import Card
from ewb_desktop.ui.widgets.choices import Choice, ChoiceList
from ewb_desktop.ui.widgets.flow import Flow
from ewb_desktop.ui.widgets.notice import EmptyState, Notice
from ewb_desktop.ui.widgets.rows import RowList
from ewb_desktop.ui.widgets.text import Heading, Kind, Level, Text


class CheckPane(QWidget):
    """One card for each part. ``change_asked(key)`` follows the row that is to be changed."""

    change_asked = Signal(object)
    finish_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("conversation-check")
        self._parts = QVBoxLayout()
        self._parts.setSpacing(16)
        self._cards: list[QWidget] = []
        self.finish_button = Button(self.tr("Finish the conversation"), Look.PRIMARY, name="conversation-finish")
        self.finish_button.clicked.connect(self.finish_asked)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(16)
        self.intro = Text(self.tr("Read it together. Everything can be changed, now and later."), Kind.MUTED)
        box.addWidget(self.intro)
        box.addLayout(self._parts)
        box.addWidget(Flow([self.finish_button]))

    def show_parts(self, parts: Sequence[CheckPart]) -> None:
        """Show these parts, and put the keyboard at their beginning: Enter finishes nothing that was not read."""
        for card in self._cards:
            self._parts.removeWidget(card)
            card.hide()
            card.deleteLater()
        self._cards = [self._card(part) for part in parts]
        if not parts:
            words = self.tr("Choose a step, or finish. Nothing has to be asked.")
            self._cards = [EmptyState(self.tr("Nothing has been said yet"), words, icon="message-square")]
        for card in self._cards:
            self._parts.addWidget(card)
        # words that Tab does not stop at, and where it goes on from
        self.intro.setFocus(Qt.FocusReason.OtherFocusReason)

    def _card(self, part: CheckPart) -> QWidget:
        card = Card(part.title, name=f"conversation-check-{part.key}")
        if part.total:
            card.add(Text(part.total, Kind.BOLD))
        if part.meaning:
            card.add(Text(part.meaning, Kind.MUTED))
        if part.to_ask:
            notice = Notice(self.tr("One question to ask"), part.to_ask)
            ask = Button(self.tr("Ask it now"), Look.SECONDARY, name=f"conversation-ask-{part.key}")
            ask.clicked.connect(lambda: self.change_asked.emit(part.to_ask_key))
            notice.add(ask)
            card.add(notice)
        rows = RowList(part.rows, look=Look.QUIET, stack_under=420, name=f"conversation-answers-{part.key}")
        rows.acted.connect(self.change_asked)
        card.add(rows)
        return card


class NextPane(QWidget):
    """Asks which step would help next."""

    step_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("conversation-next-step")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self.heading = Heading(self.tr("What would help next?"), Level.QUESTION)
        self.choices = ChoiceList(says=self.heading.text(), name="conversation-next-choices")
        self.go_button = Button(self.tr("Go on"), Look.PRIMARY, name="conversation-go-on")
        self.go_button.clicked.connect(self.go_on)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(12)
        box.addWidget(self.heading)
        box.addWidget(Text(self.tr("Only what helps, in any order. Nothing has to be done."), Kind.MUTED))
        box.addWidget(self.choices)
        box.addWidget(Flow([self.go_button]))

    def show_choices(self, steps: Sequence[tuple[str, str, str]], chosen: str) -> None:
        """Offer these steps; the one that is chosen already needs only Enter."""
        self.choices.set_choices([Choice(key, _one_line(words, detail)) for key, words, detail in steps])
        self.choices.value = chosen
        for each in self.choices.rows:
            # a row that the layout has not shown yet cannot take the keyboard
            each.show()
        row = next((row for row in self.choices.rows if row.isChecked()), self.choices.rows[0])
        row.setFocus()

    def go_on(self) -> None:
        """Go to the step that is chosen."""
        if self.choices.value is not None:
            self.step_chosen.emit(self.choices.value)


def _one_line(words: str, detail: str) -> str:
    return f"{words}: {detail[:1].lower()}{detail[1:]}" if detail else words
