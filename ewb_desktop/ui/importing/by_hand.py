"""The form in which one service is written into the directory by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from ewb_desktop.ui.widgets.button import Button, Look
from ewb_desktop.ui.widgets.card import Card
from ewb_desktop.ui.widgets.choices import CheckChoices, Choice
from ewb_desktop.ui.widgets.field import Field, TextArea, TextField
from ewb_desktop.ui.widgets.flow import Columns, Flow, Stack
from ewb_desktop.ui.widgets.notice import ErrorSummary


class ByHandForm(Card):
    """Shows what is known of a service and tells what was written."""

    edited = Signal()
    saved = Signal(dict)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(
            self.tr("Write one in by hand"), self.tr("A name is enough. You can signpost there at once."), name="byhand.card",
            parent=parent,
        )  # fmt: skip
        self.summary = ErrorSummary()
        self.fields: dict[str, TextField | TextArea] = {
            "name": TextField(self.tr("Name of the service"), name="byhand.name"),
            "description": TextArea(self.tr("What is it?"), optional=True, lines=2, name="byhand.description"),
            "telephone": TextField(self.tr("Telephone"), optional=True, chars=18, name="byhand.telephone"),
            "address": TextField(self.tr("Where?"), optional=True, name="byhand.address"),
            "postcode": TextField(self.tr("Postcode"), optional=True, chars=9, name="byhand.postcode"),
            "when": TextArea(
                self.tr("When?"), self.tr("For example: Tuesdays 10:00 to 12:00, not in August"), optional=True, lines=2,
                name="byhand.when",
            ),
            "cost": TextField(self.tr("Cost"), self.tr("For example: £2, tea included"), optional=True, name="byhand.cost"),
            "languages": TextField(
                self.tr("Languages spoken"), self.tr("For example: English, Polish"), optional=True, name="byhand.languages"
            ),
        }  # fmt: skip
        self.free = CheckChoices([Choice(True, self.tr("It is free"))], says=self.tr("Cost"), name="byhand.free")
        self.free.changed.connect(lambda _values: self.edited.emit())
        for field in self.fields.values():
            field.edited.connect(self.edited)
        one = Stack([self.fields[each] for each in ("name", "description", "telephone", "address", "postcode")], spacing=8)
        two = Stack([self.fields["when"], self.fields["cost"], self.free, self.fields["languages"]], spacing=8)
        self._save = Button("", Look.SECONDARY, name="byhand.save")
        self._save.clicked.connect(lambda: self.saved.emit(self.typed))
        self.add(self.summary)
        self.add(Columns([one, two], (1, 1), stack_under=700))
        self.add(Flow([self._save]))

    def begin(self, typed: Mapping[str, Any], *, new: bool) -> None:
        """Show an empty form, or an entry that is to be changed."""
        self.summary.show_errors([])
        self.set_title(self.tr("Write one in by hand") if new else self.tr("Change this entry"))
        self._save.set_text(self.tr("Add this service") if new else self.tr("Save the changes"))
        self.typed = typed

    @property
    def typed(self) -> dict[str, Any]:
        """What stands in the form."""
        return {name: field.value for name, field in self.fields.items()} | {"free": bool(self.free.values)}

    @typed.setter
    def typed(self, typed: Mapping[str, Any]) -> None:
        for name, field in self.fields.items():
            field.value = str(typed.get(name) or "")
        self.free.values = [True] if typed.get("free") else []

    def show_faults(self, faults: Mapping[str, str]) -> None:
        """Tell what needs another look."""
        fields: Mapping[str, Field] = self.fields
        self.summary.show_errors([(words, fields[name]) for name, words in faults.items() if name in fields])
