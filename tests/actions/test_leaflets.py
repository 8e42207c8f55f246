"""Counting prints: the tally names nobody, and what was printed at the lock screen is counted once."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ewb_desktop.actions.desk import Desk
from ewb_desktop.actions.leaflets import Note, Printed, Taker, count_print
from ewb_desktop.actions.people import add_person
from ewb_desktop.actions.print_notes import TAKER, keep_taker, note_print, strike_note, take_in_prints
from ewb_desktop.storage.cards.leaflets import prints_between
from ewb_desktop.storage.drafts import load_draft
from ewb_desktop.storage.ids import new_id
from tests.support.clock import HandClock
from tests.support.desks import GRACE, open_desk
from tests.support.of_member import copies_printed, leaflets_given, recent_leaflets

SLEEP = Printed("sleep", "en", "large-18", 3)


def a_note(desk: Desk) -> Note:
    return Note(new_id(), desk.clock.now())


def counted(desk: Desk) -> int:
    with desk.store.read() as connection:
        return copies_printed(connection, desk.clock.today())


def test_a_print_is_counted_with_its_copies_and_names_nobody(desk: Desk) -> None:
    count_print(desk, SLEEP)
    with desk.store.read() as connection:
        (card,) = recent_leaflets(connection)
        row = connection.exec_driver_sql("SELECT area, place FROM print_tally").one()
        assert connection.exec_driver_sql("SELECT count(*) FROM leaflet_given").scalar() == 0
    assert (card.topic, card.language, card.format, card.copies) == ("sleep", "en", "large-18", 3)
    assert tuple(row) == ("*", desk.place)


def test_colours_paper_cover_and_what_was_printed_with_it_are_counted(desk: Desk, tmp_path: Path) -> None:
    cream = Printed("sleep", "pl", "large-18", 20, "cream", "a5", discreet=True, batch="0199a000-0000-7000-8000-00000000cc01")
    count_print(desk, cream)
    note_print(tmp_path / "tallies", cream, a_note(desk))
    take_in_prints(desk, tmp_path / "tallies")
    today = desk.clock.today()
    with desk.store.read() as connection:
        cards = prints_between(connection, today, today)
        changes = connection.exec_driver_sql("SELECT fields FROM journal WHERE entity = 'print_tally'").scalars().all()
    assert [(card.palette, card.sheet, card.discreet, card.batch, card.copies) for card in cards] == [
        ("cream", "a5", True, cream.batch, 20)
    ] * 2
    assert all('"cream"' in change and '"a5"' in change for change in changes)


def test_a_count_of_an_older_program_is_taken_in_without_its_colours(desk: Desk, tmp_path: Path) -> None:
    old = '{"id":"0199a000-0000-7000-8000-00000000cc02","topic":"sleep","language":"en","format":"clear-14","copies":2,'
    (tmp_path / "tallies").write_text(old + '"printed_at":"2026-11-21T14:05:09Z"}\n')
    assert take_in_prints(desk, tmp_path / "tallies") == 1
    with desk.store.read() as connection:
        (card,) = prints_between(connection, date(2026, 11, 21), date(2026, 11, 21))
    assert (card.copies, card.palette, card.sheet, card.discreet) == (2, "", "", False)


def test_a_leaflet_for_a_member_is_on_the_members_record_and_not_in_the_tally(desk: Desk) -> None:
    person = add_person(desk, {"given_name": "Amina"})
    count_print(desk, SLEEP, Taker(person, ("service-one",)))
    with desk.store.read() as connection:
        (given_leaflet,) = leaflets_given(connection, person)
        tally = connection.exec_driver_sql("SELECT * FROM print_tally").one()
    assert (given_leaflet.topic, given_leaflet.services, given_leaflet.given_by) == ("sleep", ("service-one",), "Rowan Oak")
    assert person not in tally
    assert counted(desk) == 3


def test_nothing_is_counted_for_a_member_who_is_not_in_the_file(desk: Desk) -> None:
    with pytest.raises(LookupError):
        count_print(desk, SLEEP, Taker(GRACE))
    assert counted(desk) == 0


def test_no_copies_are_no_print() -> None:
    with pytest.raises(ValueError, match="one copy"):
        Printed("sleep", "en", "clear-14", 0)


def test_the_latest_leaflets_come_first_each_once(tmp_path: Path) -> None:
    clock = HandClock()
    with open_desk(tmp_path, clock=clock) as desk:
        for topic in ("sleep", "low-mood", "sleep"):
            count_print(desk, Printed(topic, "en", "clear-14"))
            clock.move(minutes=1)
        count_print(desk, Printed("sleep", "pl", "clear-14"))
        with desk.store.read() as connection:
            cards = recent_leaflets(connection)
            assert len(recent_leaflets(connection, 2)) == 2
    assert [(card.topic, card.language, card.copies) for card in cards] == [
        ("sleep", "pl", 1), ("sleep", "en", 2), ("low-mood", "en", 1),
    ]  # fmt: skip


def test_a_print_of_yesterday_is_not_counted_today(tmp_path: Path) -> None:
    clock = HandClock()
    with open_desk(tmp_path, clock=clock) as desk:
        count_print(desk, SLEEP)
        clock.move(days=1)
        assert counted(desk) == 0


def test_prints_of_the_lock_screen_are_taken_in_once_at_the_next_unlocking(desk: Desk, tmp_path: Path) -> None:
    tallies = tmp_path / "profile" / "tallies"
    note_print(tallies, SLEEP, a_note(desk))
    note_print(tallies, Printed("low-mood", "en", "clear-14"), a_note(desk))
    assert tallies.stat().st_mode & 0o077 == 0
    assert take_in_prints(desk, tallies) == 2
    assert take_in_prints(desk, tallies) == 0
    assert not tallies.exists()
    assert counted(desk) == 4


def test_a_file_that_was_taken_in_but_not_taken_away_is_not_counted_twice(desk: Desk, tmp_path: Path) -> None:
    tallies = tmp_path / "tallies"
    note_print(tallies, SLEEP, a_note(desk))
    kept = tallies.read_bytes()
    take_in_prints(desk, tallies)
    tallies.write_bytes(kept)
    take_in_prints(desk, tallies)
    assert counted(desk) == 3


def test_half_a_line_is_left_out_and_the_others_are_counted(desk: Desk, tmp_path: Path) -> None:
    tallies = tmp_path / "tallies"
    note_print(tallies, SLEEP, a_note(desk))
    with tallies.open("ab") as file:
        file.write(b'{"id": "0199\n\xff\xfe not a tally\n[]\n')
    note_print(tallies, SLEEP, a_note(desk))
    assert take_in_prints(desk, tallies) == 2
    assert counted(desk) == 6


@given(st.binary(max_size=300))
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_no_file_of_tallies_stops_an_unlocking(desk: Desk, tmp_path: Path, content: bytes) -> None:
    tallies = tmp_path / "tallies"
    tallies.write_bytes(content)
    assert take_in_prints(desk, tallies) == 0
    assert not tallies.exists()


def test_a_file_of_tallies_that_cannot_be_read_waits_for_the_next_unlocking(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "tallies").mkdir()
    assert take_in_prints(desk, tmp_path / "tallies") == 0


def test_a_note_that_was_struck_out_is_not_counted_and_the_others_are(desk: Desk, tmp_path: Path) -> None:
    tallies = tmp_path / "tallies"
    first, second = a_note(desk), a_note(desk)
    note_print(tallies, SLEEP, first)
    note_print(tallies, Printed("low-mood", "en", "clear-14"), second)
    strike_note(tallies, first)
    assert tallies.stat().st_mode & 0o077 == 0
    assert take_in_prints(desk, tallies) == 1
    note_print(tallies, SLEEP, first)
    strike_note(tallies, first)
    strike_note(tallies, first)
    assert not tallies.exists()


def test_a_print_that_was_under_way_at_the_lock_is_on_the_members_record_once(desk: Desk, tmp_path: Path) -> None:
    tallies, person, note = tmp_path / "tallies", add_person(desk, {"given_name": "Amina"}), a_note(desk)
    taker = Taker(person, ("service-one",), new_id())
    keep_taker(desk, note, taker)
    note_print(tallies, SLEEP, note)
    assert person not in tallies.read_text()
    kept = tallies.read_bytes()
    for _ in range(2):
        assert take_in_prints(desk, tallies) == 1
        tallies.write_bytes(kept)
        keep_taker(desk, note, taker)
    with desk.store.read() as connection:
        (given_leaflet,) = leaflets_given(connection, person)
    assert (given_leaflet.topic, given_leaflet.services, given_leaflet.given_by) == ("sleep", ("service-one",), "Rowan Oak")
    assert counted(desk) == 3


def test_for_whom_a_print_was_that_never_came_out_is_forgotten_at_the_next_unlocking(desk: Desk, tmp_path: Path) -> None:
    note, person = a_note(desk), add_person(desk, {"given_name": "Amina"})
    keep_taker(desk, note, Taker(person))
    assert take_in_prints(desk, tmp_path / "tallies") == 0
    assert load_draft(desk.store, TAKER) is None
    with desk.store.read() as connection:
        assert leaflets_given(connection, person) == []


def test_a_taker_who_has_left_the_laptop_keeps_no_print_from_being_counted(desk: Desk, tmp_path: Path) -> None:
    note = a_note(desk)
    keep_taker(desk, note, Taker(GRACE, (), new_id()))
    note_print(tmp_path / "tallies", SLEEP, note)
    assert take_in_prints(desk, tmp_path / "tallies") == 1
    assert counted(desk) == 3
    assert load_draft(desk.store, TAKER) is None
