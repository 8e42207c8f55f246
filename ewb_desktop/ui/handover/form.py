"""The form of a new handover, and the look at all of it before it is agreed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ewb_desktop.library import Library
from ewb_desktop.ui.widgets.button import Button, Look
from ewb_desktop.ui.widgets.card import Card
from ewb_desktop.ui.widgets.choices import CheckChoices, Choice
from ewb_desktop.ui.widgets.date_field import DateField
from ewb_desktop.ui.widgets.facts import FactTable
from ewb_desktop.ui.widgets.field import Field, SelectField, TextArea, TextField
from ewb_desktop.ui.widgets.flow import Columns, Stack
from ewb_desktop.ui.widgets.notice import Notice
from ewb_desktop.ui.widgets.text import Kind, Text


class TickField(Field):
    """Ticks with a label above, and an error where it is needed. ``list_name`` names the ticks themselves."""

    def __init__(
        self, label: str, hint: str, choices: Sequence[Choice], *, optional: bool = False, name: str = "", list_name: str = ""
    ) -> None:
        super().__init__(label, hint, optional=optional, name=name)
        self.ticks = CheckChoices(says=label, name=list_name)
        self.ticks.box.setSpacing(8)
        self.box.addWidget(self.ticks)
        self.ask(choices)
        self.ticks.changed.connect(lambda _values: self.edited.emit())

    def ask(self, choices: Sequence[Choice]) -> None:
        """Ask with other ticks, none of them made, and without an error."""
        self.ticks.set_choices(choices)
        self.show_error()
        if self.ticks.rows:
            self.input = self.ticks.rows[0]
            self.label.setBuddy(self.input)
            self._describe()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Hand the focus to the first tick; a focus proxy would stand in the Tab order after the ticks were made anew."""
        if self.input is not None:
            self.input.setFocus(event.reason())


class HandoverForm(QWidget):
    """Tells what stands in it; keeps nothing itself."""

    edited = Signal()
    check_asked = Signal()

    def __init__(self, library: Library, today: Callable[[], date], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.to_name = TextField(
            self.tr("Who takes over?"), self.tr("A service or a colleague, by name"), name="handover.to_name"
        )
        self.to_telephone = TextField(self.tr("Their telephone"), optional=True, chars=18, name="handover.to_telephone")
        self.need = SelectField(self.tr("For which need?"), optional=True, name="handover.need_for")
        self.reason = TextArea(self.tr("Why?"), self.tr("For example: wants help with debts"), lines=2, name="handover.reason")
        self.wanted = TextArea(self.tr("What do they want from it?"), optional=True, lines=2, name="handover.wanted")
        self.summary = TextArea(
            self.tr("Summary"),
            self.tr("So that they need not tell it all again"),
            optional=True,
            lines=4,
            name="handover.summary",
        )
        self.shared = TickField(
            self.tr("What is shared?"), self.tr("Ask them. Nothing is a good answer too."),
            [Choice(entry.key, entry.words, entry.note) for entry in library.list("handover_shares").entries],
            optional=True, name="handover.shared", list_name="handover.shared.list",
        )  # fmt: skip
        self.introduced_by = TextField(self.tr("Who introduces them?"), optional=True, name="handover.introduced_by")
        self.meeting_on = DateField(
            self.tr("When do we meet together?"), optional=True, earliest=today, name="handover.meeting_on"
        )
        self.needs = Text("", Kind.BODY)
        self.choices = Text("", Kind.BODY)
        self.changed = Notice("", name="handover.sharing-changed")
        self._lay()
        for field in self.fields.values():
            field.edited.connect(self.edited)

    @property
    def fields(self) -> dict[str, Field]:
        """The fields by the names of what they keep."""
        names = ("to_name", "to_telephone", "need", "reason", "wanted", "summary", "shared", "introduced_by", "meeting_on")
        return {name: getattr(self, name) for name in names}

    def _lay(self) -> None:
        self._receiver = Card(self.tr("The receiver"))
        self._receiver.add(self.to_name)
        self._receiver.add(self.to_telephone)
        what = Card(self.tr("What it is about"))
        for field in (self.need, self.reason, self.wanted, self.summary):
            what.add(field)
        together = Card(self.tr("Meeting"), self.tr("A handover is warm: somebody they know is there."))
        together.add(self.introduced_by)
        together.add(self.meeting_on)
        share = Card(self.tr("Sharing"))
        for part in (self.needs, self.choices, self.changed, self.shared):
            share.add(part)
        self.go = Button(self.tr("Check it before it is agreed"), Look.PRIMARY, key="Ctrl+S", name="handover.check")
        self.go.clicked.connect(self.check_asked)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(Columns([Stack([self._receiver, what]), Stack([share, together])], (1, 1), stack_under=760))

    def renew(self, needs: str, sharing: str) -> None:
        """Say what they need from us and what they chose about sharing; what was typed stays."""
        for label, words in ((self.needs, needs), (self.choices, sharing)):
            label.setText(words)
            label.setVisible(bool(words))

    def begin(self, receiver: str, telephone: str, choices: Sequence[tuple[str, str]]) -> None:
        """Show the empty form; a known receiver is not asked for, and the only one of ``choices`` is the need it is for."""
        self._receiver.setVisible(not receiver)
        self.changed.hide()
        self.to_telephone.value = telephone
        self.need.set_options([("", self.tr("No one need")), *choices])
        self.set_typed({"need": choices[0][0] if len(choices) == 1 else ""})
        self.clear_errors()

    def facts(self) -> dict[str, Any]:
        """Return what is to be agreed."""
        return {
            "to_name": self.to_name.value, "to_telephone": self.to_telephone.value, "need": self.need.value or None,
            "reason": self.reason.value, "wanted": self.wanted.value, "summary": self.summary.value,
            "shared": self.shared.ticks.values, "introduced_by": self.introduced_by.value, "meeting_on": self.meeting_on.value,
        }  # fmt: skip

    def typed(self) -> dict[str, Any]:
        """Return all that was typed, right or wrong."""
        return {**self.facts(), "meeting_on": list(self.meeting_on.typed)}

    def set_typed(self, typed: Mapping[str, Any]) -> None:
        """Show a draft again."""
        for name in ("to_name", "to_telephone", "reason", "wanted", "summary", "introduced_by"):
            getattr(self, name).value = str(typed.get(name) or "")
        self.need.value = typed.get("need") or ""
        self.shared.ticks.values = typed.get("shared") or []
        self.meeting_on.show_draft(typed.get("meeting_on"))

    def faults(self) -> dict[str, str]:
        """Return what cannot be read: a day that does not exist."""
        wrong = self.meeting_on.read()[1]
        return {"meeting_on": wrong} if wrong else {}

    def clear_errors(self) -> None:
        """Take all errors away."""
        for field in self.fields.values():
            field.show_error()


class CheckPart(Card):
    """All of a handover before it is agreed, with a way back."""

    agreed = Signal(bool)
    change_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent=parent)
        self._facts = FactTable()
        self.changed = Notice("", name="handover.check-changed")
        self._promise = Text("", Kind.BOLD)
        self._consent = TickField(self.tr("Agreement to share"), "", [], name="handover.agreement", list_name="handover.consent")
        self.agree = Button(self.tr("Agree the handover"), Look.PRIMARY, key="Ctrl+S", name="handover.agree")
        self.agree.clicked.connect(lambda: self.agreed.emit(bool(self._consent.ticks.values)))
        self.change = Button(self.tr("Change something"), name="handover.change")
        self.change.clicked.connect(self.change_asked)
        self.add(self._facts)
        self.add(self.changed)
        self.add(self._consent)
        self.add(self._promise)

    @property
    def fields(self) -> dict[str, Field]:
        """What is asked here, by the names of what it keeps."""
        return {"shared": self._consent}

    def show_check(self, facts: Sequence[tuple[str, str]], promise: str, consent: str) -> None:
        """Show what is to be agreed."""
        self._facts.set_facts(facts)
        self.changed.hide()
        self._promise.setText(promise)
        self._consent.ask([Choice(True, consent)] if consent else [])
        self._consent.setVisible(bool(consent))
