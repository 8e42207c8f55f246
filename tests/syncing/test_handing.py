"""A sealed file brings one laptop's unsent work to another, which carries it to the server: the same changes, never twice."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from ewb_desktop.storage.exchange.brought import count_brought, held_reasons
from ewb_desktop.storage.exchange.journal import counts
from ewb_desktop.storage.exchange.laptops import colleagues_laptops, read_keys
from ewb_desktop.storage.settling.handed_state import read_state
from ewb_desktop.storage.tables import Need, Person, table
from ewb_desktop.syncing import handing
from ewb_desktop.syncing.handing import HandOverFailed
from sync import parcel
from sync.parcel import ParcelUnreadable
from sync.protocol.errors import Refusal
from sync.server.database import tables
from sync.server.laptops.holdings import what_was_on
from tests.support.connected import AREA, Connected, House
from tests.support.venue import Venue, edit, lines, met, seen


def to_send(at: Connected) -> int:
    with at.store.read() as connection:
        return counts(connection).to_send


def test_a_colleague_shows_what_was_handed_over_and_carries_it_under_its_authors_name(venue: Venue) -> None:
    person = met(venue.rowan)
    delivery = handing.take_in(venue.amina.store, venue.pack())
    assert delivery.sender.worker_name == "Rowan Oak"
    shown = seen(venue.amina, person)
    assert shown is not None
    assert shown["preferred_name"] == "Grace"
    assert to_send(venue.amina) == 0
    venue.amina.sync()
    assert lines(venue.centre, person) == [(venue.rowan.store.author, venue.rowan.store.device)]
    assert to_send(venue.rowan) == 1
    venue.rowan.sync()
    assert to_send(venue.rowan) == 0
    assert len(lines(venue.centre, person)) == 1
    assert seen(venue.amina, person) == seen(venue.rowan, person)


def test_what_came_by_the_line_first_and_by_the_file_later_stays_as_the_server_has_it(venue: Venue) -> None:
    person = met(venue.rowan)
    old = venue.pack()
    venue.rowan.sync()
    edit(venue.rowan, person, telephone="0161 496 0111")
    venue.meet()
    handing.take_in(venue.amina.store, old)
    venue.amina.sync()
    handing.take_in(venue.amina.store, old)
    shown = seen(venue.amina, person)
    assert shown == seen(venue.rowan, person)
    assert shown is not None
    assert shown["telephone"] == "0161 496 0111"
    assert len(lines(venue.centre, person)) == 2


def test_an_old_value_from_an_old_file_does_not_stay_over_a_newer_one(venue: Venue) -> None:
    person = met(venue.rowan)
    venue.meet()
    edit(venue.rowan, person, telephone="0161 496 0001")
    old = venue.pack()
    venue.rowan.sync()
    edit(venue.rowan, person, telephone="0161 496 0002")
    venue.meet()
    handing.take_in(venue.amina.store, old)
    venue.amina.sync()
    assert seen(venue.amina, person) == seen(venue.rowan, person)


def test_two_files_in_the_wrong_order_say_in_the_end_what_was_said_last(venue: Venue) -> None:
    person = met(venue.rowan)
    first = venue.pack()
    edit(venue.rowan, person, telephone="0161 496 0002")
    second = venue.pack()
    handing.take_in(venue.amina.store, second)
    handing.take_in(venue.amina.store, first)
    venue.meet()
    assert seen(venue.amina, person) == seen(venue.rowan, person)
    assert len(lines(venue.centre, person)) == 2


def test_her_own_edit_stays_on_top_and_both_answers_wait_for_a_person(venue: Venue) -> None:
    person = met(venue.rowan)
    venue.meet()
    edit(venue.rowan, person, coordinator=venue.rowan.store.author)
    edit(venue.amina, person, coordinator=venue.amina.store.author)
    delivery = handing.take_in(venue.amina.store, venue.pack())
    assert [step.left for step in delivery.steps] == [("coordinator",)]
    shown = seen(venue.amina, person)
    assert shown is not None
    assert shown["coordinator"] == venue.amina.store.author
    venue.meet()
    for laptop in (venue.amina, venue.rowan):
        with laptop.store.read() as connection:
            assert connection.exec_driver_sql("SELECT record, field FROM conflict WHERE gone = 0").all() == [
                (person, "coordinator")
            ]


@pytest.mark.parametrize("carrier_first", [True, False], ids=["by-the-file-first", "by-the-line-first"])
def test_an_edit_made_upon_what_was_brought_meets_no_conflict(venue: Venue, carrier_first: bool) -> None:
    person = met(venue.rowan)
    edit(venue.rowan, person, coordinator=venue.rowan.store.author)
    handing.take_in(venue.amina.store, venue.pack())
    edit(venue.amina, person, coordinator=venue.amina.store.author)
    if carrier_first:
        venue.amina.sync()
    venue.meet()
    shown = seen(venue.rowan, person)
    assert shown is not None
    assert shown["coordinator"] == venue.amina.store.author
    with venue.rowan.store.read() as connection:
        assert not connection.exec_driver_sql("SELECT id FROM conflict").all()


def test_what_is_written_after_the_file_was_made_is_a_change_of_its_own(venue: Venue) -> None:
    person = met(venue.rowan)
    file = venue.pack()
    edit(venue.rowan, person, telephone="0161 496 0009")
    handing.take_in(venue.amina.store, file)
    venue.meet()
    shown = seen(venue.amina, person)
    assert shown is not None
    assert shown["telephone"] == "0161 496 0009"


def test_whoever_carries_the_file_reads_nothing_in_it_and_hears_for_whom_it_is(venue: Venue) -> None:
    carrier = venue.centre.join("Nia Price")
    venue.meet(carrier)
    met(venue.rowan, "Grace-in-the-file")
    file = venue.pack()
    assert b"Grace-in-the-file" not in file
    with pytest.raises(HandOverFailed, match="Amina Khan's laptop"):
        handing.look_into(carrier.store, file)
    with carrier.store.read() as connection:
        keys = read_keys(connection)
    with venue.rowan.store.read() as connection:
        sender = read_keys(connection)
    assert keys is not None
    assert sender is not None
    with pytest.raises(ParcelUnreadable):
        parcel.unseal(file, keys, sender.public.signing)


def test_a_changed_byte_anywhere_is_told_and_nothing_is_taken_in(venue: Venue) -> None:
    person = met(venue.rowan)
    file = venue.pack()
    for place in (*range(0, len(file), 41), len(file) - 1):
        changed = bytearray(file)
        changed[place] ^= 1
        with pytest.raises(HandOverFailed):
            handing.take_in(venue.amina.store, bytes(changed))
    with pytest.raises(HandOverFailed):
        handing.take_in(venue.amina.store, file[:-100])
    assert seen(venue.amina, person) is None


def test_a_file_holds_nothing_that_the_receiver_may_not_hold(venue: Venue) -> None:
    helper = venue.centre.join("Hugo Price", "administrator", ("*",))
    elsewhere = venue.centre.join("Noor Aziz", "connector", ("sale",))
    venue.meet(helper, elsewhere)
    met(venue.rowan)
    for other in (helper, elsewhere):
        made = handing.pack(venue.rowan.store, other.store.device)
        assert (made.changes, made.left_out) == (0, 1)
        assert handing.look_into(other.store, made.file).steps == ()


def test_a_file_for_a_peer_support_worker_holds_the_members_alone_whom_she_supports(venue: Venue) -> None:
    peer = venue.centre.join("Cy Moss", "peer")
    venue.meet(peer)
    met(venue.rowan, "Maryam")
    person = met(venue.rowan)
    edit(venue.rowan, person, supporters=[peer.store.author])
    made = handing.pack(venue.rowan.store, peer.store.device)
    handing.take_in(peer.store, made.file)
    assert (made.changes, made.left_out) == (1, 1)
    assert seen(peer, person) is not None
    venue.rowan.sync()
    beside = handing.pack(venue.rowan.store, peer.store.device, with_records=True)
    handing.take_in(peer.store, beside.file)
    with peer.store.read() as connection:
        assert connection.exec_driver_sql("SELECT id FROM person").scalars().all() == [person]


def test_a_peers_laptop_takes_nothing_about_a_member_who_is_no_longer_matched_to_her(venue: Venue) -> None:
    peer, person = venue.centre.join("Cy Moss", "peer"), met(venue.rowan)
    edit(venue.rowan, person, supporters=[peer.store.author])
    venue.meet(peer)
    assert seen(peer, person) is not None
    edit(venue.amina, person, supporters=[])
    venue.amina.sync()
    peer.sync()
    assert seen(peer, person) is None
    # Rowan has heard nothing of it, and writes about her and about somebody who is matched
    edit(venue.rowan, person, telephone="0161 496 0123")
    with venue.rowan.store.write() as writing:
        writing.add(Need(area=AREA, person=person, code="sleep"))
        new = writing.add(Person(area=AREA, preferred_name="Mina", supporters=[peer.store.author]))
        need = writing.add(Need(area=AREA, person=new, code="sleep"))
    made = handing.pack(venue.rowan.store, peer.store.device, with_records=True)
    assert (made.changes, made.left_out) == (4, 0)
    delivery = handing.take_in(peer.store, made.file)
    assert delivery.left_out == 2
    assert [step.change.record for step in delivery.steps] == [new, need]
    with peer.store.read() as connection:
        assert connection.exec_driver_sql("SELECT id FROM person").scalars().all() == [new]
        assert connection.exec_driver_sql("SELECT id FROM need").scalars().all() == [need]
    venue.rowan.sync()
    assert to_send(venue.rowan) == 0


def test_a_peers_laptop_takes_what_the_file_itself_gives_her(venue: Venue) -> None:
    peer, person = venue.centre.join("Cy Moss", "peer"), met(venue.rowan)
    venue.meet(peer)
    with venue.rowan.store.write() as writing:
        need = writing.add(Need(area=AREA, person=person, code="sleep"))
    edit(venue.rowan, person, supporters=[peer.store.author])
    venue.rowan.sync()
    with venue.rowan.store.write() as writing:
        writing.edit(Need, need, words="to sleep again")
    delivery = handing.take_in(peer.store, handing.pack(venue.rowan.store, peer.store.device, with_records=True).file)
    assert (delivery.left_out, dict(delivery.records), len(delivery.steps)) == (0, {"person": 1, "need": 1}, 1)
    assert seen(peer, person) is not None


def test_what_lies_outside_the_receivers_own_scope_is_not_laid_in(venue: Venue) -> None:
    person = met(venue.rowan)
    file = venue.pack()
    venue.centre.server.do(
        lambda c: c.execute(tables.worker.update().where(tables.worker.c.id == venue.amina.store.author).values(areas='["sale"]'))
    )
    venue.amina.sync()
    delivery = handing.take_in(venue.amina.store, file)
    assert (delivery.left_out, delivery.steps) == (1, ())
    assert seen(venue.amina, person) is None


def test_what_was_brought_and_not_taken_leaves_with_the_scope(venue: Venue) -> None:
    person = met(venue.rowan)
    handing.take_in(venue.amina.store, venue.pack())
    venue.centre.server.revoke(venue.rowan.store.device)
    venue.centre.server.do(
        lambda c: c.execute(tables.worker.update().where(tables.worker.c.id == venue.amina.store.author).values(areas='["sale"]'))
    )
    venue.amina.sync()
    assert seen(venue.amina, person) is None
    with venue.amina.store.read() as connection:
        assert not connection.exec_driver_sql("SELECT id FROM brought WHERE text <> ''").all()


def test_changes_of_a_laptop_that_was_signed_off_are_not_taken_and_say_why(venue: Venue) -> None:
    person = met(venue.rowan)
    handing.take_in(venue.amina.store, venue.pack())
    venue.centre.server.revoke(venue.rowan.store.device)
    venue.amina.sync()
    with venue.amina.store.read() as connection:
        assert held_reasons(connection) == [(venue.rowan.store.author, Refusal.SIGNED_OFF, 1)]
    assert lines(venue.centre, person) == []


def test_no_file_is_made_for_a_laptop_that_was_signed_off(venue: Venue) -> None:
    met(venue.amina)
    venue.centre.server.revoke(venue.rowan.store.device)
    venue.amina.sync()
    with venue.amina.store.read() as connection:
        assert colleagues_laptops(connection, venue.amina.store.device) == []
    with pytest.raises(HandOverFailed, match="not in use any more"):
        handing.pack(venue.amina.store, venue.rowan.store.device)


def test_no_file_is_offered_for_a_volunteers_laptop_which_could_not_open_it(venue: Venue) -> None:
    volunteer = venue.centre.join("Vi Lark", "volunteer")
    venue.meet(volunteer)
    with venue.amina.store.read() as connection:
        offered = colleagues_laptops(connection, venue.amina.store.device)
    assert venue.rowan.store.device in [card.id for card in offered]
    assert volunteer.store.device not in [card.id for card in offered]


def test_a_volunteer_who_gets_a_file_reads_why_it_cannot_be_opened_and_what_would_help(venue: Venue) -> None:
    volunteer = venue.centre.join("Vi Lark", "volunteer")
    venue.meet(volunteer)
    met(venue.rowan)
    with pytest.raises(HandOverFailed, match="takes no files: your colleague can make one for somebody else"):
        handing.look_into(volunteer.store, venue.pack(volunteer))


def test_the_server_takes_no_carried_change_that_its_authors_laptop_did_not_sign(venue: Venue) -> None:
    person = met(venue.rowan)
    handing.take_in(venue.amina.store, venue.pack())
    with venue.amina.store.write() as writing:
        writing.connection.exec_driver_sql("UPDATE brought SET text = replace(text, 'Grace', 'Forged')")
    venue.amina.sync()
    with venue.amina.store.read() as connection:
        assert held_reasons(connection) == [(venue.rowan.store.author, Refusal.NOT_SIGNED, 1)]
    assert lines(venue.centre, person) == []


def test_an_answer_lost_on_the_way_doubles_nothing(venue: Venue) -> None:
    person = met(venue.rowan)
    handing.take_in(venue.amina.store, venue.pack())
    venue.amina.line.loses_answer = True
    venue.amina.engine.run()
    venue.amina.sync()
    assert len(lines(venue.centre, person)) == 1
    shown = seen(venue.amina, person)
    assert shown is not None
    assert shown["number"] > 0
    with venue.amina.store.read() as connection:
        assert count_brought(connection) == {}


def test_a_need_comes_with_the_member_it_is_about(venue: Venue) -> None:
    person = met(venue.rowan)
    with venue.rowan.store.write() as writing:
        need = writing.add(Need(area=AREA, person=person, code="debt", words="Bills"))
    handing.take_in(venue.amina.store, venue.pack())
    venue.amina.sync()
    known = table(Need).c
    with venue.amina.store.read() as connection:
        row = connection.execute(select(known.words, known.number > 0).where(known.id == need)).one()
    assert tuple(row) == ("Bills", True)


def test_records_that_the_receiver_has_not_had_yet_go_along_on_request(venue: Venue) -> None:
    person = met(venue.rowan)
    venue.rowan.sync()
    edit(venue.rowan, person, telephone="0161 496 0005")
    made = handing.pack(venue.rowan.store, venue.amina.store.device, with_records=True)
    assert made.changes == 1
    looked = handing.look_into(venue.amina.store, made.file)
    assert looked.records == {"person": 1}
    assert looked.steps[0].after == {"telephone": "0161 496 0005"}
    assert seen(venue.amina, person) is None
    handing.take_in(venue.amina.store, made.file)
    shown = seen(venue.amina, person)
    assert shown is not None
    assert (shown["preferred_name"], shown["telephone"]) == ("Grace", "0161 496 0005")
    assert handing.take_in(venue.amina.store, made.file).records == {}
    venue.meet()
    assert seen(venue.amina, person) == seen(venue.rowan, person)
    assert len(lines(venue.centre, person)) == 2


def test_a_record_in_a_file_says_what_the_server_said_and_not_what_waits_on_top(venue: Venue) -> None:
    person = met(venue.rowan)
    venue.rowan.sync()
    edit(venue.rowan, person, telephone="0161 496 0005")
    with venue.rowan.store.write() as writing:
        writing.remove(Person, person)
    with venue.rowan.store.read() as connection:
        columns, rows = read_state(connection, lambda entity, _area, _person: entity == "person")
    (row,) = rows["person"]
    told = dict(zip(columns["person"], row, strict=True))
    assert (told["telephone"], told["gone"], told["preferred_name"]) == (None, 0, "Grace")


def test_records_in_a_file_are_taken_back_by_what_the_server_says(venue: Venue) -> None:
    person = met(venue.rowan)
    venue.rowan.sync()
    with venue.rowan.store.write() as writing, writing.echo():
        writing.connection.exec_driver_sql("UPDATE person SET preferred_name = 'Not her name' WHERE id = ?", (person,))
    made = handing.pack(venue.rowan.store, venue.amina.store.device, with_records=True)
    handing.take_in(venue.amina.store, made.file)
    venue.amina.sync()
    shown = seen(venue.amina, person)
    assert shown is not None
    assert shown["preferred_name"] == "Grace"


def test_records_of_another_area_stay_out_of_the_file_and_an_older_state_changes_nothing(venue: Venue) -> None:
    elsewhere = venue.centre.join("Noor Aziz", "connector", ("sale",))
    venue.meet(elsewhere)
    person = met(venue.rowan)
    venue.rowan.sync()
    out = handing.pack(venue.rowan.store, elsewhere.store.device, with_records=True)
    assert handing.look_into(elsewhere.store, out.file).records == {}
    with elsewhere.store.read() as connection:
        keys = read_keys(connection)
    with venue.rowan.store.read() as connection:
        sender = read_keys(connection)
    assert keys is not None
    assert sender is not None
    assert "person" not in parcel.unseal(out.file, keys, sender.public.signing)["state"]["rows"]
    old = handing.pack(venue.rowan.store, venue.amina.store.device, with_records=True).file
    edit(venue.rowan, person, telephone="0161 496 0006")
    venue.meet()
    before = seen(venue.amina, person)
    assert handing.take_in(venue.amina.store, old).records == {}
    assert seen(venue.amina, person) == before


def listed(centre: House, laptop: Connected) -> list[str]:
    now = centre.server.at[0]
    held = centre.server.do(lambda c: what_was_on(c, "stretford", laptop.store.device, now))
    return [each.record for each in held.records if each.entity == "person"]


def test_what_was_handed_to_a_laptop_is_named_when_that_laptop_is_lost(venue: Venue) -> None:
    venue.centre.server.at[0] += timedelta(days=1)
    person = met(venue.rowan)
    venue.pack()
    never = met(venue.rowan, "Nia")
    venue.centre.server.revoke(venue.amina.store.device)
    before = listed(venue.centre, venue.amina)
    venue.rowan.sync()
    assert set(listed(venue.centre, venue.amina)) - set(before) == {person}
    assert never not in listed(venue.centre, venue.amina)


def test_records_that_went_along_are_named_too_up_to_the_number_that_the_sender_had(venue: Venue) -> None:
    venue.centre.server.at[0] += timedelta(days=1)
    person = met(venue.rowan)
    venue.rowan.sync()
    handing.pack(venue.rowan.store, venue.amina.store.device, with_records=True)
    met(venue.rowan, "Later")
    assert listed(venue.centre, venue.amina) == []
    venue.rowan.line.loses_answer = True
    venue.rowan.engine.run()
    venue.rowan.sync()
    assert listed(venue.centre, venue.amina) == [person]
