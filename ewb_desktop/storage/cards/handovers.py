"""Warm handovers: where each stands, what was answered, and which have not started."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Connection, select

from ewb_desktop.domain.handover import AnswerKind, HandoverAnswer, HandoverClock, answer_sentence, clock
from ewb_desktop.domain.handover import Handover as Agreed
from ewb_desktop.domain.person import display_name
from ewb_desktop.storage.tables import Handover, Need, Person, Service, Worker, table


@dataclass(frozen=True, slots=True)
class HandoverCard:
    """One handover. It is accepted on ``agreed_on``; it has started from ``first_attended_on`` on."""

    id: str
    number: int
    """The server's number of the record as it stands here; 0 where the server has not numbered it yet."""
    person: str
    person_name: str
    born: date | None
    service: str
    to_name: str
    to_telephone: str
    agreed_on: date
    made_by: str
    made_by_name: str
    coordinator: str
    """The member's coordinator now, a worker's id."""
    need: str
    need_code: str
    need_words: str
    reason: str
    wanted: str
    summary: str
    shared: tuple[str, ...]
    introduced_by: str
    meeting_on: date | None
    answer: HandoverAnswer | None
    answered_at: datetime | None
    answered_to: str
    """The name of the worker who wrote the answer down."""
    first_attended_on: date | None

    @property
    def answer_words(self) -> str:
        """The receiver's answer as a sentence, empty until there is one."""
        return answer_sentence(self.answer) if self.answer else ""

    def clock(self, today: date, times: Mapping[str, int] | None = None) -> HandoverClock:
        """Return how long it has been under way."""
        agreed = Agreed(self.made_by, self.service or self.to_name, self.agreed_on, self.answer, self.first_attended_on)
        return clock(agreed, today, times)


def handover_card(connection: Connection, handover: str) -> HandoverCard | None:
    """Return one handover, or ``None`` when it is not in this file."""
    return next(iter(_cards(connection, table(Handover).c.id == handover)), None)


def open_handovers(connection: Connection, owner: str | None = None) -> list[HandoverCard]:
    """Return the handovers that have not started, the longest under way first; with ``owner`` those that worker made."""
    known = table(Handover).c
    where: list[ColumnElement[bool]] = [known.first_attended_on.is_(None)]
    if owner is not None:
        where.append(known.made_by == owner)
    return _cards(connection, *where)[::-1]


def _cards(connection: Connection, *where: ColumnElement[bool]) -> list[HandoverCard]:
    known, person, service, need = (table(kind).c for kind in (Handover, Person, Service, Need))
    maker, hearer = table(Worker).alias("maker"), table(Worker).alias("hearer")
    joined = (
        table(Handover)
        .join(table(Person), (person.id == known.person) & (person.gone == 0))
        .outerjoin(table(Service), service.id == known.service)
        .outerjoin(table(Need), need.id == known.need)
        .outerjoin(maker, maker.c.id == known.made_by)
        .outerjoin(hearer, hearer.c.id == known.answered_to)
    )
    rows = connection.execute(
        select(
            known.id, known.number, known.person, known.service, known.to_name, known.to_telephone, known.agreed_on,
            known.made_by, known.reason, known.wanted, known.summary, known.shared, known.introduced_by, known.meeting_on,
            known.answer, known.start_on, known.answer_needs, known.better_by, known.answered_at, known.first_attended_on,
            person.given_name, person.family_name, person.preferred_name, person.birth_date, person.coordinator,
            known.need, need.code.label("need_code"), need.words.label("need_words"),
            service.name.label("service_name"), service.telephone.label("service_telephone"),
            maker.c.name.label("maker_name"), hearer.c.name.label("hearer_name"),
        )
        .select_from(joined)
        .where(known.gone == 0, *where)
        .order_by(known.agreed_on.desc(), known.id.desc())
    )  # fmt: skip
    return [
        HandoverCard(
            id=row.id,
            number=row.number,
            person=row.person,
            person_name=display_name(row.given_name or "", row.family_name or "", row.preferred_name or ""),
            born=row.birth_date,
            service=row.service or "",
            to_name=row.to_name or row.service_name or "",
            to_telephone=row.to_telephone or row.service_telephone or "",
            agreed_on=row.agreed_on or date.max,
            made_by=row.made_by or "",
            made_by_name=row.maker_name or "",
            coordinator=row.coordinator or "",
            need=row.need or "",
            need_code=row.need_code or "",
            need_words=row.need_words or "",
            reason=row.reason or "",
            wanted=row.wanted or "",
            summary=row.summary or "",
            shared=tuple(row.shared or ()),
            introduced_by=row.introduced_by or "",
            meeting_on=row.meeting_on,
            answer=_answer(row.answer, row.start_on, row.answer_needs or "", row.better_by or ""),
            answered_at=row.answered_at,
            answered_to=row.hearer_name or "",
            first_attended_on=row.first_attended_on,
        )
        for row in rows
    ]


def _answer(kind: str | None, start_on: date | None, need: str, better_by: str) -> HandoverAnswer | None:
    if kind not in set(AnswerKind):
        return None
    return HandoverAnswer(AnswerKind(kind), start_on, need, better_by)
