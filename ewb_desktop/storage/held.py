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
    """One change in quarantine. ``fields`` are names, never values.

    ``person`` and ``person_name`` are empty when it is about nobody; ``person`` too when she was removed.
    """

    id: str
    entity: str
    kind: str
    record: str
    person: str
    person_name: str
    fields: tuple[str, ...]
    made_at: datetime
    reason: str


def held_changes(connection: Connection) -> list[HeldChange]:
    """Return the changes in quarantine, oldest first."""
    entries = quarantined(connection)
    persons = {entry.id: _person_of(connection, entry) for entry in entries}
    names, here = _names(connection, {person for person in persons.values() if person})
    return [
        HeldChange(
            id=entry.id,
            entity=entry.entity,
            kind=entry.kind,
            record=entry.record,
            person=persons[entry.id] if persons[entry.id] in here else "",
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


def _names(connection: Connection, ids: set[str]) -> tuple[dict[str, str], set[str]]:
    """Return the people's names, and which of them are not removed."""
    p = table(Person).c
    rows = connection.execute(select(p.id, p.given_name, p.family_name, p.preferred_name, p.gone).where(p.id.in_(ids))).all()
    names = {id_: display_name(given or "", family or "", preferred or "") for id_, given, family, preferred, _gone in rows}
    return names, {row.id for row in rows if not row.gone}
