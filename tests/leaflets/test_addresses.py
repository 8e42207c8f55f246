"""Addresses of the web: what people type becomes whole, and what a code on paper cannot carry is said."""

from __future__ import annotations

import pytest

from ewb_desktop.leaflets.addresses import LONGEST_ADDRESS, BadAddress, is_address, whole_address


@pytest.mark.parametrize("typed", ["www.example.org", " www.example.org ", "https://www.example.org"])
def test_an_address_is_made_whole(typed: str) -> None:
    assert whole_address(typed) == "https://www.example.org"


def test_one_without_encryption_stays_as_it_is() -> None:
    assert whole_address("http://example.org/a?b=c#d") == "http://example.org/a?b=c#d"


@pytest.mark.parametrize("typed", ["", "nodot", "two words.org", "javascript:alert(1)", "ftp://example.org", "https://", "a.b/ü"])
def test_what_is_no_address_is_said(typed: str) -> None:
    with pytest.raises(BadAddress, match=r"such as www\.example\.org"):
        whole_address(typed)


def test_the_longest_is_as_long_as_is_promised() -> None:
    longest = "https://example.org/".ljust(LONGEST_ADDRESS, "a")
    assert is_address(longest)
    assert not is_address(longest + "a")
