"""What members would like help with, in their own words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, func, select

from ewb_desktop.domain.time import local
from ewb_desktop.storage.tables import Handover, Need, Service, Signpost, Worker, table


@dataclass(frozen=True, slots=True)
class NeedCard:
    """One need. ``code`` is a key of the list ``needs``, ``wanted`` of ``need_wants``, ``outcome`` of ``need_outcomes``."""

    id: str
    number: int
    """The server's number of the record as it stands here; 0 where the server has not numbered it yet."""
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
            known.id, known.number, known.person, known.conversation, known.code, known.words, known.wanted, known.outcome,
            known.unmet_reason, known.priority, known.noted_at, known.made_at, worker.name,
        )
        .select_from(table(Need).outerjoin(table(Worker), worker.id == known.noted_by))
        .where(known.person == person, known.gone == 0)
        .order_by(func.coalesce(known.priority, 1000), known.noted_at, known.id)
    )  # fmt: skip
    return [
        NeedCard(
            id, number, person or "", talk or "", code or "", words or "", wanted or "", outcome or "", reason or "", priority,
            noted or made, name or "",
        )
        for id, number, person, talk, code, words, wanted, outcome, reason, priority, noted, made, name in rows
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class HelpGiven:
    """What was done for a need: somebody was told of a service, or was handed over and has started on ``started_on``."""

    to: str
    day: date | None
    handed_over: bool
    started_on: date | None = None


def help_given(connection: Connection, person: str) -> dict[str, list[HelpGiven]]:
    """Return what was done for each of a member's needs, by the need's id, the latest first."""
    told, handed, service = table(Signpost).c, table(Handover).c, table(Service).c
    found: list[tuple[str, HelpGiven]] = [
        (need, HelpGiven(name or "", local(at).date() if at else None, handed_over=False))
        for need, name, at in connection.execute(
            select(told.need, func.coalesce(told.service_name, service.name), told.made_at)
            .select_from(table(Signpost).outerjoin(table(Service), service.id == told.service))
            .where(told.person == person, told.gone == 0, told.need.is_not(None))
        )
    ]
    found += [
        (need, HelpGiven(name or "", agreed, handed_over=True, started_on=started))
        for need, name, agreed, started in connection.execute(
            select(handed.need, func.coalesce(handed.to_name, service.name), handed.agreed_on, handed.first_attended_on)
            .select_from(table(Handover).outerjoin(table(Service), service.id == handed.service))
            .where(handed.person == person, handed.gone == 0, handed.need.is_not(None))
        )
    ]
    by_need: dict[str, list[HelpGiven]] = {}
    for need, help in sorted(found, key=lambda pair: (pair[1].day or date.min, pair[1].to), reverse=True):
        by_need.setdefault(need, []).append(help)
    return by_need
