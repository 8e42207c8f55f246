"""A member is opened by a name with a day of birth, a telephone number or a postcode: whole, however it is written."""

from __future__ import annotations

import pytest

from sync.protocol.messages import Sought
from sync.server.laptops.seeking import digits_of, postcode_of
from tests.support.callers import Caller, enrolled
from tests.support.servers import RunningServer
from tests.sync.server.laptops.test_breaking_glass import ask, audited, opened

KNOWN = {"preferred_name": "Mina", "family_name": "Hasim", "telephone": "0161 496 0123", "postcode": "M33 0TH"}


def known(server: RunningServer, **more: str) -> tuple[Caller, str]:
    """Return a worker elsewhere, and a member of Sale who never told a day of birth."""
    ada = enrolled(server, "Ada Okafor", areas=["sale"])
    ada.area = "sale"
    person = ada.change("person", {**KNOWN, **more})
    ada.round(person)
    return enrolled(server, "Ben Hale"), person.record


@pytest.mark.parametrize(
    "clue",
    [
        {"telephone": "01614960123"}, {"telephone": "+44 (0)161 496-0123"}, {"telephone": "0044 161 496 0123 ext 4"},
        {"postcode": "M33 0TH"}, {"postcode": "m330th"}, {"telephone": "0161 496 0123", "postcode": " m33  0th "},
    ],
    ids=str,
)  # fmt: skip
def test_somebody_without_a_day_of_birth_is_found_by_what_stands_on_her_record(
    server: RunningServer, clue: dict[str, str]
) -> None:
    ben, person = known(server)
    reply = opened(ben, name="mina HAŞIM", **clue)
    assert (reply.sought, reply.person) == (Sought.OPENED, person)


@pytest.mark.parametrize(
    "clue",
    [
        {"telephone": "0161 496 0124"}, {"telephone": "496 0123"}, {"telephone": "0161 496 01234"}, {"postcode": "M33 0TJ"},
        {"telephone": "0161 496 0123", "postcode": "M33 0TJ"}, {"telephone": "0161 496 0123", "born": "1986-03-14"},
    ],
    ids=str,
)  # fmt: skip
def test_what_is_not_the_same_finds_nobody(server: RunningServer, clue: dict[str, str]) -> None:
    ben, _person = known(server)
    assert opened(ben, name="Mina Hasim", **clue).sought is Sought.NOBODY


@pytest.mark.parametrize(
    "clue",
    [
        {"telephone": "0123"}, {"telephone": "ask her sister"}, {"postcode": "M33"}, {"postcode": "0TH"},
        {"telephone": "0161 496 0123", "postcode": "M33"}, {"telephone": " "},
    ],
    ids=str,
)  # fmt: skip
def test_a_part_of_a_number_or_of_a_postcode_is_no_question(server: RunningServer, clue: dict[str, str]) -> None:
    ben, _person = known(server, telephone="0123", postcode="M33")
    assert ask(ben, name="Mina Hasim", **clue).status_code == 400


@pytest.mark.parametrize("clue", [{"telephone": "0161 496 0123"}, {"postcode": "M33 0TH"}], ids=str)
def test_a_number_or_a_postcode_finds_nobody_without_the_name(server: RunningServer, clue: dict[str, str]) -> None:
    ben, _person = known(server)
    assert ask(ben, name=" ", **clue).status_code == 400
    assert opened(ben, name="Maryam Hasim", **clue).sought is Sought.NOBODY


def test_of_several_who_share_a_name_and_a_number_nobody_is_told_who(server: RunningServer) -> None:
    ben, _person = known(server)
    known(server, given_name="Maryam")
    several = opened(ben, name="Hasim", telephone="0161 496 0123")
    assert (several.sought, several.person, several.page.rows) == (Sought.SEVERAL, "", {})


def test_the_audit_keeps_each_try_without_the_number_or_the_postcode(server: RunningServer) -> None:
    ben, person = known(server)
    opened(ben, name="Mina Hasim", telephone="07700 900 123")
    opened(ben, name="Mina Hasim", postcode="M33 0TH")
    assert audited(server) == [
        ("break-glass_nobody", "", "here_now"), ("break-glass", person, "here_now, until 2026-11-21T17:05:00.000Z")
    ]  # fmt: skip


def test_a_number_that_a_record_lacks_is_not_found_among_those_without_one(server: RunningServer) -> None:
    ben, _person = known(server, telephone="", postcode="")
    assert opened(ben, name="Mina Hasim", telephone="0161 496 0123").sought is Sought.NOBODY


@pytest.mark.parametrize("sign", ["\u200c", "\u202e", "\u200b"], ids=ascii)
def test_a_name_is_found_whatever_nobody_sees_in_it(server: RunningServer, sign: str) -> None:
    ben, person = known(server, preferred_name=f"علی{sign}رضا")
    assert opened(ben, name="علیرضا Hasim", postcode="M33 0TH").person == person


@pytest.mark.parametrize(
    ("written", "digits"),
    [
        ("0161 496 0123", "01614960123"), ("44 161 496 0123", "01614960123"), ("+353 1 437 0123", "35314370123"),
        ("0161 496 0123 x12", "01614960123"), ("123", ""), ("", ""),
    ],
)  # fmt: skip
def test_numbers_are_compared_by_their_digits(written: str, digits: str) -> None:
    assert digits_of(written) == digits


@pytest.mark.parametrize(("written", "plain"), [("m32 0th", "M320TH"), ("EC1A 1BB", "EC1A1BB"), ("M32", ""), ("32 0TH", "")])
def test_postcodes_are_compared_without_blanks_and_case(written: str, plain: str) -> None:
    assert postcode_of(written) == plain
