"""NHS numbers and their check digit."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ewb_desktop.domain.nhs_number import BadNhsNumber, check_nhs_number

VALID = (
    *("9876543210", "9990000018", "9990000026", "9990000034", "9990000042", "9990000050"),
    *("9990000069", "9990000077", "9990000085", "9990000093", "4000000632"),
)


@pytest.mark.parametrize("digits", VALID)
def test_published_valid_numbers_are_taken(digits: str) -> None:
    assert check_nhs_number(digits).digits == digits


@pytest.mark.parametrize("text", ["1234567890", "123 456 789", "999 123 4567", "", "99900000188", "999000001A", "٩٩٩٠٠٠٠٠١٨"])
def test_what_is_no_number_is_told_and_never_needed(text: str) -> None:
    with pytest.raises(BadNhsNumber, match="it is not needed"):
        check_nhs_number(text)


@pytest.mark.parametrize("digit", "0123456789")
def test_one_digit_ten_times_is_no_number(digit: str) -> None:
    with pytest.raises(BadNhsNumber):
        check_nhs_number(digit * 10)


@pytest.mark.parametrize("last", "0123456789")
def test_nine_digits_whose_check_value_is_ten_have_no_number(last: str) -> None:
    with pytest.raises(BadNhsNumber):
        check_nhs_number("400000008" + last)


@pytest.mark.parametrize("text", ["999 000 0018", "999-000-0018", " 9990000018 ", "999\u00a0000\u20110018"])
def test_spaces_and_dashes_are_taken_and_the_number_is_shown_three_three_four(text: str) -> None:
    assert check_nhs_number(text).words == "999 000 0018"


def test_a_number_of_england_has_no_warning() -> None:
    assert check_nhs_number("4000000632").warning is None


@pytest.mark.parametrize(("start", "words"), [("999", "kept for tests"), ("010", "Scottish"), ("320", "Northern Ireland")])
def test_a_number_of_another_series_is_taken_with_a_warning(start: str, words: str) -> None:
    for rest in range(10**6):
        nine = f"{start}{rest:06d}"
        total = 11 - sum(w * int(d) for w, d in zip(range(10, 1, -1), nine, strict=True)) % 11
        if total != 10:
            warning = check_nhs_number(f"{nine}{total % 11}").warning
            assert warning is not None
            assert words in warning
            return


@given(number=st.sampled_from(VALID), place=st.integers(0, 9), digit=st.integers(0, 9))
def test_one_wrong_digit_is_always_found(number: str, place: int, digit: int) -> None:
    if int(number[place]) != digit:
        with pytest.raises(BadNhsNumber):
            check_nhs_number(number[:place] + str(digit) + number[place + 1 :])


@given(number=st.sampled_from(VALID), place=st.integers(0, 8))
def test_two_neighbours_swapped_are_always_found(number: str, place: int) -> None:
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    if swapped != number:
        with pytest.raises(BadNhsNumber):
            check_nhs_number(swapped)
