"""The server's time: one function that a test replaces, and how an instant is written."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""Returns the present instant, aware, in UTC."""


def utc_now() -> datetime:
    """Return the present instant."""
    return datetime.now(UTC)


def instant_text(instant: datetime) -> str:
    """Return ``instant`` as it travels: ``2026-11-21T14:05:09.123Z``."""
    return instant.astimezone(UTC).isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"
