"""Word lists and crisis contacts as they are read."""

from __future__ import annotations

from datetime import date

import pytest

from ewb_desktop.domain.lists import BadList, crisis_contacts, numbers, parse_list

WHOLE = {"title": "Needs", "version": "1", "source": "our own", "entry": [{"key": "sleep", "words": "Sleep", "group": "Mind"}]}
CONTACT = {"key": "x", "words": "X", "number": "0161 496 0123", "how": "Call", "source": "our own"}


def test_a_list_keeps_its_order_its_groups_and_what_only_it_has() -> None:
    words = parse_list(
        "needs", WHOLE | {"entry": [{"key": "b", "words": "B", "value": 3}, {"key": "a", "words": "A", "group": "G"}]}
    )
    assert words.keys == ("b", "a")
    entry = words.entry("b")
    assert entry is not None
    assert entry.more == {"value": 3}
    assert words.words("a") == "A"
    assert words.entry("c") is None


@pytest.mark.parametrize("name", ["title", "version", "source"])
def test_a_list_that_does_not_say_what_it_is_cannot_be_used(name: str) -> None:
    with pytest.raises(BadList, match=f"it has no {name}"):
        parse_list("needs", WHOLE | {name: " "})


@pytest.mark.parametrize(
    ("entries", "what"),
    [([], "no entries"), (["sleep"], "not a block"), ([{"words": "A"}], "no key"), ([{"key": "a"}], "'a' has no words")],
)
def test_an_entry_that_is_not_whole_is_told(entries: list[object], what: str) -> None:
    with pytest.raises(BadList, match=what):
        parse_list("needs", WHOLE | {"entry": entries})


def test_a_crisis_contact_keeps_the_day_it_was_checked() -> None:
    contacts = crisis_contacts(parse_list("crisis", WHOLE | {"entry": [CONTACT | {"checked_on": date(2026, 11, 24)}]}))
    assert contacts[0].checked_on == date(2026, 11, 24)
    assert not contacts[0].first


@pytest.mark.parametrize("value", [None, "28", True, -1, 2.5])
def test_a_time_that_is_no_number_is_told(value: object) -> None:
    with pytest.raises(BadList, match="'days' needs a whole number"):
        numbers(parse_list("times", WHOLE | {"entry": [{"key": "days", "words": "Days", "value": value}]}))
