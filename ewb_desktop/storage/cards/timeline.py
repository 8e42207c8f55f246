"""Everything that happened with a member, the latest first, a page at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Text, and_, case, func, literal, or_, select, type_coerce, union_all

from ewb_desktop.storage.cards.safety_talks import anything_written
from ewb_desktop.storage.columns import InstantText
from ewb_desktop.storage.tables import (
    Answer,
    Assessment,
    Contact,
    Conversation,
    Handover,
    LeafletGiven,
    Person,
    Row,
    SafetyTalk,
    Service,
    Signpost,
    Worker,
    table,
)  # fmt: skip

PAGE = 20
"""Entries read at a time."""

FIRST_CONVERSATION = "first-conversation"
"""The questionnaire that is told by its conversation, not as a measure."""


class Happened(StrEnum):
    """What an entry tells of."""

    JOINED = "joined"
    CONVERSATION = "conversation"
    CONTACT = "contact"
    SAFETY = "safety"
    SIGNPOST = "signpost"
    HANDOVER = "handover"
    MEASURE = "measure"
    LEAFLET = "leaflet"


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One thing that happened, as facts; the page finds the words.

    ``subject`` is a service, a receiver, a questionnaire, a topic, or how a contact was tried; ``words`` what was written;
    ``state`` a key that says how it stands; ``worker`` a name. A measure has ``total``, and ``before`` with ``before_on``
    from the one before it (:mod:`ewb_desktop.actions.totals` works them out); ``answered`` of ``questions``, and ``given``, the
    questions that have an answer, while it is unfinished and nothing was counted yet. A handover has ``starts_on`` and
    ``started_on``. A safety conversation's ``words`` are what was agreed, ``explored`` what was said; ``unwritten`` says that it
    is open and nothing was written yet.
    """

    kind: Happened
    id: str
    at: datetime
    subject: str = ""
    words: str = ""
    state: str = ""
    worker: str = ""
    conversation: str = ""
    first: bool = False
    total: float | None = None
    before: float | None = None
    before_on: datetime | None = None
    answered: int = 0
    questions: int = 0
    given: frozenset[str] = frozenset()
    starts_on: date | None = None
    started_on: date | None = None
    explored: str = ""
    unwritten: bool = False


@dataclass(frozen=True, slots=True)
class Timeline:
    """A page of entries; ``more`` says whether there are earlier ones, to be read with the last entry as ``before``."""

    entries: tuple[TimelineEntry, ...]
    more: bool


def timeline(
    connection: Connection, person: str, kinds: Sequence[Happened] = tuple(Happened), *, before: TimelineEntry | None = None,
    limit: int = PAGE,
) -> Timeline:  # fmt: skip
    """Return what happened with a member, the latest first; earlier than the entry ``before`` when it is given."""
    parts = [_when(kind, person) for kind in kinds]
    every = union_all(*parts).subquery()
    wanted = select(every.c.kind, every.c.id, every.c.at).where(every.c.at.is_not(None))
    if before is not None:
        wanted = wanted.where(or_(every.c.at < before.at, and_(every.c.at == before.at, every.c.id < before.id)))
    rows = connection.execute(wanted.order_by(every.c.at.desc(), every.c.id.desc()).limit(limit + 1)).all()
    times = {(row.kind, row.id): row.at for row in rows}
    found: dict[tuple[str, str], TimelineEntry] = {}
    for kind in dict.fromkeys(row.kind for row in rows[:limit]):
        ids = [row.id for row in rows[:limit] if row.kind == kind]
        for entry in _READ[Happened(kind)](connection, person, ids):
            found[(kind, entry.id)] = replace(entry, at=times[kind, entry.id])
    entries = tuple(found[row.kind, row.id] for row in rows[:limit] if (row.kind, row.id) in found)
    return Timeline(entries, len(rows) > limit)


_AT: Mapping[Happened, tuple[type[Row], str]] = {
    Happened.JOINED: (Person, "made_at"),
    Happened.CONVERSATION: (Conversation, "started_at"),
    Happened.CONTACT: (Contact, "at"),
    Happened.SAFETY: (SafetyTalk, "opened_at"),
    Happened.SIGNPOST: (Signpost, "made_at"),
    Happened.HANDOVER: (Handover, "made_at"),
    Happened.MEASURE: (Assessment, "started_at"),
    Happened.LEAFLET: (LeafletGiven, "given_at"),
}

_DAY = {Happened.JOINED: "joined_on", Happened.HANDOVER: "agreed_on"}
NOON = "T12:00:00.000Z"
"""When something happened of which only the day is known."""


def _when(kind: Happened, person: str) -> Select[Any]:
    source, field = _AT[kind]
    known = table(source).c
    at: ColumnElement[Any] = func.coalesce(known[field], known.made_at)
    if kind in _DAY:
        # made_at is when it was written down, which may be days after the day itself
        day = type_coerce(known[_DAY[kind]], Text)
        same = or_(day.is_(None), day == func.substr(type_coerce(known.made_at, Text), 1, 10))
        at = type_coerce(case((same, type_coerce(known.made_at, Text)), else_=day + NOON), InstantText)
    whose = known.id if source is Person else known.person
    wanted = select(literal(str(kind)).label("kind"), known.id.label("id"), at.label("at")).where(
        whose == person, known.gone == 0
    )
    return wanted.where(known.questionnaire != FIRST_CONVERSATION) if source is Assessment else wanted


def _rows(connection: Connection, source: type[Row], by: str, ids: Sequence[str]) -> list[Any]:
    known, worker = table(source).c, table(Worker).c
    joined = table(source).outerjoin(table(Worker), worker.id == known[by])
    wanted = select(table(source), worker.name.label("worker_name")).select_from(joined).where(known.id.in_(ids))
    return list(connection.execute(wanted))


def _joined(connection: Connection, _person: str, ids: Sequence[str]) -> list[TimelineEntry]:
    return [
        TimelineEntry(
            Happened.JOINED, row.id, row.made_at, subject=row.source or "", words=row.source_detail or "",
            worker=row.worker_name or "",
        )
        for row in _rows(connection, Person, "author", ids)
    ]  # fmt: skip


def _conversations(connection: Connection, person: str, ids: Sequence[str]) -> list[TimelineEntry]:
    known = table(Conversation).c
    first = connection.execute(
        select(known.id).where(known.person == person, known.gone == 0).order_by(known.started_at, known.id).limit(1)
    ).scalar()
    return [
        TimelineEntry(
            Happened.CONVERSATION, row.id, row.started_at or row.made_at, subject=row.mode or "", words=row.summary or "",
            state="" if row.ended_at else "open", worker=row.worker_name or "", conversation=row.id, first=row.id == first,
        )
        for row in _rows(connection, Conversation, "worker", ids)
    ]  # fmt: skip


def _contacts(connection: Connection, _person: str, ids: Sequence[str]) -> list[TimelineEntry]:
    return [
        TimelineEntry(
            Happened.CONTACT, row.id, row.at or row.made_at, subject=row.how or "", words=row.note or "",
            state=row.reached or "", worker=row.worker_name or "",
        )
        for row in _rows(connection, Contact, "worker", ids)
    ]  # fmt: skip


def _talks(connection: Connection, _person: str, ids: Sequence[str]) -> list[TimelineEntry]:
    return [
        TimelineEntry(
            Happened.SAFETY, row.id, row.opened_at or row.made_at, subject=row.told_whom or "",
            words=row.agreed or "", state="" if row.closed_at else "open", worker=row.worker_name or "",
            conversation=row.conversation or "", explored=row.explored or "",
            unwritten=row.closed_at is None and not anything_written(row),
        )
        for row in _rows(connection, SafetyTalk, "opened_by", ids)
    ]  # fmt: skip


def _signposts(connection: Connection, _person: str, ids: Sequence[str]) -> list[TimelineEntry]:
    return [
        TimelineEntry(
            Happened.SIGNPOST, row.id, row.made_at, subject=row.service_name or "", words=row.outcome_note or row.reason or "",
            state=row.still_going if row.arrived == "arrived" and row.still_going else row.arrived or "",
            worker=row.worker_name or "",
        )
        for row in _rows(connection, Signpost, "made_by", ids)
    ]  # fmt: skip


def _handovers(connection: Connection, _person: str, ids: Sequence[str]) -> list[TimelineEntry]:
    rows = _rows(connection, Handover, "made_by", ids)
    service = table(Service).c
    names = {
        id: name or ""
        for id, name in connection.execute(select(service.id, service.name).where(service.id.in_([row.service for row in rows])))
    }
    return [
        TimelineEntry(
            Happened.HANDOVER, row.id, row.made_at, subject=row.to_name or names.get(row.service, ""), words=row.reason or "",
            state=row.answer or "", worker=row.worker_name or "", starts_on=row.start_on, started_on=row.first_attended_on,
        )
        for row in rows
    ]  # fmt: skip


def _measures(connection: Connection, _person: str, ids: Sequence[str]) -> list[TimelineEntry]:
    rows = _rows(connection, Assessment, "worker", ids)
    answer = table(Answer).c
    given: dict[str, set[str]] = {}
    for assessment, question in connection.execute(
        select(answer.assessment, answer.question).where(
            answer.assessment.in_([row.id for row in rows if row.answered is None]), answer.gone == 0, answer.value.is_not(None)
        )
    ):
        given.setdefault(assessment, set()).add(question)

    def entry(row: Any) -> TimelineEntry:
        return TimelineEntry(
            Happened.MEASURE, row.id, row.started_at or row.made_at, subject=row.questionnaire or "",
            state=row.completed_how or "", worker=row.worker_name or "", conversation=row.conversation or "", total=row.total,
            answered=len(given.get(row.id, ())) if row.answered is None else row.answered, questions=row.questions or 0,
            given=frozenset(given.get(row.id, ())),
        )  # fmt: skip

    return [entry(row) for row in rows]


def _leaflets(connection: Connection, _person: str, ids: Sequence[str]) -> list[TimelineEntry]:
    return [
        TimelineEntry(
            Happened.LEAFLET, row.id, row.given_at or row.made_at, subject=row.topic or "", state=row.format or "",
            words=row.language or "", worker=row.worker_name or "",
        )
        for row in _rows(connection, LeafletGiven, "given_by", ids)
    ]  # fmt: skip


_READ: Mapping[Happened, Callable[[Connection, str, Sequence[str]], list[TimelineEntry]]] = {
    Happened.JOINED: _joined,
    Happened.CONVERSATION: _conversations,
    Happened.CONTACT: _contacts,
    Happened.SAFETY: _talks,
    Happened.SIGNPOST: _signposts,
    Happened.HANDOVER: _handovers,
    Happened.MEASURE: _measures,
    Happened.LEAFLET: _leaflets,
}
