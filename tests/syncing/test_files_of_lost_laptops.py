"""A hand-over file whose laptop is known as signed off when it is opened: nothing of it is believed, and nothing is lost."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from ewb_desktop.storage.cards.history import keep_heard
from ewb_desktop.storage.exchange.sync_state import read_sealed_files
from ewb_desktop.storage.holding.scope import let_go
from ewb_desktop.storage.settling.brought_held import count_unsettled, unsettled
from ewb_desktop.storage.settling.held import held_changes
from ewb_desktop.storage.tables import Person
from ewb_desktop.syncing import handing
from sync.protocol.errors import REFUSAL_WORDS, Refusal
from sync.server.admission.people import begin_epoch
from tests.support.connected import Connected
from tests.support.server_copies import copy_pages
from tests.support.servers import ORGANISATION
from tests.support.venue import Venue, edit, lines, met, seen
from tests.syncing.test_stranded_work import foot, sealed_copy, taken


def sign_off_rowan(venue: Venue) -> None:
    venue.centre.server.revoke(venue.rowan.store.device)
    venue.amina.sync()


def file_of_a_lost_laptop(venue: Venue) -> tuple[str, bytes]:
    """Seal a new member in a file; then Rowan's laptop is lost, and Amina's hears of it before she opens the file."""
    person = met(venue.rowan)
    file = venue.pack()
    sign_off_rowan(venue)
    return person, file


def waits(at: Connected) -> tuple[int, int]:
    with at.store.read() as connection:
        return count_unsettled(connection)


def test_it_is_kept_for_the_administrator_and_nothing_of_it_is_on_the_screens(venue: Venue) -> None:
    person, file = file_of_a_lost_laptop(venue)
    looked = handing.look_into(venue.amina.store, file)
    assert (looked.is_held, len(looked.new), looked.steps[0].after) == (True, 1, {})
    handing.take_in(venue.amina.store, file)
    assert "Everything is sent" not in foot(venue.amina)
    venue.amina.sync()
    assert seen(venue.amina, person) is None
    with venue.amina.store.read() as connection:
        (held,) = held_changes(connection)
    assert (held.brought_for, held.reason) == ("Rowan Oak", REFUSAL_WORDS[Refusal.SIGNED_OFF])
    assert lines(venue.centre, person) == []


def test_the_administrator_takes_it_in_and_then_it_is_on_the_screens_and_done(venue: Venue) -> None:
    person, file = file_of_a_lost_laptop(venue)
    handing.take_in(venue.amina.store, file)
    venue.amina.sync()
    told = taken(venue, sealed_copy(venue.amina))
    assert (told.new, told.refused) == (1, {})
    assert lines(venue.centre, person) == [(venue.rowan.store.author, venue.rowan.store.device)]
    venue.amina.sync()
    venue.amina.sync()
    assert seen(venue.amina, person) is not None
    assert "Everything is sent" in foot(venue.amina)
    assert handing.take_in(venue.amina.store, file).new == ()


def test_what_the_server_has_already_asks_nobody_anything(venue: Venue) -> None:
    person = met(venue.rowan)
    file = venue.pack()
    venue.rowan.sync()
    sign_off_rowan(venue)
    handing.take_in(venue.amina.store, file)
    venue.amina.sync()
    assert waits(venue.amina) == (0, 0)
    assert len(lines(venue.centre, person)) == 1


def test_an_edit_and_a_removal_change_nothing_until_they_were_taken(venue: Venue) -> None:
    person, other = met(venue.rowan), met(venue.rowan, "Bo")
    venue.meet()
    edit(venue.rowan, person, coordinator=venue.rowan.store.author)
    with venue.rowan.store.write() as writing:
        writing.remove(Person, other)
    file = venue.pack()
    sign_off_rowan(venue)
    before = seen(venue.amina, person)
    handing.take_in(venue.amina.store, file)
    venue.amina.sync()
    assert (seen(venue.amina, person), waits(venue.amina)) == (before, (0, 2))
    assert seen(venue.amina, other) is not None
    taken(venue, sealed_copy(venue.amina))
    venue.amina.sync()
    venue.amina.sync()
    shown = seen(venue.amina, person)
    assert shown is not None
    assert shown["coordinator"] == venue.rowan.store.author
    assert (seen(venue.amina, other), waits(venue.amina)) == (None, (0, 0))


def test_records_from_the_server_in_it_are_not_laid_in(venue: Venue) -> None:
    person = met(venue.rowan)
    venue.rowan.sync()
    file = handing.pack(venue.rowan.store, venue.amina.store.device, with_records=True).file
    venue.centre.server.revoke(venue.rowan.store.device)
    with venue.amina.store.write() as writing, writing.echo():
        writing.connection.exec_driver_sql("UPDATE laptop SET active = 0 WHERE id = ?", (venue.rowan.store.device,))
    assert handing.take_in(venue.amina.store, file).records == {}
    assert seen(venue.amina, person) is None


def test_what_may_not_be_on_this_laptop_goes_sealed_to_the_administrator(venue: Venue) -> None:
    person = met(venue.rowan)
    file = venue.pack()
    venue.centre.server.revoke(venue.rowan.store.device)
    server = venue.centre.server
    server.change_worker(venue.amina.store.author, areas=["sale"])
    venue.amina.sync()
    delivery = handing.take_in(venue.amina.store, file)
    assert (delivery.left_out, delivery.steps) == (1, ())
    with venue.amina.store.read() as connection:
        assert unsettled(connection) == []
        (sealed,) = read_sealed_files(connection)
    assert b"Grace" not in sealed.read_bytes()
    assert taken(venue, sealed.read_bytes()).new == 1
    assert len(lines(venue.centre, person)) == 1


def test_a_full_disk_while_it_is_sealed_leaves_everything_as_it_was(venue: Venue) -> None:
    met(venue.rowan)
    file = venue.pack()
    venue.centre.server.revoke(venue.rowan.store.device)
    server = venue.centre.server
    server.change_worker(venue.amina.store.author, areas=["sale"])
    venue.amina.sync()

    def full(_sealed: bytes) -> Path:
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        handing.take_in(venue.amina.store, file, full)
    assert waits(venue.amina) == (0, 0)
    with venue.amina.store.read() as connection:
        assert read_sealed_files(connection) == ()


def test_a_restored_server_is_offered_again_what_was_carried_to_it(venue: Venue, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    copy_pages(tmp_path / "server.db", copy)
    person = met(venue.rowan)
    handing.take_in(venue.amina.store, venue.pack())
    venue.amina.sync()
    assert len(lines(venue.centre, person)) == 1
    copy_pages(copy, tmp_path / "server.db")
    venue.centre.server.do(lambda c: begin_epoch(c, ORGANISATION, venue.centre.server.at[0]))
    assert lines(venue.centre, person) == []
    venue.amina.sync()
    assert lines(venue.centre, person) == [(venue.rowan.store.author, venue.rowan.store.device)]
    assert seen(venue.amina, person) is not None
    assert waits(venue.amina) == (0, 0)


def carried_words(at: Connected) -> str:
    with at.store.read() as connection:
        return "".join(connection.exec_driver_sql("SELECT text FROM brought").scalars())


def carry_one(venue: Venue) -> str:
    person = met(venue.rowan)
    handing.take_in(venue.amina.store, venue.pack())
    venue.amina.sync()
    assert "Grace" in carried_words(venue.amina)
    return person


def test_the_words_of_what_was_carried_go_after_ninety_days_and_the_file_still_brings_nothing_twice(venue: Venue) -> None:
    met(venue.rowan)
    file = venue.pack()
    handing.take_in(venue.amina.store, file)
    venue.amina.sync()
    for days in (80, 20):
        venue.centre.server.at[0] += timedelta(days=days)
        venue.amina.clock.move_to(venue.centre.server.at[0])
        # what is old is looked for by the server's time of the round before
        venue.amina.sync()
        venue.amina.clock.move_to(venue.amina.clock.now() + timedelta(days=1))
        venue.amina.sync()
        assert ("Grace" in carried_words(venue.amina)) == (days == 80)
    assert handing.take_in(venue.amina.store, file).new == ()


def test_the_words_of_what_was_carried_go_with_the_record(venue: Venue) -> None:
    person = carry_one(venue)
    with venue.amina.store.write() as writing:
        assert let_go(writing, "person", [person]) == 1
    assert "Grace" not in carried_words(venue.amina)


def test_the_words_of_what_was_carried_go_when_the_record_is_erased(venue: Venue) -> None:
    person = carry_one(venue)
    with venue.amina.store.write() as writing:
        keep_heard(writing, [(99, "person", person, "erase", "somebody", "2026-11-21T14:05:00.000Z", {})])
    assert "Grace" not in carried_words(venue.amina)
