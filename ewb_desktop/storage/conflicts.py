"""Fields that two workers answered differently, with both answers, until somebody chooses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, func, select

from ewb_desktop.domain.person import display_name
from ewb_desktop.domain.time import instant_text, parse_instant
from ewb_desktop.storage.direct import fetch_first
from ewb_desktop.storage.tables import KINDS, Conflict, Person, table
from ewb_desktop.storage.workers import worker_names
from sync.protocol.entities import ENTITIES, Kind


@dataclass(frozen=True, slots=True)
class ConflictCard:
    """One field that two workers answered differently. ``shown`` is on the screens now; ``other`` is the answer beside it.

    ``shown`` is what this laptop's record says, also when the worker has just edited it and nobody else has it yet.
    ``before`` is what stood before the later of the two was written, as its author had seen it. Values are as their field holds
    them: text, bool, date, aware datetime, list. ``shown_worker`` and ``other_worker`` are ids, empty where nobody is known.
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


@dataclass(frozen=True, slots=True)
class Choice:
    """What was chosen in a settled conflict (as JSON), by whom (an id), and what stands in the record now."""

    chosen: Any
    by: str
    stands: Any


def choice_of(connection: Connection, card: ConflictCard) -> Choice | None:
    """Return what was chosen of the two answers of ``card``; None while nothing is."""
    known = table(Conflict).c
    query = select(known.chosen, known.settled_by).where(known.id == card.id, known.settled_at.is_not(None), known.gone == 0)
    found = connection.execute(query).first()
    return Choice(found.chosen, found.settled_by or "", present_value(connection, card)) if found is not None else None


def present_value(connection: Connection, card: ConflictCard) -> Any:
    """Return what the record that ``card`` is about says now."""
    known = table(KINDS[card.entity]).c
    return connection.execute(select(known[card.field]).where(known.id == card.record)).scalar()


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
    found = connection.execute(query).all()
    return [_card(row, _stands(connection, row), names) for row in found]


@dataclass(frozen=True, slots=True)
class _Stands:
    """What is on the screens: the value, who said it and when, and what was there before."""

    value: Any
    by: str
    at: datetime | None
    before: Any


def _card(row: Any, stands: _Stands, names: Mapping[str, str]) -> ConflictCard:
    return ConflictCard(
        id=row.id,
        person=row.person or "",
        person_name=display_name(row.given_name or "", row.family_name or "", row.preferred_name or ""),
        born=row.birth_date,
        nhs_number=row.nhs_number or "",
        entity=row.entity or "",
        record=row.record or "",
        field=row.field or "",
        shown=stands.value,
        other=value_of(row.entity, row.field, row.other),
        before=stands.before,
        shown_worker=stands.by,
        other_worker=row.other_by or "",
        shown_by=names.get(stands.by, ""),
        other_by=names.get(row.other_by, ""),
        shown_at=stands.at,
        other_at=row.other_at,
    )


def _stands(connection: Connection, row: Any) -> _Stands:
    """Return what the record itself says: the conflict says it as the server knew it, and an edit may have come since."""
    told = value_of(row.entity, row.field, row.shown)
    as_told = _Stands(told, row.shown_by or "", row.shown_at, value_of(row.entity, row.field, row.before))
    if row.entity not in KINDS or row.field not in ENTITIES[row.entity].fields:
        return as_told
    known = table(KINDS[row.entity]).c
    now = connection.execute(select(known[row.field]).where(known.id == row.record)).first()
    if now is None or wire_value(now[0]) == wire_value(told):
        return as_told
    own = fetch_first(
        connection,
        "SELECT author, at FROM journal WHERE record = ? AND settled_at IS NULL AND json_type(fields, '$.' || ?) IS NOT NULL "
        "ORDER BY counter DESC LIMIT 1",
        (row.record, row.field),
    ) or fetch_first(
        connection,
        "SELECT author, at FROM heard WHERE record = ? AND json_type(fields, '$.' || ?) IS NOT NULL ORDER BY number DESC LIMIT 1",
        (row.record, row.field),
    )  # fmt: skip
    return _Stands(now[0], own[0] if own else "", _instant(own[1]) if own else None, told)


def _instant(text: str) -> datetime | None:
    try:
        return parse_instant(text)
    except ValueError:
        # a laptop's clock may have said anything
        return None
