"""Opening hours: open now or not, until when, when next, and all of it in words. Times are the wall clock's, local."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from ewb_desktop.domain.words import DAYS, clock_words, list_words, short_day, short_weekday

LOOK_AHEAD = 366
"""Days to look for a next opening."""

_CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_NTH = {1: "1st", 2: "2nd", 3: "3rd", 4: "4th", 5: "5th", -1: "last", -2: "last but one"}


@dataclass(frozen=True, slots=True)
class OpenDay:
    """A weekday (0 is Monday). ``nth`` is 0 for every week, 1 to 5 for that one in a month, -1 for the last."""

    weekday: int
    nth: int = 0


@dataclass(frozen=True, slots=True)
class Schedule:
    """When something is open. Without ``opens`` or ``closes`` the days are known and the times are not.

    ``closes`` at or before ``opens`` is on the next day: 22:00 to 02:00, or 00:00 to 00:00 for the whole day. The last
    day of ``valid_to`` counts.
    """

    days: tuple[OpenDay, ...]
    opens: time | None = None
    closes: time | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    notes: str = ""


@dataclass(frozen=True, slots=True)
class OpenState:
    """``open_now`` is ``None`` when no times are known. ``words`` fits after a name: ``open until 16:00``."""

    open_now: bool | None
    until: datetime | None
    opens_next: datetime | None
    words: str
    next_words: str


class BadSchedule(ValueError):
    """Opening hours that cannot be read; the text says what is wrong."""


def read_schedule(
    freq: str,
    byday: str,
    opens: str = "",
    closes: str = "",
    valid_from: date | None = None,
    valid_to: date | None = None,
    notes: str = "",
) -> Schedule:
    """Read the fields of an Open Referral schedule: ``WEEKLY`` or ``MONTHLY``, ``MO,WE`` or ``2TU``, ``10:00`` or ``10:00:00``.

    Weekly without a day is every day. Raises :class:`BadSchedule`.
    """
    kind = freq.strip().upper() or "WEEKLY"
    if kind not in ("WEEKLY", "MONTHLY", "DAILY"):
        raise BadSchedule(f"“{freq}” is not weekly or monthly")
    parts = [part for part in re.split(r"[,;\s]+", byday.upper()) if part]
    days = tuple(_day(part) for part in parts)
    if not days and kind == "MONTHLY":
        raise BadSchedule("a monthly opening does not say on which day of the week")
    if kind == "MONTHLY" and any(day.nth == 0 for day in days):
        raise BadSchedule("a monthly opening does not say which one in the month (like 2TU)")
    if kind != "MONTHLY":
        days = tuple(OpenDay(day.weekday) for day in days) or tuple(OpenDay(number) for number in range(7))
    return Schedule(days, _time(opens), _time(closes), valid_from, valid_to, notes)


def open_at(schedules: Sequence[Schedule], local: datetime) -> OpenState:
    """Return whether any of ``schedules`` is open at ``local`` (the clock on the wall; a zone is left aside), and when next."""
    at = local.replace(tzinfo=None)
    known = [each for each in schedules if each.opens is not None and each.closes is not None]
    if not known:
        return OpenState(None, None, None, "opening times not known", "")
    until = _open_until(known, at)
    opens_next = _next_opening(known, until or at, strictly=until is None)
    next_words = moment_words(opens_next, at.date()) if opens_next else ""
    if until is not None:
        if until - at > timedelta(days=7):
            return OpenState(True, None, None, "open at all times", "")
        return OpenState(True, until, opens_next, f"open until {_until_words(until, at)}", next_words)
    words = f"opens {next_words}" if next_words else "no opening in the coming year is known"
    return OpenState(False, None, opens_next, words, next_words)


def is_open(schedules: Sequence[Schedule], local: datetime) -> bool:
    """Return whether any of ``schedules`` with known times is open at ``local``: as :func:`open_at` says, without until when."""
    at = local.replace(tzinfo=None)
    # what opened yesterday may close this morning
    return any(start <= at < end for offset in (-1, 0) for start, end in _spans(schedules, at.date() + timedelta(days=offset)))


def moment_words(moment: datetime, today: date) -> str:
    """Return ``today 14:00``, ``Mon 18:30`` within a week, or ``Mon 30 Nov 18:30`` beyond it."""
    day, at = moment.date(), clock_words(moment.time())
    if day == today:
        return f"today {at}"
    if (day - today).days < 7:
        return f"{short_weekday(day)} {at}"
    return f"{short_weekday(day)} {short_day(day)} {at}"


def schedule_words(schedule: Schedule) -> str:
    """Return ``Mon and Wed, 10:00 to 16:00`` or ``2nd Tue of the month, 18:30 to 20:00``."""
    weekly = sorted({day.weekday for day in schedule.days if day.nth == 0})
    monthly = [f"{_NTH.get(day.nth, str(day.nth))} {DAYS[day.weekday][:3]}" for day in schedule.days if day.nth != 0]
    parts = ["every day"] if len(weekly) == 7 else _runs(weekly)
    if monthly:
        parts = [*parts, f"{list_words(monthly)} of the month"]
    days = list_words(parts)
    if schedule.opens is None or schedule.closes is None:
        return f"{days}, times not known"
    if schedule.opens == schedule.closes:
        return f"{days}, all day"
    return f"{days}, {clock_words(schedule.opens)} to {clock_words(schedule.closes)}"


def _runs(weekdays: list[int]) -> list[str]:
    """Three or more days in a row read as ``Mon to Fri``."""
    runs: list[list[int]] = []
    for weekday in weekdays:
        if runs and runs[-1][-1] == weekday - 1:
            runs[-1].append(weekday)
        else:
            runs.append([weekday])
    found: list[str] = []
    for run in runs:
        names = [DAYS[weekday][:3] for weekday in run]
        found += [f"{names[0]} to {names[-1]}"] if len(run) > 2 else names
    return found


def _spans(schedules: Iterable[Schedule], day: date) -> Iterator[tuple[datetime, datetime]]:
    for schedule in schedules:
        if schedule.opens is None or schedule.closes is None or not _is_open_day(schedule, day):
            continue
        start = datetime.combine(day, schedule.opens)
        end = datetime.combine(day, schedule.closes)
        yield start, end if end > start else end + timedelta(days=1)


def _is_open_day(schedule: Schedule, day: date) -> bool:
    if schedule.valid_from is not None and day < schedule.valid_from:
        return False
    if schedule.valid_to is not None and day > schedule.valid_to:
        return False
    from_start = (day.day - 1) // 7 + 1
    from_end = -((monthrange(day.year, day.month)[1] - day.day) // 7 + 1)
    return any(each.weekday == day.weekday() and each.nth in (0, from_start, from_end) for each in schedule.days)


def _open_until(schedules: Sequence[Schedule], at: datetime) -> datetime | None:
    """Return the end of the stretch that ``at`` lies in, joining spans that touch; looks 8 days on."""
    until: datetime | None = None
    reach = at
    for offset in range(-1, 9):
        for start, end in sorted(_spans(schedules, at.date() + timedelta(days=offset))):
            if start <= reach < end or (until is not None and start <= until < end):
                until = reach = end
        if until is not None and until.date() < at.date() + timedelta(days=offset):
            break
    return until


def _next_opening(schedules: Sequence[Schedule], after: datetime, *, strictly: bool) -> datetime | None:
    day = after.date()
    for offset in range(LOOK_AHEAD):
        starts = [start for start, _ in _spans(schedules, day + timedelta(days=offset))]
        later = [start for start in starts if start > after or (not strictly and start == after)]
        if later:
            return min(later)
    return None


def _until_words(until: datetime, at: datetime) -> str:
    if until.date() == at.date():
        return clock_words(until.time())
    if until == datetime.combine(at.date() + timedelta(days=1), time(0)):
        return "midnight"
    return f"{short_weekday(until.date())} {clock_words(until.time())}"


def _day(text: str) -> OpenDay:
    found = re.fullmatch(r"([+-]?[1-5])?(MO|TU|WE|TH|FR|SA|SU)", text)
    if not found:
        raise BadSchedule(f"“{text}” is not a day such as MO or 2TU")
    return OpenDay(_CODES.index(found[2]), int(found[1] or 0))


def _time(text: str) -> time | None:
    shown = text.strip()
    if not shown:
        return None
    found = re.fullmatch(r"(\d{1,2}):(\d{2})(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?", shown)
    if found and found[1] == "24" and found[2] == "00":
        return time(0)
    if not found or int(found[1]) > 23 or int(found[2]) > 59:
        raise BadSchedule(f"“{text}” is not a time such as 18:30")
    return time(int(found[1]), int(found[2]))
