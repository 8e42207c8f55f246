"""Changes that the server did not take, as the screens want them: what, about whom, when and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from ewb_desktop.domain.person import display_name
from ewb_desktop.domain.time import parse_instant
from ewb_desktop.storage.cards.assessments import question_of
from ewb_desktop.storage.cards.workers import worker_names
from ewb_desktop.storage.exchange.journal import JournalEntry, quarantined
from ewb_desktop.storage.exchange.withdrawing import hanging_on, held_entry
from ewb_desktop.storage.settling.brought_held import held_brought
from ewb_desktop.storage.settling.copied import is_copied
from ewb_desktop.storage.tables import KINDS, Person, table
from sync.protocol.change import Change, ChangeKind
from sync.protocol.entities import ENTITIES, Kind
from sync.protocol.errors import REFUSAL_WORDS, Refusal

_COLLEAGUE = "a colleague"


@dataclass(frozen=True, slots=True)
class HeldChange:
    """One change in quarantine. ``fields`` are names, never values; ``told`` are those of them in which something was said.

    A new record brings every field that its form has, and most of them were left as they were.
    ``person`` and ``person_name`` are empty when it is about nobody; ``person`` too when she was removed. ``brought_for`` names
    the colleague who wrote it and gave it to this laptop to carry, empty for this worker's own. ``says`` is what the record says
    now, by which two of one kind are told apart; of a member it is left out, whose name is here. ``asked`` names the
    questionnaire and the question of an answer.
    """

    id: str
    entity: str
    kind: str
    record: str
    person: str
    person_name: str
    fields: tuple[str, ...]
    told: tuple[str, ...]
    made_at: datetime
    reason: str
    says: Mapping[str, Any]
    asked: tuple[str, str] | None
    brought_for: str = ""


def held_changes(connection: Connection) -> list[HeldChange]:
    """Return the changes in quarantine, oldest first; behind this worker's own those that she carries for colleagues.

    One that was made anew stands where it stood: it goes by when it was written, not by its turn to be sent.
    """
    entries, brought = sorted(quarantined(connection), key=lambda entry: (entry.at, entry.record)), held_brought(connection)
    persons = {entry.id: _person_of(connection, entry) for entry in entries} | {one.change.id: one.person for one in brought}
    names, here = _names(connection, {person for person in persons.values() if person})
    colleagues = worker_names(connection) if brought else {}
    rows = [(entry.change(), entry.refusal, "") for entry in entries]
    rows += [(one.change, one.refusal, colleagues.get(one.change.author) or _COLLEAGUE) for one in brought]
    return [
        HeldChange(
            id=change.id,
            entity=change.entity,
            kind=change.kind,
            record=change.record,
            person=persons[change.id] if persons[change.id] in here else "",
            person_name=names.get(persons[change.id], ""),
            fields=tuple(change.fields),
            told=tuple(name for name in change.fields if change.kind != ChangeKind.CREATE or _says_something(change, name)),
            made_at=parse_instant(change.at),
            reason=REFUSAL_WORDS[refusal or Refusal.MALFORMED],
            says=_says_now(connection, change.entity, change.record) if change.entity != "person" else {},
            asked=question_of(connection, change.record) if change.entity == "answer" else None,
            brought_for=author,
        )
        for change, refusal, author in rows
    ]


@dataclass(frozen=True, slots=True)
class HeldRecord:
    """One of this worker's own changes in quarantine, and all that its ``record`` says now; empty for one that is not here.

    ``hanging`` is how many other unsent changes mean nothing without it. ``is_copied``: it is in the copy that was saved last
    for the administrator.
    """

    entry: JournalEntry
    record: Mapping[str, Any]
    hanging: int
    is_copied: bool

    @property
    def values(self) -> dict[str, Any]:
        """What the fields of the change say now: that is what would be sent again."""
        return {name: value for name, value in self.record.items() if name in self.entry.fields}


def held_record(connection: Connection, id: str) -> HeldRecord | None:
    """Return a change in quarantine as it can be put right, None when it was taken, replaced or let go of meanwhile."""
    entry = held_entry(connection, id)
    if entry is None:
        return None
    says = _says_now(connection, entry.entity, entry.record)
    return HeldRecord(entry, says, len(hanging_on(connection, entry)), is_copied(connection, id))


def _says_now(connection: Connection, entity: str, record: str) -> dict[str, Any]:
    """Return all that a record says; empty for one that is not here."""
    if entity not in KINDS:
        return {}
    known = table(KINDS[entity]).c
    columns = [known[name] for name in ENTITIES[entity].fields]
    row = connection.execute(select(*columns).where(known.id == record)).mappings().first()
    return dict(row) if row is not None else {}


def _says_something(change: Change, name: str) -> bool:
    """Say whether a field of a new record was filled in: a box without a tick was left as it was; nought may be an answer."""
    value = change.fields[name]
    declared = ENTITIES[change.entity].fields.get(name) if change.entity in ENTITIES else None
    if declared is not None and declared.kind is Kind.FLAG:
        return bool(value)
    return value is not None and value not in ("", [])


def _person_of(connection: Connection, entry: JournalEntry) -> str:
    entity = ENTITIES.get(entry.entity)
    if entity is None or entity.person_field is None:
        return ""
    if entity.person_field == "id":
        return entry.record
    statement = f'SELECT "{entity.person_field}" FROM "{entity.name}" WHERE id = ?'  # noqa: S608
    return str(connection.exec_driver_sql(statement, (entry.record,)).scalar() or "")


def _names(connection: Connection, ids: set[str]) -> tuple[dict[str, str], set[str]]:
    """Return the people's names, and which of them are not removed."""
    p = table(Person).c
    rows = connection.execute(select(p.id, p.given_name, p.family_name, p.preferred_name, p.gone).where(p.id.in_(ids))).all()
    names = {id_: display_name(given or "", family or "", preferred or "") for id_, given, family, preferred, _gone in rows}
    return names, {row.id for row in rows if not row.gone}
