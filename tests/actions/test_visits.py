"""Visits counted without a name."""

from __future__ import annotations

import pytest

from ewb_desktop.actions.desk import Desk
from ewb_desktop.actions.people import add_person
from ewb_desktop.actions.visits import count_visit, take_back_visit
from ewb_desktop.storage.cards.visits import people_counted, visits_on
from tests.support.desks import PLACE


def test_visits_are_counted_by_day_and_place(desk: Desk) -> None:
    count_visit(desk)
    count_visit(desk, 3, "warm room")
    with desk.store.read() as connection:
        assert people_counted(connection, desk.clock.today(), PLACE) == 4
        assert people_counted(connection, desk.clock.today(), "elsewhere") == 0


def test_a_counted_visit_can_be_taken_back(desk: Desk) -> None:
    visit = count_visit(desk)
    take_back_visit(desk, visit)
    with desk.store.read() as connection:
        assert people_counted(connection, desk.clock.today()) == 0


def test_a_visit_can_become_a_member_later(desk: Desk) -> None:
    visit = count_visit(desk)
    person = add_person(desk, {"preferred_name": "Joe", "first_visit": visit})
    with desk.store.read() as connection:
        assert [card.person for card in visits_on(connection, desk.clock.today())] == [person]


def test_nobody_is_no_visit(desk: Desk) -> None:
    with pytest.raises(ValueError, match="one person or more"):
        count_visit(desk, 0)
