"""What is said of a server that could not be joined names the field that it is about, and no work that nobody has done yet."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ewb_desktop.syncing.authorities import MARK
from ewb_desktop.syncing.troubles import (
    NoLine,
    NoWholeCode,
    OtherCertificate,
    ProgramTooOld,
    RoundFailed,
    UntrustedServer,
    WrongCode,
)
from ewb_desktop.ui.joining_words import AUTHORITY, CODE, FINGERPRINT, VOUCHED, field_of, first_words, joining_words

ADDRESS = "https://ewb.example.org"
PRINT = "0123456789abcdef0123456789abcdef"


@pytest.mark.parametrize(
    ("trouble", "address", "field"),
    [
        (UntrustedServer(), ADDRESS, FINGERPRINT),
        (UntrustedServer(), f"{ADDRESS}#{MARK}abc", AUTHORITY),
        (OtherCertificate(), f"{ADDRESS}#{PRINT}", FINGERPRINT),
        (WrongCode(), ADDRESS, CODE),
        (NoWholeCode(), ADDRESS, CODE),
        (NoLine(), ADDRESS, ""),
        (ValueError("something else"), ADDRESS, ""),
    ],
)
def test_a_trouble_is_told_where_it_can_be_put_right(trouble: Exception, address: str, field: str) -> None:
    assert field_of(trouble, address) == field


def test_who_could_not_prove_itself_is_asked_about_with_the_words_for_a_fingerprint() -> None:
    assert VOUCHED in joining_words(UntrustedServer())
    assert VOUCHED not in joining_words(OtherCertificate())
    assert "fingerprint" in joining_words(OtherCertificate())


def every_kind(kind: type[RoundFailed] = RoundFailed) -> Iterator[type[RoundFailed]]:
    yield kind
    for narrower in kind.__subclasses__():
        yield from every_kind(narrower)


@pytest.mark.parametrize("kind", list(every_kind()))
def test_where_nobody_has_worked_yet_no_work_is_said_to_be_sent_later_and_what_to_do_is_said(kind: type[RoundFailed]) -> None:
    said = first_words(kind())
    assert "Your work is safe" not in said
    assert len(said.split(". ")) > 1


def test_what_to_do_is_kept_where_it_stands_in_the_sentence_about_work() -> None:
    assert first_words(ProgramTooOld()) == "This program is older than the server. Update the program to send it."
    assert first_words(NoLine()) == "There is no internet connection. Try again in a while."
