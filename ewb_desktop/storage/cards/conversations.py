"""Conversations with members: one, those of a member, and those that a worker has not ended yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, select

from ewb_desktop.domain.person import display_name
from ewb_desktop.storage.tables import Conversation, Person, Place, Worker, table


@dataclass(frozen=True, slots=True)
class ConversationCard:
    """One conversation. ``worker`` is an id, ``worker_name`` what people read, ``ended_at`` is empty until it has ended."""

    id: str
    person: str
    person_name: str
    worker: str
    worker_name: str
    place_name: str
    started_at: datetime
    ended_at: datetime | None
    mode: str
    summary: str


def conversation_card(connection: Connection, conversation: str) -> ConversationCard | None:
    """Return one conversation, or ``None`` when it is not in this file."""
    known = table(Conversation).c
    return next(iter(_cards(connection, _wanted().where(known.id == conversation))), None)


def unended_conversations(connection: Connection, worker: str, since: datetime) -> list[ConversationCard]:
    """Return the conversations that ``worker`` began at ``since`` or later and has not ended, the latest first."""
    known = table(Conversation).c
    wanted = (
        _wanted()
        .where(known.worker == worker, known.ended_at.is_(None), known.started_at >= since)
        .order_by(known.started_at.desc(), known.id.desc())
    )
    return _cards(connection, wanted)


def _wanted() -> Select[Any]:
    known, member, worker, place = table(Conversation).c, table(Person).c, table(Worker).c, table(Place).c
    joined = (
        table(Conversation)
        .outerjoin(table(Person), member.id == known.person)
        .outerjoin(table(Worker), worker.id == known.worker)
        .outerjoin(table(Place), place.id == known.place)
    )
    return (
        select(
            known.id, known.person, member.given_name, member.family_name, member.preferred_name, known.worker, worker.name,
            place.name, known.started_at, known.made_at, known.ended_at, known.mode, known.summary,
        )
        .select_from(joined)
        .where(known.gone == 0)
    )  # fmt: skip


def _cards(connection: Connection, wanted: Select[Any]) -> list[ConversationCard]:
    return [
        ConversationCard(
            id, person or "", display_name(given or "", family or "", preferred or ""), worker or "", name or "", place or "",
            started or made, ended, mode or "", summary or "",
        )
        for id, person, given, family, preferred, worker, name, place, started, made, ended, mode, summary
        in connection.execute(wanted)
    ]  # fmt: skip
