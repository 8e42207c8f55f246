"""Names of fields and values as the page of sending and receiving says them."""

from __future__ import annotations

from ewb_desktop.ui.sync.words import LISTS, value_words
from sync.protocol.entities import ENTITIES
from tests.support.desks import library


def test_every_field_that_has_a_list_is_a_field_of_its_record_and_the_list_is_there() -> None:
    for (entity, field), name in LISTS.items():
        assert field in ENTITIES[entity].fields
        assert library().list(name).keys


def test_a_key_is_said_in_the_words_of_its_list() -> None:
    words = {entry.key: entry.words for entry in library().list(LISTS["person", "safe_to_call"]).entries}
    assert value_words("ask_first", words) == "Ask first each time"
