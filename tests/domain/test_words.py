"""Days, times and counts as people say them."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest

from ewb_desktop.domain import words

DAY = date(2026, 11, 24)


def test_days_read_as_british_people_write_them() -> None:
    assert words.day_words(DAY) == "Tuesday 24 November"
    assert words.short_day(DAY) == "24 Nov"
    assert words.full_day(date(1986, 3, 14)) == "14 March 1986"
    assert words.short_weekday(DAY) == "Tue"
    assert words.short_day(date(2026, 9, 1)) == "1 Sept"


@pytest.mark.parametrize(
    ("days", "text"),
    [(0, "today"), (1, "tomorrow"), (3, "in 3 days"), (-1, "yesterday"), (-3, "3 days ago")],
)
def test_how_far_a_day_is(days: int, text: str) -> None:
    assert words.in_days(DAY + timedelta(days=days), DAY) == text


def test_a_time_has_four_figures() -> None:
    assert words.clock_words(time(9, 5)) == "09:05"


@pytest.mark.parametrize(("parts", "text"), [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")])
def test_a_list_ends_with_and(parts: list[str], text: str) -> None:
    assert words.list_words(parts) == text


def test_one_is_not_many() -> None:
    assert words.count_words(1, "day") == "1 day"
    assert words.count_words(0, "day") == "0 days"
    assert words.count_words(3, "person", "people") == "3 people"


@pytest.mark.parametrize(
    ("said", "stands"),
    [
        ("No bus on Sundays", "No bus on Sundays"),
        ("ليلى حسن", "\u2068ليلى حسن\u2069"),
        ("عند أختها\nin Stretford", "\u2068عند أختها\u2069\n\u2068in Stretford\u2069"),
    ],
)
def test_words_from_right_to_left_turn_nothing_around_them(said: str, stands: str) -> None:
    assert words.isolated(said) == stands
