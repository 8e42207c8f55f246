"""Who needs a contact today: safety talks, conversations not ended, follow-ups, handovers, members nobody has talked with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from sqlalchemy import Connection, Text, func, select, type_coerce
from sqlalchemy.sql.elements import ColumnElement

from ewb_desktop.domain.handover import HandoverClock
from ewb_desktop.domain.person import display_name
from ewb_desktop.domain.time import local, zone
from ewb_desktop.storage.cards.contacts import SPOKE
from ewb_desktop.storage.cards.conversations import unended_conversations
from ewb_desktop.storage.cards.follow_ups import HANDOVER, due
from ewb_desktop.storage.cards.handovers import HandoverCard, open_handovers
from ewb_desktop.storage.cards.safety_talks import anything_written, open_talks
from ewb_desktop.storage.tables import Contact, Conversation, Person, table

QUIET_STATES = ("active", "keeping_in_touch", "waiting")
"""Members who expect to hear from us. Whoever paused, left or moved comes back when they wish."""

LISTED = 30
"""Members out of touch that are listed for the worker, and again for colleagues; :class:`Today` counts the others too."""

WEEKS, DAYS = "in_touch_weeks", "try_again_days"
_USUAL = {WEEKS: 4, DAYS: 7}


class Why(StrEnum):
    """Why somebody needs a contact, the most pressing first."""

    SAFETY = "safety"
    PAUSED = "paused"
    FOLLOW_UP = "follow_up"
    HANDOVER = "handover"
    OUT_OF_TOUCH = "out_of_touch"


@dataclass(frozen=True, slots=True)
class TodayItem:
    """One person who needs a contact.

    ``id`` is the record: a safety talk, a conversation, a follow-up, a handover, or the person. ``owner`` is the worker
    whose turn it is. ``part`` is a follow-up's kind, ``about`` and ``about_id`` what it is about; ``subject`` a service or
    a receiver; ``words`` what was agreed. ``tried`` counts attempts since somebody last talked with them, on ``day``.
    ``here`` says that somebody talked with them at today's place before, ``unwritten`` that a safety talk was opened and
    nothing is written of it yet.
    """

    why: Why
    id: str
    person: str
    name: str
    owner: str
    day: date | None = None
    born: date | None = None
    part: str = ""
    about: str = ""
    about_id: str = ""
    subject: str = ""
    words: str = ""
    tried: int = 0
    clock: HandoverClock | None = None
    here: bool = False
    unwritten: bool = False


@dataclass(frozen=True, slots=True)
class Today:
    """Everybody who needs a contact. Safety talks are everyone's: they stand in every list."""

    mine: tuple[TodayItem, ...]
    team: tuple[TodayItem, ...]
    here: tuple[TodayItem, ...]
    mine_count: int
    team_count: int
    """Counts include members out of touch beyond those listed."""


def who_needs_a_contact(
    connection: Connection, now: datetime, worker: str, *, place: str | None = None, times: Mapping[str, int] | None = None
) -> Today:
    """Return who needs a contact at ``now`` (aware). The number of queries does not grow with the number of people."""
    today = local(now).date()
    begun = _paused(connection, now, worker)
    quiet, quiet_mine, quiet_team = _out_of_touch(connection, now, worker, times or {})
    found = [*_talks(connection), *begun, *_promised(connection, today), *_handovers(connection, today, times)]
    shown = _once(_with_place(connection, place, [*found, *quiet]))
    mine = tuple(item for item in shown if item.why is Why.SAFETY or item.owner == worker)
    team = tuple(item for item in shown if item.why is Why.SAFETY or item.owner != worker)
    listed_mine = sum(item.owner == worker for item in quiet)
    unlisted_mine, unlisted_team = quiet_mine - listed_mine, quiet_team - (len(quiet) - listed_mine)
    return Today(
        mine=mine,
        team=team,
        here=tuple(item for item in shown if item.here),
        mine_count=len(mine) + unlisted_mine,
        team_count=len(team) + unlisted_team,
    )


def _once(items: Sequence[TodayItem]) -> list[TodayItem]:
    """Leave out that nobody has talked with somebody who is here for another reason: one contact serves both."""
    others = {item.person for item in items if item.why is not Why.OUT_OF_TOUCH}
    return [item for item in items if item.why is not Why.OUT_OF_TOUCH or item.person not in others]


def _talks(connection: Connection) -> list[TodayItem]:
    return [
        TodayItem(
            Why.SAFETY, talk.id, talk.person, talk.person_name, talk.owner, local(talk.opened_at).date(),
            born=talk.born, words=talk.agreed, subject=talk.owner_name or talk.opened_by_name,
            unwritten=not anything_written(talk),
        )
        for talk in open_talks(connection)
    ]  # fmt: skip


def _paused(connection: Connection, now: datetime, worker: str) -> list[TodayItem]:
    began = datetime.combine(local(now).date(), time(), tzinfo=zone()).astimezone(UTC)
    return [
        TodayItem(Why.PAUSED, card.id, card.person, card.person_name, worker, local(card.started_at).date())
        for card in unended_conversations(connection, worker, began)
    ]


def _promised(connection: Connection, today: date) -> list[TodayItem]:
    return [
        TodayItem(
            Why.FOLLOW_UP, card.id, card.person, card.person_name, card.owner, card.due_on,
            born=card.born, part=card.kind, about=card.about, about_id=card.about_id, subject=card.subject, words=card.note,
        )
        for card in due(connection, today, days_ahead=1)
        # what is asked can wait for its day; what is prepared is better seen the day before
        if card.due_on <= today or card.kind in _SEEN_BEFORE
    ]  # fmt: skip


_SEEN_BEFORE = ("before", "along", "meeting")


def _handovers(connection: Connection, today: date, times: Mapping[str, int] | None) -> list[TodayItem]:
    waiting = []
    for card in open_handovers(connection):
        clock = card.clock(today, times)
        if clock.overdue or _is_waiting(card, today):
            item = TodayItem(
                Why.HANDOVER, card.id, card.person, card.person_name, card.coordinator or card.made_by, card.agreed_on,
                born=card.born, part=str(card.answer.kind) if card.answer else "", about=HANDOVER, about_id=card.id,
                subject=card.to_name, words=card.answer_words, clock=clock,
            )  # fmt: skip
            waiting.append(item)
    return waiting


def _is_waiting(card: HandoverCard, today: date) -> bool:
    """Nobody has said when they start, or the day has come on which they said that they would."""
    return card.answer is None or card.answer.start_on is None or card.answer.start_on <= today


def _out_of_touch(
    connection: Connection, now: datetime, worker: str, times: Mapping[str, int]
) -> tuple[list[TodayItem], int, int]:
    """Return the first of them, longest out of touch first, and how many there are of the worker's and of others'."""
    person = table(Person).c
    mine = func.coalesce(person.coordinator == worker, 0)
    quiet = _is_quiet(now, times)
    counts = connection.execute(select(mine, func.count()).select_from(table(Person)).where(*quiet).group_by(mine)).all()
    many = {bool(is_mine): int(count) for is_mine, count in counts}
    known = select(
        person.id, person.given_name, person.family_name, person.preferred_name, person.birth_date,
        func.coalesce(person.coordinator, "").label("owner"), _last_talk().label("last"),
    ).where(*quiet)  # fmt: skip
    # the worker's own come in the order of their last talk; for colleagues' the day on which they joined is near enough
    own = known.where(person.coordinator == worker).order_by("last", person.id).limit(LISTED) if True in many else None
    others = known.where(mine == 0).order_by(person.joined_on, person.id).limit(LISTED) if False in many else None
    rows = [row for wanted in (own, others) if wanted is not None for row in connection.execute(wanted)]
    tried = _tried(connection, {row.id: row.last for row in rows})
    items = [
        TodayItem(
            Why.OUT_OF_TOUCH, row.id, row.id, display_name(row.given_name or "", row.family_name or "", row.preferred_name or ""),
            row.owner, date.fromisoformat(row.last[:10]), born=row.birth_date, tried=tried.get(row.id, 0),
        )
        for row in rows
    ]  # fmt: skip
    return items, many.get(True, 0), many.get(False, 0)


def _is_quiet(now: datetime, times: Mapping[str, int]) -> tuple[ColumnElement[bool], ...]:
    """Nobody has talked with them for weeks, and nobody has tried in the last days."""
    person, contact, talk = table(Person).c, table(Contact).c, table(Conversation).c
    cut = now - timedelta(weeks=times.get(WEEKS, _USUAL[WEEKS]))
    lately = now - timedelta(days=times.get(DAYS, _USUAL[DAYS]))
    spoke = select(contact.person).where(contact.at >= cut, contact.gone == 0, contact.reached == SPOKE)
    talked = select(talk.person).where(talk.started_at >= cut, talk.gone == 0)
    attempt = select(contact.person).where(contact.at >= lately, contact.gone == 0, contact.person.is_not(None))
    return (
        person.gone == 0,
        person.membership.in_(QUIET_STATES),
        _joined() < local(cut).date().isoformat(),
        *(
            person.id.not_in(recent.where(column.is_not(None)))
            for recent, column in ((spoke, contact.person), (talked, talk.person))
        ),
        person.id.not_in(attempt),
    )


def _joined() -> ColumnElement[str]:
    person = table(Person).c
    return func.coalesce(type_coerce(person.joined_on, Text), func.substr(type_coerce(person.made_at, Text), 1, 10), "0001-01-01")


def _last_talk() -> ColumnElement[str]:
    """The latest of: somebody talked with them, a conversation, the day on which they joined; ISO text."""
    person, contact, talk = table(Person).c, table(Contact).c, table(Conversation).c

    def latest(column: ColumnElement[object], *where: ColumnElement[bool]) -> ColumnElement[str]:
        return func.coalesce(select(func.max(type_coerce(column, Text))).where(*where).scalar_subquery(), "")

    spoke = latest(contact.at, contact.person == person.id, contact.gone == 0, contact.reached == SPOKE)
    talked = latest(talk.started_at, talk.person == person.id, talk.gone == 0)
    return func.max(spoke, talked, _joined())


def _tried(connection: Connection, since: Mapping[str, str]) -> dict[str, int]:
    """Return how often each was tried after they were last talked with."""
    contact = table(Contact).c
    rows = connection.execute(
        select(contact.person, type_coerce(contact.at, Text)).where(
            contact.person.in_(list(since)), contact.gone == 0, contact.reached != SPOKE
        )
    )
    counts: dict[str, int] = {}
    for person, at in rows:
        if (at or "") > since[person]:
            counts[person] = counts.get(person, 0) + 1
    return counts


def _with_place(connection: Connection, place: str | None, items: Sequence[TodayItem]) -> list[TodayItem]:
    if place is None or not items:
        return list(items)
    talk = table(Conversation).c
    people = {item.person for item in items}
    known = set(
        connection.execute(
            select(talk.person).distinct().where(talk.person.in_(people), talk.place == place, talk.gone == 0)
        ).scalars()
    )
    return [replace(item, here=True) if item.person in known else item for item in items]
