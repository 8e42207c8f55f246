"""What the server did not take and an administrator took in from a copy is not told as refused for ever, and stands once."""

from __future__ import annotations

from ewb_desktop.storage.exchange.journal import quarantined
from ewb_desktop.storage.exchange.remaking import retry
from ewb_desktop.storage.exchange.sync_state import read_enrolment
from ewb_desktop.storage.settling.copied import copied_and_held, note_copied
from ewb_desktop.storage.tables import Contact, Person
from sync.outbox import Outbox, seal
from sync.server.laptops.outboxes import take_outbox
from sync.server.records.history import history
from tests.support.connected import AREA, Connected, House
from tests.support.servers import ORGANISATION

LONG = ("rang at the door " * 8_000).strip()


def refused(laptop: Connected) -> str:
    """Write a contact that the server does not take, and note that a copy of it was saved; return its id."""
    with laptop.store.write() as writing:
        person = writing.add(Person(area=AREA, preferred_name="Finn"))
        contact = writing.add(
            Contact(area=AREA, person=person, at=laptop.clock.now(), how="ring", reached="left_word", note=LONG)
        )
    laptop.sync()
    with laptop.store.write() as writing:
        note_copied(writing, [entry.id for entry in quarantined(writing.connection)])
    return contact


def take_copy(centre: House, laptop: Connected) -> None:
    """Take the copy in, as an administrator does who lets larger changes in."""
    with laptop.store.read() as connection:
        enrolment = read_enrolment(connection)
        assert enrolment is not None
        file = seal(Outbox([entry.change() for entry in quarantined(connection)]), enrolment.credential)
    taken = centre.server.do(lambda c: take_outbox(c, ORGANISATION, file, centre.server.at[0], 1 << 20))
    assert taken.new == 1


def needs_a_look(laptop: Connected) -> int:
    with laptop.store.read() as connection:
        return len(quarantined(connection))


def times_said(centre: House, contact: str) -> int:
    return len(centre.server.do(lambda c: history(c, ORGANISATION, contact)))


def test_on_another_day_the_laptop_hears_by_itself_that_the_server_has_it(centre: House) -> None:
    bea = centre.join("Bea Ford")
    contact = refused(bea)
    take_copy(centre, bea)
    bea.sync()
    assert needs_a_look(bea) == 1
    bea.clock.move(days=1)
    bea.sync()
    assert (needs_a_look(bea), times_said(centre, contact)) == (0, 1)


def test_tried_again_it_is_known_and_not_written_down_twice(centre: House) -> None:
    bea = centre.join("Bea Ford")
    contact = refused(bea)
    take_copy(centre, bea)
    with bea.store.write() as writing:
        retry(writing, [entry.id for entry in quarantined(writing.connection)])
    bea.sync()
    assert (needs_a_look(bea), times_said(centre, contact)) == (0, 1)


def test_what_nobody_took_in_needs_a_look_as_before(centre: House) -> None:
    bea = centre.join("Bea Ford")
    refused(bea)
    bea.clock.move(days=1)
    bea.sync()
    assert needs_a_look(bea) == 1


def test_of_what_was_changed_since_the_copy_nothing_is_asked(centre: House) -> None:
    bea = centre.join("Bea Ford")
    contact = refused(bea)
    with bea.store.write() as writing:
        writing.edit(Contact, contact, note="Rang after four")
    with bea.store.read() as connection:
        assert copied_and_held(connection) == ()
