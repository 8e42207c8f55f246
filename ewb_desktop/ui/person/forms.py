"""The small forms of a person's page: a contact, a sharing choice, the coordinator, the membership.

What is typed into them is kept under the member's id until it is saved or given up.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from ewb_desktop.domain.lists import WordList
from ewb_desktop.ui.person.beside import Membership
from ewb_desktop.ui.widgets.button import Button, Look
from ewb_desktop.ui.widgets.card import Card
from ewb_desktop.ui.widgets.choice_field import ChoiceField
from ewb_desktop.ui.widgets.choices import Choice
from ewb_desktop.ui.widgets.date_field import DateField
from ewb_desktop.ui.widgets.facts import FactTable
from ewb_desktop.ui.widgets.field import Field, SelectField, TextArea, TextField
from ewb_desktop.ui.widgets.flow import Columns, Flow, Stack
from ewb_desktop.ui.widgets.notice import ErrorSummary, Notice, Tone
from ewb_desktop.ui.widgets.typed import show_typed, typed_in

YES, NO = "yes", "no"
"""What they decided, in words: what was not saved may be read as it was kept."""


class SmallForm(Card):
    """A card with fields, “Save” and “Close”. ``fields`` are known by name; ``first`` takes the focus."""

    edited = Signal()
    saved = Signal()
    closed = Signal()

    def __init__(self, title: str, name: str, save: str, hint: str = "") -> None:
        super().__init__(title, hint, name=name)
        self.fields: dict[str, Field] = {}
        self._stood: dict[str, Any] = {}
        """What stood in the fields before anything was typed there."""
        self.first: QWidget = self
        self.summary = ErrorSummary()
        self.add(self.summary)
        self.save = Button(save, Look.SECONDARY, name=f"{name}.save")
        self.save.clicked.connect(self.saved)
        self.close_button = Button(self.tr("Close without saving"), name=f"{name}.close")
        self.close_button.clicked.connect(self.closed)
        self.buttons = Flow([self.save, self.close_button], spacing=12)
        self.buttons.setObjectName(f"{name}.buttons")
        self.hide()

    @property
    def places(self) -> dict[str, QWidget]:
        """The fields, and the buttons that save, beside which something can be said."""
        return {**self.fields, "save": self.buttons}

    def put(self, name: str, field: Field) -> None:
        """Remember a field by its name."""
        self.fields[name] = field
        field.edited.connect(self.edited)

    def finish(self) -> None:
        """Put the buttons at the end."""
        self.add(self.buttons)

    def stand(self) -> None:
        """What stands in the fields now was typed by nobody yet."""
        self._stood = self.typed

    @property
    def changed(self) -> dict[str, Any]:
        """What was typed, by the names of those fields alone."""
        return {name: value for name, value in self.typed.items() if value != self._stood.get(name)}

    def renew(self, now: Mapping[str, Any]) -> None:
        """Show what stands in these fields now, where nothing was typed."""
        changed = self.changed
        untouched = {name: value or "" for name, value in now.items() if name in self.fields and name not in changed}
        differing = {name: value for name, value in untouched.items() if value != (self.typed[name] or "")}
        if differing:
            show_typed(self.fields, differing)
            self._stood |= {name: self.typed[name] for name in differing}
            self.fit()

    def show_faults(self, faults: Mapping[str, str]) -> None:
        """Tell what needs another look, and take the focus."""
        self.summary.show_errors([(words, self.fields[name]) for name, words in faults.items() if name in self.fields])

    def clear(self) -> None:
        """Take all errors away."""
        self.summary.show_errors([])
        for field in self.fields.values():
            field.show_error()

    @property
    def typed(self) -> dict[str, Any]:
        """What stands in the form, right or wrong."""
        return typed_in(self.fields)

    @typed.setter
    def typed(self, typed: Mapping[str, Any]) -> None:
        show_typed(self.fields, dict.fromkeys(self.fields) | dict(typed))
        self.fit()

    def fit(self) -> None:
        """Show what belongs to what stands in the form now."""


class ContactForm(SmallForm):
    """How somebody was tried, and how it went."""

    way_chosen = Signal(str)

    def __init__(self, ways: WordList, results: WordList) -> None:
        super().__init__(self.tr("Record a contact"), "person.contact", self.tr("Save this contact"))
        self.how = SelectField(self.tr("How?"), [(way.key, way.words) for way in ways.entries], name="person.contact.how")
        self.reached = ChoiceField(
            self.tr("How did it go?"), [Choice(each.key, each.words) for each in results.entries], name="person.contact.reached"
        )
        self.note = TextArea(self.tr("What was said or agreed?"), optional=True, lines=2, name="person.contact.note")
        self.warning = Notice("", "", Tone.ATTENTION, name="person.contact.warning")
        self.warning.hide()
        self.reach = FactTable(stack_under=240)
        left, right = Stack([self.reach, self.how, self.warning], spacing=8), Stack([self.reached, self.note], spacing=8)
        self.add(Columns([left, right], (2, 3), stack_under=640))
        for name, field in (("how", self.how), ("reached", self.reached), ("note", self.note)):
            self.put(name, field)
        self.how.chosen.connect(lambda way: self.way_chosen.emit(str(way)))
        self.first = self.how
        self.finish()

    def warn(self, words: str) -> None:
        """Show a warning; no words take it away."""
        self.warning.set_words(words)
        self.warning.setVisible(bool(words))


class SharingForm(SmallForm):
    """What may be shared, with whom, until when."""

    def __init__(self, today: Callable[[], date]) -> None:
        super().__init__(
            self.tr("Add a sharing choice"), "person.share", self.tr("Save this choice"),
            self.tr("Ask first. They can take it back at any time."),
        )  # fmt: skip
        self.whom = TextField(self.tr("With whom?"), self.tr("For example GP, debt adviser"), name="person.share.whom")
        self.what = TextField(self.tr("What?"), self.tr("For example needs and goals"), name="person.share.what")
        self.agreed = ChoiceField(
            self.tr("What did they decide?"),
            [Choice(YES, self.tr("Yes, share it")), Choice(NO, self.tr("No, do not share it"))],
            name="person.share.agreed",
        )
        self.until = DateField(self.tr("Until when?"), optional=True, earliest=today, name="person.share.until")
        for name, field in (("shared_with", self.whom), ("what", self.what), ("agreed", self.agreed), ("until", self.until)):
            self.put(name, field)
        self.add(
            Columns(
                [Stack([self.whom, self.what], spacing=8), Stack([self.agreed, self.until], spacing=8)], (1, 1), stack_under=640
            )
        )
        self.first = self.whom
        self.finish()

    def faults(self) -> dict[str, str]:
        """Return what cannot be read."""
        faults = {} if self.agreed.value != "" else {"agreed": self.tr("Choose what they decided.")}
        wrong = self.until.read()[1]
        return faults | ({"until": wrong} if wrong else {})

    @property
    def facts(self) -> dict[str, Any]:
        """What they decided, with which words."""
        return {
            "shared_with": self.whom.value, "what": self.what.value, "agreed": self.agreed.value == YES,
            "until": self.until.value,
        }  # fmt: skip


class CoordinatorForm(SmallForm):
    """Who coordinates: always one, never nobody."""

    def __init__(self) -> None:
        super().__init__(
            self.tr("Who coordinates?"), "person.coordinator", self.tr("Save the coordinator"),
            self.tr("Every member has one coordinator, also while others help."),
        )  # fmt: skip
        self.who = SelectField(self.tr("Coordinator"), name="person.coordinator.who")
        self.put("coordinator", self.who)
        self.add(self.who)
        self.first = self.who
        self.finish()


class MembershipForm(SmallForm):
    """What the membership becomes; some states need a day."""

    def __init__(self, today: Callable[[], date]) -> None:
        super().__init__(
            self.tr("Change the membership"), "person.membership", self.tr("Save the membership"),
            self.tr("Membership has no end but their own wish. Everyone can come back."),
        )  # fmt: skip
        self._today = today
        self._days: Mapping[str, tuple[str, str]] = {}
        self.state = SelectField(self.tr("It becomes"), name="person.membership.state")
        self.day = DateField(self.tr("The day"), optional=True, name="person.membership.day")
        self.put("state", self.state)
        self.put("day", self.day)
        self.state.chosen.connect(lambda _value: self.fit())
        self.add(self.state)
        self.add(self.day)
        self.first = self.state
        self.finish()

    def offer(self, membership: Membership) -> None:
        """Offer the states it can become."""
        self._days = membership.days
        self.state.set_options(membership.moves)
        self.day.value = None
        self.fit()

    def fit(self) -> None:
        """Ask for the day that the state needs."""
        needed = self._days.get(self.state.value)
        self.day.setVisible(needed is not None)
        if needed is not None:
            self.day.set_hint(needed[1])
            tried = needed[0] == "tried_on"
            self.day.latest, self.day.earliest = (self._today, None) if tried else (None, self._today)

    def faults(self) -> dict[str, str]:
        """Return what cannot be read, or is still to be written."""
        if self.state.value not in self._days:
            return {}
        day, wrong = self.day.read()
        return {"day": wrong or self.tr("Add the day.")} if day is None else {}

    @property
    def facts(self) -> dict[str, date | None]:
        """The day that the state needs, by the fact's name."""
        needed = self._days.get(self.state.value)
        return {needed[0]: self.day.value} if needed is not None else {}
