"""What is known about a person: names, days, telephones and postcodes."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ewb_desktop.domain.person import (
    BadBirthDate,
    BadPhone,
    BadPostcode,
    age_on,
    check_birth_date,
    check_phone,
    check_postcode,
    display_name,
    identifiers_line,
    initials,
    phone_digits,
)

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("born", "age"),
    [(date(1986, 11, 24), 40), (date(1986, 11, 25), 39), (date(2008, 2, 29), 18), (TODAY, 0)],
)
def test_age_is_in_whole_years(born: date, age: int) -> None:
    assert age_on(born, TODAY) == age


def test_a_leap_day_child_is_older_on_the_first_of_march() -> None:
    born = date(2008, 2, 29)
    assert (age_on(born, date(2026, 2, 28)), age_on(born, date(2026, 3, 1))) == (17, 18)


def test_a_birth_date_in_the_future_is_told() -> None:
    with pytest.raises(BadBirthDate, match="25 November 2026 is in the future"):
        check_birth_date(date(2026, 11, 25), TODAY)


def test_a_birth_date_of_today_is_possible() -> None:
    assert check_birth_date(TODAY, TODAY) == TODAY


def test_over_120_is_told_and_120_is_not() -> None:
    with pytest.raises(BadBirthDate, match="more than 120 years ago"):
        check_birth_date(date(1905, 11, 24), TODAY)
    assert check_birth_date(date(1906, 11, 24), TODAY) == date(1906, 11, 24)


@pytest.mark.parametrize(
    ("given_name", "family", "preferred", "shown"),
    [
        ("Amina", "Yusuf", "Mina", "Mina Yusuf"),
        ("Amina", "Yusuf", "", "Amina Yusuf"),
        ("", "", "Mina", "Mina"),
        ("", "", "", "No name given"),
        ("", "", "Mina Yusuf", "Mina Yusuf"),
        ("Amina", "Yusuf", "Mina Yusuf", "Mina Yusuf"),
        ("  Jo  ", " O'Neill ", "", "Jo O'Neill"),
    ],
)
def test_the_name_on_the_page_is_the_one_they_like(given_name: str, family: str, preferred: str, shown: str) -> None:
    assert display_name(given_name, family, preferred) == shown


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Mina Yusuf", "MY"), ("Mina", "M"), ("élodie van den Berg", "ÉB"), ("", "?"), ("Ünal 2", "Ü"), ("محمد علي", "مع")],
)
def test_initials_are_one_or_two_letters_of_any_script(name: str, letters: str) -> None:
    assert initials(name) == letters


def test_the_identifiers_line_has_the_birth_date_and_the_name_they_use() -> None:
    assert identifiers_line(date(1986, 3, 14), "Mina", "Amina") == "born 14 March 1986 · known as Mina"


def test_the_identifiers_line_does_not_say_the_same_name_twice() -> None:
    assert identifiers_line(None, "Mina", "mina") == "date of birth not known"


@pytest.mark.parametrize("text", ["m320th", "M32 0TH", " m32  0th "])
def test_a_postcode_is_written_with_one_space(text: str) -> None:
    assert check_postcode(text) == "M32 0TH"


@pytest.mark.parametrize("text", ["M1 1AE", "B33 8TH", "CR2 6XH", "DN55 1PT", "W1A 0AX", "EC1A 1BB"])
def test_every_shape_of_postcode_is_taken(text: str) -> None:
    assert check_postcode(text) == text


@pytest.mark.parametrize("text", ["", "M32", "12345", "M32 0T1", "no fixed address"])
def test_what_is_no_postcode_is_told_and_never_needed(text: str) -> None:
    with pytest.raises(BadPostcode, match="an address is not needed"):
        check_postcode(text)


@pytest.mark.parametrize("text", ["0161 496 0123", "+44 161 496 0123", "07700 900123", "(0161) 496-0123", "0161 496 0123 ext 12"])
def test_a_telephone_number_is_kept_as_typed(text: str) -> None:
    assert check_phone(f"  {text} ") == text


@pytest.mark.parametrize("text", ["", "12345", "call my sister", "0161 496 0123 4567 8901"])
def test_what_is_no_telephone_number_is_told(text: str) -> None:
    with pytest.raises(BadPhone):
        check_phone(text)


@pytest.mark.parametrize(
    "text", ["0161 496 0123", "+44 161 496 0123", "+44 (0)161 496 0123", "0044 161 4960123", "+4401614960123"]
)
def test_one_number_written_in_many_ways_has_the_same_digits(text: str) -> None:
    assert phone_digits(text) == "01614960123"


@given(name=st.text())
def test_any_name_has_initials_and_a_display(name: str) -> None:
    assert len(initials(name)) >= 1
    assert display_name(name)


def test_without_a_birth_date_the_second_identifier_is_one_that_is_known() -> None:
    joined = date(2026, 6, 3)
    known = [
        identifiers_line(None, postcode="M32 0TH", telephone="0161 496 0123", joined=joined),
        identifiers_line(None, telephone="0161 496 0123", joined=joined),
        identifiers_line(None, joined=joined),
    ]
    assert known == [
        "date of birth not known · postcode M32 0TH",
        "date of birth not known · telephone ending 0123",
        "date of birth not known · member since 3 June 2026",
    ]
    assert identifiers_line(date(1986, 3, 14), postcode="M32 0TH") == "born 14 March 1986"
