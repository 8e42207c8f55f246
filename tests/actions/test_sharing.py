"""What a member agrees to share, and taking it back."""

from __future__ import annotations

from datetime import date

import pytest

from ewb_desktop.actions.desk import Desk
from ewb_desktop.actions.faults import FaultyFields
from ewb_desktop.actions.people import add_person
from ewb_desktop.actions.sharing import record_sharing, share_again, withdraw_sharing
from ewb_desktop.storage.cards.sharing import SharingCard, sharing_choices
from tests.support.clock import HandClock


@pytest.fixture
def person(desk: Desk) -> str:
    return add_person(desk, {"given_name": "Amina"})


def choices(desk: Desk, person: str) -> list[SharingCard]:
    with desk.store.read() as connection:
        return sharing_choices(connection, person)


def test_a_choice_counts_until_its_day(desk: Desk, person: str) -> None:
    record_sharing(desk, person, shared_with="GP", what="needs", agreed=True, until=date(2026, 12, 1))
    (choice,) = choices(desk, person)
    assert choice.counts_on(date(2026, 12, 1))
    assert not choice.counts_on(date(2026, 12, 2))


def test_a_choice_taken_back_stays_on_record_and_counts_no_more(desk: Desk, person: str) -> None:
    choice = record_sharing(desk, person, shared_with="GP", what="needs", agreed=True)
    withdraw_sharing(desk, choice)
    assert [card.counts_on(desk.clock.today()) for card in choices(desk, person)] == [False]
    share_again(desk, choice)
    assert [card.counts_on(desk.clock.today()) for card in choices(desk, person)] == [True]


def test_the_latest_choice_comes_first(desk: Desk, person: str) -> None:
    record_sharing(desk, person, shared_with="GP", what="needs", agreed=True)
    assert isinstance(desk.clock, HandClock)
    desk.clock.move(minutes=1)
    record_sharing(desk, person, shared_with="debt adviser", what="needs", agreed=False)
    assert [card.shared_with for card in choices(desk, person)] == ["debt adviser", "GP"]


def test_a_choice_needs_with_whom_and_what(desk: Desk, person: str) -> None:
    with pytest.raises(FaultyFields) as fault:
        record_sharing(desk, person, shared_with=" ", what="", agreed=True, until=date(2020, 1, 1))
    assert set(fault.value.sentences) == {"shared_with", "what", "until"}
