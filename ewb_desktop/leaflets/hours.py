"""Opening times in the leaflet's own language, from the same rules the directory reads; what has no words there stays English."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from ewb_desktop.domain.directory.listing import OpeningRule
from ewb_desktop.domain.directory.opening import opening_words, schedule_of
from ewb_desktop.domain.schedule import OpenDay, Schedule
from ewb_desktop.leaflets.text.spans import Span
from ewb_desktop.leaflets.wording import Wording

_TIME = "{time.hour:02d}:{time.minute:02d}"


def opening_spans(rules: Sequence[OpeningRule], words: Wording, lang: str) -> tuple[Span, ...]:
    """Return the opening times told in ``words``; what the publisher wrote, or has no words there, is marked as ``lang``.

    ``lang`` is the language of the directory's own text, empty where it is the leaflet's.
    """
    lines = [line for rule in rules if (line := _line(rule, words, lang))]
    spans: list[Span] = []
    for line in lines:
        if spans:
            spans.append(Span(words.opening.get("between", "; ")))
        spans += line
    return tuple(spans)


def _line(rule: OpeningRule, words: Wording, lang: str) -> list[Span]:
    whole = opening_words([rule])
    if not whole:
        return []
    told = _told(rule, words.opening)
    if not told:
        return [Span(whole[0], lang=lang)]
    notes = rule.notes.strip()
    return [Span(told + words.opening.get("stop", ". ")), Span(notes, lang=lang)] if notes else [Span(told)]


def _told(rule: OpeningRule, known: Mapping[str, Any]) -> str:
    """Return one rule in the words of a language, or nothing when they do not reach so far."""
    schedule = schedule_of(rule)
    try:
        if schedule is not None:
            return _every(_scheduled(schedule, known), rule, known)
        return _every(_monthdays(rule, known), rule, known) if rule.monthdays else ""
    except KeyError:
        return ""


def _scheduled(schedule: Schedule, known: Mapping[str, Any]) -> str:
    """Return days of the week and their times."""
    weekly = sorted({day.weekday for day in schedule.days if day.nth == 0})
    parts = [known["every_day"]] if len(weekly) == 7 else _runs(weekly, known)
    monthly = [_nth(day, known) for day in schedule.days if day.nth != 0]
    if monthly:
        parts.append(known["monthly"].format(days=_joined(monthly, known)))
    days = _joined(parts, known)
    if schedule.opens is None or schedule.closes is None:
        return str(known["unknown"].format(days=days))
    if schedule.opens == schedule.closes:
        return str(known["all_day"].format(days=days))
    opens, closes = (_TIME.format(time=time) for time in (schedule.opens, schedule.closes))
    return str(known["hours"].format(days=days, opens=opens, closes=closes))


def _monthdays(rule: OpeningRule, known: Mapping[str, Any]) -> str:
    """Return days of the month by their numbers and their times. Raises ``KeyError`` for one that is counted from the end."""
    parts: list[str] = []
    if named := [str(day) for day in sorted(rule.monthdays) if day > 0]:
        parts.append(known["monthdays" if len(named) > 1 else "monthday"].format(days=_joined(named, known)))
    parts += [known["from_end"][str(day)] for day in sorted(rule.monthdays, reverse=True) if day < 0]
    days = _joined(parts, known)
    if not (rule.opens_at and rule.closes_at):
        return days
    return str(known["hours"].format(days=days, opens=rule.opens_at, closes=rule.closes_at))


def _every(told: str, rule: OpeningRule, known: Mapping[str, Any]) -> str:
    """Return ``told`` with how many weeks or months lie between two openings, where it is more than one.

    A language may have a form of its own for a number, because the word for weeks changes with it.
    """
    if rule.interval == 1:
        return told
    forms = known["weeks" if rule.freq == "weekly" else "months"]
    every = forms.get(str(rule.interval), forms["many"]).format(interval=rule.interval)
    return str(known["apart"].format(told=told, every=every))


def _nth(day: OpenDay, known: Mapping[str, Any]) -> str:
    """Return such as "2nd Tue". A language may have a form for each day of the week, because the word for it has a gender."""
    form: str | list[str] = known["nth"][str(day.nth)]
    name = known.get("nth_days", known["days"])[day.weekday]
    return (form if isinstance(form, str) else form[day.weekday]).format(day=name)


def _runs(weekdays: Sequence[int], known: Mapping[str, Any]) -> list[str]:
    """Return the days named, three or more in a row as the first and the last."""
    names: list[str] = []
    for _, run in groupby(enumerate(weekdays), lambda each: each[1] - each[0]):
        days = [known["days"][weekday] for _, weekday in run]
        names += [known["run"].format(first=days[0], last=days[-1])] if len(days) > 2 else days
    return names


def _joined(parts: Sequence[str], known: Mapping[str, Any]) -> str:
    if len(parts) < 2:
        return "".join(parts)
    return str(known["and"].format(first=known.get("comma", ", ").join(parts[:-1]), last=parts[-1]))
