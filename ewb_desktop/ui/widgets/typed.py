"""What stands in the fields of a form, right or wrong, as it is kept until it is saved, and shown again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ewb_desktop.ui.widgets.choice_field import ChoiceField
from ewb_desktop.ui.widgets.date_field import DateField
from ewb_desktop.ui.widgets.field import Field, SelectField, TextArea, TextField


def typed_in(fields: Mapping[str, Field]) -> dict[str, Any]:
    """Return what stands in these fields, by their names; of a day the three parts, whether they are one or not."""
    typed: dict[str, Any] = {}
    for name, field in fields.items():
        if isinstance(field, DateField):
            typed[name] = list(field.typed)
        elif isinstance(field, TextField | TextArea | SelectField | ChoiceField):
            typed[name] = field.value
    return typed


def show_typed(fields: Mapping[str, Field], kept: Mapping[str, Any]) -> None:
    """Show what :func:`typed_in` returned; fields that are not named in it stay as they are."""
    for name, field in fields.items():
        if name not in kept:
            continue
        if isinstance(field, DateField):
            field.show_draft(kept[name])
        elif isinstance(field, TextField | TextArea):
            field.value = str(kept[name] or "")
        elif isinstance(field, SelectField | ChoiceField):
            field.value = kept[name]


def begun(fields: Mapping[str, Field], before: Mapping[str, Any]) -> list[Field]:
    """Return the fields that hold something else than ``before``, as :func:`typed_in` returned it; those with words first."""
    now = typed_in(fields)
    return words_first(field for name, field in fields.items() if name in now and now[name] != before.get(name))


def words_first(fields: Iterable[Field]) -> list[Field]:
    """Return fields in the order in which somebody goes on with them: where words are typed, then where something is chosen."""
    return sorted(fields, key=lambda field: not isinstance(field, TextField | TextArea | DateField))
