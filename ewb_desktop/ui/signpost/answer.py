"""Asking how a signpost went: did they get there, are they still going, was it any good."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ewb_desktop.library import Library
from ewb_desktop.ui.widgets.button import Button, Look
from ewb_desktop.ui.widgets.card import Card
from ewb_desktop.ui.widgets.choice_field import ChoiceField
from ewb_desktop.ui.widgets.choices import Choice
from ewb_desktop.ui.widgets.facts import FactTable
from ewb_desktop.ui.widgets.field import Field, TextArea
from ewb_desktop.ui.widgets.flow import Columns, Flow, Stack
from ewb_desktop.ui.widgets.row import Row
from ewb_desktop.ui.widgets.rows import RowList


class AnswerForm(QWidget):
    """Shows what was agreed and asks how it went."""

    edited = Signal()
    answered = Signal(str, str, str, str)
    ticked = Signal(str)
    later_asked = Signal()
    corrected = Signal(str)
    opened_again = Signal(object)
    taken_back = Signal()

    def __init__(self, library: Library, parent: QWidget | None = None) -> None:
        super().__init__(parent)

        def field(label: str, of: str, name: str) -> ChoiceField:
            choices = [Choice(entry.key, entry.words) for entry in library.list(of).entries]
            return ChoiceField(label, choices, name=f"followup.{name}", optional=name != "arrived")

        self._arrived = field(self.tr("Did they get there?"), "arrival_answers", "arrived")
        self._going = field(self.tr("Are they still going?"), "still_going_answers", "still_going")
        self._good = field(self.tr("Was it any good?"), "was_it_good_answers", "was_good")
        self._note = TextArea(self.tr("In their words"), optional=True, lines=2, name="followup.note")
        for each in (*self.fields.values(), self._note):
            each.edited.connect(self.edited)
        self._questions = self._question_card()
        self._correction = self._correction_card()
        self._agreed = Card(self.tr("What was agreed"))
        self._facts = FactTable()
        self._agreed.add(self._facts)
        off = Button(self.tr("Made by mistake? Take this signpost off"), Look.LINK, name="signpost.take_back")
        off.clicked.connect(self.taken_back)
        self._agreed.add(Flow([off]))
        self._steps = RowList(look=Look.QUIET, name="followup.steps")
        self._steps.acted.connect(self.opened_again)
        steps = Card(self.tr("Keeping in touch"))
        steps.add(self._steps)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(
            Columns([Stack([self._correction, self._questions]), Stack([self._agreed, steps])], (1, 1), stack_under=760)
        )

    @property
    def fields(self) -> dict[str, Field]:
        """The questions by the names of their answers."""
        return {"arrived": self._arrived, "still_going": self._going, "was_good": self._good}

    @property
    def places(self) -> dict[str, QWidget]:
        """The fields, and the buttons that save, beside which something can be said."""
        return {**self.fields, "note": self._note, "save": self._buttons}

    def _question_card(self) -> Card:
        card = Card(" ")
        for field in (*self.fields.values(), self._note):
            card.add(field)
        self._save = Button(self.tr("Save the answers"), Look.PRIMARY, name="followup.save")
        self._save.clicked.connect(self._answer)
        self._tick = Button(self.tr("It is done"), Look.PRIMARY, name="followup.tick")
        self._tick.clicked.connect(lambda: self.ticked.emit(self._note.value))
        self._later = Button(self.tr("Ask in a week"), name="followup.later")
        self._later.clicked.connect(self.later_asked)
        self._buttons = Flow([self._save, self._tick, self._later], spacing=12)
        self._buttons.setObjectName("followup.buttons")
        card.add(self._buttons)
        return card

    def _correction_card(self) -> Card:
        card = Card(self.tr("Is the directory right about them?"))
        self._wrong = TextArea(
            self.tr("What should colleagues know?"), self.tr("For example: they have a waiting list of three months"),
            optional=True, lines=2, name="followup.wrong",
        )  # fmt: skip
        self._keep = keep = Button(self.tr("Save for the directory"), Look.PRIMARY, name="followup.wrong_save")
        keep.clicked.connect(lambda: self.corrected.emit(self._wrong.value))
        right = Button(self.tr("The directory is right"), name="followup.right")
        right.clicked.connect(lambda: self.corrected.emit(""))
        card.add(self._wrong)
        card.add(Flow([keep, right], spacing=12))
        card.hide()
        return card

    def begin(self, facts: Sequence[tuple[str, str]], steps: Sequence[Row], question: str, *, asks: bool) -> None:
        """Show what was agreed, and ask; without a question all is done."""
        self.renew(facts, steps)
        self._questions.setVisible(bool(question))
        self._questions.set_title(question)
        for field in self.fields.values():
            field.setVisible(asks)
            field.show_error()
        self._save.setVisible(asks)
        self._tick.setVisible(not asks)
        self._correction.hide()
        self.set_typed({})

    def renew(self, facts: Sequence[tuple[str, str]], steps: Sequence[Row]) -> None:
        """Show what was agreed, and how keeping in touch stands."""
        self._facts.set_facts(facts)
        self._steps.set_rows(steps)

    def offer_correction(self, service: str) -> None:
        """Ask what is wrong with the entry of the directory."""
        self._questions.hide()
        self._correction.set_hint(self.tr("The answers are saved. {0} may need a note in the directory.").format(service))
        self._correction.show()
        self._wrong.value = ""
        self._wrong.setFocus()

    def typed(self) -> dict[str, Any]:
        """Return what was chosen and written."""
        return {
            "arrived": self._arrived.value, "still_going": self._going.value, "was_good": self._good.value,
            "note": self._note.value,
        }  # fmt: skip

    def set_typed(self, typed: Mapping[str, Any]) -> None:
        """Show a draft again."""
        self._arrived.value = str(typed.get("arrived") or "")
        self._going.value = str(typed.get("still_going") or "")
        self._good.value = str(typed.get("was_good") or "")
        self._note.value = str(typed.get("note") or "")

    def save_shown(self) -> None:
        """Press the button that saves what is asked now, if anything is."""
        for button in (self._keep, self._save, self._tick):
            if button.isVisibleTo(self):
                button.click()
                return

    def _answer(self) -> None:
        typed = self.typed()
        self.answered.emit(typed["arrived"], typed["still_going"], typed["was_good"], typed["note"])
