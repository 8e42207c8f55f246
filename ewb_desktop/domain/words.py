"""Days, times and lists in the words that people here use."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from datetime import date, time

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def day_words(day: date) -> str:
    """Return ``Tuesday 24 November``."""
    return f"{DAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]}"


def short_day(day: date) -> str:
    """Return ``24 Nov``; September keeps four letters."""
    month = MONTHS[day.month - 1]
    return f"{day.day} {month[:4] if month == 'September' else month[:3]}"


AHEAD = " (later than today: a clock was wrong)"
"""Stands behind when something was said or done, where that is a later day than today: the writer's clock, or the reader's."""


def full_day(day: date) -> str:
    """Return ``14 March 1986``."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def short_weekday(day: date) -> str:
    """Return ``Mon``."""
    return DAYS[day.weekday()][:3]


def in_days(day: date, today: date) -> str:
    """Return how far ``day`` is from ``today``: ``today``, ``tomorrow``, ``in 3 days``, ``yesterday``, ``3 days ago``."""
    apart = (day - today).days
    near = {0: "today", 1: "tomorrow", -1: "yesterday"}
    if apart in near:
        return near[apart]
    return f"in {apart} days" if apart > 0 else f"{-apart} days ago"


def clock_words(at: time) -> str:
    """Return ``16:00``."""
    return f"{at.hour:02d}:{at.minute:02d}"


def list_words(parts: Sequence[str]) -> str:
    """Return ``a, b and c``."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} and {parts[-1]}"


def count_words(number: int, one: str, many: str = "") -> str:
    """Return ``1 person`` or ``3 people``; without ``many`` an s is added."""
    return f"{number} {one if number == 1 else many or one + 's'}"


_FROM_RIGHT = frozenset({"R", "AL", "AN"})
_FIRST_STRONG_ISOLATE, _POP_ISOLATE = "\u2068", "\u2069"


def isolated(words: str) -> str:
    """Return what somebody wrote as it stands within a line of ours: written from right to left, it turns nothing around it.

    Each line has a direction of its own, after its first letter, as the Unicode bidirectional algorithm (UAX 9) has isolates for.
    """
    if not any(unicodedata.bidirectional(letter) in _FROM_RIGHT for letter in words):
        return words
    return "\n".join(f"{_FIRST_STRONG_ISOLATE}{line}{_POP_ISOLATE}" if line else line for line in words.split("\n"))
