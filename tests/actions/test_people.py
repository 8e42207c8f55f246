"""Adding, correcting and coordinating members."""

from __future__ import annotations

from datetime import date

import pytest

from ewb_desktop.actions.desk import Desk
from ewb_desktop.actions.duplicates import likely_same
from ewb_desktop.actions.faults import FaultyFields
from ewb_desktop.actions.people import add_person, bring_back, change_coordinator, change_membership, correct_person, take_off
from ewb_desktop.domain.membership import CoordinatorNeeded
from ewb_desktop.storage.cards.people import PersonRecord, count_people, people_lines, person_order, person_record
from tests.support.desks import GRACE, ROWAN


def stored(desk: Desk, person: str) -> PersonRecord:
    with desk.store.read() as connection:
        record = person_record(connection, person)
    assert record is not None
    return record


def test_a_name_is_enough_to_become_a_member(desk: Desk) -> None:
    person = add_person(desk, {"preferred_name": " Mina "})
    record = stored(desk, person)
    assert (record.preferred_name, record.membership, record.joined_on) == ("Mina", "active", date(2026, 11, 21))


def test_the_worker_at_the_desk_coordinates_at_first(desk: Desk) -> None:
    assert stored(desk, add_person(desk, {"given_name": "Amina"})).coordinator == ROWAN


def test_nobody_is_added_without_any_name(desk: Desk) -> None:
    with pytest.raises(FaultyFields) as fault:
        add_person(desk, {"given_name": "  ", "telephone": "0161 496 0123"})
    assert list(fault.value.sentences) == ["preferred_name"]
    with desk.store.read() as connection:
        assert count_people(connection) == 0


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("birth_date", date(2027, 1, 1), "is in the future"),
        ("nhs_number", "999 123 4567", "not an NHS number"),
        ("telephone", "12", "telephone number"),
        ("postcode", "HELLO", "looks like"),
    ],
)
def test_a_slip_is_told_by_its_field_and_nothing_is_written(desk: Desk, field: str, value: object, said: str) -> None:
    with pytest.raises(FaultyFields) as fault:
        add_person(desk, {"given_name": "Amina", field: value})
    assert said in fault.value.sentences[field]
    with desk.store.read() as connection:
        assert count_people(connection) == 0


def test_every_slip_of_a_form_is_told_at_once(desk: Desk) -> None:
    with pytest.raises(FaultyFields) as fault:
        add_person(desk, {"given_name": "Amina", "postcode": "?", "telephone": "?"})
    assert set(fault.value.sentences) == {"postcode", "telephone"}


def test_a_correction_changes_only_what_was_corrected(desk: Desk) -> None:
    person = add_person(desk, {"given_name": "Amina", "telephone": "0161 496 0123"})
    correct_person(desk, person, {"telephone": "07700 900123"})
    record = stored(desk, person)
    assert (record.given_name, record.telephone) == ("Amina", "07700 900123")


def test_the_last_name_cannot_be_taken_away(desk: Desk) -> None:
    person = add_person(desk, {"given_name": "Amina"})
    with pytest.raises(FaultyFields):
        correct_person(desk, person, {"given_name": ""})


def test_the_coordinator_is_never_blank(desk: Desk) -> None:
    person = add_person(desk, {"given_name": "Amina"})
    with pytest.raises(CoordinatorNeeded):
        change_coordinator(desk, person, " ")
    assert stored(desk, person).coordinator == ROWAN


def test_a_colleague_can_become_coordinator(desk: Desk) -> None:
    person = add_person(desk, {"given_name": "Amina"})
    change_coordinator(desk, person, GRACE)
    assert stored(desk, person).coordinator == GRACE


def test_membership_can_pause_and_come_back(desk: Desk) -> None:
    person = add_person(desk, {"given_name": "Amina"})
    change_membership(desk, person, "paused")
    change_membership(desk, person, "active")
    assert stored(desk, person).membership == "active"


def test_a_record_taken_off_can_be_brought_back_whole(desk: Desk) -> None:
    person = add_person(desk, {"given_name": "Amina", "telephone": "0161 496 0123"})
    take_off(desk, person)
    with desk.store.read() as connection:
        assert person_record(connection, person) is None
    bring_back(desk, person)
    assert stored(desk, person).telephone == "0161 496 0123"


def test_likely_duplicates_are_found_before_saving(desk: Desk) -> None:
    there = add_person(desk, {"given_name": "Amina", "family_name": "Khan", "birth_date": date(1986, 3, 14)})
    add_person(desk, {"given_name": "Joe", "family_name": "Dunn", "birth_date": date(1970, 1, 1)})
    found = likely_same(desk, {"given_name": "Ameena", "family_name": "Kahn", "birth_date": date(1986, 3, 14)})
    assert [one.id for one in found] == [there]


def test_a_shared_telephone_and_name_is_found_without_a_birth_date(desk: Desk) -> None:
    there = add_person(desk, {"preferred_name": "Mina", "telephone": "07700 900 123"})
    found = likely_same(desk, {"preferred_name": "Mina", "telephone": "+44 7700 900123"})
    assert [one.id for one in found] == [there]


def test_the_list_goes_by_family_name_and_shows_the_coordinator(desk: Desk) -> None:
    zed = add_person(desk, {"given_name": "Anna", "family_name": "Zielińska"})
    bee = add_person(desk, {"given_name": "Zoe", "family_name": "adams"})
    with desk.store.read() as connection:
        lines = people_lines(connection, person_order(connection))
    assert [line.id for line in lines] == [bee, zed]
    assert {line.coordinator for line in lines} == {"Rowan Oak"}


def test_signs_that_nobody_sees_are_not_kept_in_what_is_typed_on_a_line(desk: Desk) -> None:
    copied = {
        "preferred_name": "\u202eanimA", "family_name": "Has\u200bim\u2069", "telephone": "\u202a0161 496 0123\u202c",
        "postcode": "\u2066M32 0TH\u2069", "email": "amina@example.org\ufeff",
    }  # fmt: skip
    record = stored(desk, add_person(desk, copied))
    assert (record.preferred_name, record.family_name, record.name) == ("animA", "Hasim", "animA Hasim")
    assert (record.telephone, record.postcode, record.email) == ("0161 496 0123", "M32 0TH", "amina@example.org")


def test_a_name_of_nothing_that_is_seen_is_no_name(desk: Desk) -> None:
    with pytest.raises(FaultyFields):
        add_person(desk, {"preferred_name": "\u200b\u2067"})


def test_a_name_in_persian_keeps_its_joiner(desk: Desk) -> None:
    person = add_person(desk, {"preferred_name": "Ali"})
    correct_person(desk, person, {"preferred_name": "علی\u200cرضا"})
    assert stored(desk, person).preferred_name == "علی\u200cرضا"
