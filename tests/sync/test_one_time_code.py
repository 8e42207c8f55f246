"""A one-time code is read however it was printed, heard and typed; what is no whole code is none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.one_time_code import LETTERS, read_code, spelt

CODE = "stretford-7K2QD-M41XA-90HTB"
READ = ("stretford", "7K2QDM41XA90HTB")


@given(
    st.from_regex(r"[a-z0-9]{2,20}", fullmatch=True),
    st.text(LETTERS, min_size=15, max_size=15),
    st.sampled_from("- \u2013\u00a0"),
)
def test_a_code_is_read_again_whatever_stands_between_its_groups(organisation: str, letters: str, between: str) -> None:
    assert read_code(spelt(organisation, letters).replace("-", between)) == (organisation, letters)


@pytest.mark.parametrize(
    "typed",
    [
        CODE.lower(),
        f"  {CODE} \n",
        "Stretford - 7K2QD - M41XA - 90HTB",
        "stretford 7k2qdm41xa90htb",
        "stretford7K2QDM41XA90HTB",
        "stretford-7K2QD-M4IXA-9OHTB",
    ],
)
def test_a_code_is_read_as_somebody_typed_it(typed: str) -> None:
    assert read_code(typed) == READ


@pytest.mark.parametrize(
    "typed", ["", "stretford", CODE[:-1], f"{CODE}7", "s-7K2QD-M41XA-90HTB", CODE.replace("7", "U"), "7K2QD-M41XA-90HTB"]
)
def test_what_is_no_whole_code_is_none(typed: str) -> None:
    assert read_code(typed) is None
