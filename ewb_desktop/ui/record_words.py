"""Names of records and fields, and their values as people read them: no code and no id ever stands on a screen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from ewb_desktop.domain.answers import answer_words
from ewb_desktop.domain.lists import Entry
from ewb_desktop.domain.questionnaire import Item
from ewb_desktop.domain.time import local
from ewb_desktop.domain.words import clock_words, full_day, isolated, list_words
from ewb_desktop.library import Library

NAMED = ("worker", "place", "service", "person", "visit")
"""What a field may hold the id of; its name is said."""

_TOLD, _INSIDE = "told", "inside"
_NAMED_IN_A_ROW = 3
_KNOWN_BY: Mapping[str, tuple[str, ...]] = {
    "sharing_choice": ("shared_with",),
    "need": ("words", "code"),
    "safety_talk": ("opened_at",),
    "signpost": ("service_name",),
    "follow_up": ("kind",),
    "handover": ("to_name", "reason"),
    "contact": ("note", "how"),
    "leaflet_given": ("topic",),
}
"""The fields, the best first, by which people know a record of a kind again; of the others whatever somebody wrote."""
_LONGEST_NAME = 36
"""Letters of a record's words that stand for it in a list."""
_SAYINGS: Mapping[tuple[str, str, str], str] = {
    ("assessment", "completed_how", "self"): "By themselves",
    ("assessment", "completed_how", "with_worker"): "Together",
    ("signpost", "introduced", "yes"): "Yes",
    ("answer", "told_by", "person"): "The member",
    ("answer", "told_by", "carer"): "A carer",
    ("answer", "told_by", "referrer"): "Whoever sent them",
    ("service", "step_free", "yes"): "Yes",
    ("service", "step_free", "no"): "No",
    ("service", "step_free", "unknown"): "Not known",
}


@dataclass(frozen=True, slots=True)
class RecordWords:
    """Says what is in records. ``names`` has the name for each id that may stand in them (:func:`ids_in`).

    ``asked`` is the question of a questionnaire, where it is known that every answer here is one to it.
    """

    library: Library
    names: Mapping[str, str]
    asked: Item | None = None

    def record(self, entity: str) -> str:
        """Return what a kind of record is called; one of a newer program keeps its own name."""
        entry = self._entry(entity)
        return entry.words if entry is not None else _plain(entity)

    def called(self, entity: str, says: Mapping[str, Any]) -> str:
        """Return which record of its kind it is: ``Need “somewhere warm”``. ``says`` are its fields; without words the kind."""
        name = self._known_by(entity, says)
        return f"{self.record(entity)} “{short(self.value(entity, name, says[name]))}”" if name else self.record(entity)

    def _known_by(self, entity: str, says: Mapping[str, Any]) -> str:
        """Return the field by which people know a record again that says this; empty where there is none."""
        told = [name for name, value in says.items() if not says_nothing(value)]
        best = [name for name in _KNOWN_BY.get(entity, ()) if name in told]
        shown = [name for name in told if self.is_shown(entity, name) and self.holds(entity, name) not in NAMED]
        return next(iter([*best, *sorted(shown, key=lambda each: not self.is_told(entity, each))]), "")

    def field(self, entity: str, field: str) -> str:
        """Return what a field is called."""
        entry = self._entry(f"{entity}.{field}")
        return entry.words if entry is not None else _plain(field)

    def is_shown(self, entity: str, field: str) -> bool:
        """Say whether people read this field at all: some only hold records together."""
        return self.holds(entity, field) != _INSIDE

    def listed(self, entity: str, fields: Iterable[str]) -> str:
        """Return what fields are called, in a row: what somebody wrote first, at most three by name, never whom it is about."""
        shown = [each for each in fields if self.is_shown(entity, each) and self.holds(entity, each) != "person"]
        names = [self.field(entity, each) for each in sorted(shown, key=lambda each: not self.is_told(entity, each))]
        rest = len(names) - _NAMED_IN_A_ROW
        others = [f"{rest} {'others' if rest > 1 else 'other'}"] if rest > 0 else []
        return list_words([_within(name) for name in names[:_NAMED_IN_A_ROW]] + others)

    def is_told(self, entity: str, field: str) -> bool:
        """Say whether the field holds words of a person, so that two answers can stand in it together."""
        return self.holds(entity, field) == _TOLD

    def question(self, entity: str, field: str, asked: str = "", says: Mapping[str, Any] = MappingProxyType({})) -> str:
        """Return what was asked: the field, and of which record when it is not about the member; ``says`` are its fields.

        Where what is asked about is itself what the record is known by, its kind has to do.
        """
        if asked:
            return asked
        words = self.field(entity, field)
        which = self.record(entity) if self._known_by(entity, says) == field else self.called(entity, says)
        return words if entity == "person" else f"{which}: {words[:1].lower()}{words[1:]}"

    def value(self, entity: str, field: str, value: Any, item: Item | None = None) -> str:
        """Return a value as people read it; ``item`` is the question of a questionnaire that it answers, if it is known."""
        item = item or self.asked
        if item is not None and (entity, field) == ("answer", "value"):
            # "Nothing" could be what somebody answered
            return "Not answered" if value is None else isolated(answer_words(item, value)) or self._said(entity, field, value)
        if value is None or value in ("", []):
            return "Nothing"
        if isinstance(value, list):
            return list_words([self._said(entity, field, each) for each in value])
        return self._said(entity, field, value)

    def _said(self, entity: str, field: str, value: Any) -> str:
        if isinstance(value, bool):
            return "Yes" if value else "No"
        if isinstance(value, datetime):
            at = local(value)
            return f"{full_day(at.date())} {clock_words(at.time())}"
        if isinstance(value, date):
            return full_day(value)
        if isinstance(value, float):
            return f"{value:g}"
        holds, text = self.holds(entity, field), str(value)
        if holds in NAMED:
            return isolated(self.names.get(text, "")) or "Somebody or something that is not on this laptop"
        if holds == "record":
            return self.record(text)
        if holds == "questionnaire":
            form = self.library.questionnaires.get(text)
            return form.title if form is not None else text.upper()
        words = self.library.lists.get(holds)
        if words is not None:
            found = next((e for e in words.entries if text in (e.key, str(e.more.get("value")), e.more.get("style"))), None)
            return found.words if found is not None else _plain(text)
        return _SAYINGS.get((entity, field, text)) or isolated(text)

    def holds(self, entity: str, field: str) -> str:
        """Return what the field's values are: a list's name, one of ``NAMED``, ``told``, ``inside``; empty: as they stand."""
        entry = self._entry(f"{entity}.{field}")
        return str(entry.more.get("holds", "")) if entry is not None else ""

    def _entry(self, key: str) -> Entry | None:
        words = self.library.lists.get("fields")
        return words.entry(key) if words is not None else None


def ids_in(library: Library, entity: str, values: Iterable[tuple[str, Any]]) -> Iterator[str]:
    """Yield the ids in ``values`` (field and value) of records whose names are said in their place."""
    words = RecordWords(library, {})
    for field, value in values:
        if words.holds(entity, field) in NAMED:
            yield from (str(each) for each in (value if isinstance(value, list) else [value]) if each)


def _within(words: str) -> str:
    """Return words as they stand within a sentence; NHS stays as it is."""
    return words if words[1:2].isupper() else words[:1].lower() + words[1:]


def says_nothing(value: Any) -> bool:
    """Say whether a field with this value is an empty one."""
    return value in (None, "", [])


def short(words: str) -> str:
    """Return the beginning of words that are too long for a list, in one line."""
    line = " ".join(words.split())
    return line if len(line) <= _LONGEST_NAME else f"{line[: _LONGEST_NAME - 1].rsplit(' ', 1)[0]}…"


def _plain(code: str) -> str:
    return code.replace("_", " ").capitalize()
