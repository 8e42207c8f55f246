"""Time as it is handed to the rules: a clock, instants in UTC, days as people here count them."""

from __future__ import annotations

from datetime import UTC, date, datetime, tzinfo
from functools import cache
from typing import Protocol

_PLACE = "Europe/London"


class Clock(Protocol):
    """Where the time comes from. The program has one; a test moves its own."""

    def now(self) -> datetime:
        """Return this instant, aware, in UTC."""

    def today(self) -> date:
        """Return the day it is in the United Kingdom."""


class SystemClock:
    """The computer's own clock."""

    def now(self) -> datetime:
        """Return this instant, aware, in UTC."""
        return datetime.now(UTC)

    def today(self) -> date:
        """Return the day it is in the United Kingdom."""
        return local(self.now()).date()


@cache
def zone() -> tzinfo:
    """Return the zone in which a day begins and a drop-in opens. It is loaded when it is first asked for."""
    from zoneinfo import ZoneInfo

    return ZoneInfo(_PLACE)


def local(instant: datetime) -> datetime:
    """Return the aware ``instant`` as a clock on a wall in the United Kingdom shows it."""
    return instant.astimezone(zone())


def instant_text(instant: datetime) -> str:
    """Return the aware ``instant`` as it stands in files and on the wire: ``2026-11-21T14:05:09.123Z``."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{instant.microsecond // 1000:03d}Z"


def parse_instant(text: str) -> datetime:
    """Read what :func:`instant_text` wrote. Raises ``ValueError`` when the text is no instant with a zone."""
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError("an instant needs its zone")
    return instant.astimezone(UTC)


def instant_told(text: str | None) -> datetime | None:
    """Read an instant that another machine told; None for none, and for one that cannot be read: its clock may have said
    anything."""
    try:
        return parse_instant(text) if text else None
    except (ValueError, OverflowError):
        return None
