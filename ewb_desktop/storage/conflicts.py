"""Fields that two workers answered differently, with both answers, until somebody chooses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, func, select

from ewb_desktop.domain.person import display_name
from ewb_desktop.domain.time import instant_text, parse_instant
from ewb_desktop.storage.tables import Conflict, Person, table
from ewb_desktop.storage.workers import worker_names
from sync.protocol.entities import ENTITIES, Kind


@dataclass(frozen=True, slots=True)
class ConflictCard:
    """One field that two workers answered differently. ``shown`` is on the screens now; ``other`` came later.

    ``before`` is what the later of the two had seen. Values are as their field holds them: text, bool, date, aware datetime,
    list. ``shown_worker`` and ``other_worker`` are ids.
    """

    id: str
    person: str
    person_name: str
    born: date | None
    nhs_number: str
    entity: str
    record: str
    field: str
    shown: Any
    other: Any
    before: Any
    shown_worker: str
    other_worker: str
    shown_by: str
    other_by: str
    shown_at: datetime | None
    other_at: datetime | None


def open_conflicts(connection: Connection, person: str = "") -> list[ConflictCard]:
    """Return the conflicts that nobody has settled, oldest first: all, or those about one ``person``."""
    return _cards(connection, person=person)


def conflict(connection: Connection, id: str) -> ConflictCard | None:
    """Return one open conflict, or None when there is none with this id or it was settled meanwhile."""
    found = _cards(connection, id=id)
    return found[0] if found else None


def count_open_conflicts(connection: Connection, person: str = "") -> int:
    """Return how many conflicts wait for somebody to choose: all, or those about one ``person``."""
    known = table(Conflict).c
    query = select(func.count()).select_from(table(Conflict)).where(known.gone == 0, known.settled_at.is_(None))
    if person:
        query = query.where(known.person == person)
    return int(connection.execute(query).scalar() or 0)


def value_of(entity: str, field: str, value: Any) -> Any:
    """Return a value as it stood in a conflict (JSON) as the record's own column takes it."""
    declared = ENTITIES[entity].fields.get(field) if entity in ENTITIES else None
    if declared is None or value is None:
        return value
    if declared.kind is Kind.DAY:
        return date.fromisoformat(value)
    if declared.kind is Kind.INSTANT:
        return parse_instant(value)
    return bool(value) if declared.kind is Kind.FLAG else value


def wire_value(value: Any) -> Any:
    """Return a record's value as it stands in a conflict (JSON)."""
    if isinstance(value, datetime):
        return instant_text(value)
    if isinstance(value, date):
        return value.isoformat()
    return int(value) if isinstance(value, bool) else value


def _cards(connection: Connection, *, id: str = "", person: str = "") -> list[ConflictCard]:
    c, p = table(Conflict).c, table(Person).c
    query = (
        select(
            c.id, c.person, p.preferred_name, p.given_name, p.family_name, p.birth_date, p.nhs_number, c.entity, c.record,
            c.field, c.shown, c.other, c.before, c.shown_by, c.other_by, c.shown_at, c.other_at,
        )
        .select_from(table(Conflict).outerjoin(table(Person), p.id == c.person))
        .where(c.gone == 0, c.settled_at.is_(None))
        .order_by(c.found_at, c.id)
    )  # fmt: skip
    if id:
        query = query.where(c.id == id)
    if person:
        query = query.where(c.person == person)
    names = worker_names(connection)
    return [
        ConflictCard(
            id=row.id,
            person=row.person or "",
            person_name=display_name(row.given_name or "", row.family_name or "", row.preferred_name or ""),
            born=row.birth_date,
            nhs_number=row.nhs_number or "",
            entity=row.entity or "",
            record=row.record or "",
            field=row.field or "",
            shown=value_of(row.entity, row.field, row.shown),
            other=value_of(row.entity, row.field, row.other),
            before=value_of(row.entity, row.field, row.before),
            shown_worker=row.shown_by or "",
            other_worker=row.other_by or "",
            shown_by=names.get(row.shown_by, ""),
            other_by=names.get(row.other_by, ""),
            shown_at=row.shown_at,
            other_at=row.other_at,
        )
        for row in connection.execute(query)
    ]
