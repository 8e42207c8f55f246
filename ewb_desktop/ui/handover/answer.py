"""The receiver's answer to a handover, and the first meeting; there is no answer that sends anybody away."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ewb_desktop.library import Library
from ewb_desktop.ui.handover.presenter import Standing
from ewb_desktop.ui.widgets.button import Button, Look
from ewb_desktop.ui.widgets.card import Card
from ewb_desktop.ui.widgets.choice_field import ChoiceField
from ewb_desktop.ui.widgets.choices import Choice
from ewb_desktop.ui.widgets.date_field import DateField
from ewb_desktop.ui.widgets.facts import FactTable
from ewb_desktop.ui.widgets.field import Field, SelectField, TextField
from ewb_desktop.ui.widgets.flow import Columns, Flow, Stack
from ewb_desktop.ui.widgets.row import Tint
from ewb_desktop.ui.widgets.tag import Tag
from ewb_desktop.ui.widgets.typed import show_typed, typed_in


class AnswerPart(QWidget):
    """Shows where a handover stands and asks for what comes next."""

    edited = Signal()
    answered = Signal()
    met = Signal()
    passed_on = Signal(str)
    taken_back = Signal()

    def __init__(self, library: Library, today: Callable[[], date], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        entries = library.list("handover_answers").entries
        self._asks: dict[str, tuple[str, ...]] = {
            entry.key: tuple(str(each) for each in asked)
            if isinstance(asked := entry.more.get("asks", ()), (list, tuple))
            else ()
            for entry in entries
        }
        self.kind = ChoiceField(
            self.tr("What did they answer?"), [Choice(entry.key, entry.words) for entry in entries], name="handover.kind"
        )
        self.start_on = DateField(self.tr("They start on"), name="handover.start_on")
        self.need = TextField(self.tr("What they need to start"), name="handover.need")
        self.better_done_by = TextField(
            self.tr("Who would do it better"), self.tr("We stay with it until they have started."), name="handover.better_done_by"
        )
        self.day = DateField(self.tr("When did they first meet?"), latest=today, name="handover.day")
        self.coordinator = SelectField(self.tr("Who coordinates once they have met?"), name="handover.coordinator")
        self.next_coordinator = SelectField(self.tr("Who coordinates from now on?"), name="handover.next_coordinator")
        self._facts = FactTable()
        self._tag = Tag("", Tint.BLUE)
        self._lay()
        for field in self.fields.values():
            field.edited.connect(self.edited)
        self.kind.edited.connect(self._show_asked)

    @property
    def fields(self) -> dict[str, Field]:
        """The fields by the names of what they keep."""
        names = ("kind", "start_on", "need", "better_done_by", "day", "coordinator", "next_coordinator")
        return {name: getattr(self, name) for name in names}

    @property
    def places(self) -> dict[str, QWidget]:
        """The fields of the cards that are shown, and the button of the first meeting, beside which something can be said."""
        card = self._pass_card if self._answer_card.isHidden() else self
        shown = {name: field for name, field in self.fields.items() if card.isAncestorOf(field) and not field.isHidden()}
        return {**shown} if self._met_card.isHidden() else {**shown, "met": self._met_button}

    def _lay(self) -> None:
        agreed = Card(self.tr("What was agreed"))
        agreed.add(Flow([self._tag]))
        agreed.add(self._facts)
        self._answer_card = Card(self.tr("Their answer"))
        for field in (self.kind, self.start_on, self.need, self.better_done_by):
            self._answer_card.add(field)
        self._save = save = Button(self.tr("Save the answer"), Look.PRIMARY, name="handover.save_answer")
        save.clicked.connect(self.answered)
        self._answer_card.add(Flow([save]))
        self._met_card = Card(self.tr("The first meeting"), self.tr("Only when they have met can somebody else coordinate."))
        self._met_card.add(self.day)
        self._met_card.add(self.coordinator)
        met = Button(self.tr("They have met"), Look.SECONDARY, name="handover.met")
        met.clicked.connect(self.met)
        self._met_button = Flow([met])
        self._met_button.setObjectName("handover.met_button")
        self._met_card.add(self._met_button)
        self._pass_card = Card(
            self.tr("The coordinator"), self.tr("They have met. It may stay as it is, or somebody else coordinates from now on.")
        )
        self._pass_card.add(self.next_coordinator)
        self._pass_on = pass_on = Button(self.tr("Save the coordinator"), Look.PRIMARY, name="handover.pass_on")
        pass_on.clicked.connect(lambda: self.passed_on.emit(self.next_coordinator.value or ""))
        self._pass_card.add(Flow([pass_on]))
        off = Button(self.tr("Made by mistake? Take this handover off"), Look.LINK, name="handover.take_back")
        off.clicked.connect(self.taken_back)
        agreed.add(Flow([off]))
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        main = Stack([self._answer_card, self._met_card, self._pass_card])
        box.addWidget(Columns([main, Stack([agreed])], (1, 1), stack_under=760))

    def begin(self, standing: Standing, answer: Mapping[str, Any], coordinators: Sequence[tuple[str, str]]) -> None:
        """Show where it stands."""
        self._facts.set_facts(standing.facts)
        self._tag.set(standing.clock, standing.tint)
        now = coordinators[0][0] if coordinators else ""
        self._offer(coordinators, (self.coordinator, self.next_coordinator))
        self._pass_card.setVisible(standing.started)
        self._answer_card.setVisible(not standing.started)
        self._met_card.setVisible(not standing.started)
        for field in self.fields.values():
            field.show_error()
        self.set_typed({**answer, "coordinator": now})

    def renew(self, facts: Sequence[tuple[str, str]], now: Mapping[str, Any], coordinators: Sequence[tuple[str, str]]) -> None:
        """Show what was agreed as it stands now, and ``now`` in fields in which nothing was typed."""
        self._facts.set_facts(facts)
        stands = typed_in(self.fields)
        differing = {name: value for name, value in now.items() if (value or "") != (stands.get(name) or "")}
        self._offer(coordinators, [getattr(self, name) for name in ("coordinator", "next_coordinator") if name in differing])
        show_typed(self.fields, differing)
        self._show_asked()

    def _offer(self, coordinators: Sequence[tuple[str, str]], selects: Sequence[SelectField]) -> None:
        stays = [(id, self.tr("{0}, as before").format(name)) for id, name in coordinators[:1]]
        for select in selects:
            select.set_options([*stays, *coordinators[1:]])
            select.value = coordinators[0][0] if coordinators else ""

    def typed(self) -> dict[str, Any]:
        """Return all that was typed, right or wrong."""
        return {
            "kind": self.kind.value, "start_on": list(self.start_on.typed), "need": self.need.value,
            "better_done_by": self.better_done_by.value, "day": list(self.day.typed), "coordinator": self.coordinator.value or "",
            "next_coordinator": self.next_coordinator.value or "",
        }  # fmt: skip

    def set_typed(self, typed: Mapping[str, Any]) -> None:
        """Show an answer or a draft."""
        self.kind.value = str(typed.get("kind") or "")
        self.need.value = str(typed.get("need") or "")
        self.better_done_by.value = str(typed.get("better_done_by") or "")
        for name, select in (("coordinator", self.coordinator), ("next_coordinator", self.next_coordinator)):
            if typed.get(name):
                select.value = typed[name]
        self.start_on.show_draft(typed.get("start_on"))
        self.day.show_draft(typed.get("day"))
        self._show_asked()

    def save_shown(self) -> None:
        """Press the button that saves what is asked first."""
        (self._save if self._answer_card.isVisibleTo(self) else self._pass_on).click()

    def faults(self, *names: str) -> dict[str, str]:
        """Return which of these days cannot be read, where they are asked for."""
        told = {}
        for name in names:
            field = getattr(self, name)
            if isinstance(field, DateField) and not field.isHidden():
                wrong = field.read()[1]
                if wrong:
                    told[name] = wrong
        return told

    def _show_asked(self) -> None:
        asked = self._asks.get(self.kind.value, ())
        for name, field in (("start_on", self.start_on), ("need", self.need), ("better_done_by", self.better_done_by)):
            field.setVisible(name in asked)
