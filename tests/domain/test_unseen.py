"""Signs that nobody sees go from a line; the joiners that some scripts are not written without stay."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ewb_desktop.domain.unseen import without_unseen

NAMES = (
    "Amina Hasim", "Zoë O'Neill-Smith", "Nguyễn Thị", "Łukasz", "علی\u200cرضا", "می\u200cنا", "محمد", "שרה",
    "അവൻ\u200d", "क्\u200dष", "ශ්\u200dරී", "李小龙", "Ирина", "José (Pepe)",
)  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_a_name_of_any_script_stays_as_it_is(name: str) -> None:
    assert without_unseen(name) == name


@pytest.mark.parametrize("sign", [*"\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c"], ids=ascii)
def test_nothing_turns_a_name_round(sign: str) -> None:
    assert without_unseen(f"{sign}Amina {sign}Hasim{sign}") == "Amina Hasim"


@pytest.mark.parametrize("sign", [*"\u200b\u200c\u200d\u2060\ufeff\u00ad\u3164\u180e\x00\x07\x9f", "\U000e0041"], ids=ascii)
def test_nothing_that_nobody_sees_makes_a_name_another_one(sign: str) -> None:
    assert without_unseen(f"Am{sign}ina{sign} Hasim") == "Amina Hasim"


@pytest.mark.parametrize("name", ["\u200cعلی", "ع \u200cلی", "1\u200d", "e\u0301\u200d"])
def test_a_joiner_that_joins_nothing_goes(name: str) -> None:
    assert "\u200c" not in without_unseen(name)
    assert "\u200d" not in without_unseen(name)


def test_of_several_joiners_one_stays() -> None:
    assert without_unseen("علی\u200c\u200d\u200cرضا") == "علی\u200cرضا"


def test_a_line_of_nothing_that_is_seen_is_empty() -> None:
    assert without_unseen(" \u200b\u202e ") == ""


@given(st.text())
def test_a_line_that_was_cleaned_is_clean(text: str) -> None:
    cleaned = without_unseen(text)
    assert without_unseen(cleaned) == cleaned
