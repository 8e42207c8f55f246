"""What goes on at today's place: until when it is open, which services are next, and what was printed lately."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, or_, select

from ewb_desktop.domain.directory.opening import schedules
from ewb_desktop.domain.distance import miles
from ewb_desktop.domain.schedule import OpenState, open_at
from ewb_desktop.storage.cards.listings import opening_rules, runs
from ewb_desktop.storage.cards.places import PlaceCard
from ewb_desktop.storage.tables import Place, PrintTally, Service, table

NEAR = 0.5
"""Miles: what lies further away is not here."""
_DEGREES = 0.02
"""More than half a mile in degrees of latitude and of longitude, anywhere in the United Kingdom."""


@dataclass(frozen=True, slots=True)
class NextHere:
    """A service at today's place, or a short walk from it, and when it is open."""

    service: str
    name: str
    opening: OpenState
    distance: float | None
    """Miles; ``None`` when it is known to be here by its postcode only."""
    step_free: bool
    free: bool


@dataclass(frozen=True, slots=True)
class Printed:
    """A leaflet that was printed lately, and how many copies of it."""

    topic: str
    language: str
    format: str
    copies: int


def place_opening(connection: Connection, place: str | None, now: datetime) -> OpenState | None:
    """Return until when today's place is open at ``now`` (the clock on the wall), or ``None`` when nobody wrote it down."""
    known = table(Place).c
    kept = connection.execute(select(known.opening).where(known.id == place, known.gone == 0)).scalar() if place else None
    rules = schedules(opening_rules(kept)) if isinstance(kept, list) else ()
    return open_at(rules, now) if rules else None


def next_here(connection: Connection, place: PlaceCard | None, now: datetime, limit: int = 3) -> list[NextHere]:
    """Return what is open now or next at ``place``, the soonest first. ``now`` is the clock on the wall."""
    if place is None:
        return []
    known = table(Service).c
    same = []
    if place.postcode:
        same.append(func.replace(func.upper(known.postcode), " ", "") == place.postcode.replace(" ", "").upper())
    if place.latitude is not None and place.longitude is not None:
        same.append(
            known.latitude.between(place.latitude - _DEGREES, place.latitude + _DEGREES)
            & known.longitude.between(place.longitude - _DEGREES, place.longitude + _DEGREES)
        )
    if not same:
        return []
    rows = connection.execute(
        select(
            known.id, known.name, known.status, known.schedule, known.latitude, known.longitude, known.step_free, known.free
        ).where(known.gone == 0, known.schedule.is_not(None), or_(*same))
    )
    found = []
    for id, name, status, schedule, latitude, longitude, step_free, free in rows:
        far = None
        if None not in (place.latitude, place.longitude, latitude, longitude):
            far = miles(place.latitude or 0.0, place.longitude or 0.0, latitude, longitude)
        opening = open_at(schedules(opening_rules(schedule)), now)
        when = now if opening.open_now else opening.opens_next
        if when is not None and runs(status or "active") and (far is None or far <= NEAR):
            found.append((when, NextHere(id, name or "", opening, far, step_free == "yes", free is True)))
    return [each for _, each in sorted(found, key=lambda pair: (pair[0], pair[1].name))[:limit]]


def printed_lately(connection: Connection, place: str | None, limit: int = 3, look_back: int = 200) -> list[Printed]:
    """Return what is printed most among the latest ``look_back`` prints, at this place first."""
    known = table(PrintTally).c
    latest = (
        select(known.topic, known.language, known.format, known.copies, known.place)
        .where(known.gone == 0, known.topic.is_not(None))
        .order_by(known.id.desc())
        .limit(look_back)
        .subquery()
    )
    copies = func.sum(func.coalesce(latest.c.copies, 1))
    rows = connection.execute(
        select(latest.c.topic, latest.c.language, latest.c.format, copies)
        .group_by(latest.c.topic, latest.c.language, latest.c.format)
        .order_by(func.max(func.coalesce(latest.c.place == place, 0)).desc(), copies.desc(), latest.c.topic)
        .limit(limit)
    )
    return [Printed(topic, language or "", form or "", int(many)) for topic, language, form, many in rows]
