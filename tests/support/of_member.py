"""What a test reads back of one member's records, the latest first, and of prints: pages read these in other ways."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Connection, Select, func, select

from ewb_desktop.storage.cards.conversations import ConversationCard, conversation_card
from ewb_desktop.storage.cards.follow_ups import FollowUpCard, follow_up_card
from ewb_desktop.storage.cards.handovers import HandoverCard, handover_card
from ewb_desktop.storage.cards.safety_talks import TalkCard, talk_card
from ewb_desktop.storage.cards.signposts import SignpostCard, signpost_card
from ewb_desktop.storage.tables import (
    Contact,
    Conversation,
    FollowUp,
    Handover,
    LeafletGiven,
    PrintTally,
    Row,
    SafetyTalk,
    Signpost,
    Worker,
    table,
)

Card = TypeVar("Card")
_HERE = ZoneInfo("Europe/London")


@dataclass(frozen=True, slots=True)
class ContactCard:
    """One attempt to reach a member."""

    id: str
    at: datetime
    worker_name: str
    how: str
    reached: str
    note: str
    follow_up: str


@dataclass(frozen=True, slots=True)
class GivenLeaflet:
    """One leaflet that a member took home."""

    id: str
    topic: str
    language: str
    format: str
    services: tuple[str, ...]
    given_at: datetime
    given_by: str


@dataclass(frozen=True, slots=True)
class PrintedLeaflet:
    """A leaflet that was printed of late: the topic's id, its language, and the style's id as its format."""

    topic: str
    language: str
    format: str
    copies: int
    """Copies in all, in this language and format."""
    last_at: datetime


def contacts_of(connection: Connection, person: str) -> list[ContactCard]:
    """Return the attempts to reach a member."""
    known = table(Contact).c
    wanted = (known.id, known.at, known.made_at, known.how, known.reached, known.note, known.follow_up)
    return [
        ContactCard(id, at or made, name or "", how or "", reached or "", note or "", follow_up or "")
        for name, id, at, made, how, reached, note, follow_up in connection.execute(
            _with_worker(Contact, person, known.worker, wanted).order_by(known.at.desc(), known.id.desc())
        )
    ]


def leaflets_given(connection: Connection, person: str) -> list[GivenLeaflet]:
    """Return the leaflets that a member took home."""
    known = table(LeafletGiven).c
    wanted = (known.id, known.topic, known.language, known.format, known.services, known.given_at)
    return [
        GivenLeaflet(id, topic or "", language or "", format or "", tuple(services or ()), given, name or "")
        for name, id, topic, language, format, services, given in connection.execute(
            _with_worker(LeafletGiven, person, known.given_by, wanted).order_by(known.given_at.desc(), known.id.desc())
        )
    ]


def conversations_of(connection: Connection, person: str) -> list[ConversationCard]:
    """Return a member's conversations."""
    return _whole(conversation_card(connection, id) for id in _ids(connection, Conversation, person, "started_at"))


def talks_of(connection: Connection, person: str) -> list[TalkCard]:
    """Return a member's safety conversations."""
    return _whole(talk_card(connection, id) for id in _ids(connection, SafetyTalk, person, "opened_at"))


def handovers_of(connection: Connection, person: str) -> list[HandoverCard]:
    """Return a member's handovers."""
    return _whole(handover_card(connection, id) for id in _ids(connection, Handover, person, "made_at"))


def signposts_of(connection: Connection, person: str) -> list[SignpostCard]:
    """Return a member's signposts."""
    return _whole(signpost_card(connection, id) for id in _ids(connection, Signpost, person, "made_at"))


def follow_ups_of(connection: Connection, person: str) -> list[FollowUpCard]:
    """Return every follow-up of a member, done or not, by day."""
    return _whole(follow_up_card(connection, id) for id in _ids(connection, FollowUp, person, "due_on")[::-1])


def recent_leaflets(connection: Connection, limit: int = 4) -> list[PrintedLeaflet]:
    """Return what was printed here of late, each topic in each language and format once, the latest first."""
    known = table(PrintTally).c
    last = func.max(known.printed_at)
    rows = connection.execute(
        select(known.topic, known.language, known.format, func.sum(func.coalesce(known.copies, 1)), last)
        .where(known.gone == 0, known.topic.is_not(None), known.printed_at.is_not(None))
        .group_by(known.topic, known.language, known.format)
        .order_by(last.desc(), known.topic)
        .limit(limit)
    )
    return [
        PrintedLeaflet(topic, language or "en", format or "", int(copies), last_at)
        for topic, language, format, copies, last_at in rows
    ]


def copies_printed(connection: Connection, day: date, place: str | None = None) -> int:
    """Return how many copies were printed on ``day`` (a day in London), at one place or everywhere."""
    known = table(PrintTally).c
    begin = datetime.combine(day, time.min, _HERE)
    end = datetime.combine(date.fromordinal(day.toordinal() + 1), time.min, _HERE)
    wanted = select(func.coalesce(func.sum(func.coalesce(known.copies, 1)), 0)).where(
        known.gone == 0, known.printed_at >= begin, known.printed_at < end
    )
    if place is not None:
        wanted = wanted.where(known.place == place)
    return int(connection.execute(wanted).scalar_one())


def _ids(connection: Connection, kind: type[Row], person: str, by: str) -> list[str]:
    known = table(kind).c
    wanted = select(known.id).where(known.person == person, known.gone == 0).order_by(known[by].desc(), known.id.desc())
    return list(connection.execute(wanted).scalars())


def _whole(cards: Iterable[Card | None]) -> list[Card]:
    return [card for card in cards if card is not None]


def _with_worker(kind: type[Row], person: str, who: ColumnElement[Any], wanted: Sequence[ColumnElement[Any]]) -> Select[Any]:
    known, worker = table(kind).c, table(Worker).c
    return (
        select(worker.name, *wanted)
        .select_from(table(kind).outerjoin(table(Worker), worker.id == who))
        .where(known.person == person, known.gone == 0)
    )
