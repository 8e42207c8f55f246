"""Who from outside the area opened a member's records, for the coordinator to read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, or_, select

from ewb_desktop.domain.person import display_name
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
    """Return what ``worker`` has not read of members whom she coordinates, or whom nobody does; oldest first. Not her own."""
    opening, person = table(Opening).c, table(Person).c
    query = (
        select(
            opening.id, opening.person, person.given_name, person.family_name, person.preferred_name, opening.worker_name,
            opening.reason, opening.words, opening.opened_at, opening.until,
        )
        .join_from(table(Opening), table(Person), person.id == opening.person)
        .where(
            opening.gone == 0, opening.read_at.is_(None), opening.opened_at.is_not(None), opening.until.is_not(None),
            opening.worker.is_distinct_from(worker), or_(person.coordinator == worker, person.coordinator.is_(None)),
        )
        .order_by(opening.opened_at, opening.id)
    )  # fmt: skip
    # whoever opened somebody herself is not the one to be told of the others
    mine = {one.person for one in read_opened(connection)}
    return [
        OpeningCard(
            row.id, row.person, display_name(row.given_name or "", row.family_name or "", row.preferred_name or ""),
            row.worker_name or "", row.reason or "", row.words or "", row.opened_at, row.until,
        )
        for row in connection.execute(query) if row.person not in mine
    ]  # fmt: skip


def may_look_further(connection: Connection) -> bool:
    """Say whether this laptop has a server where somebody who is not here could be looked up."""
    return read_enrolment(connection) is not None
