"""A field of a form whose input is a list of choices."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ewb_desktop.ui.widgets.choices import Choice, ChoiceList
from ewb_desktop.ui.widgets.field import Field


class ChoiceField(Field):
    """Choices with a label above, and an error where it is needed."""

    def __init__(self, label: str, choices: Sequence[Choice], *, name: str, optional: bool = False) -> None:
        super().__init__(label, optional=optional, name=name)
        self.list = ChoiceList(choices, says=label, name=f"{name}.list")
        self.list.box.setSpacing(8)
        self.box.addWidget(self.list)
        self.input = self.list.rows[0]
        self.label.setBuddy(self.input)
        self.setFocusProxy(self.input)
        self.list.chosen.connect(lambda _value: self.edited.emit())

    @property
    def value(self) -> Any:
        """The value of the choice that is chosen, or no words."""
        return "" if self.list.value is None else self.list.value

    @value.setter
    def value(self, value: Any) -> None:
        self.list.value = None if value == "" else value
