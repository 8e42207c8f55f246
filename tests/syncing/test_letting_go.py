"""What was written before a role shrank is sent for 30 days; after that it is sealed, and only then leaves the laptop."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from ewb_desktop.storage.exchange.journal import counts
from ewb_desktop.storage.exchange.sync_state import read_enrolment, read_progress
from ewb_desktop.storage.tables import Person
from ewb_desktop.syncing.engine import Engine
from ewb_desktop.syncing.report import read_status, warnings
from sync import outbox
from sync.server.laptops.outboxes import take_outbox
from tests.support.connected import AREA, Connected, House
from tests.support.servers import ORGANISATION
from tests.syncing.test_rounds import add_person, edit, number_of, value
from tests.syncing.test_signing_off import held_by, set_role


def make_volunteer_long_ago(centre: House, laptop: Connected) -> None:
    """Give the laptop's worker a smaller role; it has no line until the server takes nothing any more as from the one before."""
    set_role(centre, laptop, "volunteer")
    centre.server.at[0] += timedelta(days=31)
    laptop.clock.move(days=31)


def test_work_that_the_new_role_may_not_send_is_sealed_for_the_administrator_and_leaves_the_laptop(centre: House) -> None:
    rowan, grace = centre.join("Rowan Oak"), centre.join("Grace Lamb")
    person = add_person(rowan.store, "Amina")
    rowan.sync()
    make_volunteer_long_ago(centre, rowan)
    edit(rowan.store, Person, person, pronouns="she/her")
    new = add_person(rowan.store, "Zephyrine")
    edit(rowan.store, Person, new, telephone="07700 900123")
    rowan.sync()
    assert number_of(rowan.store, Person) == 0
    for secret in ("Amina", "Zephyrine", person, new, "07700 900123"):
        assert secret not in held_by(rowan)
    status = read_status(rowan.store)
    assert not status.is_all_sent
    (file,) = status.sealed_files
    assert b"Zephyrine" not in file.read_bytes()
    assert "sealed for your administrator" in " ".join(warnings(status))
    centre.server.do(
        lambda connection: take_outbox(
            connection, ORGANISATION, file.read_bytes(), centre.server.at[0], 128 << 10, role="connector"
        )
    )
    grace.sync()
    assert value(grace.store, Person, person, "pronouns") == "she/her"
    assert value(grace.store, Person, new, "telephone") == "07700 900123"
    file.unlink()
    assert not warnings(read_status(rowan.store))


def test_what_is_sealed_then_tells_in_which_epoch_its_numbers_mean_something(centre: House) -> None:
    rowan = centre.join("Rowan Oak")
    person = add_person(rowan.store, "Amina")
    rowan.sync()
    with rowan.store.read() as connection:
        enrolment, epoch = read_enrolment(connection), read_progress(connection).epoch
    assert enrolment is not None
    make_volunteer_long_ago(centre, rowan)
    edit(rowan.store, Person, person, pronouns="she/her")
    rowan.sync()
    (file,) = read_status(rowan.store).sealed_files
    assert outbox.unseal(file.read_bytes(), outbox.credential_hash(enrolment.credential)).epoch == epoch is not None


def test_a_sealed_file_that_cannot_be_written_keeps_the_work_where_it_is(centre: House) -> None:
    rowan = centre.join("Rowan Oak")
    rowan.sync()

    def full(_sealed: bytes) -> Path:
        raise OSError(28, "no room")

    add_person(rowan.store, "Bo")
    make_volunteer_long_ago(centre, rowan)
    engine = Engine(rowan.store, "0.1.0", rowan.signed_off.append, rowan.open_wire, full)
    with pytest.raises(OSError, match="no room"):
        engine.run()
    assert number_of(rowan.store, Person) == 1
    with rowan.store.read() as connection:
        assert counts(connection).quarantined == 1


@pytest.mark.parametrize(("role", "area"), [("connector", "sale"), ("volunteer", AREA), ("volunteer", "sale")])
def test_what_was_written_before_the_role_or_areas_changed_is_sent_and_nothing_is_sealed(
    centre: House, role: str, area: str
) -> None:
    rowan, grace = centre.join("Rowan Oak"), centre.join("Grace Lamb")
    known = add_person(rowan.store, "Amina")
    rowan.sync()
    edit(rowan.store, Person, known, pronouns="she/her")
    new = add_person(rowan.store, "Zephyrine")
    set_role(centre, rowan, role, [area])
    rowan.sync()
    grace.sync()
    assert value(grace.store, Person, known, "pronouns") == "she/her"
    assert value(grace.store, Person, new, "preferred_name") == "Zephyrine"
    for secret in ("Amina", "Zephyrine", known, new):
        assert secret not in held_by(rowan)
    status = read_status(rowan.store)
    assert status.is_all_sent
    assert status.sealed_files == ()
