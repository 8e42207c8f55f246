"""Visits that were counted without a name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, func, select

from ewb_desktop.storage.tables import Person, Visit, table


@dataclass(frozen=True, slots=True)
class VisitCard:
    """One counted visit. ``person`` is the member who it became, if it did: the first, if several people came."""

    id: str
    at: datetime
    people: int
    reason: str
    person: str | None


def visits_on(connection: Connection, day: date, place: str | None = None) -> list[VisitCard]:
    """Return the visits counted on ``day`` (at one place, or everywhere), latest first."""
    known, member = table(Visit).c, table(Person).c
    wanted = (
        select(known.id, known.counted_at, known.people, known.reason, member.id)
        .select_from(table(Visit).outerjoin(table(Person), (member.first_visit == known.id) & (member.gone == 0)))
        .where(known.gone == 0, known.day == day)
        .order_by(known.counted_at.desc(), known.id, member.id)
    )
    if place is not None:
        wanted = wanted.where(known.place == place)
    first: dict[str, VisitCard] = {}
    for id, at, people, reason, person in connection.execute(wanted):
        first.setdefault(id, VisitCard(id, at, people or 1, reason or "", person))
    return list(first.values())


def people_counted(connection: Connection, day: date, place: str | None = None) -> int:
    """Return how many people were counted on ``day``."""
    known = table(Visit).c
    wanted = select(func.coalesce(func.sum(func.coalesce(known.people, 1)), 0)).where(known.gone == 0, known.day == day)
    if place is not None:
        wanted = wanted.where(known.place == place)
    return int(connection.execute(wanted).scalar_one())
