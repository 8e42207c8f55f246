"""Attempts to reach a member: when, how, and whether somebody talked with them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from ewb_desktop.storage.tables import Contact, Worker, table

SPOKE, COULD_NOT_REACH = "spoke", "could_not_reach"
"""Keys of the list ``contact_results`` that mean something to the program."""


@dataclass(frozen=True, slots=True)
class ContactCard:
    """One attempt. ``worker_name`` is who tried; ``follow_up`` is the follow-up that it answered, if any."""

    id: str
    at: datetime
    worker_name: str
    how: str
    reached: str
    note: str
    follow_up: str


def contacts_of(connection: Connection, person: str, limit: int = 50) -> list[ContactCard]:
    """Return the attempts to reach a member, the latest first."""
    known, worker = table(Contact).c, table(Worker).c
    rows = connection.execute(
        select(known.id, known.at, known.made_at, worker.name, known.how, known.reached, known.note, known.follow_up)
        .select_from(table(Contact).outerjoin(table(Worker), worker.id == known.worker))
        .where(known.person == person, known.gone == 0)
        .order_by(known.at.desc(), known.id.desc())
        .limit(limit)
    )
    return [
        ContactCard(id, at or made, name or "", how or "", reached or "", note or "", follow_up or "")
        for id, at, made, name, how, reached, note, follow_up in rows
    ]
