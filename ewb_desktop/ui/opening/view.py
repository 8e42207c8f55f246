"""The page that looks on the server for a member outside the area: who, why, and what is written down about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from ewb_desktop.domain.lists import WordList
from ewb_desktop.ui.destinations import Destination, ToOpening, ToPerson
from ewb_desktop.ui.draft_timer import DraftTimer
from ewb_desktop.ui.opening.presenter import Known, OpeningPresenter, Typed
from ewb_desktop.ui.page import Page
from ewb_desktop.ui.widgets.announce import announce
from ewb_desktop.ui.widgets.button import Button, Look
from ewb_desktop.ui.widgets.card import Card
from ewb_desktop.ui.widgets.choice_field import ChoiceField
from ewb_desktop.ui.widgets.choices import Choice
from ewb_desktop.ui.widgets.date_field import DateField
from ewb_desktop.ui.widgets.field import Field, SelectField, TextArea, TextField
from ewb_desktop.ui.widgets.flow import Flow
from ewb_desktop.ui.widgets.notice import ErrorSummary, Notice, Tone
from ewb_desktop.ui.widgets.page_head import PageHead
from ewb_desktop.ui.widgets.typed import show_typed, typed_in
from sync.protocol.messages import NAME_LETTERS, POSTCODE_LETTERS, TELEPHONE_LETTERS


class OpeningPage(Page):
    """Shows the form and what came of it."""

    begun = Signal()
    asked = Signal(object)
    typed = Signal(dict)
    """What stands in the form, to be kept."""
    started_again = Signal()

    def __init__(self, reasons: WordList, today: Callable[[], date], parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Look on the server"), "opening", parent=parent)
        self.presenter: OpeningPresenter | None = None
        self._timer = DraftTimer(self)
        self._timer.due.connect(lambda: self.typed.emit(self.draft))
        self._searched = ""
        self._back = Button(self.tr("Back"), name="opening.back")
        self._back.clicked.connect(self.back)
        self.sheet.add(PageHead(self.tr("Look on the server"), self.tr("For someone who is not on this laptop"), [self._back]))
        self._outcome = Notice("", name="opening.outcome")
        self._outcome.hide()
        self.sheet.add(self._outcome)
        self._errors = ErrorSummary()
        self.sheet.add(self._errors)
        self._kept = Notice(
            self.tr("What you typed before is still here"),
            self.tr("It is kept on this laptop. Go on, or start again."),
            Tone.INFO,
            name="opening.kept",
        )
        again = Button(self.tr("Start again"), name="opening.start_again")
        again.clicked.connect(self._start_again)
        self._kept.add(Flow([again]))
        self._kept.hide()
        self.sheet.add(self._kept)
        self.sheet.add(self._form(reasons, today))
        self.sheet.fill()

    def _form(self, reasons: WordList, today: Callable[[], date]) -> QWidget:
        self._card = Card(name="opening.card")
        self._card.add(
            Notice(
                self.tr("This is written down"),
                self.tr(
                    "Your name, the time and your reason are kept, and their coordinator reads them. What you open is here for "
                    "three hours. Then it leaves this laptop by itself. What you save meanwhile is sent and kept. What you type "
                    "and do not save waits for you for a day, and is then sent as a note."
                ),
                Tone.INFO,
                name="opening.told",
            )
        )
        self.name = TextField(
            self.tr("Their name"), self.tr("First name and family name"), name="opening.name", most=NAME_LETTERS
        )
        self.known = ChoiceField(
            self.tr("What else do you know about them?"),
            [
                Choice(Known.BORN, self.tr("Their date of birth")),
                Choice(Known.TELEPHONE, self.tr("Their telephone number")),
                Choice(Known.POSTCODE, self.tr("Their postcode")),
            ],
            name="opening.known",
        )
        self.known.set_hint(self.tr("One thing is enough, if it is on their record. Two people may have one name."))
        self.born = DateField(self.tr("Date of birth"), self.tr("For example 14 3 1986"), latest=today, name="opening.born")
        self.telephone = TextField(
            self.tr("Telephone number"), self.tr("The whole number, with or without spaces"), chars=18,
            name="opening.telephone", most=TELEPHONE_LETTERS,
        )  # fmt: skip
        self.postcode = TextField(
            self.tr("Postcode"), self.tr("The whole postcode"), chars=10, name="opening.postcode", most=POSTCODE_LETTERS
        )
        choices = [("", self.tr("Choose")), *((each.key, each.words) for each in reasons.entries)]
        self.reason = SelectField(self.tr("Why do you look?"), choices, name="opening.reason")
        self.words = TextArea(self.tr("In your own words"), self.tr("Their coordinator reads this"), name="opening.words")
        self._ask = Button(self.tr("Look on the server"), Look.PRIMARY, name="opening.ask")
        self._ask.clicked.connect(self._press)
        self._fields: dict[str, Field] = {
            "name": self.name, "known": self.known, "born": self.born, "telephone": self.telephone, "postcode": self.postcode,
            "reason": self.reason, "words": self.words,
        }  # fmt: skip
        self.known.edited.connect(self._show_known)
        for part in self._fields.values():
            part.edited.connect(self._timer.touch)
            self._card.add(part)
        self._card.add(Flow([self._ask]))
        return self._card

    def opened(self, destination: Destination) -> None:
        """Begin with what was typed before, or with an empty form but for the name that was searched for."""
        self._searched = destination.name if isinstance(destination, ToOpening) else ""
        self.begun.emit()

    def leaving(self) -> None:
        """Keep what was typed."""
        self._timer.flush()

    @property
    def draft(self) -> dict[str, Any]:
        """What stands in the form, right or wrong, as it is kept."""
        return typed_in(self._fields)

    def show_form(self, *, can_ask: bool, kept: Mapping[str, Any] | None = None) -> None:
        """Show a form, empty or as it was ``kept``, or without one why nobody can be looked up."""
        show_typed(self._fields, dict.fromkeys(self._fields) | dict(kept or {"name": self._searched}))
        self._show_known()
        self._timer.forget()
        self._kept.setVisible(can_ask and kept is not None)
        self.show_faults({})
        self.show_outcome("", "")
        self._card.setVisible(can_ask)
        self.default_focus = self.name.input if can_ask else self._back

    @property
    def _known(self) -> Known:
        # what was kept by a version that knew of no other
        return Known(self.known.value or Known.BORN)

    def _show_known(self) -> None:
        """Show the field in which what is known is typed; what stands in the others stays there, out of sight."""
        self.known.value = self._known
        for each in Known:
            self._fields[each].setVisible(each is self._known)
            if each is not self._known:
                self._errors.pardon(self._fields[each])

    def show_faults(self, faults: Mapping[str, str]) -> None:
        """Say what needs another look, by field."""
        for key, field in self._fields.items():
            field.show_error(faults.get(key, ""))
        if faults:
            self._errors.show_errors([(words, self._fields[key]) for key, words in faults.items()])
        else:
            self._errors.clear()

    def show_asking(self, asking: bool) -> None:
        """Say that the server is being asked."""
        self._ask.show_busy(asking, self.tr("Asking the server") if asking else self.tr("Look on the server"))

    def show_outcome(self, title: str, words: str) -> None:
        """Say what came of it; nothing takes it away."""
        self._outcome.set_words(title, words)
        self._outcome.setVisible(bool(title))
        if title:
            self.sheet.show_top()
            announce(self._outcome, f"{title}. {words}")

    def show_person(self, person: str) -> None:
        """Go to the page of a member who is here now."""
        self._timer.forget()
        self.go.emit(ToPerson(person))

    def _start_again(self) -> None:
        self._timer.forget()
        self.started_again.emit()
        self.name.setFocus()

    def _press(self) -> None:
        born, fault = self.born.read()
        said = (self.reason.value or "", self.words.value, self.telephone.value, self.postcode.value)
        self.asked.emit(Typed(self.name.value, self._known, born, fault, *said))
