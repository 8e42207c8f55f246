"""Needs and one goal on the page: chosen from a list or written in the person's own words, saved as they are agreed."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal, SignalInstance
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ewb_desktop.domain.lists import WordList, by_number
from ewb_desktop.ui.conversation.shown import NeedsShown
from ewb_desktop.ui.draft_timer import DraftTimer
from ewb_desktop.ui.widgets.button import Button, Look
from ewb_desktop.ui.widgets.card import Card
from ewb_desktop.ui.widgets.field import Field, SelectField, TextArea
from ewb_desktop.ui.widgets.flow import Columns, Flow, Stack
from ewb_desktop.ui.widgets.notice import ErrorSummary, UndoBar
from ewb_desktop.ui.widgets.rows import RowList
from ewb_desktop.ui.widgets.scale import ScaleRow
from ewb_desktop.ui.widgets.text import Kind, Text


class NeedsPane(QWidget):
    """Two cards: what they would like help with, and one goal."""

    need_saved = Signal(str, str, str, object)
    """Code, words, when wanted, and which comes first (or None)."""
    need_opened = Signal(object)
    need_taken_off = Signal(object)
    undone = Signal()
    need_typed = Signal(str, str, str, object)
    """The form as it stands, to be kept as a draft."""
    goal_typed = Signal(str)
    rated = Signal(int)
    next_asked = Signal()
    back_asked = Signal()

    def __init__(self, needs: WordList, wants: WordList, priorities: WordList, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("conversation-needs")
        self.summary = ErrorSummary()
        self.undo = UndoBar()
        self.undo.undone.connect(self.undone)
        self._drafts = DraftTimer(self)
        self._drafts.due.connect(lambda: self.goal_typed.emit(self.goal.value))
        self._need_drafts = DraftTimer(self)
        self._need_drafts.due.connect(lambda: self.need_typed.emit(*self.need_form))
        self.back_button = Button(self.tr("Back"), name="conversation-needs-back")
        self.next_button = Button(self.tr("Next"), Look.PRIMARY, key="Ctrl+Enter", name="conversation-needs-next")
        self.back_button.clicked.connect(lambda: self._leave_for(self.back_asked))
        self.next_button.clicked.connect(self.go_on)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(16)
        for part in (
            self.summary, self.undo, self._need_card(needs, wants, priorities), self._goal_card(),
            Flow([self.back_button, self.next_button], spacing=16),
        ):  # fmt: skip
            box.addWidget(part)

    def _need_card(self, needs: WordList, wants: WordList, priorities: WordList) -> Card:
        card = Card(self.tr("What would help"), self.tr("Two are plenty for one day. Their own words count most."))
        self.rows = RowList(stack_under=380, name="conversation-need-list")
        self.rows.acted.connect(self.need_taken_off)
        self.rows.opened.connect(self.need_opened)
        card.add(self.rows)
        options = [("", self.tr("Choose, or only write below"))]
        options += [(entry.key, f"{entry.words} ({entry.group})" if entry.group else entry.words) for entry in needs.entries]
        self.code = SelectField(self.tr("A need"), options, name="conversation-need-code")
        self.words = TextArea(self.tr("In their own words"), optional=True, lines=2, name="conversation-need-words")
        self.wanted = SelectField(
            self.tr("When do they want help?"),
            [(entry.key, entry.words) for entry in wants.entries],
            name="conversation-need-wanted",
        )
        self.priority = SelectField(
            self.tr("Which comes first for them?"),
            [(None, self.tr("No order")), *by_number(priorities).items()], name="conversation-need-priority",
        )  # fmt: skip
        self.save_button = Button(self.tr("Add this need"), Look.SECONDARY, icon="plus", name="conversation-need-add")
        self.save_button.clicked.connect(self._save)
        for field in (self.code, self.words, self.wanted, self.priority):
            field.edited.connect(self._need_drafts.touch)
        for part in (
            self.code,
            self.words,
            Columns([Stack([self.wanted]), Stack([self.priority])], stack_under=420),
            self.save_button,
        ):
            card.add(part)
        return card

    def _goal_card(self) -> Card:
        card = Card(self.tr("One goal"))
        self.goal = TextArea(
            self.tr("What they would like to reach, in their own words"), self.tr("Small and near is good."), optional=True,
            lines=2, name="conversation-goal",
        )  # fmt: skip
        self.goal.edited.connect(self._drafts.touch)
        self.rating = ScaleRow(
            self.tr("How near does it feel today?"), self.tr("no nearer yet"), self.tr("reached"), name="conversation-goal-rating"
        )
        self.rating.chosen.connect(self._rate)
        card.add(self.goal)
        card.add(Text(self.tr("How near does it feel today?"), Kind.BOLD))
        card.add(self.rating)
        return card

    def show_needs(self, shown: NeedsShown) -> None:
        """Show what was agreed."""
        self.rows.set_rows(shown.needs)
        self.rows.setVisible(bool(shown.needs))
        if self.goal.value != shown.goal:
            self.goal.value = shown.goal
        self.rating.value = shown.rating

    def show_form(self, code: str, words: str, wanted: str, priority: int | None, *, changing: bool) -> None:
        """Fill the form for one need, and put the keyboard on it."""
        self._need_drafts.forget()
        self.code.value, self.words.value = code, words
        self.wanted.value, self.priority.value = wanted, priority
        self.save_button.set_text(self.tr("Save this need") if changing else self.tr("Add this need"))
        self.code.setFocus()

    def renew_form(self, code: str, words: str, wanted: str, priority: int | None) -> None:
        """Show the need as it stands now, where that is something else; the keyboard stays where it is."""
        self.words.value = words
        for field, value in ((self.code, code), (self.wanted, wanted), (self.priority, priority)):
            if field.value != value:
                field.value = value

    @property
    def places(self) -> dict[str, QWidget]:
        """The fields beside which something can be said."""
        return {"code": self.code, "words": self.words, "wanted": self.wanted, "priority": self.priority, "goal": self.goal}

    def show_faults(self, faults: Mapping[str, str]) -> None:
        """Tell what needs another look."""
        fields: dict[str, Field] = {"code": self.code, "words": self.words, "wanted": self.wanted}
        for field in fields.values():
            field.show_error("")
        self.summary.show_errors([(text, fields.get(name, self.code)) for name, text in faults.items()])

    @property
    def need_form(self) -> tuple[str, str, str, int | None]:
        """The form as it stands: code, words, when wanted, and which comes first."""
        return self.code.value or "", self.words.value, self.wanted.value or "", self.priority.value

    def flush(self) -> None:
        """Keep the goal and the need as they were typed just now."""
        self._drafts.flush()
        self._need_drafts.flush()

    def go_on(self) -> None:
        """Keep what was typed as it stands, and ask for what comes next."""
        self._leave_for(self.next_asked)

    def _leave_for(self, asked: SignalInstance) -> None:
        self.flush()
        asked.emit()

    def _save(self) -> None:
        self.flush()
        self.need_saved.emit(*self.need_form)

    def _rate(self, rating: int) -> None:
        self._drafts.flush()
        self.rated.emit(rating)
