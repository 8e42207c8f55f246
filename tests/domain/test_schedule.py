"""Opening times: open now, open next, and how they are said."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ewb_desktop.domain.schedule import (
    BadSchedule,
    OpenDay,
    Schedule,
    is_open,
    moment_words,
    open_at,
    read_schedule,
    schedule_words,
)

TUESDAY = date(2026, 11, 24)


def at(hour: int, minute: int = 0, day: date = TUESDAY) -> datetime:
    return datetime.combine(day, time(hour, minute))


def weekly(days: str, opens: str = "10:00", closes: str = "16:00") -> Schedule:
    return read_schedule("WEEKLY", days, opens, closes)


def test_open_now_says_until_when() -> None:
    state = open_at([weekly("TU")], at(14))
    assert (state.open_now, state.words) == (True, "open until 16:00")


def test_open_at_the_minute_it_opens_and_not_at_the_minute_it_closes() -> None:
    assert open_at([weekly("TU")], at(10)).open_now is True
    assert open_at([weekly("TU")], at(16)).open_now is False


def test_before_it_opens_today() -> None:
    assert open_at([weekly("TU")], at(9)).words == "opens today 10:00"


def test_closed_says_the_next_day_within_a_week() -> None:
    state = open_at([weekly("MO", "18:30", "20:00")], at(9))
    assert (state.open_now, state.next_words, state.words) == (False, "Mon 18:30", "opens Mon 18:30")


def test_a_week_on_is_told_with_its_date() -> None:
    assert open_at([weekly("TU")], at(17)).words == "opens Tue 1 Dec 10:00"


def test_a_lunch_break_is_a_break() -> None:
    two = [weekly("TU", "09:00", "12:00"), weekly("TU", "13:00", "17:00")]
    assert open_at(two, at(11)).words == "open until 12:00"
    assert open_at(two, at(12, 30)).words == "opens today 13:00"


def test_hours_that_touch_or_overlap_are_one_stretch() -> None:
    assert open_at([weekly("TU", "09:00", "12:00"), weekly("TU", "12:00", "17:00")], at(10)).words == "open until 17:00"
    assert open_at([weekly("TU", "09:00", "12:00"), weekly("TU", "11:00", "15:00")], at(10)).words == "open until 15:00"


def test_a_night_is_open_after_midnight() -> None:
    night = [weekly("MO", "22:00", "02:00")]
    assert open_at(night, at(1)).words == "open until 02:00"
    assert open_at(night, at(23, day=date(2026, 11, 23))).words == "open until Tue 02:00"
    assert open_at(night, at(3)).open_now is False


def test_always_open_is_said_without_an_end() -> None:
    assert open_at([read_schedule("DAILY", "", "00:00", "24:00")], at(3)).words == "open at all times"


def test_until_midnight_is_a_word() -> None:
    assert open_at([weekly("TU", "18:00", "24:00")], at(20)).words == "open until midnight"


@pytest.mark.parametrize(
    ("byday", "day"),
    [("2TU", date(2026, 12, 8)), ("4TU", TUESDAY), ("-1MO", date(2026, 11, 30)), ("1TU", date(2026, 12, 1))],
)
def test_the_nth_weekday_of_a_month(byday: str, day: date) -> None:
    state = open_at([read_schedule("MONTHLY", byday, "10:00", "11:00")], at(9))
    assert state.opens_next == at(10, day=day)


def test_a_fifth_weekday_waits_for_a_month_that_has_one() -> None:
    state = open_at([read_schedule("MONTHLY", "5TU", "10:00", "11:00")], at(9))
    assert state.opens_next == at(10, day=date(2026, 12, 29))


def test_before_and_after_its_validity_it_is_not_open() -> None:
    days = read_schedule("WEEKLY", "TU", "10:00", "16:00", valid_from=TUESDAY, valid_to=TUESDAY)
    assert open_at([days], at(11)).open_now is True
    assert open_at([days], at(9, day=date(2026, 11, 17))).words == "opens Tue 24 Nov 10:00"
    assert open_at([days], at(17)).words == "no opening in the coming year is known"


def test_no_times_are_not_closed_but_not_known() -> None:
    assert open_at([], at(9)).open_now is None
    assert open_at([read_schedule("WEEKLY", "MO")], at(9)).words == "opening times not known"


def test_a_zone_is_left_aside_the_wall_clock_counts() -> None:
    assert open_at([weekly("TU")], at(14).replace(tzinfo=UTC)).until == at(16)


@pytest.mark.parametrize(
    ("freq", "byday", "opens", "what"),
    [
        ("YEARLY", "MO", "10:00", "not weekly or monthly"),
        ("WEEKLY", "Monday", "10:00", "not a day such as"),
        ("WEEKLY", "MO", "half ten", "not a time"),
        ("WEEKLY", "MO", "25:00", "not a time"),
        ("MONTHLY", "", "10:00", "on which day"),
        ("MONTHLY", "TU", "10:00", "which one in the month"),
    ],
)
def test_hours_that_cannot_be_read_are_told(freq: str, byday: str, opens: str, what: str) -> None:
    with pytest.raises(BadSchedule, match=what):
        read_schedule(freq, byday, opens, "16:00")


@pytest.mark.parametrize(
    ("schedule", "words"),
    [
        (weekly("MO,TU,WE,TH,FR"), "Mon to Fri, 10:00 to 16:00"),
        (weekly("MO,WE"), "Mon and Wed, 10:00 to 16:00"),
        (weekly("MO,TU,WE,SA"), "Mon to Wed and Sat, 10:00 to 16:00"),
        (read_schedule("DAILY", "", "00:00", "00:00"), "every day, all day"),
        (read_schedule("MONTHLY", "2TU,-1FR", "18:30:00", "20:00:00"), "2nd Tue and last Fri of the month, 18:30 to 20:00"),
        (read_schedule("WEEKLY", "TH"), "Thu, times not known"),
    ],
)
def test_hours_read_in_words(schedule: Schedule, words: str) -> None:
    assert schedule_words(schedule) == words


def test_a_moment_reads_by_how_near_it_is() -> None:
    assert moment_words(at(9), TUESDAY) == "today 09:00"
    assert moment_words(at(9, day=date(2026, 11, 30)), TUESDAY) == "Mon 09:00"
    assert moment_words(at(9, day=date(2026, 12, 1)), TUESDAY) == "Tue 1 Dec 09:00"


times = st.times().map(lambda t: t.replace(second=0, microsecond=0))
schedules = st.lists(
    st.builds(
        Schedule,
        days=st.lists(st.builds(OpenDay, st.integers(0, 6), st.sampled_from([0, 0, 1, 2, 3, 4, -1])), min_size=1, max_size=3).map(
            tuple
        ),
        opens=times,
        closes=times,
    ),
    min_size=1,
    max_size=3,
)
moments = st.builds(datetime.combine, st.dates(date(2026, 1, 1), date(2027, 12, 31)), times)


@given(schedules=schedules, moment=moments)
def test_until_is_the_first_moment_that_is_not_open(schedules: list[Schedule], moment: datetime) -> None:
    state = open_at(schedules, moment)
    if state.until is not None:
        assert state.until > moment
        assert open_at(schedules, state.until).open_now is False
        assert open_at(schedules, state.until - timedelta(minutes=1)).open_now is True


@given(schedules=schedules, moment=moments)
def test_the_next_opening_is_open_and_the_minute_before_it_is_not(schedules: list[Schedule], moment: datetime) -> None:
    state = open_at(schedules, moment)
    if state.open_now is False and state.opens_next is not None:
        assert state.opens_next > moment
        assert open_at(schedules, state.opens_next).open_now is True
        assert open_at(schedules, state.opens_next - timedelta(minutes=1)).open_now is False


@given(
    day=st.sampled_from(["MO", "TU", "SA", "MO,WE,SU"]), opens=st.integers(0, 23), closes=st.integers(0, 23),
    moment=st.datetimes(datetime.fromisoformat("2026-11-01"), datetime.fromisoformat("2026-12-01")),
)  # fmt: skip
def test_the_quick_answer_is_the_long_one(day: str, opens: int, closes: int, moment: datetime) -> None:
    schedules = [read_schedule("WEEKLY", day, f"{opens:02d}:00", f"{closes:02d}:00")]
    assert is_open(schedules, moment) == (open_at(schedules, moment).open_now is True)
