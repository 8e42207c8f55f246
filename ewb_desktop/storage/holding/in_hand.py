"""Words that were typed about a member and not saved: they hold her here when her records are to leave, and are never lost."""

# ruff: noqa: S608 - the names in these statements come from the protocol, values are bound

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from types import MappingProxyType
from typing import Any

import orjson
from sqlalchemy import Connection

from ewb_desktop.domain.time import instant_text, parse_instant
from ewb_desktop.storage.areas import EVERYWHERE
from ewb_desktop.storage.cards.names import names_of
from ewb_desktop.storage.holding.departures import count_departure
from ewb_desktop.storage.ids import find_ids
from ewb_desktop.storage.notes import PROGRESS, read_note
from ewb_desktop.storage.tables import Contact, Person
from ewb_desktop.storage.typed_lines import lines_of, text_of
from ewb_desktop.storage.writing import Writing
from sync.protocol.entities import ENTITIES

KEPT_FOR_WORDS = timedelta(days=7)
"""So long words that were not saved wait for the worker; then they become a note, and are sent."""
KEPT_AFTER_OPENING = timedelta(days=1)
"""So long they wait about a member who was here for a few hours only."""

NEW_MEMBER = "newperson"
"""The key of what was typed about somebody who is not a member yet."""
_HELD = "scope.in_hand"
_WITHOUT_WORDS = ("conversation/", "leaflet-", "own-picture")
"""Beginnings of keys under which no words about a member are kept, but where somebody was, or what is for everybody."""
_ALONE = frozenset(
    {"how", "follow_up", "changing", "priority", "wanted", "code", "supporters", "coordinator", "first_visit", "seen_at"}
)
"""Values of a form that stand there before anybody types, or name other records: alone they are no words."""
_FORMS = {
    "contact": "a contact", "newperson": "what we know", "handover": "a handover", "signpost": "a signpost", "need": "a need",
    "answer": "an answer", "safety": "the safety conversation", "mending": "a change to put right", "leaflet": "a leaflet",
    "sharing": "a sharing choice", "membership": "a change of the membership",
}  # fmt: skip

_TALK = ("conversation", "assessment", "answer", "need", "goal")
_NEEDED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"answer": _TALK, "need": _TALK, "safety": ("safety_talk",), "handover": ("sharing_choice", "handover"),
     "signpost": ("signpost", "follow_up"), "contact": ("follow_up",)}
)  # fmt: skip
"""Kinds of record about a member without which a form cannot be finished, by the beginning of its key."""


@dataclass(frozen=True, slots=True)
class InHand:
    """A member whose records would have left, but for words that wait in ``forms``, named by the beginnings of their keys.

    ``is_opened``: she was here for a few hours, and only what the words hang on is here still.
    """

    person: str
    until: datetime
    is_opened: bool = False
    forms: tuple[str, ...] = ()


def read_in_hand(connection: Connection) -> tuple[InHand, ...]:
    """Return who is held here by words that wait."""
    kept: Any = read_note(connection, _HELD) or ()
    return tuple(InHand(one["person"], parse_instant(one["until"]), bool(one["opened"])) for one in kept)


def words_by_person(connection: Connection) -> dict[str, tuple[str, ...]]:
    """Return the keys of what was typed and not saved, by the members on this laptop whom it is about."""
    found: dict[str, tuple[str, ...]] = {}
    for key, value in connection.exec_driver_sql("SELECT key, value FROM draft ORDER BY saved_at").all():
        if not key.startswith(_WITHOUT_WORDS) and _has_words(orjson.loads(value)):
            for person in _people(connection, find_ids(f"{key}{value}")):
                found[person] = (*found.get(person, ()), key)
    return found


def count_words(connection: Connection) -> int:
    """Return on how many forms something waits that was typed and not saved, about a member or somebody new."""
    new = connection.exec_driver_sql("SELECT value FROM draft WHERE key = ?", (NEW_MEMBER,)).scalar()
    begun = {key for keys in words_by_person(connection).values() for key in keys} - {NEW_MEMBER}
    return len(begun) + (new is not None and _has_words(orjson.loads(str(new))))


def form_words(key: str) -> str:
    """Return in a few words what was being written under this key."""
    return _FORMS.get(_form(key), "some words")


def _form(key: str) -> str:
    return re.split("[:/]", key, maxsplit=1)[0]


def hold(writing: Writing, people: Iterable[InHand]) -> None:
    """Keep who is held here by words that wait, beside those who are known to be."""
    kept = {one.person: one for one in (*read_in_hand(writing.connection), *people)}
    _note(writing, kept.values())


def settle_words(writing: Writing, outside: Collection[str], *, can_finish: bool) -> Mapping[str, InHand]:
    """Return the members among those ``outside`` whom words hold here, and write down as notes those that wait no longer.

    A worker who cannot finish them any more, because her role has no such pages, leaves them as notes at once.
    """
    connection, now = writing.connection, writing.clock.now()
    words, before = words_by_person(connection), {one.person: one for one in read_in_hand(connection)}
    held: dict[str, InHand] = {}
    due: list[str] = []
    for person, keys in words.items():
        one = before.get(person) or InHand(person, now + KEPT_FOR_WORDS)
        if not can_finish or (person in outside and now >= one.until):
            due += keys
        elif person in outside:
            held[person] = replace(one, forms=tuple(map(_form, keys)))
    write_down(writing, due)
    if not can_finish:
        _write_down_new_member(writing)
        # a question that was never asked, which this role cannot ask: it names somebody
        writing.connection.exec_driver_sql("DELETE FROM draft WHERE key = 'opening'")
    if held or before:
        _note(writing, held.values())
    return held


def spared(connection: Connection, entity: str, ids: Sequence[str], held: Mapping[str, InHand]) -> frozenset[str]:
    """Return the records among ``ids`` that stay for the words about their members.

    Of a member who was here for a few hours only these are her own record, and what a form that was begun cannot be finished
    without.
    """
    return about(
        connection, entity, ids, [one.person for one in held.values() if not one.is_opened or entity in _needed(one.forms)]
    )


def about(connection: Connection, entity: str, ids: Sequence[str], people: Sequence[str]) -> frozenset[str]:
    """Return the records among ``ids`` that are about these members; their own records are."""
    field = ENTITIES[entity].person_field
    if field is None or not people or not ids:
        return frozenset()
    among = "IN (SELECT value FROM json_each(?))"
    query = f'SELECT id FROM {entity} WHERE "{field}" {among} AND id {among}'
    return frozenset(connection.exec_driver_sql(query, (_json(people), _json(ids))).scalars())


def _needed(forms: Iterable[str]) -> frozenset[str]:
    return frozenset({"person"}.union(*(_NEEDED.get(form, ()) for form in forms)))


def write_down(writing: Writing, keys: Collection[str]) -> int:
    """Turn what was typed and not saved into contacts with its words, as unsent work; return how many.

    So it goes where the care is, under its author's name, and says that it was not saved. Raises nothing for what is about a
    member whose record is not here.
    """
    written = 0
    for key in dict.fromkeys(keys):
        kept = writing.connection.exec_driver_sql("SELECT value FROM draft WHERE key = ?", (key,)).scalar()
        if kept is None:
            continue
        value = orjson.loads(str(kept))
        people = _people(writing.connection, find_ids(f"{key}{kept}"))
        for person in people[:1]:
            row = writing.connection.exec_driver_sql("SELECT * FROM person WHERE id = ?", (person,)).mappings().one()
            known = {str(name): told for name, told in row.items()}
            lines = lines_of(partial(names_of, writing.connection), writing.say, _form(key), value, known)
            _add_note(writing, person, str(known["area"]), form_words(key), lines)
            written += 1
        if people:
            writing.connection.exec_driver_sql("DELETE FROM draft WHERE key = ?", (key,))
    return written


def write_down_all(writing: Writing) -> int:
    """Turn all that was typed about members, and about somebody new, into records; return how many."""
    keys = [key for keys in words_by_person(writing.connection).values() for key in keys]
    return write_down(writing, keys) + _write_down_new_member(writing)


def write_down_about(writing: Writing, person: str, area: str) -> int:
    """Turn what was typed about a member whose records have left just now into notes in her ``area``; return how many."""
    written = 0
    found = writing.connection.exec_driver_sql("SELECT key, value FROM draft WHERE instr(key || value, ?) > 0", (person,)).all()
    for key, kept in found:
        if not key.startswith(_WITHOUT_WORDS) and _has_words(orjson.loads(kept)):
            lines = lines_of(partial(names_of, writing.connection), writing.say, _form(key), orjson.loads(kept), {})
            _add_note(writing, person, area, form_words(key), lines)
            written += 1
        writing.connection.exec_driver_sql("DELETE FROM draft WHERE key = ?", (key,))
    return written


def _write_down_new_member(writing: Writing) -> int:
    kept = writing.connection.exec_driver_sql("SELECT value FROM draft WHERE key = ?", (NEW_MEMBER,)).scalar()
    value = orjson.loads(str(kept)) if kept is not None else None
    if not isinstance(value, dict) or not _has_words(value):
        return 0
    names = {name: text_of(value.get(name)) or None for name in ("given_name", "family_name", "preferred_name")}
    if not any(names.values()):
        names["preferred_name"] = "Name not written down yet"
    area = text_of(value.get("area")) or _usual_area(writing.connection)
    if not area:
        return 0
    somebody = Person(area=area, coordinator=writing.author)
    for name, words in names.items():
        setattr(somebody, name, words)
    person = writing.add(somebody)
    lines = lines_of(partial(names_of, writing.connection), writing.say, NEW_MEMBER, value, {**names, "area": area})
    _add_note(writing, person, area, "someone new", lines)
    writing.connection.exec_driver_sql("DELETE FROM draft WHERE key = ?", (NEW_MEMBER,))
    return 1


def _usual_area(connection: Connection) -> str:
    progress: Any = read_note(connection, PROGRESS) or {}
    areas = [area for area in progress.get("areas") or () if area != EVERYWHERE]
    found = areas[0] if areas else connection.exec_driver_sql("SELECT area FROM person LIMIT 1").scalar()
    return str(found or "")


def _add_note(writing: Writing, person: str, area: str, form: str, lines: Sequence[str]) -> None:
    words = "\n".join((f"Typed on a laptop and not saved there ({form}):", *lines))
    writing.add(Contact(area=area, person=person, at=writing.clock.now(), worker=writing.author, note=words))
    count_departure(writing, notes=1)


def _note(writing: Writing, held: Iterable[InHand]) -> None:
    kept = [{"person": one.person, "until": instant_text(one.until), "opened": one.is_opened} for one in held]
    writing.note(_HELD, kept or None)  # type: ignore[arg-type]


def _people(connection: Connection, ids: Iterable[str]) -> list[str]:
    """Return the members on this laptop who are meant by ids of theirs or of records about them, in the order of ``ids``."""
    found: dict[str, None] = {}
    for id_ in ids:
        for name, entity in ENTITIES.items():
            if entity.person_field is not None:
                query = f'SELECT "{entity.person_field}" FROM {name} WHERE id = ?'
                person = connection.exec_driver_sql(query, (id_,)).scalar()
                if person:
                    found[str(person)] = None
    known = connection.exec_driver_sql("SELECT id FROM person WHERE id IN (SELECT value FROM json_each(?))", (_json(found),))
    here = frozenset(known.scalars())
    return [person for person in found if person in here]


def _json(values: Iterable[str]) -> str:
    return orjson.dumps(list(values)).decode()


def _has_words(value: Any) -> bool:
    if isinstance(value, dict):
        if "by_hand" in value:
            # of a leaflet only the next step is written by hand
            return bool((value.get("step") or {}).get("words"))
        return any(_has_words(each) for name, each in value.items() if name not in _ALONE and name != "person")
    if isinstance(value, list):
        return any(map(_has_words, value))
    return bool(value.strip()) if isinstance(value, str) else False
