"""Leaflets that were printed, without a name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, func, select

from ewb_desktop.storage.tables import PrintTally, table

_HERE = ZoneInfo("Europe/London")


@dataclass(frozen=True, slots=True)
class PrintedLeaflet:
    """A leaflet that was printed of late: the topic's id, its language, and the style's id as its format."""

    topic: str
    language: str
    format: str
    copies: int
    """Copies in all, in this language and format."""
    last_at: datetime


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
