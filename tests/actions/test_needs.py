"""Needs in the member's own words."""

from __future__ import annotations

import pytest

from ewb_desktop.actions.desk import Desk
from ewb_desktop.actions.faults import FaultyFields
from ewb_desktop.actions.needs import add_need, change_need, record_need_outcome, remove_need, restore_need
from ewb_desktop.actions.people import add_person
from ewb_desktop.storage.cards.needs import NeedCard, needs_of


@pytest.fixture
def joe(desk: Desk) -> str:
    return add_person(desk, {"preferred_name": "Joe"})


def needs(desk: Desk, person: str) -> list[NeedCard]:
    with desk.store.read() as connection:
        return needs_of(connection, person)


def test_needs_come_in_the_order_that_matters_to_the_person(desk: Desk, joe: str) -> None:
    add_need(desk, joe, "sleep")
    add_need(desk, joe, "money_debt_and_benefits", "Letters I do not open", priority=1)
    assert [(need.code, need.words, need.noted_by) for need in needs(desk, joe)] == [
        ("money_debt_and_benefits", "Letters I do not open", "Rowan Oak"),
        ("sleep", "", "Rowan Oak"),
    ]


def test_words_alone_are_a_need(desk: Desk, joe: str) -> None:
    add_need(desk, joe, "", "Someone to feed the cat")
    assert needs(desk, joe)[0].code == "something_else_own_words"


def test_a_need_without_code_and_words_is_asked_for(desk: Desk, joe: str) -> None:
    with pytest.raises(FaultyFields, match="Choose a need"):
        add_need(desk, joe, "", " ")


def test_a_need_that_was_taken_off_can_be_brought_back(desk: Desk, joe: str) -> None:
    need = add_need(desk, joe, "sleep")
    remove_need(desk, need)
    assert needs(desk, joe) == []
    restore_need(desk, need)
    assert [card.id for card in needs(desk, joe)] == [need]


def test_a_need_can_be_changed_and_its_outcome_noted(desk: Desk, joe: str) -> None:
    need = add_need(desk, joe, "sleep")
    change_need(desk, need, "sleep", "Noise at night", wanted="later", priority=2)
    record_need_outcome(desk, need, "not_met", "no_service")
    card = needs(desk, joe)[0]
    assert (card.words, card.wanted, card.priority, card.outcome, card.unmet_reason) == (
        "Noise at night", "later", 2, "not_met", "no_service",
    )  # fmt: skip
