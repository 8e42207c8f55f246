"""Mixed directions, checked on sentences whose order on paper is known."""

from __future__ import annotations

import sys
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from ewb_desktop.leaflets.text.bidi import first_direction, levels, runs_from_left, visual_order
from ewb_desktop.leaflets.text.spans import keep_numbers_whole


def _shown(text: str, base: int) -> str:
    return "".join(text[i] for i in visual_order(levels(text, base)))


def test_latin_text_keeps_its_order() -> None:
    assert _shown("Call 116 123, free.", 0) == "Call 116 123, free."


def test_hebrew_text_runs_from_the_right() -> None:
    assert _shown("אבג", 1) == "גבא"


def test_a_latin_name_inside_right_to_left_text_keeps_its_order() -> None:
    assert _shown("אב NHS גד", 1) == "דג NHS בא"


def test_a_whole_telephone_number_keeps_its_groups_in_order_in_arabic() -> None:
    number = "0161 496 0123"
    kept = keep_numbers_whole(number)
    assert _shown(f"اتصل {kept} الآن", 1).count(kept) == 1
    assert number not in _shown(f"اتصل {number} الآن", 1)


def test_a_price_keeps_its_sign_beside_it() -> None:
    assert "£5" in _shown("אב £5 גד", 1)


def test_the_first_strong_letter_says_the_direction() -> None:
    assert first_direction("12 אב") == 1
    assert first_direction("12 ab") == 0
    assert first_direction("12") == 0


@given(st.text(alphabet="ab12 ,.אב٣ع-+()", max_size=40), st.sampled_from((0, 1)))
def test_the_visual_order_holds_every_character_once(text: str, base: int) -> None:
    order = visual_order(levels(text, base))
    assert sorted(order) == list(range(len(text)))


def test_no_character_that_is_read_from_the_right_or_turns_text_passes_for_one_from_the_left() -> None:
    turning = {"R", "AL", "AN", "LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
    characters = map(chr, range(sys.maxunicode + 1))
    assert [each for each in characters if unicodedata.bidirectional(each) in turning and runs_from_left(each)] == []


def test_text_from_the_left_is_known_by_its_letters() -> None:
    assert runs_from_left("Call 116 123, free – “Żółć”, привіт, 你好, বাংলা")
