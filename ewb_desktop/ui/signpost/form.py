"""The form of a new signpost: what for, how they were told, and how we keep in touch between."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ewb_desktop.library import Library
from ewb_desktop.ui.widgets.button import Button, Look
from ewb_desktop.ui.widgets.card import Card
from ewb_desktop.ui.widgets.choice_field import ChoiceField
from ewb_desktop.ui.widgets.choices import CheckChoices, Choice
from ewb_desktop.ui.widgets.date_field import DateField
from ewb_desktop.ui.widgets.facts import FactTable
from ewb_desktop.ui.widgets.field import Field, SelectField, TextArea
from ewb_desktop.ui.widgets.flow import Columns, Stack
from ewb_desktop.ui.widgets.text import Kind, Text

GIVEN = "given"
"""Stands for a leaflet whose topic was not written down."""


class SignpostForm(QWidget):
    """Tells what stands in it; keeps nothing itself."""

    edited = Signal()
    save_asked = Signal()

    def __init__(self, library: Library, today: Callable[[], date], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        ways = [Choice(entry.key, entry.words) for entry in library.list("signpost_ways").entries]
        self._service = Card(" ", name="signpost.service")
        self._facts = FactTable()
        self._service.add(self._facts)
        self.how = ChoiceField(self.tr("How do they get to know the service?"), ways, name="signpost.how")
        self._leaflet = CheckChoices(
            [Choice(True, self.tr("They took a leaflet home"))], says=self.tr("Leaflet"), name="signpost.leaflet"
        )
        self._leaflet.changed.connect(lambda _values: self.edited.emit())
        self.need = SelectField(self.tr("For which need?"), optional=True, name="signpost.need")
        self.reason = TextArea(
            self.tr("Why this service?"), self.tr("In a few words, for example: wants help with letters"), optional=True, lines=2,
            name="signpost.reason",
        )  # fmt: skip
        self._days = {
            "before_on": DateField(self.tr("We talk before they go"), optional=True, earliest=today, name="signpost.before"),
            "along_on": DateField(self.tr("I go along with them"), optional=True, earliest=today, name="signpost.along"),
            "after_on": DateField(self.tr("We talk after the first visit"), optional=True, earliest=today, name="signpost.after"),
        }
        self._promise = Text("", Kind.BODY)
        self._lay()
        for field in self.fields.values():
            field.edited.connect(self.edited)

    @property
    def fields(self) -> dict[str, Field]:
        """The fields by the names of what they keep."""
        return {"how": self.how, "need": self.need, "reason": self.reason, **self._days}

    def _lay(self) -> None:
        what = Card(self.tr("How"))
        what.add(self.how)
        what.add(self._leaflet)
        why = Card(self.tr("What for"))
        why.add(self.need)
        why.add(self.reason)
        between = Card(
            self.tr("Keeping in touch between"),
            self.tr("About one in ten get there when they are only told. A talk before, and going along, help."),
        )
        for field in self._days.values():
            between.add(field)
        self.save = Button(self.tr("Save the signpost"), Look.PRIMARY, key="Ctrl+S", name="signpost.save")
        self.save.clicked.connect(self.save_asked)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(16)
        box.addWidget(Columns([Stack([what, why]), Stack([self._service, between])], (1, 1), stack_under=760))
        end = Card()
        end.add(self._promise)
        box.addWidget(end)

    def begin(self, service: str, facts: Sequence[tuple[str, str]], needs: Sequence[tuple[str, str]], promise: str) -> None:
        """Show the empty form for a service."""
        self._service.set_title(service)
        self._facts.set_facts(facts)
        self.need.set_options([("", self.tr("No one need")), *needs])
        self.set_typed({})
        self.need.value = needs[0][0] if len(needs) == 1 else ""
        self._promise.setText(promise)
        self.clear_errors()

    def facts(self) -> dict[str, Any]:
        """Return what is to be saved."""
        days = {name: field.value for name, field in self._days.items()}
        return {
            "how": self.how.value, "need": self.need.value or None, "reason": self.reason.value,
            "leaflet": GIVEN if self._leaflet.values else "", **days,
        }  # fmt: skip

    def typed(self) -> dict[str, Any]:
        """Return all that was typed, right or wrong."""
        days = {name: list(field.typed) for name, field in self._days.items()}
        return {**self.facts(), **days}

    def set_typed(self, typed: Mapping[str, Any]) -> None:
        """Show a draft again."""
        self.how.value = str(typed.get("how") or "")
        self.need.value = typed.get("need") or ""
        self.reason.value = str(typed.get("reason") or "")
        self._leaflet.values = [True] if typed.get("leaflet") else []
        for name, field in self._days.items():
            field.show_draft(typed.get(name))

    def faults(self) -> dict[str, str]:
        """Return which days cannot be read."""
        told = {name: field.read()[1] for name, field in self._days.items()}
        return {name: words for name, words in told.items() if words}

    def clear_errors(self) -> None:
        """Take all errors away."""
        for field in self.fields.values():
            field.show_error()
