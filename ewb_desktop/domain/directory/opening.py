"""Opening rules of a listing as schedules that can be asked whether it is open, and in words."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from ewb_desktop.domain.directory.listing import OpeningRule
from ewb_desktop.domain.schedule import BadSchedule, Schedule, read_schedule, schedule_words
from ewb_desktop.domain.words import list_words


def schedules(rules: Iterable[OpeningRule]) -> tuple[Schedule, ...]:
    """Return the rules that say on which days of the week something is open.

    A rule for every second week or for days of the month is left out: better to say nothing than that a door is open
    which is shut. :func:`opening_words` still tells it.
    """
    return tuple(schedule for rule in rules if rule.interval == 1 and (schedule := schedule_of(rule)) is not None)


def opening_words(rules: Iterable[OpeningRule]) -> tuple[str, ...]:
    """Return one line for each rule: ``Tue and Thu, 13:00 to 16:00``, with what the publisher wrote beside it."""
    return tuple(line for rule in rules if (line := _line(rule)))


def schedule_of(rule: OpeningRule) -> Schedule | None:
    """Return on which days of the week and when ``rule`` opens, whatever its interval; None where it names no such day."""
    if not rule.byday:
        return None
    nth = "" if rule.nth is None or rule.freq == "weekly" else str(rule.nth)
    try:
        return read_schedule(
            rule.freq, ",".join(f"{nth}{day}" for day in rule.byday), rule.opens_at or "", rule.closes_at or "",
            _day(rule.valid_from), _day(rule.valid_to), rule.notes,
        )  # fmt: skip
    except BadSchedule:
        return None


def _line(rule: OpeningRule) -> str:
    schedule = schedule_of(rule)
    words = schedule_words(schedule) if schedule is not None else ""
    if not words and rule.monthdays:
        words = _monthday_words(rule)
    if words and rule.interval > 1:
        unit = "week" if rule.freq == "weekly" else "month"
        words = f"{words} (every {rule.interval} {unit}s)"
    return ". ".join(part for part in (words, rule.notes.strip()) if part)


def _monthday_words(rule: OpeningRule) -> str:
    """Return ``days 1 and 15 of the month, 09:00 to 10:00``; a rule counts from the end of a month with -1 for its last day."""
    named = sorted(day for day in rule.monthdays if day > 0)
    days = [f"{'days' if len(named) > 1 else 'day'} {list_words([str(day) for day in named])} of the month"] if named else []
    ends = sorted(-day for day in rule.monthdays if day < 0)
    days += ["last day of the month" if day == 1 else f"day {day} from the end of the month" for day in ends]
    times = f", {rule.opens_at} to {rule.closes_at}" if rule.opens_at and rule.closes_at else ""
    return list_words(days) + times


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None
