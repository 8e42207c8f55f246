"""A clock that a test moves by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from ewb_desktop.domain.time import local

START = datetime(2026, 11, 21, 13, 0, tzinfo=UTC)
"""A Saturday afternoon."""


class HandClock:
    """Stands still until it is moved."""

    def __init__(self, start: datetime = START) -> None:
        self._now = start

    def now(self) -> datetime:
        """Return the instant at which it stands."""
        return self._now

    def today(self) -> date:
        """Return the day it is in the United Kingdom."""
        return local(self._now).date()

    def move(self, *, days: float = 0, hours: float = 0, minutes: float = 0, seconds: float = 0) -> datetime:
        """Move by this much (backwards when negative) and return where it stands then."""
        self._now += timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
        return self._now

    def move_to(self, instant: datetime) -> None:
        """Move to ``instant``."""
        self._now = instant
