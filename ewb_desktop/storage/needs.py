"""What members would like help with, in their own words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from ewb_desktop.storage.tables import Need, Worker, table


@dataclass(frozen=True, slots=True)
class NeedCard:
    """One need. ``code`` is a key of the list ``needs``, ``wanted`` of ``need_wants``, ``outcome`` of ``need_outcomes``."""

    id: str
    person: str
    conversation: str
    code: str
    words: str
    wanted: str
    outcome: str
    unmet_reason: str
    priority: int | None
    noted_at: datetime
    noted_by: str
    """The name of the worker who noted it."""


def needs_of(connection: Connection, person: str) -> list[NeedCard]:
    """Return a member's needs: by priority, those without one last, then the earliest first."""
    known, worker = table(Need).c, table(Worker).c
    rows = connection.execute(
        select(
            known.id, known.person, known.conversation, known.code, known.words, known.wanted, known.outcome, known.unmet_reason,
            known.priority, known.noted_at, known.made_at, worker.name,
        )
        .select_from(table(Need).outerjoin(table(Worker), worker.id == known.noted_by))
        .where(known.person == person, known.gone == 0)
        .order_by(func.coalesce(known.priority, 1000), known.noted_at, known.id)
    )  # fmt: skip
    return [
        NeedCard(
            id, person or "", talk or "", code or "", words or "", wanted or "", outcome or "", reason or "", priority,
            noted or made, name or "",
        )
        for id, person, talk, code, words, wanted, outcome, reason, priority, noted, made, name in rows
    ]  # fmt: skip
