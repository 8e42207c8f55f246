"""The rules of scoring as they are read."""

from __future__ import annotations

import pytest

from ewb_desktop.domain.scoring_rules import BadRules, Band, band_words, parse_rules

WHOLE: dict[str, object] = {"version": "x/1", "method": "sum", "item": ["a", "b"], "max-missing": 1, "source": "our own"}


def test_rules_are_read_as_the_file_says() -> None:
    rules = parse_rules(WHOLE | {"band": [{"at-least": 10, "words": "more"}, {"at-least": 5, "words": "some"}]})
    assert rules.items == ("a", "b")
    assert rules.max_missing == 1
    assert [band.words for band in rules.bands] == ["some", "more"]


def test_without_a_number_of_missing_answers_all_are_needed() -> None:
    assert parse_rules({name: value for name, value in WHOLE.items() if name != "max-missing"}).max_missing == 0


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"method": "mean"}, "'sum' or 'separate'"),
        ({"item": []}, "no items"),
        ({"method": "separate"}, "needs measures"),
        ({"version": ""}, "version"),
        ({"source": ""}, "source"),
        ({"maximum": "27"}, "'maximum' .* whole number"),
        ({"band": [{"words": "some"}]}, "where it begins"),
        ({"band": ["some"]}, "not a block"),
        ({"measure": ["a"]}, "not a block"),
        ({"cutoff": 10}, "'cutoff', which this program does not know"),
    ],
)
def test_rules_that_cannot_be_followed_are_told(change: dict[str, object], what: str) -> None:
    with pytest.raises(BadRules, match=what):
        parse_rules(WHOLE | change)


def test_a_band_begins_at_its_number_and_there_is_none_below_the_first() -> None:
    bands = (Band(5, "some"), Band(10, "more"))
    assert [band_words(bands, value) for value in (None, 4, 5, 9, 10)] == [None, None, "some", "some", "more"]
