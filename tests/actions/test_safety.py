"""The safety conversation: saved unfinished, on the list until a named person closes it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ewb_desktop.actions.desk import Desk
from ewb_desktop.actions.faults import FaultyFields
from ewb_desktop.actions.people import add_person
from ewb_desktop.actions.safety import close_safety_talk, open_safety_talk, reopen_safety_talk, save_safety_talk
from ewb_desktop.domain.safety import NotYetClosed
from ewb_desktop.storage.cards.safety_talks import TalkCard, open_talks, talk_card
from tests.support.desks import GRACE, ROWAN
from tests.support.of_member import talks_of


@pytest.fixture
def talk(desk: Desk) -> str:
    return open_safety_talk(desk, add_person(desk, {"preferred_name": "Joe"}), because="Said so in the hall.")


def card_of(desk: Desk, talk: str) -> TalkCard:
    with desk.store.read() as connection:
        card = talk_card(connection, talk)
    assert card is not None
    return card


def complete(desk: Desk, talk: str) -> None:
    save_safety_talk(
        desk, talk,
        {"explored": "Thoughts at night, no plan.", "told_whom": "Grace Lamb", "told_at": desk.clock.now(),
         "agreed": "Ring at six.", "plan": "made"},
    )  # fmt: skip


def test_it_can_be_saved_with_one_field(desk: Desk, talk: str) -> None:
    save_safety_talk(desk, talk, {"told_whom": "  Grace Lamb "})
    assert card_of(desk, talk).told_whom == "Grace Lamb"


def test_it_is_owned_by_the_worker_who_opened_it_until_another_is_named(desk: Desk, talk: str) -> None:
    assert card_of(desk, talk).owner == ROWAN
    save_safety_talk(desk, talk, {"owner": GRACE})
    assert card_of(desk, talk).owner_name == "Grace Lamb"


def test_it_says_in_words_what_is_still_needed(desk: Desk, talk: str) -> None:
    with pytest.raises(NotYetClosed, match="who was told"):
        close_safety_talk(desk, talk, ROWAN)
    assert card_of(desk, talk).closed_at is None


def test_only_a_named_person_closes_it(desk: Desk, talk: str) -> None:
    complete(desk, talk)
    with pytest.raises(NotYetClosed, match="name of the person"):
        close_safety_talk(desk, talk, "")
    close_safety_talk(desk, talk, GRACE)
    assert card_of(desk, talk).closed_by_name == "Grace Lamb"
    with desk.store.read() as connection:
        assert open_talks(connection) == []


def test_closing_can_be_undone(desk: Desk, talk: str) -> None:
    complete(desk, talk)
    close_safety_talk(desk, talk, ROWAN)
    reopen_safety_talk(desk, talk)
    with desk.store.read() as connection:
        assert [card.id for card in open_talks(connection)] == [talk]


def test_after_one_is_closed_another_can_be_opened(desk: Desk, talk: str) -> None:
    complete(desk, talk)
    close_safety_talk(desk, talk, ROWAN)
    person = card_of(desk, talk).person
    again = open_safety_talk(desk, person)
    assert again != talk
    with desk.store.read() as connection:
        assert {card.id for card in talks_of(connection, person)} == {talk, again}


@pytest.mark.parametrize(
    ("field", "shift", "words"), [("told_at", timedelta(minutes=5), "still to come"), ("review_on", None, "has passed")]
)
def test_an_impossible_time_is_asked_about_before_anything_is_written(
    desk: Desk, talk: str, field: str, shift: timedelta | None, words: str
) -> None:
    value = desk.clock.now() + shift if shift else desk.clock.today() - timedelta(days=1)
    with pytest.raises(FaultyFields, match=words):
        save_safety_talk(desk, talk, {"agreed": "Ring at six.", field: value})
    assert card_of(desk, talk).agreed == ""


def test_nothing_about_a_persons_risk_can_be_graded(desk: Desk, talk: str) -> None:
    for name in ("risk", "level", "score"):
        with pytest.raises(ValueError, match="no field"):
            save_safety_talk(desk, talk, {name: "high"})
