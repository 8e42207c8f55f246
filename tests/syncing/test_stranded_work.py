"""Work that was handed over, and whose laptop was signed off before it arrived: it stays in sight, with a way to the server."""

from __future__ import annotations

from pathlib import Path

import pytest

from ewb_desktop.storage.exchange.sync_state import read_enrolment, read_sealed_files
from ewb_desktop.storage.holding.leaving import let_held_go
from ewb_desktop.storage.settling.brought_held import count_unsettled, held_brought, offer_brought_again, unsettled
from ewb_desktop.storage.settling.digests import compare
from ewb_desktop.storage.settling.held import held_changes
from ewb_desktop.storage.tables import Goal, Person
from ewb_desktop.syncing import handing
from ewb_desktop.syncing.engine import Engine
from ewb_desktop.syncing.report import foot_words, read_status
from sync.outbox import Outbox, credential_hash, seal, unseal
from sync.protocol.digests import bucket_of
from sync.protocol.errors import REFUSAL_WORDS, Refusal
from sync.server.laptops.outboxes import Opened, take_outbox
from tests.support.connected import AREA, Connected
from tests.support.servers import ORGANISATION
from tests.support.venue import Venue, edit, lines, met, seen
from tests.syncing.test_signing_off import held_by

GOAL = "to sleep in a bed of my own"


def hand_over_and_lose(venue: Venue) -> str:
    """Hand a new member over; then Rowan's laptop is lost and signed off before Amina has a line."""
    person = met(venue.rowan)
    handing.take_in(venue.amina.store, venue.pack())
    venue.centre.server.revoke(venue.rowan.store.device)
    venue.amina.sync()
    return person


def carry_a_goal(venue: Venue, person: str) -> None:
    """Hand over what Rowan wrote about a member; then his laptop is lost and signed off before Amina has a line."""
    with venue.rowan.store.write() as writing:
        writing.add(Goal(area=AREA, person=person, words=GOAL))
    handing.take_in(venue.amina.store, venue.pack())
    venue.centre.server.revoke(venue.rowan.store.device)


def supported_no_more(venue: Venue) -> str:
    """Let Amina be a peer who carries what Rowan wrote about a member whom she supports; then a third takes the match away."""
    venue.centre.server.change_worker(venue.amina.store.author, role="peer")
    person = met(venue.rowan)
    edit(venue.rowan, person, supporters=[venue.amina.store.author])
    venue.meet()
    carry_a_goal(venue, person)
    third = venue.centre.join("Bo Lind")
    third.sync()
    edit(third, person, supporters=[])
    third.sync()
    return person


def foot(at: Connected) -> str:
    return foot_words(read_status(at.store), at.clock.today())


def sealed_copy(at: Connected) -> bytes:
    with at.store.read() as connection:
        enrolment, brought = read_enrolment(connection), unsettled(connection)
    assert enrolment is not None
    return seal(Outbox([], (), [each.carried for each in brought]), enrolment.credential)


def taken(venue: Venue, file: bytes) -> Opened:
    server = venue.centre.server
    return server.do(lambda c: take_outbox(c, ORGANISATION, file, server.at[0], 128 << 10))


def test_a_member_whose_laptop_was_signed_off_stays_on_the_screens_and_is_not_called_sent(venue: Venue) -> None:
    person = hand_over_and_lose(venue)
    shown = seen(venue.amina, person)
    assert shown is not None
    assert shown["preferred_name"] == "Grace"
    assert "Everything is sent" not in foot(venue.amina)
    assert "1 change needs a look" in foot(venue.amina)


def test_it_stands_in_quarantine_with_its_reason_its_member_and_who_wrote_it(venue: Venue) -> None:
    person = hand_over_and_lose(venue)
    with venue.amina.store.read() as connection:
        (held,) = held_changes(connection)
    assert (held.person, held.person_name, held.brought_for) == (person, "Grace", "Rowan Oak")
    assert held.reason == REFUSAL_WORDS[Refusal.SIGNED_OFF]


def test_what_waits_to_be_brought_is_not_called_sent(venue: Venue) -> None:
    met(venue.rowan)
    handing.take_in(venue.amina.store, venue.pack())
    assert "1 change from colleagues to send" in foot(venue.amina)
    assert "Everything is sent" not in foot(venue.amina)
    venue.amina.sync()
    assert "Everything is sent" in foot(venue.amina)


def test_the_administrator_takes_it_from_a_sealed_copy_under_its_authors_name_and_the_carrier_is_done_by_itself(
    venue: Venue,
) -> None:
    person = hand_over_and_lose(venue)
    told = taken(venue, sealed_copy(venue.amina))
    assert (told.new, told.refused) == (1, {})
    assert lines(venue.centre, person) == [(venue.rowan.store.author, venue.rowan.store.device)]
    venue.amina.sync()
    venue.amina.sync()
    shown = seen(venue.amina, person)
    assert shown is not None
    assert shown["number"] > 0
    assert "Everything is sent" in foot(venue.amina)
    assert (taken(venue, sealed_copy(venue.amina)).new, len(lines(venue.centre, person))) == (0, 1)


def test_trying_again_without_the_administrator_changes_nothing_and_loses_nothing(venue: Venue) -> None:
    person = hand_over_and_lose(venue)
    with venue.amina.store.write() as writing:
        offer_brought_again(writing, [each.change.id for each in held_brought(writing.connection)])
    venue.amina.sync()
    with venue.amina.store.read() as connection:
        assert count_unsettled(connection) == (0, 1)
    assert seen(venue.amina, person) is not None


def test_an_edit_that_was_not_taken_stays_in_sight_while_others_edit_other_fields(venue: Venue) -> None:
    person = met(venue.rowan)
    venue.meet()
    edit(venue.rowan, person, telephone="0161 496 0111")
    handing.take_in(venue.amina.store, venue.pack())
    venue.centre.server.revoke(venue.rowan.store.device)
    venue.amina.sync()
    third = venue.centre.join("Bo Lind")
    third.sync()
    edit(third, person, preferred_name="Gracie")
    third.sync()
    venue.amina.sync()
    shown = seen(venue.amina, person)
    assert shown is not None
    assert (shown["preferred_name"], shown["telephone"]) == ("Gracie", "0161 496 0111")
    edit(third, person, telephone="0161 496 0222")
    third.sync()
    venue.amina.sync()
    shown = seen(venue.amina, person)
    assert shown is not None
    assert shown["telephone"] == "0161 496 0222"
    with venue.amina.store.read() as connection:
        assert count_unsettled(connection) == (0, 1)


def test_a_removal_that_was_not_taken_hides_nobody(venue: Venue) -> None:
    person = met(venue.rowan)
    venue.meet()
    with venue.rowan.store.write() as writing:
        writing.remove(Person, person)
    handing.take_in(venue.amina.store, venue.pack())
    assert seen(venue.amina, person) is None
    venue.centre.server.revoke(venue.rowan.store.device)
    venue.amina.sync()
    assert seen(venue.amina, person) is not None


def test_what_a_laptop_carries_is_sealed_when_it_is_signed_off_itself(venue: Venue) -> None:
    hand_over_and_lose(venue)
    with venue.amina.store.read() as connection:
        enrolment = read_enrolment(connection)
    assert enrolment is not None
    venue.centre.server.revoke(venue.amina.store.device)
    venue.amina.engine.run()
    (sealed,) = venue.amina.signed_off
    assert sealed is not None
    assert len(unseal(sealed, credential_hash(enrolment.credential)).carried) == 1
    assert taken(venue, sealed).new == 1


def test_what_a_laptop_carries_is_sealed_when_it_leaves_with_the_areas_and_a_sealed_file_is_not_called_sent(
    venue: Venue,
) -> None:
    person = hand_over_and_lose(venue)
    server = venue.centre.server
    server.change_worker(venue.amina.store.author, areas=["sale"])
    venue.amina.sync()
    assert seen(venue.amina, person) is None
    with venue.amina.store.read() as connection:
        (file,) = read_sealed_files(connection)
        assert unsettled(connection) == []
    assert "Everything is sent" not in foot(venue.amina)
    assert taken(venue, file.read_bytes()).new == 1
    file.unlink()
    assert "Everything is sent" in foot(venue.amina)


def test_what_a_peer_carries_about_a_member_whom_she_supports_no_more_is_sealed_and_leaves_with_her(venue: Venue) -> None:
    person = supported_no_more(venue)
    assert venue.amina.sync().left == (person,)
    assert GOAL not in held_by(venue.amina)
    assert person not in held_by(venue.amina)
    with venue.amina.store.read() as connection:
        (file,) = read_sealed_files(connection)
    assert taken(venue, file.read_bytes()).new == 1


def test_what_a_connector_carries_is_sealed_when_she_becomes_a_peer_who_does_not_support_the_member(venue: Venue) -> None:
    person = met(venue.rowan)
    venue.meet()
    carry_a_goal(venue, person)
    venue.centre.server.change_worker(venue.amina.store.author, role="peer")
    assert venue.amina.sync().left == (person,)
    assert GOAL not in held_by(venue.amina)
    with venue.amina.store.read() as connection:
        (file,) = read_sealed_files(connection)
    assert taken(venue, file.read_bytes()).new == 1


def test_a_member_who_leaves_stays_until_what_is_carried_about_her_was_sealed(venue: Venue) -> None:
    person = supported_no_more(venue)

    def full(_sealed: bytes) -> Path:
        raise OSError(28, "no room")

    engine = Engine(venue.amina.store, "0.1.0", venue.amina.signed_off.append, venue.amina.open_wire, full)
    with pytest.raises(OSError, match="no room"):
        engine.run()
    # what needs no line does not take her either
    assert let_held_go(venue.amina.store) == ()
    assert seen(venue.amina, person) is not None
    assert venue.amina.sync().left == (person,)


def test_a_comparison_with_the_server_leaves_what_is_brought_alone(venue: Venue) -> None:
    person = hand_over_and_lose(venue)
    with venue.amina.store.read() as connection:
        difference = compare(connection, "person", [bucket_of(person)], [], 1 << 40)
    assert difference.extra == {}


def test_a_forged_change_in_a_sealed_copy_is_not_taken(venue: Venue) -> None:
    hand_over_and_lose(venue)
    with venue.amina.store.read() as connection:
        enrolment, (brought,) = read_enrolment(connection), unsettled(connection)
    assert enrolment is not None
    forged = brought.carried.model_copy(update={"text": brought.carried.text.replace("Grace", "Fraud")})
    told = taken(venue, seal(Outbox([], (), [forged]), enrolment.credential))
    assert (told.new, told.refused) == (0, {Refusal.NOT_SIGNED: 1})
