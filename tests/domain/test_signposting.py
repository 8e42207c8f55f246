"""Signposts: their follow-ups and what they ask."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from ewb_desktop.domain.signposting import FollowUp, entry_needs_check, follow_up_dates, is_due, next_due
from ewb_desktop.library import Library

DAY = date(2026, 11, 24)


def test_follow_ups_are_four_and_twelve_weeks_on(library: Library) -> None:
    assert follow_up_dates(DAY, library.times) == (date(2026, 12, 22), date(2027, 2, 16))


def test_without_the_file_of_times_the_follow_ups_are_the_same(library: Library) -> None:
    assert follow_up_dates(DAY) == follow_up_dates(DAY, library.times)


@given(day=st.dates(max_value=date(9000, 1, 1)))
def test_follow_ups_fall_on_the_same_day_of_the_week(day: date) -> None:
    assert {each.weekday() for each in follow_up_dates(day)} == {day.weekday()}


def test_the_next_due_is_the_earliest_not_done() -> None:
    first, second = (FollowUp(due_on=day) for day in follow_up_dates(DAY))
    assert next_due((second, first)) == first
    assert next_due((FollowUp(first.due_on, done_on=DAY), second)) == second
    assert next_due((FollowUp(first.due_on, done_on=DAY),)) is None


def test_a_follow_up_is_due_from_its_day_until_it_is_done() -> None:
    follow_up = FollowUp(due_on=DAY)
    assert not is_due(follow_up, DAY - timedelta(days=1))
    assert is_due(follow_up, DAY)
    assert is_due(follow_up, DAY + timedelta(days=90))
    assert not is_due(FollowUp(due_on=DAY, done_on=DAY), DAY)


def test_a_bad_answer_is_a_reason_to_check_the_entry(library: Library) -> None:
    assert entry_needs_check(FollowUp(DAY, was_it_good="bad"))
    assert entry_needs_check(FollowUp(DAY, arrived="service_could_not"))
    assert not entry_needs_check(FollowUp(DAY, arrived="arrived", was_it_good="good"))
    assert library.list("was_it_good_answers").entry("bad")
    assert library.list("arrival_answers").entry("service_could_not")
