"""Writing one service into the directory by hand."""

from __future__ import annotations

import pytest

from ewb_desktop.actions.desk import Desk
from ewb_desktop.actions.faults import FaultyFields
from ewb_desktop.actions.people import add_person
from ewb_desktop.actions.services import add_service, change_service
from ewb_desktop.actions.signposting import signpost
from ewb_desktop.storage.cards.services import ServiceCard, service_card


def read(desk: Desk, service: str) -> ServiceCard:
    with desk.store.read() as connection:
        card = service_card(connection, service)
    assert card is not None
    return card


def test_a_name_is_enough_and_it_can_be_signposted_to(desk: Desk) -> None:
    service = add_service(desk, {"name": " Tea  on Tuesdays "})
    assert read(desk, service).name == "Tea on Tuesdays"
    assert signpost(desk, add_person(desk, {"preferred_name": "Joe"}), service, how="told")


def test_languages_are_read_from_words(desk: Desk) -> None:
    service = add_service(desk, {"name": "Tea", "languages": "polish, Urdu and English"})
    assert read(desk, service).languages == ("pl", "ur", "en")


def test_a_language_that_is_not_known_is_told(desk: Desk) -> None:
    with pytest.raises(FaultyFields) as fault:
        add_service(desk, {"name": "Tea", "languages": "Polish, Klingon"})
    assert "Klingon" in fault.value.sentences["languages"]


def test_the_same_service_is_not_added_twice(desk: Desk) -> None:
    add_service(desk, {"name": "Tea", "postcode": "m32 0aa"})
    with pytest.raises(FaultyFields):
        add_service(desk, {"name": "Tea", "postcode": "M32 0AA"})


def test_nothing_said_of_the_cost_is_not_called_free(desk: Desk) -> None:
    assert read(desk, add_service(desk, {"name": "Tea", "free": False})).free is None


def test_what_is_emptied_is_gone(desk: Desk) -> None:
    service = add_service(desk, {"name": "Tea", "when": "Tuesdays", "telephone": "0161 496 0101", "languages": "Polish"})
    change_service(desk, service, {"name": "Tea and toast"})
    card = read(desk, service)
    assert (card.name, card.when, card.telephone, card.languages) == ("Tea and toast", (), "", ())


def test_signs_that_turn_words_round_are_not_kept_in_a_service(desk: Desk) -> None:
    service = add_service(desk, {"name": "\u202eaeT on Tuesdays\u202c", "telephone": "\u2066 0161 496 0123\u2069"})
    assert (read(desk, service).name, read(desk, service).telephone) == ("aeT on Tuesdays", "0161 496 0123")
