"""Who may be the same person, and why."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ewb_desktop.domain.dedupe import Likeness, compare, likely_duplicates, plain_name, sounds_alike

BORN = date(1986, 3, 14)
MINA = Likeness("1", ("Amina Yusuf", "Mina Yusuf"), BORN, "M32 0TH", ("0161 496 0123",))


def test_same_birth_date_and_a_name_that_sounds_alike() -> None:
    found = likely_duplicates(MINA, [Likeness("2", ("Ameena Yousuf",), BORN)])
    assert [each.words for each in found] == ["same date of birth, name sounds alike"]


def test_all_reasons_are_told() -> None:
    found = likely_duplicates(MINA, [replace(MINA, id="2", postcode="m320th", phones=("+44 161 496 0123",))])
    assert found[0].reasons == ("same date of birth", "same name", "same telephone number", "same postcode")


def test_the_likeliest_comes_first_and_oneself_is_left_out() -> None:
    weak = Likeness("2", ("Mina Yusuf",))
    strong = Likeness("3", ("Mina Yusuf",), BORN)
    assert [each.id for each in likely_duplicates(MINA, [weak, MINA, strong])] == ["3", "2"]


def test_the_name_they_like_to_be_called_by_counts() -> None:
    assert compare(Likeness("9", ("Mina",), BORN), MINA) is not None


def test_the_order_of_names_makes_no_difference() -> None:
    assert compare(Likeness("9", ("Yusuf, Amina",)), MINA) is not None


@pytest.mark.parametrize(
    "other",
    [
        Likeness("2", ("Mina",)),
        Likeness("2", ("Peter Okafor",), BORN),
        Likeness("2", ("Peter Okafor",), None, "M32 0TH"),
        Likeness("2", ("Mina Yusuf",), date(1951, 7, 2)),
        Likeness("2", ()),
    ],
)
def test_one_reason_is_not_enough(other: Likeness) -> None:
    assert compare(MINA, other) is None


def test_an_nhs_number_alone_is_never_enough() -> None:
    number = "9990000018"
    assert compare(Likeness("1", ("Ann Lee",), nhs_number=number), Likeness("2", ("Peter Okafor",), nhs_number=number)) is None


def test_day_and_month_swapped_is_nearly_the_same() -> None:
    found = compare(Likeness("1", ("Mina Yusuf",), date(1986, 3, 4)), Likeness("2", ("Mina Yusuf",), date(1986, 4, 3)))
    assert found is not None
    assert found.words == "date of birth nearly the same, same name"


def test_two_people_of_one_house_are_told_with_their_reasons_for_a_person_to_decide() -> None:
    found = compare(MINA, Likeness("2", ("Mina Yusuf",), date(1951, 7, 2), "M32 0TH"))
    assert found is not None
    assert found.words == "same name, same postcode"


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Mohammed", "Muhammad"),
        ("Catherine", "Katherine"),
        ("Stephen", "Steven"),
        ("Zoë", "Zoe"),
        ("Aisha", "Ayesha"),
        ("Łukasz", "Lukasz"),
        ("O'Neill", "ONeil"),
        ("Sofia", "Sophia"),
        ("Jonathan", "Jonathon"),
    ],
)
def test_names_that_sound_alike(a: str, b: str) -> None:
    assert sounds_alike(a, b)


@pytest.mark.parametrize(("a", "b"), [("Ann", "Peter"), ("Mina", "Nina"), ("Lee", "Leanne"), ("", "Ann"), ("Ali", "Eve")])
def test_names_that_do_not(a: str, b: str) -> None:
    assert not sounds_alike(a, b)


def test_accents_and_punctuation_are_no_difference() -> None:
    assert plain_name("  O'Neill-NÚÑEZ ") == "oneill nunez"


def test_names_in_other_scripts_are_compared_too() -> None:
    assert compare(Likeness("1", ("محمد علي",)), Likeness("2", ("محمد علي",))) is not None


words = st.text(alphabet="abcdehijklmnoprstuyzéłüمح", min_size=1, max_size=8)
likenesses = st.builds(
    Likeness,
    id=st.uuids().map(str),
    names=st.lists(st.lists(words, min_size=1, max_size=3).map(" ".join), max_size=2).map(tuple),
    born=st.none() | st.dates(date(1990, 1, 1), date(1990, 3, 1)),
    postcode=st.sampled_from(["", "M32 0TH", "M33 7AB"]),
    phones=st.sampled_from([(), ("0161 496 0123",), ("07700 900123", "")]),
    nhs_number=st.sampled_from(["", "9990000018"]),
)


@given(a=likenesses, b=likenesses)
def test_the_reasons_are_the_same_from_both_sides(a: Likeness, b: Likeness) -> None:
    one, other = compare(a, b), compare(b, a)
    assert (one and one.reasons) == (other and other.reasons)


@given(person=likenesses, given_name=words, family=words)
def test_the_same_person_put_in_twice_is_always_found(person: Likeness, given_name: str, family: str) -> None:
    named = replace(person, id="1", names=(f"{given_name} {family}",))
    assert likely_duplicates(named, [replace(named, id="2")])


@given(a=likenesses, b=likenesses)
def test_an_empty_field_is_never_a_reason(a: Likeness, b: Likeness) -> None:
    found = compare(replace(a, postcode="", phones=(), nhs_number="", born=None), b)
    if found is not None:
        assert found.reasons == ("same name",)
