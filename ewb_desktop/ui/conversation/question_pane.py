"""One question on the page: digits choose, Enter goes on, and what is typed is kept."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QPlainTextEdit, QRadioButton, QSizePolicy, QVBoxLayout, QWidget

from ewb_desktop.ui.conversation.shown import Ask, QuestionShown
from ewb_desktop.ui.draft_timer import DraftTimer
from ewb_desktop.ui.widgets.announce import announce
from ewb_desktop.ui.widgets.button import Button, Look
from ewb_desktop.ui.widgets.choices import Choice, ChoiceList
from ewb_desktop.ui.widgets.field import TextArea, TextField
from ewb_desktop.ui.widgets.flow import Columns, Flow
from ewb_desktop.ui.widgets.notice import Notice, Tone
from ewb_desktop.ui.widgets.scale import ScaleRow
from ewb_desktop.ui.widgets.text import Heading, Kind, Label, Level, Text


class QuestionPane(QWidget):
    """Shows one :class:`QuestionShown` after the other and tells what was pressed and typed."""

    answered = Signal(object)
    typed = Signal(str)
    """Words that are to be kept as a draft."""
    next_asked = Signal()
    back_asked = Signal()
    skip_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("conversation-question")
        self.lead = Text("", Kind.MUTED)
        self.heading = Heading("", Level.QUESTION)
        self.hint = Text("", Kind.MUTED)
        self.kept = Text(self.tr("These words were kept when the page was left. Next saves them."), Kind.HINT)
        self.error = Label("", 17, bold=True)
        self.error.setForegroundRole(self.error.foregroundRole().BrightText)
        self._answer = QWidget()
        """Holds the answer, and what is said beside it."""
        self.place = QVBoxLayout()
        self.place.setSpacing(12)
        self.urgent = QVBoxLayout()
        self.urgent.setContentsMargins(0, 4, 0, 0)
        """Between the answer and what goes on: what comes before going on."""
        # no column of its own: what is said beside the answer comes under what is urgent, and never pushes it out of sight
        both = QWidget()
        grid = QGridLayout(both)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(8)
        grid.addLayout(self.place, 0, 0)
        grid.addLayout(self.urgent, 1, 0)
        around = QVBoxLayout(self._answer)
        around.setContentsMargins(0, 0, 0, 0)
        around.setSpacing(12)
        around.addWidget(both)
        self.back_button = Button(self.tr("Back"), name="conversation-back")
        self.next_button = Button(self.tr("Next"), Look.PRIMARY, key="Ctrl+Enter", name="conversation-next")
        self.skip_button = Button(self.tr("Skip this one"), name="conversation-skip")
        self.back_button.clicked.connect(self.back_asked)
        self.next_button.clicked.connect(self.next_asked)
        self.skip_button.clicked.connect(self.skip_asked)
        buttons = Columns([Flow([self.back_button, self.next_button], spacing=16), self.skip_button], (1, 0), stack_under=320)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(8)
        for part in (self.lead, self.heading, self.hint, self.kept, self.error):
            box.addWidget(part)
        box.addSpacing(4)
        box.addWidget(self._answer)
        box.addSpacing(8)
        box.addWidget(buttons)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self._input: ChoiceList | ScaleRow | TextArea | TextField | None = None
        self._drafts = DraftTimer(self)
        self._drafts.due.connect(self._keep)

    def show_question(self, question: QuestionShown) -> None:
        """Ask this question, and put the keyboard on its answer."""
        self._drafts.forget()
        for label, text in ((self.lead, question.lead), (self.heading, question.text), (self.hint, "")):
            label.setText(text)
            label.setVisible(bool(text))
        self.show_fault("")
        self.kept.setVisible(question.draft)
        self.setAccessibleName(question.text)
        if self._input is not None:
            self.place.removeWidget(self._input)
            self._input.hide()
            self._input.deleteLater()
        self._input = self._make(question)
        self.place.insertWidget(0, self._input)
        self._input.show()
        self.focus_answer()

    def _make(self, question: QuestionShown) -> ChoiceList | ScaleRow | TextArea | TextField:
        if question.ask is Ask.CHOICE:
            hint = Text(question.hint, Kind.MUTED)
            self.hint.setText(hint.text())
            self.hint.setVisible(bool(question.hint))
            choices = ChoiceList(
                [Choice(value, words) for value, words in question.choices], says=question.text, name="conversation-answer"
            )
            choices.value = question.value
            choices.chosen.connect(self.answered)
            return choices
        if question.ask is Ask.SCALE:
            scale = ScaleRow(
                question.text, question.low, question.high, first=question.first, last=question.last, name="conversation-answer"
            )
            scale.value = question.value if isinstance(question.value, int) else None
            scale.chosen.connect(lambda number: self.answered.emit(number))
            return scale
        words = "" if question.value is None else str(question.value)
        field: TextArea | TextField
        if question.ask is Ask.WORDS:
            field = TextArea(self.tr("Their words"), question.hint, lines=5, name="conversation-answer")
        else:
            field = TextField(self.tr("Their words"), question.hint, name="conversation-answer")
        field.value = words
        if field.input is not None:
            field.input.setAccessibleDescription(f"{question.text} {question.hint}".strip())
        field.edited.connect(self._drafts.touch)
        return field

    def focus_answer(self) -> None:
        """Put the keyboard on the answer: on the one that is chosen, else on the first."""
        if isinstance(self._input, ChoiceList):
            rows = self._input.rows
            (next((row for row in rows if row.isChecked()), rows[0])).setFocus(Qt.FocusReason.OtherFocusReason)
        elif isinstance(self._input, ScaleRow):
            steps = self._input.findChildren(QRadioButton)
            (next((step for step in steps if step.isChecked()), steps[0])).setFocus(Qt.FocusReason.OtherFocusReason)
        elif self._input is not None:
            self._input.setFocus(Qt.FocusReason.OtherFocusReason)
            if isinstance(self._input, TextArea):
                self._input.area.moveCursor(self._input.area.textCursor().MoveOperation.End)

    @property
    def places(self) -> dict[str, QWidget]:
        """The answer, beside which something can be said."""
        return {"answer": self._input} if self._input is not None else {}

    @property
    def words(self) -> str | None:
        """What stands in the box, or ``None`` when there is none."""
        return self._input.value if isinstance(self._input, TextArea | TextField) else None

    def clear_words(self) -> None:
        """Empty the box."""
        self._drafts.forget()
        if isinstance(self._input, TextArea | TextField):
            self._input.value = ""

    def show_fault(self, text: str) -> None:
        """Say above the answer what is wrong with it."""
        self.error.setText(self.tr("Error: {0}").format(text) if text else "")
        self.error.setVisible(bool(text))

    def flush(self) -> None:
        """Keep what was typed just now."""
        self._drafts.flush()

    def _keep(self) -> None:
        if self.words is not None:
            self.typed.emit(self.words)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes on from an answer; in a box it begins a new line."""
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._tell_no_answer(event)
            super().keyPressEvent(event)
            return
        # a key that is held down goes on once, not past questions that nobody read
        if not isinstance(self.focusWidget(), QPlainTextEdit) and not event.isAutoRepeat():
            self.next_asked.emit()

    def _tell_no_answer(self, event: QKeyEvent) -> None:
        """A letter or a number that presses nothing here: say so, or a slip of the finger would look like an answer."""
        letter = event.text()
        if not isinstance(self._input, ChoiceList | ScaleRow) or len(letter) != 1 or not letter.isalnum():
            return
        if event.modifiers() & ~(Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.ShiftModifier):
            return
        digits = self._input.digits
        keys = self.tr("Press {0} to {1}, or use the arrow keys.").format(digits[0], digits[-1]) if digits else ""
        self.show_fault(self.tr("“{0}” is no answer here. {1}").format(letter, keys).strip())
        announce(self, self.error.text())


class ThanksPane(QWidget):
    """What someone who fills it in alone sees after speaking of hurting themselves: thanks, and people to turn to now."""

    team_asked = Signal()
    carry_on_asked = Signal()

    def __init__(self, contacts: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("conversation-thanks")
        self.heading = Heading(self.tr("Thank you for telling us"), Level.QUESTION)
        self.notice = Notice(self.tr("Please speak to one of the team now."), contacts, Tone.INFO)
        self.team_button = Button(self.tr("One of the team is with me"), Look.PRIMARY, name="conversation-team")
        self.carry_on_button = Button(self.tr("Carry on with the questions"), name="conversation-carry-on")
        self.team_button.clicked.connect(self.team_asked)
        self.carry_on_button.clicked.connect(self.carry_on_asked)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(16)
        for part in (self.heading, self.notice, Flow([self.team_button, self.carry_on_button], spacing=16)):
            box.addWidget(part)
