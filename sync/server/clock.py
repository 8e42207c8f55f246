"""The server's time: one function that a test replaces, and how an instant is written."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final

MAY_BE_OFF: Final = timedelta(minutes=10)
"""What was noted so far ahead of the present instant, or farther, was noted while the clock was wrong, or it is wrong now."""

Clock = Callable[[], datetime]
"""Returns the present instant, aware, in UTC."""


def utc_now() -> datetime:
    """Return the present instant."""
    return datetime.now(UTC)


def instant_text(instant: datetime) -> str:
    """Return ``instant`` as it travels: ``2026-11-21T14:05:09.123Z``."""
    return instant.astimezone(UTC).isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"
