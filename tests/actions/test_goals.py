"""Goals in the member's own words, rated over time."""

from __future__ import annotations

from pathlib import Path

import pytest

from ewb_desktop.actions.desk import Desk
from ewb_desktop.actions.faults import FaultyFields
from ewb_desktop.actions.goals import change_goal, rate_goal, record_goal_outcome, remove_goal, restore_goal, set_goal
from ewb_desktop.actions.people import add_person
from ewb_desktop.storage.cards.goals import goals_of
from tests.support.clock import HandClock
from tests.support.desks import open_desk


def test_a_goal_keeps_all_its_ratings_in_the_order_of_time(tmp_path: Path) -> None:
    clock = HandClock()
    with open_desk(tmp_path, clock=clock) as desk:
        person = add_person(desk, {"preferred_name": "Joe"})
        goal = set_goal(desk, person, "Walk to the park by myself")
        for rating in (2, 5):
            rate_goal(desk, person, goal, rating)
            clock.move(days=28)
        with desk.store.read() as connection:
            card = goals_of(connection, person)[0]
    assert card.words == "Walk to the park by myself"
    assert [rating.rating for rating in card.ratings] == [2, 5]


@pytest.mark.parametrize("rating", [-1, 11, True])
def test_a_rating_is_a_number_from_0_to_10(desk: Desk, rating: int) -> None:
    person = add_person(desk, {"preferred_name": "Joe"})
    goal = set_goal(desk, person, "Sleep")
    with pytest.raises(FaultyFields, match="0 to 10"):
        rate_goal(desk, person, goal, rating)


def test_a_goal_needs_words(desk: Desk) -> None:
    person = add_person(desk, {"preferred_name": "Joe"})
    with pytest.raises(FaultyFields, match="own words"):
        set_goal(desk, person, " ")


def test_a_goal_can_be_reworded_put_aside_taken_off_and_brought_back(desk: Desk) -> None:
    person = add_person(desk, {"preferred_name": "Joe"})
    goal = set_goal(desk, person, "Sleep")
    change_goal(desk, goal, "Sleep until six")
    record_goal_outcome(desk, goal, "put_aside")
    remove_goal(desk, goal)
    with desk.store.read() as connection:
        assert goals_of(connection, person) == []
    restore_goal(desk, goal)
    with desk.store.read() as connection:
        card = goals_of(connection, person)[0]
    assert (card.words, card.outcome) == ("Sleep until six", "put_aside")


def test_a_second_rating_on_one_day_takes_the_place_of_the_first(desk: Desk) -> None:
    person = add_person(desk, {"preferred_name": "Joe"})
    goal = set_goal(desk, person, "Sleep")
    rate_goal(desk, person, goal, 3)
    rate_goal(desk, person, goal, 4)
    with desk.store.read() as connection:
        assert [card.rating for card in goals_of(connection, person)[0].ratings] == [4]
