"""Names of records, fields and values: each has words, and no code stands on a screen."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from ewb_desktop.ui.record_words import NAMED, RecordWords, ids_in
from sync.protocol.entities import ENTITIES
from tests.support.desks import library

WORDS = RecordWords(library(), {"w1": "Rowan Oak"})
WHEN = datetime(2026, 11, 21, 14, 5, tzinfo=UTC)


@pytest.mark.parametrize("entity", ENTITIES)
def test_every_record_and_field_has_words(entity: str) -> None:
    entries = {entry.key: entry for entry in library().list("fields").entries}
    assert entity in entries
    assert [name for name in ENTITIES[entity].fields if f"{entity}.{name}" not in entries] == []


def test_every_word_is_of_a_field_that_exists_and_says_a_kind_that_is_known() -> None:
    known = {*NAMED, *library().lists, "told", "inside", "record", "questionnaire", ""}
    for entry in library().list("fields").entries:
        entity, _, field = entry.key.partition(".")
        assert not field or field in ENTITIES[entity].fields
        assert str(entry.more.get("holds", "")) in known


def test_a_key_is_said_in_the_words_of_its_list() -> None:
    assert WORDS.value("person", "safe_to_call", "ask_first") == "Ask first each time"


def test_an_id_is_said_by_its_name_and_never_as_itself() -> None:
    assert WORDS.value("person", "coordinator", "w1") == "Rowan Oak"
    assert WORDS.value("person", "coordinator", "w2") == "Somebody or something that is not on this laptop"
    assert list(ids_in(library(), "person", [("coordinator", "w2"), ("telephone", "0161 496 0123")])) == ["w2"]


def test_a_field_of_a_newer_program_keeps_its_own_name() -> None:
    assert WORDS.field("person", "shoe_size") == "Shoe size"


def test_fields_in_a_row_read_as_one_list_with_what_was_written_first() -> None:
    contact = ("person", "at", "worker", "how", "reached", "note", "follow_up")
    assert WORDS.listed("contact", contact) == "note, when it was, who made it and 2 others"
    assert WORDS.listed("person", ("nhs_number", "pronouns")) == "NHS number and pronouns"
    assert WORDS.listed("contact", ("person",)) == ""


def test_no_field_is_called_by_a_word_that_says_nothing_alone() -> None:
    empty = {"at", "by", "how", "on", "from", "to", "for", "with", "who"}
    assert [entry.key for entry in library().list("fields").entries if entry.words.lower() in empty] == []


@pytest.mark.parametrize(
    ("entity", "says", "called"),
    [
        ("need", {"noted_at": WHEN, "code": "debt", "words": None}, "Need “Debt”"),
        ("handover", {"reason": "low", "to_name": "Trafford Carers"}, "Handover “Trafford Carers”"),
        ("safety_talk", {"opened_at": WHEN, "explored": "all of it"}, "Safety conversation “21 November 2026 14:05”"),
        ("goal", {"words": "to sleep\nuntil six in the morning every day"}, "Goal “to sleep until six in the morning…”"),
        ("goal", {"words": None, "person": "w1"}, "Goal"),
    ],
)
def test_a_record_is_known_again_by_its_own_words(entity: str, says: dict[str, Any], called: str) -> None:
    assert WORDS.called(entity, says) == called


def test_a_value_written_from_right_to_left_keeps_its_own_order_within_a_sentence() -> None:
    assert WORDS.value("person", "where_to_find", "عند أختها في Stretford رقم 12") == (
        "\u2068عند أختها في Stretford رقم 12\u2069"
    )
