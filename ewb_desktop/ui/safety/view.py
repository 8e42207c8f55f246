"""The safety page: what to do now and who to call beside the words that are written. Calm, without a grade or a colour."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ewb_desktop.domain.lists import CrisisContact, WordList
from ewb_desktop.ui.beside_fields import BesideFields
from ewb_desktop.ui.destinations import Destination, ToSafety
from ewb_desktop.ui.draft_timer import DraftTimer
from ewb_desktop.ui.page import Page
from ewb_desktop.ui.safety.shown import Written
from ewb_desktop.ui.widgets.button import Button, Look
from ewb_desktop.ui.widgets.card import Card
from ewb_desktop.ui.widgets.choices import Choice, ChoiceList
from ewb_desktop.ui.widgets.date_field import DateField
from ewb_desktop.ui.widgets.facts import FactTable
from ewb_desktop.ui.widgets.field import Field, SelectField, TextArea, TextField
from ewb_desktop.ui.widgets.flow import Columns, Flow, Stack
from ewb_desktop.ui.widgets.notice import ErrorSummary, Notice, Tone
from ewb_desktop.ui.widgets.page_head import PageHead
from ewb_desktop.ui.widgets.text import Kind, Text

FIRST_STEPS = 8
"""How many steps stand on this page; all of them are in crisis help."""


class SafetyPage(Page):
    """Widgets, setters in, signals out. The presenter is kept here, as nothing else holds it."""

    came = Signal(str, object, object)
    """Person, talk or None, conversation or None."""
    typed = Signal()
    left = Signal()
    save_asked = Signal()
    close_asked = Signal(str)
    reopen_asked = Signal()
    now_asked = Signal()

    def __init__(
        self, steps: WordList, plans: WordList, contacts: Sequence[CrisisContact], parent: QWidget | None = None
    ) -> None:
        super().__init__("Staying safe", "safety", parent=parent)
        self.title = self.tr("Staying safe")
        self.presenter: object = None
        self._plans = plans
        self._person = ""
        self.beside = BesideFields(self, self._places, lambda: self._person)
        self._drafts = DraftTimer(self)
        self._drafts.due.connect(self.typed)
        self.saved = Text("", Kind.MUTED)
        self.saved.setWordWrap(False)
        self.saved.hide()
        self.save_button = Button(self.tr("Save and come back"), Look.PRIMARY, name="safety-save")
        self.save_button.clicked.connect(self._save)
        self.head = PageHead(self.tr("Staying safe"), "", [self.saved, self.save_button])
        self.summary = ErrorSummary()
        self.closed = Notice("", tone=Tone.INFO, name="safety-closed")
        reopen = Button(self.tr("Open it again"), Look.SECONDARY, name="safety-reopen")
        reopen.clicked.connect(self.reopen_asked)
        self.closed.add(reopen)
        form = _column([self._explore_card(), self._act_card(), self._close_card()])
        aside = _column([self._steps_card(steps), self._contacts_card(contacts)])
        for part in (self.head, self.summary, self.closed, Columns([form, aside], (62, 38), stack_under=820)):
            self.sheet.add(part)
        self.sheet.fill()
        self.closed.hide()
        self.default_focus = self.fields["explored"]
        self.act(self.tr("Save and come back"), "Ctrl+S", self._save, "safety-save-action")

    # -- the cards

    def _explore_card(self) -> Card:
        card = Card(self.tr("What was said"))
        self.fields: dict[str, TextArea | TextField] = {
            "explored": TextArea(
                self.tr("What you talked about"),
                self.tr("Thoughts, now and before, what they hope for. Facts and their own words."),
                lines=4, name="safety-explored",
            ),
            "harder": TextArea(self.tr("What makes it harder"), optional=True, lines=2, name="safety-harder"),
            "safer": TextArea(self.tr("What makes it safer"), optional=True, lines=2, name="safety-safer"),
            "could_change": TextArea(
                self.tr("What could change quickly"), self.tr("A date, an answer, a person, a drink."), optional=True, lines=2,
                name="safety-could-change",
            ),
        }  # fmt: skip
        for name, field in self.fields.items():
            field.edited.connect(self._drafts.touch)
            if name not in ("harder", "safer"):
                card.add(field)
            elif name == "harder":
                card.add(Columns([Stack([field]), Stack([self.fields["safer"]])], stack_under=460))
        self.explore_card = card
        return card

    def _act_card(self) -> Card:
        card = Card(self.tr("What happens now"))
        card.body.setSpacing(12)
        told = TextField(self.tr("Who was told"), self.tr("A colleague, the duty worker, a GP, family."), name="safety-told-whom")
        self.told_day = DateField(self.tr("When they were told"), optional=True, name="safety-told-day")
        self.told_time = TextField(self.tr("Time"), self.tr("Like 14:05"), chars=6, name="safety-told-time")
        now = Button(self.tr("Just now"), icon="clock", name="safety-told-now")
        now.clicked.connect(self.now_asked)
        agreed = TextArea(
            self.tr("What we agreed"), self.tr("Who does what, and when you speak next."), lines=3, name="safety-agreed"
        )
        self.fields |= {"told_whom": told, "agreed": agreed}
        self.plan = ChoiceList(
            [*(Choice(plan.key, plan.words) for plan in self._plans.entries), Choice("", self.tr("Not yet"))],
            says=self.tr("Safety plan"), name="safety-plan",
        )  # fmt: skip
        self.plan.chosen.connect(lambda _value: self._drafts.touch())
        self.review = DateField(self.tr("Look at this again on"), optional=True, name="safety-review")
        self.owner = SelectField(self.tr("Who looks after this"), hint=self.tr("One person, by name."), name="safety-owner")
        for field in (told, self.told_day, self.told_time, agreed, self.review, self.owner):
            field.edited.connect(self._drafts.touch)
        when = Flow([self.told_day, self.told_time], spacing=24)
        for part in (told, when, now, agreed, Text(self.tr("Safety plan"), Kind.BOLD), self.plan, self.review, self.owner):
            card.add(part)
        return card

    def _close_card(self) -> Card:
        card = Card(
            self.tr("Close this safety conversation"),
            self.tr("Only when nobody needs to act on it any more. Until then it stays on the Today page."),
        )
        self.closed_by = SelectField(self.tr("Who closes it"), name="safety-closed-by")
        self.still_needed = Notice("", name="safety-still-needed")
        self.close_button = Button(self.tr("Close it"), Look.SECONDARY, name="safety-close")
        self.close_button.clicked.connect(self._close)
        for part in (self.closed_by, self.still_needed, self.close_button):
            card.add(part)
        self.still_needed.hide()
        self.close_card = card
        return card

    def _steps_card(self, steps: WordList) -> Card:
        card = Card(self.tr("What to do now"))
        for number, entry in enumerate(steps.entries[:FIRST_STEPS], start=1):
            card.add(Text(f"{number}. {entry.words}", Kind.BOLD if entry.more.get("urgent") else Kind.BODY))
        return card

    def _contacts_card(self, contacts: Sequence[CrisisContact]) -> Card:
        card = Card(self.tr("Who to call"))
        card.add(FactTable([(each.number, _who(each)) for each in contacts if each.first]))
        card.add(Text(self.tr("F2 opens all of crisis help."), Kind.HINT))
        return card

    # -- the window's hooks

    def opened(self, destination: Destination) -> None:
        """Show the safety conversation that is asked for."""
        if isinstance(destination, ToSafety):
            self._person = destination.person
            self.came.emit(destination.person, destination.talk, destination.conversation)
            self.sheet.show_top()

    def leaving(self) -> None:
        """Save what was written."""
        self._drafts.forget()
        self.left.emit()

    def _places(self) -> Mapping[str, QWidget]:
        when = {"told_at": self.told_day, "review_on": self.review}
        return {**self.fields, **when, "plan": self.plan, "owner": self.owner}

    # -- what is shown

    def tell(self, words: str) -> None:
        """Say in the foot what happened."""
        self.said.emit(words)

    def show_whom(self, trail: str, line: str, why: str) -> None:
        """Show whose talk it is, and why it was opened."""
        self.explore_card.set_hint(self.tr("Opened because: {0}").format(why) if why else "")
        self.keep_in_sight(trail)
        self.head.set_line(line)

    def show_workers(self, workers: Sequence[tuple[str, str]]) -> None:
        """Offer these workers."""
        self.owner.set_options(list(workers))
        self.closed_by.set_options([("", self.tr("Choose a person")), *workers])

    def show_written(self, written: Written) -> None:
        """Show what was written so far."""
        for name, field in self.fields.items():
            if field.value != written.words.get(name, ""):
                field.value = written.words.get(name, "")
        self.plan.value = written.plan
        self.owner.value = written.owner
        for days, typed in ((self.told_day, written.told_day_typed), (self.review, written.review_typed)):
            # put again, the cursor would go to the end
            if days.typed != typed:
                days.typed = typed
        if self.told_time.value != written.told_time:
            self.told_time.value = written.told_time

    def written(self) -> Written:
        """Return what stands on the page."""
        told_day, told_fault = self.told_day.read()
        review, review_fault = self.review.read()
        faults = {"told_at": told_fault, "review_on": review_fault}
        return Written(
            words={name: field.value for name, field in self.fields.items()},
            plan=self.plan.value or "",
            owner=self.owner.value or "",
            told_day=told_day,
            told_day_typed=self.told_day.typed,
            told_time=self.told_time.value,
            review_on=review,
            review_typed=self.review.typed,
            faults={name: fault for name, fault in faults.items() if fault},
        )

    def show_faults(self, faults: Mapping[str, str]) -> None:
        """Tell what needs another look."""
        fields: dict[str, Field] = {**self.fields, "told_at": self.told_day, "review_on": self.review, "owner": self.owner}
        for field in fields.values():
            field.show_error("")
        self.summary.show_errors([(text, fields.get(name, self.owner)) for name, text in faults.items()])

    def show_still_needed(self, sentence: str) -> None:
        """Say what is still to be written."""
        self.still_needed.set_words(self.tr("Not closed yet") if sentence else "", sentence)
        self.still_needed.setVisible(bool(sentence))

    def show_closed(self, sentence: str) -> None:
        """Say who closed it."""
        self.closed.set_words(sentence)
        self.closed.setVisible(bool(sentence))
        self.close_card.setVisible(not sentence)

    def show_saved(self, text: str) -> None:
        """Say that it is saved."""
        self.saved.setText(text)
        self.saved.setVisible(bool(text))

    def leave_for(self, destination: Destination, said: str) -> None:
        """Go to another page, and say what was done."""
        self._drafts.forget()
        if said:
            self.said.emit(said)
        self.go.emit(destination)

    def _save(self) -> None:
        self._drafts.forget()
        self.save_asked.emit()

    def _close(self) -> None:
        self._drafts.forget()
        self.close_asked.emit(self.closed_by.value or "")


def _who(contact: CrisisContact) -> str:
    """Return who answers and how; a name that is the number again ("999 or A&E") is not said twice."""
    if not contact.how or contact.name.startswith(contact.number):
        return contact.how or contact.name
    return f"{contact.name}. {contact.how}"


def _column(cards: Sequence[Card]) -> QWidget:
    column = QWidget()
    box = QVBoxLayout(column)
    box.setContentsMargins(0, 0, 0, 0)
    box.setSpacing(16)
    for card in cards:
        box.addWidget(card)
    box.addStretch(1)
    return column
