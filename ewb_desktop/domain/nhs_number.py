"""The NHS number: ten digits with a check digit, always optional, never enough to know a person by."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NhsNumber:
    """A number whose check digit is right. ``warning`` is a sentence when it is not of an England and Wales series."""

    digits: str
    warning: str | None = None

    @property
    def words(self) -> str:
        """The number as it is shown, on one line: ``999 000 0018``."""
        return f"{self.digits[:3]} {self.digits[3:6]} {self.digits[6:]}"


class BadNhsNumber(ValueError):
    """Text that is no NHS number; the text of the error is a sentence for the person who typed it."""


def check_nhs_number(text: str) -> NhsNumber:
    """Read an NHS number typed with or without spaces and dashes. Raises :class:`BadNhsNumber`.

    Modulus 11 with the weights 10 to 2, and the ranges in use, are those of the NHS Data Dictionary: 400-499 and 600-799
    (millions) for England and Wales, 010-311 Scotland, 320-399 Northern Ireland, 9 for tests.
    """
    digits = "".join(mark for mark in text if mark not in " -\u2010\u2011\u2012\u2013\u00a0\t")
    if not digits.isascii() or not digits.isdigit():
        raise BadNhsNumber("An NHS number has only digits. Check it, or leave it empty: it is not needed.")
    if len(digits) != 10:
        raise BadNhsNumber(f"An NHS number has 10 digits; this has {len(digits)}. Check it, or leave it empty: it is not needed.")
    if len(set(digits)) == 1 or _check_digit(digits[:9]) != int(digits[9]):
        raise BadNhsNumber("This is not an NHS number: a digit is wrong. Check it, or leave it empty: it is not needed.")
    return NhsNumber(digits, _range_warning(int(digits[:3])))


def _check_digit(nine: str) -> int:
    """Return the check digit; 10 means that no number begins with these nine digits."""
    total = sum(weight * int(digit) for weight, digit in zip(range(10, 1, -1), nine, strict=True))
    return (11 - total % 11) % 11


def _range_warning(first: int) -> str | None:
    if 400 <= first <= 499 or 600 <= first <= 799:
        return None
    if 10 <= first <= 311:
        where = "it looks like a Scottish (CHI) number"
    elif 320 <= first <= 399:
        where = "it looks like a Northern Ireland number"
    elif first >= 900:
        where = "it is from the series kept for tests"
    else:
        where = "it is from a series that is not in use in England and Wales"
    return f"The check digit is right, but {where}. Check it with the person."
