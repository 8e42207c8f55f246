"""What was typed into a form and not saved, as lines that people read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import orjson

from ewb_desktop.storage.ids import find_ids
from sync.protocol.entities import ENTITIES, Kind

Names = Callable[[Iterable[str]], Mapping[str, str]]
"""Returns the names behind ids."""
Say = Callable[[Names, str, str, Any], tuple[str, str] | None]
"""Returns how people call a field of a kind of record, and what its value says in their words; None where nobody reads it."""
_WITHOUT_SAYING = frozenset({"follow_up", "changing", "first_visit", "seen_at"})
"""What a draft holds beside what was typed."""
_ENTITIES = {
    "contact": "contact", "newperson": "person", "membership": "person", "handover": "handover", "signpost": "signpost",
    "need": "need", "safety": "safety_talk", "sharing": "sharing_choice",
}  # fmt: skip
"""The kinds of record that forms write, by the beginning of a draft's key."""


def as_kept(_names: Names, _entity: str, field: str, value: Any) -> tuple[str, str]:
    """Return field and value as the file holds them: for whoever opens a file without the lists of words."""
    return field.replace("_", " ").capitalize(), text_of(value)


def lines_of(names: Names, say: Say, form: str, value: Any, known: Mapping[str, Any]) -> list[str]:
    """Return what was typed into a form, a field to a line, but for what stands on record already (``known``)."""
    if not isinstance(value, dict):
        return [text_of(value)]
    if isinstance(value.get("fields"), dict):
        value = value["fields"]
    if "by_hand" in value:
        value = {"next step": (value.get("step") or {}).get("words")}
    entity = _ENTITIES.get(form, "")
    differing = {
        name: each
        for name, each in value.items()
        if name not in _WITHOUT_SAYING and text_of(each) not in ("", _as_typed(known.get(name)))
    }
    # a contact's own words need no name before them
    lines = [text_of(differing.pop("note"))] if differing.keys() <= {"note", "how", "reached"} and "note" in differing else []
    for name, each in differing.items():
        told = _told(names, say, entity, name, each)
        if told is not None:
            lines.append(": ".join(told))
    return lines


def _told(names: Names, say: Say, entity: str, field: str, value: Any) -> tuple[str, str] | None:
    if field == "taken_away":
        fields = [say(names, entity, name, None) for name in value]
        return "Taken away", ", ".join(_within(name) for name, _ in filter(None, fields))
    told = say(names, entity, field, value)
    if told is None:
        return None
    declared = ENTITIES[entity].fields.get(field) if entity else None
    # a day stands in a form in three parts, right or wrong
    is_day = isinstance(value, list) and (declared is None or declared.kind is not Kind.LIST)
    words = text_of(value) if is_day else told[1]
    return None if _is_ids(words) else (told[0], words)


def _is_ids(words: str) -> bool:
    """Say whether these are nothing but ids, which say nothing to anybody."""
    ids = find_ids(words)
    for each in ids:
        words = words.replace(each, "")
    return bool(ids) and not words.strip(", ")


def _within(words: str) -> str:
    # NHS stays as it is
    return words if words[1:2].isupper() else words[:1].lower() + words[1:]


def _as_typed(known: Any) -> str:
    """Return a value of the file as a form would hold it: days in three parts, lists one after the other."""
    text = text_of(known)
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        year, month, day = text.split("-")
        return f"{int(day)}, {int(month)}, {year}"
    if text.startswith("["):
        return text_of(orjson.loads(text))
    # yes and no stand in the file as numbers
    return {"1": "yes", "0": ""}.get(text, text)


def text_of(value: Any) -> str:
    """Return a value of a draft as text: lists one after the other, empty for no."""
    if isinstance(value, list | tuple):
        return ", ".join(str(each) for each in value if each not in (None, ""))
    if isinstance(value, bool) or value is None:
        return "yes" if value else ""
    return str(value).strip()
