"""A published value is text that a person can read, and turns nothing round that stands beside it."""

from __future__ import annotations

import pytest

from ewb_desktop.domain.directory.cleaning import Mends, clean_line, clean_text


@pytest.mark.parametrize("sign", [*"\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200b\u2060"], ids=ascii)
def test_no_published_text_holds_signs_that_turn_words_round_or_hide_in_them(sign: str) -> None:
    assert clean_text(f"Tea{sign}\non {sign}Tuesdays", "description", Mends()) == "Tea\non Tuesdays"


def test_a_text_that_says_where_its_words_run_from_keeps_it_and_a_name_does_not() -> None:
    written = "شاي (تي)\u200f الثلاثاء"
    assert clean_text(written, "description", Mends()) == written
    assert clean_line(written, "name", Mends()) == written.replace("\u200f", "")
