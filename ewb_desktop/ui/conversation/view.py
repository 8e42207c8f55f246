"""The conversation's page: steps on one side, one thing at a time in the middle, what is known already on the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ewb_desktop.domain.lists import CrisisContact, WordList
from ewb_desktop.ui.beside_fields import BesideFields
from ewb_desktop.ui.conversation.check_pane import CheckPane, NextPane
from ewb_desktop.ui.conversation.needs_pane import NeedsPane
from ewb_desktop.ui.conversation.question_pane import QuestionPane, ThanksPane
from ewb_desktop.ui.conversation.shown import CheckPart, Known, NeedsShown, QuestionShown, Staying, StepLine
from ewb_desktop.ui.conversation.steps_card import StepsCard
from ewb_desktop.ui.destinations import Destination, ToConversation, ToQuestionnaire
from ewb_desktop.ui.page import Page
from ewb_desktop.ui.reading_again import ReadingAgain
from ewb_desktop.ui.widgets.announce import announce
from ewb_desktop.ui.widgets.button import Button, Look
from ewb_desktop.ui.widgets.card import Card
from ewb_desktop.ui.widgets.flow import Columns, Stack
from ewb_desktop.ui.widgets.long_text import LongText
from ewb_desktop.ui.widgets.notice import Notice, Tone
from ewb_desktop.ui.widgets.page_head import PageHead
from ewb_desktop.ui.widgets.text import Kind, Text

SAFETY_KEY = "F8"
"""Opens the safety conversation that is open."""


class ConversationPage(Page):
    """Widgets, setters in, signals out. The presenter is kept here, as nothing else holds it."""

    came = Signal(str, object, str)
    """Person, conversation or None, questionnaire or nothing."""
    left = Signal()
    pause_asked = Signal()
    step_asked = Signal(str)
    safety_asked = Signal()
    asked_again = Signal()

    def __init__(
        self, needs: WordList, wants: WordList, priorities: WordList, steps: WordList, contacts: Sequence[CrisisContact],
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__("Conversation", "conversation", parent=parent)
        self.title = self.tr("Conversation")
        self.presenter: object = None
        self._person = ""
        self._again = ReadingAgain(self)
        self._again.timeout.connect(self.asked_again)
        self.beside = BesideFields(
            self,
            self._places,
            lambda: self._person,
            self.tr("A colleague has answered this question too just now. It stands under the answer."),
        )
        self.saved = Text("", Kind.MUTED)
        self.saved.setWordWrap(False)
        self.saved.hide()
        self.pause_button = Button(self.tr("Pause"), name="conversation-pause")
        self.pause_button.clicked.connect(self.pause_asked)
        self.head = PageHead("", "", [self.saved, self.pause_button])
        self.steps = StepsCard()
        self.question = QuestionPane()
        self.needs = NeedsPane(needs, wants, priorities)
        self.check = CheckPane()
        self.next_step = NextPane()
        self.thanks = ThanksPane("\n".join(_turn_to(each) for each in contacts if each.first))
        self.known = _Aside(steps)
        self.known.open_button.clicked.connect(self.safety_asked)
        self.steps.chosen.connect(self._to_step)
        self._panes = (self.question, self.needs, self.check, self.next_step, self.thanks)
        middle = QWidget()
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        for pane in self._panes:
            column.addWidget(pane)
            pane.hide()
        column.addStretch(1)
        self.columns = _Parts([self.steps, middle, self.known], (23, 53, 30), stack_under=900)
        self.columns.arranged.connect(self.steps.set_narrow)
        self.sheet.add(self.head)
        self.sheet.add(self.columns, 1)
        self.next_step.step_chosen.connect(self.step_asked)
        self._settled = QTimer(self)
        self._settled.setSingleShot(True)
        self._settled.setInterval(0)
        self._settled.timeout.connect(self._bring_answers_near)
        self.act(self.tr("Next, also from a box of words"), "Ctrl+Return", self._next, "conversation-next-action")
        self.act(self.tr("Pause the conversation"), "Ctrl+P", self.pause_asked.emit, "conversation-pause-action")
        self._safety_action = self.act(
            self.known.open_button.words(), SAFETY_KEY, self.safety_asked.emit, "conversation-safety-action"
        )
        self._safety_action.setEnabled(False)

    # -- the window's hooks

    def opened(self, destination: Destination) -> None:
        """Open the conversation or the questionnaire that is asked for."""
        if isinstance(destination, ToConversation | ToQuestionnaire):
            self._person = destination.person
        if isinstance(destination, ToConversation):
            self.came.emit(destination.person, destination.conversation, "")
        elif isinstance(destination, ToQuestionnaire):
            self.came.emit(destination.person, destination.conversation, destination.questionnaire)

    def leaving(self) -> None:
        """Keep what was typed."""
        self.question.flush()
        self.needs.flush()
        self.left.emit()
        # the file may be closed before it rings
        self._again.stop()

    # -- what is shown

    def show_head(self, title: str, trail: str) -> None:
        """Show where it stands, and whose conversation it is."""
        self.head.set_title(title)
        self.keep_in_sight(trail)

    def show_who(self, who: str) -> None:
        """Show who answers."""
        self.steps.who.value = who

    def show_steps(self, steps: Sequence[StepLine]) -> None:
        """Show the steps."""
        self.steps.show_steps(steps)

    def show_question(self, question: QuestionShown) -> None:
        """Ask one question."""
        self._show(self.question)
        self.question.show_question(question)
        # where another step had the keyboard last, the window would put it there again when the page is come back to
        self.default_focus = self.focusWidget()
        self.sheet.show_top()
        self._settled.start()

    def show_known(self, known: Sequence[Known]) -> None:
        """Show what is known already."""
        self.known.show_known(known)

    def show_next(self, choices: Sequence[tuple[str, str, str]], chosen: str) -> None:
        """Ask what would help next."""
        self._show(self.next_step)
        self.next_step.show_choices(choices, chosen)
        self.default_focus = self.focusWidget()
        self.sheet.show_top()

    def show_needs(self, shown: NeedsShown) -> None:
        """Show the needs and the goal."""
        self._show(self.needs)
        self.needs.show_needs(shown)

    def show_need_form(self, code: str, words: str, wanted: str, priority: int | None, *, changing: bool) -> None:
        """Fill the form for one need."""
        self._show(self.needs)
        self.needs.show_form(code, words, wanted, priority, changing=changing)
        self.default_focus = self.focusWidget()

    def renew_need_form(self, code: str, words: str, wanted: str, priority: int | None) -> None:
        """Show the need in the form as it stands now; the keyboard stays where it is."""
        self.needs.renew_form(code, words, wanted, priority)

    def refresh_soon(self) -> None:
        """Ask in a moment what came."""
        self._again.ask()

    def _places(self) -> Mapping[str, QWidget]:
        return self.question.places if self.needs.isHidden() else self.needs.places

    def show_need_faults(self, faults: dict[str, str]) -> None:
        """Tell what needs another look."""
        self.needs.show_faults(faults)

    def offer_undo(self, text: str) -> None:
        """Offer to bring back what was taken off."""
        self.needs.undo.offer(text)

    def show_check(self, parts: Sequence[CheckPart]) -> None:
        """Show everything, to be checked."""
        self._show(self.check)
        self.check.show_parts(parts)
        self.default_focus = self.focusWidget()
        self.sheet.show_top()

    def show_safety(self, staying: Staying) -> None:
        """Show what to do now, the way to a talk that stays open, or neither."""
        if not self.thanks.isHidden() and staying is not Staying.NOW:
            self._show(self.question)
        news = staying is Staying.NOW and self.known.staying is not Staying.NOW
        self.known.show_safety(staying)
        self._safety_action.setEnabled(staying is not Staying.NONE)
        self._show_beside()
        if news:
            announce(self, self.known.notice.title.text())
            self._settled.start()

    def show_thanks(self) -> None:
        """Thank the person, and ask them to speak to one of the team now."""
        self._show(self.thanks)
        self.known.show_safety(Staying.NONE)
        self._safety_action.setEnabled(False)
        self.thanks.team_button.setFocus()

    def show_fault(self, text: str) -> None:
        """Say what is wrong with the answer."""
        self.question.show_fault(text)

    def show_saved(self, text: str) -> None:
        """Say that it is saved."""
        self.saved.setText(text)
        self.saved.setVisible(bool(text))

    def tell(self, sentence: str) -> None:
        """Say something at the foot of the window, without moving the keyboard."""
        self.said.emit(sentence)

    def turn_page(self) -> None:
        """Let what was said of the last step go."""
        self.turned.emit()

    def typed(self) -> str | None:
        """Return what stands in the box that is shown."""
        if not self.question.isHidden():
            return self.question.words
        return self.needs.goal.value if not self.needs.isHidden() else None

    def typed_need(self) -> tuple[str, str, str, int | None]:
        """Return the form for one need as it stands."""
        return self.needs.need_form

    def clear_typed(self) -> None:
        """Empty the question's box."""
        self.question.clear_words()

    def leave_for(self, destination: Destination, said: str) -> None:
        """Go to another page, and say what was done."""
        if said:
            self.said.emit(said)
        self.go.emit(destination)

    def _bring_answers_near(self) -> None:
        """Where the page is too small for all of it, scroll from its head to the question and what can be answered.

        What to do now about staying safe comes before that.
        """
        if self.question.isHidden():
            return
        if self.columns.stacked and self.known.staying is Staying.NOW:
            self.sheet.ensureWidgetVisible(self.known.open_button, 0, 24)
            return
        self.sheet.show_near(self.question)

    def _show(self, shown: QWidget) -> None:
        for pane in self._panes:
            pane.setVisible(pane is shown)
        self._show_beside()

    def _show_beside(self) -> None:
        """Show what is known beside questions and needs, and beside every step a safety conversation that is open."""
        about = not (self.question.isHidden() and self.needs.isHidden())
        self.known.card.setVisible(about and self.known.staying is not Staying.NOW)
        # what is to be done now is the next thing after the answer, for the eye and for Tab
        asked = self.known.staying is Staying.NOW and not self.question.isHidden()
        self.known.lend_button(self.question.urgent if asked else None)
        self.known.setVisible(self.thanks.isHidden() and (about or self.known.staying is not Staying.NONE))

    def _to_step(self, key: str) -> None:
        # what was typed a moment ago is read where the next step is "check"
        self.needs.flush()
        self.step_asked.emit(key)

    def _next(self) -> None:
        pane = next((pane for pane in self._panes if not pane.isHidden()), None)
        if isinstance(pane, QuestionPane):
            pane.next_asked.emit()
        elif isinstance(pane, NeedsPane | NextPane):
            pane.go_on()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes to the step that is chosen."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if not self.next_step.isHidden() and not event.isAutoRepeat():
                self.next_step.go_on()
            return
        super().keyPressEvent(event)


class _Parts(Columns):
    """The three parts of the page; ``arranged`` says whether they stand one under the other."""

    arranged = Signal(bool)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Arrange the parts, and say how."""
        super().resizeEvent(event)
        self.arranged.emit(self.stacked)


class _Aside(QWidget):
    """Beside the question: what is known already, or what to do now."""

    STEPS = 5

    def __init__(self, steps: WordList) -> None:
        super().__init__()
        self.staying = Staying.NONE
        self.card = Card(self.tr("Already known"), name="conversation-known")
        self._texts: list[Text | LongText] = []
        self.notice = Notice(self.tr("Talk about staying safe now"), tone=Tone.INFO, name="conversation-safety")
        self.open_button = Button(
            self.tr("Open the safety conversation"), Look.SECONDARY, key=SAFETY_KEY, name="conversation-open-safety"
        )
        # before the steps: on a small screen the steps may reach below its edge, the button must not
        self._own_place = QWidget()
        own = QVBoxLayout(self._own_place)
        own.setContentsMargins(0, 0, 0, 0)
        own.addWidget(self.open_button)
        self._own_place_layout = self._place = own
        self.notice.add(self._own_place)
        self._steps = Stack(
            [
                Text(f"{number}. {entry.words}", Kind.BOLD if entry.more.get("urgent") else Kind.BODY)
                for number, entry in enumerate(steps.entries[: self.STEPS], start=1)
            ],
            spacing=8,
        )
        self.notice.add(self._steps)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(16)
        box.addWidget(self.notice)
        box.addWidget(self.card, 1)
        # takes the room only where nothing known is shown, so that the notice stays as tall as its words
        box.addStretch(0)
        self.notice.hide()

    def show_known(self, known: Sequence[Known]) -> None:
        """Show these words, or say that there are none yet."""
        for text in self._texts:
            self.card.body.removeWidget(text)
            text.hide()
            text.deleteLater()
        self._texts = []
        for each in known:
            if each.lead:
                self._add(each.lead, Kind.HINT)
            self._keep(LongText(each.words, Kind.BODY if each.quote else Kind.HINT, quoted=each.quote))
        if not known:
            self._add(
                self.tr("Nothing yet about this. What is said today is here next time, so that nobody asks twice."), Kind.HINT
            )

    def show_safety(self, staying: Staying) -> None:
        """Show what to do now, or only the way to a talk that stays open."""
        self.staying = staying
        now = staying is Staying.NOW
        if now:
            self.notice.set_words(self.tr("Talk about staying safe now"))
        else:
            self.notice.set_words(
                self.tr("A safety conversation is open"), self.tr("It stays here and on Today until somebody closes it by name.")
            )
        self._steps.setVisible(now)
        self.notice.setVisible(staying is not Staying.NONE)

    def lend_button(self, place: QVBoxLayout | None) -> None:
        """Put the button that opens the talk in this place, or back where it stands by itself."""
        to = place if place is not None else self._own_place_layout
        if self._place is not to:
            self._place.removeWidget(self.open_button)
            to.addWidget(self.open_button)
            self._place = to
            self.open_button.show()
        self._own_place.setVisible(place is None)

    def _add(self, words: str, kind: Kind) -> None:
        self._keep(Text(words, kind))

    def _keep(self, text: Text | LongText) -> None:
        self.card.add(text)
        self._texts.append(text)


def _turn_to(contact: CrisisContact) -> str:
    return contact.name if contact.number in contact.name else f"{contact.name}: {contact.number}"
