"""Who from outside the area opened a member's records, for the coordinator to read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from ewb_desktop.domain.person import display_name
from ewb_desktop.storage.cards.workers import coordinators_for
from ewb_desktop.storage.exchange.sync_state import read_enrolment
from ewb_desktop.storage.holding.opened import read_opened
from ewb_desktop.storage.tables import Opening, Person, table


@dataclass(frozen=True, slots=True)
class OpeningCard:
    """Somebody opened a member's records: who, whose, when, until when and why (``reason`` is a key of opening_reasons)."""

    id: str
    person: str
    name: str
    by: str
    reason: str
    words: str
    opened_at: datetime
    until: datetime


def unread_openings(connection: Connection, worker: str) -> list[OpeningCard]:
    """Return what ``worker`` has not read of members whom she coordinates, or whom nobody does; oldest first. Not her own.

    Nobody does either where the coordinator is who opened the member, or may not hold her any more: her role or areas have
    changed, or she has left. Then everybody of the area reads of it.
    """
    opening, person = table(Opening).c, table(Person).c
    query = (
        select(
            opening.id, opening.person, person.given_name, person.family_name, person.preferred_name, opening.worker_name,
            opening.reason, opening.words, opening.opened_at, opening.until, opening.worker, person.coordinator, person.area,
        )
        .join_from(table(Opening), table(Person), person.id == opening.person)
        .where(
            opening.gone == 0, opening.read_at.is_(None), opening.opened_at.is_not(None), opening.until.is_not(None),
            opening.worker.is_distinct_from(worker),
        )
        .order_by(opening.opened_at, opening.id)
    )  # fmt: skip
    rows = connection.execute(query).all()
    able = {area: {each.id for each in coordinators_for(connection, area)} for area in {row.area for row in rows}}
    # whoever opened somebody herself is not the one to be told of the others
    mine = {one.person for one in read_opened(connection)}
    return [
        OpeningCard(
            row.id, row.person, display_name(row.given_name or "", row.family_name or "", row.preferred_name or ""),
            row.worker_name or "", row.reason or "", row.words or "", row.opened_at, row.until,
        )
        for row in rows
        if row.person not in mine and (row.coordinator in (worker, row.worker) or row.coordinator not in able[row.area])
    ]  # fmt: skip


def may_look_further(connection: Connection) -> bool:
    """Say whether this laptop has a server where somebody who is not here could be looked up."""
    return read_enrolment(connection) is not None
