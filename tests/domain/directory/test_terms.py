"""The word list knows every need and language of the lists, and reads words about steps with care."""

from __future__ import annotations

import tomllib

import pytest

from tests.domain.directory.samples import OWN, TERMS

LISTS = OWN.parent / "lists"


def keys(name: str) -> set[str]:
    return {entry["key"] for entry in tomllib.loads((LISTS / name).read_text(encoding="utf-8"))["entry"]}


def test_its_needs_are_the_needs_of_the_list() -> None:
    assert set(TERMS.needs.values()) == keys("needs.toml")


def test_it_knows_every_language_of_the_list_by_code() -> None:
    unknown = {code for code in keys("languages.toml") - {"other"} if TERMS.language(code) != code}
    assert unknown == set()


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("Step-free from the street", "yes"),
        ("NOT step-free.", "no"),
        ("No wheelchair access", "no"),
        ("Steps at the entrance; a ramp to the door can be put out", "unknown"),
        ("Free tea", "unknown"),
    ],
)
def test_words_about_the_entrance_are_read_with_care(words: str, answer: str) -> None:
    assert TERMS.step_free(words) == answer


def test_a_regional_language_code_is_read_by_its_head() -> None:
    assert (TERMS.language("pl-PL"), TERMS.language("Klingon")) == ("pl", None)
