"""Conversations about staying safe: open until a named person closes them. Words only, never a grade."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Select, select

from ewb_desktop.domain.person import display_name
from ewb_desktop.storage.tables import Person, SafetyTalk, Worker, table

WRITTEN = ("explored", "harder", "safer", "could_change", "told_whom", "told_at", "agreed", "plan", "review_on")
"""What somebody writes once the conversation was had; who owns it and why it opened are there before."""


@dataclass(frozen=True, slots=True)
class TalkCard:
    """One safety conversation. ``owner`` and ``closed_by`` are workers' ids, with their names beside them."""

    id: str
    number: int
    """The server's number of the record as it stands here; 0 where the server has not numbered it yet."""
    person: str
    person_name: str
    born: date | None
    conversation: str
    opened_at: datetime
    opened_by_name: str
    opened_because: str
    explored: str
    harder: str
    safer: str
    could_change: str
    told_whom: str
    told_at: datetime | None
    agreed: str
    plan: str
    review_on: date | None
    owner: str
    owner_name: str
    closed_at: datetime | None
    closed_by: str
    closed_by_name: str


def anything_written(talk: Any) -> bool:
    """Return whether a card or a row of a safety conversation holds anything yet: an answer opens it before a word is said."""
    return any(getattr(talk, field) for field in WRITTEN)


def talk_card(connection: Connection, talk: str) -> TalkCard | None:
    """Return one safety conversation, or ``None`` when it is not in this file."""
    return next(iter(_cards(connection, _wanted().where(table(SafetyTalk).c.id == talk))), None)


def open_talks(connection: Connection) -> list[TalkCard]:
    """Return every safety conversation that nobody has closed yet, the longest open first: the Today page shows them all."""
    known = table(SafetyTalk).c
    return _cards(connection, _wanted().where(known.closed_at.is_(None)).order_by(known.opened_at, known.id))


def open_talk_of(connection: Connection, person: str) -> TalkCard | None:
    """Return the member's open safety conversation, or ``None``."""
    known = table(SafetyTalk).c
    wanted = _wanted().where(known.person == person, known.closed_at.is_(None)).order_by(known.opened_at, known.id)
    return next(iter(_cards(connection, wanted)), None)


def _wanted() -> Select[Any]:
    known, member = table(SafetyTalk).c, table(Person).c
    opener, owner, closer = (table(Worker).alias(name) for name in ("opener", "owner", "closer"))
    joined = (
        table(SafetyTalk)
        .outerjoin(table(Person), member.id == known.person)
        .outerjoin(opener, opener.c.id == known.opened_by)
        .outerjoin(owner, owner.c.id == known.owner)
        .outerjoin(closer, closer.c.id == known.closed_by)
    )
    return (
        select(
            known.id, known.number, known.person, member.given_name, member.family_name, member.preferred_name, member.birth_date,
            known.conversation, known.opened_at, known.made_at, opener.c.name.label("opener"), known.opened_because,
            known.explored, known.harder, known.safer, known.could_change, known.told_whom, known.told_at, known.agreed,
            known.plan, known.review_on, known.owner, owner.c.name.label("owner_name"), known.closed_at, known.closed_by,
            closer.c.name.label("closer"),
        )
        .select_from(joined)
        .where(known.gone == 0)
    )  # fmt: skip


def _cards(connection: Connection, wanted: Select[Any]) -> list[TalkCard]:
    return [
        TalkCard(
            id=row.id,
            number=row.number,
            person=row.person or "",
            person_name=display_name(row.given_name or "", row.family_name or "", row.preferred_name or ""),
            born=row.birth_date,
            conversation=row.conversation or "",
            opened_at=row.opened_at or row.made_at,
            opened_by_name=row.opener or "",
            opened_because=row.opened_because or "",
            explored=row.explored or "",
            harder=row.harder or "",
            safer=row.safer or "",
            could_change=row.could_change or "",
            told_whom=row.told_whom or "",
            told_at=row.told_at,
            agreed=row.agreed or "",
            plan=row.plan or "",
            review_on=row.review_on,
            owner=row.owner or "",
            owner_name=row.owner_name or "",
            closed_at=row.closed_at,
            closed_by=row.closed_by or "",
            closed_by_name=row.closer or "",
        )
        for row in connection.execute(wanted)
    ]
