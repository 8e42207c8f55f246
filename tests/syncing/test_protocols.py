"""A laptop and a server of different protocols: the highest number that both know is spoken; where none fits, work waits."""

from __future__ import annotations

import pytest

from ewb_desktop.storage.exchange.looks import looks_to_tell, note_look
from ewb_desktop.storage.exchange.sync_state import read_enrolment, read_progress, read_spoken
from ewb_desktop.storage.tables import Person
from ewb_desktop.syncing import digest, engine, hello, rounds, wire
from ewb_desktop.syncing.troubles import ForAnother, ProgramTooOld, RoundFailed, ServerTooOld
from sync.protocol.messages import LookKind
from sync.protocol.version import OLDEST_SPOKEN, PROTOCOL
from sync.server.listening import exchange
from tests.support.connected import Connected, House
from tests.syncing.test_rounds import add_person, edit, number_of, to_send, value

NEXT = PROTOCOL + 1


def update_laptops(patch: pytest.MonkeyPatch, *, oldest: int = OLDEST_SPOKEN) -> None:
    for room in (engine, rounds, hello, wire, digest):
        patch.setattr(room, "PROTOCOL", NEXT)
    patch.setattr(wire, "OLDEST_SPOKEN", oldest)


def outdate_server(patch: pytest.MonkeyPatch) -> None:
    """Let the server be of the version before this program: the oldest number is all that it speaks."""
    patch.setattr(exchange, "PROTOCOL", OLDEST_SPOKEN)


def update_server(patch: pytest.MonkeyPatch, *, oldest: int = OLDEST_SPOKEN) -> None:
    patch.setattr(exchange, "PROTOCOL", NEXT)
    patch.setattr(exchange, "OLDEST_SPOKEN", oldest)


def wait_for_an_update(laptop: Connected, told: type[RoundFailed]) -> None:
    """Try twice, work on between, and fail unless everything waits and the worker is told."""
    for turn in range(1, 3):
        before = to_send(laptop.store)
        outcome = laptop.engine.run()
        assert isinstance(outcome.trouble, told)
        assert "safe" in str(outcome.trouble)
        assert (outcome.sent, outcome.held, to_send(laptop.store)) == (0, 0, before)
        add_person(laptop.store, f"Written while waiting {turn}")


def expect_all_sent(centre: House, laptop: Connected, members: int) -> None:
    laptop.sync()
    assert to_send(laptop.store) == 0
    fresh = centre.join("Cleo Park")
    fresh.sync()
    assert number_of(fresh.store, Person) == number_of(laptop.store, Person) == members


def test_an_older_laptop_waits_for_its_update_and_loses_nothing(centre: House, monkeypatch: pytest.MonkeyPatch) -> None:
    rowan = centre.join("Rowan Oak")
    add_person(rowan.store)
    with monkeypatch.context() as patch:
        update_server(patch, oldest=NEXT)
        wait_for_an_update(rowan, ProgramTooOld)
        update_laptops(patch)
        rowan.sync()
        assert to_send(rowan.store) == 0
    expect_all_sent(centre, rowan, 3)


def test_a_newer_laptop_waits_for_the_server_s_update_and_loses_nothing(centre: House, monkeypatch: pytest.MonkeyPatch) -> None:
    rowan = centre.join("Rowan Oak")
    add_person(rowan.store)
    with monkeypatch.context() as patch:
        update_laptops(patch, oldest=NEXT)
        wait_for_an_update(rowan, ServerTooOld)
        update_server(patch)
        rowan.sync()
        assert to_send(rowan.store) == 0
    expect_all_sent(centre, rowan, 3)


def test_a_server_that_was_updated_first_goes_on_with_laptops_of_both_numbers(
    centre: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    rowan, grace = centre.join("Rowan Oak"), centre.join("Grace Lamb")
    update_server(monkeypatch)
    person = add_person(rowan.store)
    rowan.sync()
    centre.join("Joy Dale").sync()
    with monkeypatch.context() as patch:
        update_laptops(patch)
        grace.sync()
        edit(grace.store, Person, person, telephone="0161 496 0001")
        grace.sync()
    rowan.sync()
    assert value(rowan.store, Person, person, "telephone") == "0161 496 0001"
    # the daily comparison of the two ends speaks the same number
    rowan.clock.move(days=2)
    rowan.sync()


def test_a_newer_laptop_speaks_the_number_of_an_older_server_and_asks_for_it_once(
    centre: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        outdate_server(patch)
        rowan, grace = centre.join("Rowan Oak"), centre.join("Grace Lamb")
        person = add_person(rowan.store)
        note_look(rowan.store, LookKind.VIEW, "person", person)
        rowan.sync()
        # what the older server has no place for waits
        assert (to_send(rowan.store), spoken(rowan), looks(rowan)) == (0, OLDEST_SPOKEN, 1)
        grace.sync()
        assert number_of(grace.store, Person) == 1
        before = rowan.line.calls
        rowan.sync()
        assert rowan.line.calls == before + 1
        rowan.clock.move(days=2)
        rowan.sync()
    rowan.sync()
    assert spoken(rowan) is None
    rowan.sync()
    assert looks(rowan) == 0


def met_when_it_was_old(centre: House, monkeypatch: pytest.MonkeyPatch) -> Connected:
    """Return a laptop that remembers a server of the oldest number."""
    rowan = centre.join("Rowan Oak")
    with monkeypatch.context() as patch:
        outdate_server(patch)
        rowan.sync()
    assert spoken(rowan) == OLDEST_SPOKEN
    return rowan


@pytest.mark.parametrize("newest", range(OLDEST_SPOKEN + 1, PROTOCOL + 1))
def test_a_server_that_dropped_the_number_it_is_remembered_by_is_spoken_to_in_the_highest_that_both_know(
    centre: House, monkeypatch: pytest.MonkeyPatch, newest: int
) -> None:
    rowan = met_when_it_was_old(centre, monkeypatch)
    add_person(rowan.store)
    monkeypatch.setattr(exchange, "OLDEST_SPOKEN", OLDEST_SPOKEN + 1)
    monkeypatch.setattr(exchange, "PROTOCOL", newest)
    assert rowan.sync().sent == 1
    assert spoken(rowan) == (None if newest == PROTOCOL else newest)
    before = rowan.line.calls
    rowan.sync()
    assert rowan.line.calls == before + 1


def test_a_server_that_left_every_number_of_the_laptop_behind_asks_for_its_update(
    centre: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    rowan = met_when_it_was_old(centre, monkeypatch)
    update_server(monkeypatch, oldest=NEXT)
    wait_for_an_update(rowan, ProgramTooOld)
    update_laptops(monkeypatch)
    rowan.sync()
    assert (to_send(rowan.store), spoken(rowan)) == (0, None)


def test_a_laptop_that_dropped_the_number_it_remembers_speaks_its_highest(centre: House, monkeypatch: pytest.MonkeyPatch) -> None:
    rowan = met_when_it_was_old(centre, monkeypatch)
    for room in (wire, engine):
        monkeypatch.setattr(room, "OLDEST_SPOKEN", OLDEST_SPOKEN + 1)
    add_person(rowan.store)
    before = rowan.line.calls
    assert rowan.sync().sent == 1
    assert rowan.line.calls == before + 1


def test_the_first_round_with_an_older_server_sends_no_change_twice(centre: House, monkeypatch: pytest.MonkeyPatch) -> None:
    outdate_server(monkeypatch)
    rowan = centre.join("Rowan Oak")
    person = add_person(rowan.store)
    assert rowan.sync().sent == 1
    edit(rowan.store, Person, person, telephone="0161 496 0001")
    assert rowan.sync().sent == 1
    grace = centre.join("Grace Lamb")
    grace.sync()
    assert value(grace.store, Person, person, "telephone") == "0161 496 0001"


def spoken(laptop: Connected) -> int | None:
    with laptop.store.read() as connection:
        return read_spoken(connection)


def looks(laptop: Connected) -> int:
    with laptop.store.read() as connection:
        return len(looks_to_tell(connection))


def test_an_answer_for_another_worker_is_told_and_nothing_of_it_is_kept(centre: House) -> None:
    rowan, volunteer = centre.join("Rowan Oak"), centre.join("Joy Dale", "volunteer")
    add_person(rowan.store, "Zephyrine")
    rowan.sync()
    add_person(rowan.store, "Amina")
    # a cache on the way gives Joy the answer that was Rowan's
    volunteer.line = rowan.line
    own = volunteer.open_wire
    volunteer.engine._open_wire = lambda address, _credential: own(address, credential_of(rowan))
    outcome = volunteer.engine.run()
    assert isinstance(outcome.trouble, ForAnother)
    assert number_of(volunteer.store, Person) == 0
    assert read_progress_cursor(volunteer) == 0
    volunteer.engine._open_wire = own
    volunteer.sync()
    assert number_of(volunteer.store, Person) == 0


def credential_of(laptop: Connected) -> str:
    with laptop.store.read() as connection:
        enrolment = read_enrolment(connection)
    assert enrolment is not None
    return enrolment.credential


def read_progress_cursor(laptop: Connected) -> int:
    with laptop.store.read() as connection:
        return read_progress(connection).cursor
