"""Services that a member was told of, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, select

from ewb_desktop.storage.cards.follow_ups import FollowUpCard, follow_ups_about
from ewb_desktop.storage.tables import Handover, Need, Service, Signpost, Worker, table


@dataclass(frozen=True, slots=True)
class SignpostCard:
    """One signpost. Answers are keys of their lists, empty when nobody has asked; ``how`` is one of ``signpost_ways``."""

    id: str
    number: int
    """The server's number of the record as it stands here; 0 where the server has not numbered it yet."""
    person: str
    service: str
    service_name: str
    need: str
    need_code: str
    need_words: str
    reason: str
    how: str
    made_at: datetime | None
    made_by: str
    """The worker's name."""
    leaflet: str
    introduced: str
    arrived: str
    still_going: str
    was_good: str
    outcome_note: str
    next_due: date | None
    """The day of the next follow-up that is not done."""
    follow_ups: tuple[FollowUpCard, ...]


def signpost_card(connection: Connection, signpost: str) -> SignpostCard | None:
    """Return one signpost, or ``None`` when it is not in this file."""
    return next(iter(_cards(connection, table(Signpost).c.id == signpost)), None)


def services_told_of(connection: Connection, person: str, since: datetime) -> list[str]:
    """Return the services of the directory that a member was signposted or handed over to since then, the latest first."""
    found: list[tuple[datetime, str]] = []
    for kind in (Signpost, Handover):
        told = table(kind).c
        query = select(told.made_at, told.service).where(
            told.person == person, told.gone == 0, told.service.is_not(None), told.made_at >= since
        )
        found += [(at, service) for at, service in connection.execute(query).all()]
    return list(dict.fromkeys(service for _at, service in sorted(found, reverse=True) if service))


def _cards(connection: Connection, where: ColumnElement[bool]) -> list[SignpostCard]:
    known, service, worker, need = (table(kind).c for kind in (Signpost, Service, Worker, Need))
    joined = (
        table(Signpost)
        .outerjoin(table(Service), service.id == known.service)
        .outerjoin(table(Worker), worker.id == known.made_by)
        .outerjoin(table(Need), need.id == known.need)
    )
    rows = connection.execute(
        select(
            known.id, known.number, known.person, known.service, known.service_name, known.need, known.reason, known.how,
            known.made_at, known.leaflet, known.introduced, known.arrived, known.still_going, known.was_good, known.outcome_note,
            service.name.label("name_now"), worker.name.label("maker_name"), need.code.label("need_code"),
            need.words.label("need_words"),
        )
        .select_from(joined)
        .where(known.gone == 0, where)
        .order_by(known.made_at.desc(), known.id.desc())
    ).all()  # fmt: skip
    return [_card(row, tuple(follow_ups_about(connection, row.id))) for row in rows]


def _card(row: Any, follow_ups: tuple[FollowUpCard, ...]) -> SignpostCard:
    return SignpostCard(
        id=row.id,
        number=row.number,
        person=row.person or "",
        service=row.service or "",
        service_name=row.service_name or row.name_now or "",
        need=row.need or "",
        need_code=row.need_code or "",
        need_words=row.need_words or "",
        reason=row.reason or "",
        how=row.how or "",
        made_at=row.made_at,
        made_by=row.maker_name or "",
        leaflet=row.leaflet or "",
        introduced=row.introduced or "",
        arrived=row.arrived or "",
        still_going=row.still_going or "",
        was_good=row.was_good or "",
        outcome_note=row.outcome_note or "",
        next_due=next((each.due_on for each in follow_ups if each.is_open), None),
        follow_ups=follow_ups,
    )
