"""Opening rules from published schedules."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from ewb_desktop.domain.directory.cleaning import Mends, clean_clock, clean_day, clean_line, clean_text, clean_whole, shown
from ewb_desktop.domain.directory.listing import DAYS, OpeningRule

_BYDAY = re.compile(r"^([+-]?[1-5])?(MO|TU|WE|TH|FR|SA|SU)$")
_DAY_NAMES = {
    name: DAYS[index]
    for index, full in enumerate(("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY"))
    for name in (full, full + "S", full[:3], full[:4], full[:5])
}


def read_schedules(schedules: Sequence[Any], mends: Mends) -> tuple[OpeningRule, ...]:
    """Return the opening rules of published schedules; a schedule that cannot be understood leaves its words as notes."""
    rules: list[OpeningRule] = []
    for schedule in schedules:
        if isinstance(schedule, Mapping):
            rules.extend(rule for rule in _rules(schedule, mends) if rule not in rules)
        else:
            mends.mend("An opening time was not a schedule and was left out.")
    return tuple(rules)


def _rules(schedule: Mapping[str, Any], mends: Mends) -> list[OpeningRule]:
    words = [clean_text(schedule.get(name), "words about opening times", mends) for name in ("description", "notes")]
    notes = "\n".join(dict.fromkeys(word for word in words if word))
    days = _days(clean_line(schedule.get("byday"), "days of opening", mends), mends)
    monthdays = _monthdays(schedule.get("bymonthday"), mends)
    valid_from, valid_to = _validity(schedule, mends)
    freq = clean_line(schedule.get("freq"), "frequency of opening", mends).lower()
    if freq == "daily" and not days:
        freq, days = "weekly", [(None, day) for day in DAYS]
    elif freq not in ("", "weekly", "monthly"):
        mends.mend(f"Opening “{freq[:40]}” is not weekly or monthly; its words were kept, its days left out.")
        days, monthdays = [], ()
    opens, closes = (
        clean_clock(schedule.get(name), f"{name.split('_')[0][:-1]}ing time", mends) for name in ("opens_at", "closes_at")
    )
    if not days and not monthdays:
        told = notes or " to ".join(time for time in (opens, closes) if time)
        return [OpeningRule(notes=told, valid_from=valid_from, valid_to=valid_to)] if told else []
    if freq == "weekly" and days:
        monthdays = ()  # RFC 5545: a weekly rule has no days of the month
    monthly = freq == "monthly" or bool(monthdays) or any(nth for nth, _ in days)
    interval = clean_whole(schedule.get("interval"), "interval of opening", 52, mends) or 1
    groups: dict[int | None, list[str]] = {}
    for nth, day in days:
        groups.setdefault(nth, []).append(day)
    return [
        OpeningRule(
            freq="monthly" if monthly else "weekly",
            byday=tuple(sorted(set(names), key=DAYS.index)),
            nth=nth,
            interval=interval,
            monthdays=monthdays,
            opens_at=opens,
            closes_at=closes,
            valid_from=valid_from,
            valid_to=valid_to,
            notes=notes,
        )
        for nth, names in (groups or {None: []}).items()
    ]


def _days(text: str, mends: Mends) -> list[tuple[int | None, str]]:
    found: list[tuple[int | None, str]] = []
    for part in re.split(r"[,;/\s]+", text.upper()):
        match = _BYDAY.match(part)
        if match:
            found.append((int(match[1]) if match[1] else None, match[2]))
        elif part in _DAY_NAMES:
            found.append((None, _DAY_NAMES[part]))
            mends.mend(f"The day {shown(part.title())} was read as {_DAY_NAMES[part]}.")
        elif part:
            mends.mend(f"The day {shown(part)} is no day of the week and was left out.")
    return found


def _monthdays(value: object, mends: Mends) -> tuple[int, ...]:
    found: list[int] = []
    for part in clean_line(value, "days of the month", mends).split(","):
        text = part.strip()
        if re.fullmatch(r"-?\d{1,2}", text) and 1 <= abs(int(text)) <= 31:
            found.append(int(text))
        elif text:
            mends.mend(f"The day of the month {shown(text)} does not exist and was left out.")
    return tuple(found)


def _validity(schedule: Mapping[str, Any], mends: Mends) -> tuple[str | None, str | None]:
    first = clean_day(schedule.get("valid_from"), "first day of opening", mends)
    first = first or clean_day(schedule.get("dtstart"), "first day of opening", mends)
    last = clean_day(schedule.get("valid_to"), "last day of opening", mends)
    if first and last and last < first:
        mends.mend("The last day of opening was before the first day; the last day was left out.")
        last = None
    return _iso(first), _iso(last)


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
