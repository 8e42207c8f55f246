"""What was typed and not saved becomes lines that people read: no code, no id, nothing twice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pytest

from ewb_desktop.storage.ids import new_id
from ewb_desktop.storage.typed_lines import Names, as_kept, lines_of


def nobody(_ids: Iterable[str]) -> Mapping[str, str]:
    """Know no names."""
    return {}


def in_words(_names: Names, entity: str, field: str, value: Any) -> tuple[str, str] | None:
    """Say what a list of words would."""
    if field == "need":
        return None
    return f"{entity} {field}".upper(), f"«{value}»"


@pytest.mark.parametrize(
    ("form", "typed", "lines"),
    [
        ("contact", {"note": " rang ", "reached": None}, ["rang"]),
        ("contact", {"note": "rang", "how": "ring"}, ["rang", "CONTACT HOW: «ring»"]),
        ("handover", {"reason": "rent", "need": "some id"}, ["HANDOVER REASON: «rent»"]),
        ("newperson", {"birth_date": [14, 3, 1986]}, ["PERSON BIRTH_DATE: 14, 3, 1986"]),
        ("newperson", {"communication": ["braille"]}, ["PERSON COMMUNICATION: «['braille']»"]),
        ("newperson", {"taken_away": ["telephone"]}, ["Taken away: PERSON TELEPHONE"]),
        ("answer", "in their words", ["in their words"]),
        ("mending", {"person": "x", "fields": {"words": "warm"}}, [" WORDS: «warm»"]),
    ],
)
def test_each_field_stands_in_a_line_in_words(form: str, typed: object, lines: list[str]) -> None:
    assert lines_of(nobody, in_words, form, typed, {}) == lines


def test_what_stands_on_record_already_and_where_it_was_seen_are_no_words() -> None:
    typed = {"telephone": "0161 496 0123", "pronouns": "she/her", "seen_at": {"telephone": [1, None]}, "follow_up": new_id()}
    assert lines_of(nobody, as_kept, "newperson", typed, {"pronouns": "she/her"}) == ["Telephone: 0161 496 0123"]


def test_an_id_that_nobody_can_name_is_left_out_and_words_with_one_in_them_stay() -> None:
    one, other = new_id(), new_id()
    typed = {"service": one, "supporters": [one, other], "reason": f"see {one}"}
    assert lines_of(nobody, as_kept, "handover", typed, {}) == [f"Reason: see {one}"]
