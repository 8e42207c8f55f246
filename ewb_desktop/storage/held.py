"""Changes that the server did not take, as the screens want them: what, about whom, when and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from ewb_desktop.domain.person import display_name
from ewb_desktop.domain.time import parse_instant
from ewb_desktop.storage.journal import JournalEntry, quarantined
from ewb_desktop.storage.tables import Person, table
from sync.protocol.entities import ENTITIES
from sync.protocol.errors import REFUSAL_WORDS, Refusal


@dataclass(frozen=True, slots=True)
class HeldChange:
    """One change in quarantine. ``person_name`` is empty when it is about nobody; ``fields`` are names, never values."""

    id: str
    entity: str
    kind: str
    person: str
    person_name: str
    fields: tuple[str, ...]
    made_at: datetime
    reason: str


def held_changes(connection: Connection) -> list[HeldChange]:
    """Return the changes in quarantine, oldest first."""
    entries = quarantined(connection)
    persons = {entry.id: _person_of(connection, entry) for entry in entries}
    names = _names(connection, {person for person in persons.values() if person})
    return [
        HeldChange(
            id=entry.id,
            entity=entry.entity,
            kind=entry.kind,
            person=persons[entry.id],
            person_name=names.get(persons[entry.id], ""),
            fields=tuple(entry.fields),
            made_at=parse_instant(entry.at),
            reason=REFUSAL_WORDS[entry.refusal or Refusal.MALFORMED],
        )
        for entry in entries
    ]


def _person_of(connection: Connection, entry: JournalEntry) -> str:
    entity = ENTITIES.get(entry.entity)
    if entity is None or entity.person_field is None:
        return ""
    if entity.person_field == "id":
        return entry.record
    statement = f'SELECT "{entity.person_field}" FROM "{entity.name}" WHERE id = ?'  # noqa: S608
    return str(connection.exec_driver_sql(statement, (entry.record,)).scalar() or "")


def _names(connection: Connection, ids: set[str]) -> dict[str, str]:
    p = table(Person).c
    rows = connection.execute(select(p.id, p.given_name, p.family_name, p.preferred_name).where(p.id.in_(ids)))
    return {id_: display_name(given or "", family or "", preferred or "") for id_, given, family, preferred in rows}
