"""Who looked at what on a laptop reaches the server's chained audit, once each, also after days without a line."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from ewb_desktop.storage.exchange.looks import forget_told, looks_to_tell, note_look
from ewb_desktop.syncing.troubles import RoundFailed
from sync.protocol.messages import LookKind
from sync.protocol.version import LOOKS
from sync.server.admission.people import begin_epoch
from sync.server.database import tables
from sync.server.laptops.looks import UNREADABLE, who_looked
from sync.server.laptops.outboxes import take_outbox
from sync.server.records import audit
from tests.support.callers import enrolled, new_id
from tests.support.connected import Connected, House, house
from tests.support.servers import ORGANISATION
from tests.syncing.test_rounds import add_person


@pytest.fixture
def centre(tmp_path: Path, database_url: str) -> Iterator[House]:
    with house(tmp_path, database_url) as open_house:
        yield open_house


@pytest.fixture
def house_of_one(tmp_path: Path) -> Iterator[House]:
    with house(tmp_path) as open_house:
        yield open_house


def audited(centre: House) -> list[tuple[str, str, str, str]]:
    """Return what the audit has of looks: action, kind of record, record, detail; fail when its chain is not whole."""
    row = tables.audit.c
    kinds = (*LookKind, UNREADABLE)
    with centre.server.database.reading() as connection:
        assert audit.first_broken(connection, ORGANISATION) is None
        query = select(row.action, row.entity, row.record, row.detail).where(row.action.in_(kinds)).order_by(row.number)
        return [tuple(each) for each in connection.execute(query)]


def waiting(laptop: Connected) -> int:
    with laptop.store.read() as connection:
        return len(looks_to_tell(connection))


def test_what_was_seen_printed_and_exported_without_a_line_is_in_the_audit_after_the_next_round(centre: House) -> None:
    rowan = centre.join("Rowan Oak")
    person = add_person(rowan.store)
    rowan.sync()
    rowan.line.is_unplugged = True
    for kind in (LookKind.VIEW, LookKind.PRINT, LookKind.EXPORT, LookKind.HISTORY):
        note_look(rowan.store, kind, "person", person)
    at = rowan.clock.now().strftime("%Y-%m-%dT%H:%M")
    rowan.clock.move(days=3)
    with pytest.raises(RoundFailed):
        rowan.sync()
    assert waiting(rowan) == 4
    rowan.line.is_unplugged = False
    rowan.sync()
    found = audited(centre)
    assert [each[:3] for each in found] == [(kind, "person", person) for kind in ("view", "print", "export", "history")]
    assert all(each[3].startswith(f"on the laptop at {at}") for each in found)
    assert waiting(rowan) == 0


def test_a_look_whose_acknowledgement_was_lost_stands_in_the_audit_once(centre: House) -> None:
    rowan = centre.join("Rowan Oak")
    person = add_person(rowan.store)
    rowan.sync()
    note_look(rowan.store, LookKind.VIEW, "person", person)
    rowan.line.loses_answer = True
    with pytest.raises(RoundFailed):
        rowan.sync()
    assert (len(audited(centre)), waiting(rowan)) == (1, 1)
    rowan.sync()
    assert (len(audited(centre)), waiting(rowan)) == (1, 0)


def test_coming_back_within_a_quarter_of_an_hour_is_one_look_and_a_print_counts_each_time(house_of_one: House) -> None:
    rowan = house_of_one.join("Rowan Oak")
    person, other = add_person(rowan.store), add_person(rowan.store, "Bo")
    for _turn in range(2):
        note_look(rowan.store, LookKind.VIEW, "person", person)
        note_look(rowan.store, LookKind.PRINT, "person", person)
        rowan.clock.move(minutes=14)
    assert waiting(rowan) == 3
    note_look(rowan.store, LookKind.VIEW, "person", other)
    rowan.clock.move(minutes=2)
    note_look(rowan.store, LookKind.VIEW, "person", person)
    assert waiting(rowan) == 5


def test_more_looks_than_one_request_holds_leave_in_one_run(house_of_one: House) -> None:
    rowan = house_of_one.join("Rowan Oak")
    for _each in range(LOOKS + 1):
        note_look(rowan.store, LookKind.PRINT, "person", new_id())
    rowan.sync()
    assert (waiting(rowan), len(audited(house_of_one))) == (0, LOOKS + 1)


def test_an_empty_round_says_nothing_of_looks(house_of_one: House) -> None:
    rowan = house_of_one.join("Rowan Oak")
    rowan.sync()
    sent, received = len(rowan.line.bytes_sent), len(rowan.line.bytes_received)
    rowan.sync()
    assert sum(map(len, rowan.line.bytes_sent[sent:])) < 130
    assert sum(map(len, rowan.line.bytes_received[received:])) < 170


def test_a_restored_server_is_told_again_and_what_it_still_has_is_not_doubled(house_of_one: House) -> None:
    centre = house_of_one
    rowan = centre.join("Rowan Oak")
    person = add_person(rowan.store)
    note_look(rowan.store, LookKind.VIEW, "person", person)
    rowan.sync()
    centre.server.do(lambda c: begin_epoch(c, ORGANISATION, centre.server.at[0]))
    rowan.sync()
    assert (waiting(rowan), len(audited(centre))) == (0, 1)


def test_what_the_server_has_is_forgotten_after_ninety_days_and_what_it_has_not_never(house_of_one: House) -> None:
    rowan = house_of_one.join("Rowan Oak")
    note_look(rowan.store, LookKind.VIEW, "person", add_person(rowan.store))
    rowan.sync()
    note_look(rowan.store, LookKind.VIEW, "person", add_person(rowan.store))
    rowan.clock.move(days=91)
    with rowan.store.write() as writing:
        forget_told(writing, rowan.clock.now())
        assert writing.connection.exec_driver_sql("SELECT told_at FROM look").all() == [(None,)]


def test_a_look_that_cannot_be_read_stops_no_other_and_leaves_its_place_in_the_audit(house_of_one: House) -> None:
    ada = enrolled(house_of_one.server, "Ada Okafor")
    good, bad, record = new_id(), new_id(), new_id()
    reply = ada.round(
        looks=[
            {"id": bad, "kind": "note: she wept", "entity": "person", "record": record, "at": "today"},
            {"id": good, "kind": "view", "entity": "person", "record": record, "at": "2026-11-21T14:05:09.123Z"},
        ]
    )
    assert set(reply.has_looks) == {good, bad}
    assert [each[0] for each in audited(house_of_one)] == [UNREADABLE, "view"]
    assert "wept" not in str(audited(house_of_one))


def test_the_administrator_reads_who_looked_at_a_member_and_the_asking_is_in_the_audit(centre: House) -> None:
    rowan, grace = centre.join("Rowan Oak"), centre.join("Grace Lamb")
    person, other = add_person(rowan.store), add_person(rowan.store, "Bo")
    rowan.sync()
    grace.sync()
    for each in (person, other):
        note_look(grace.store, LookKind.VIEW, "person", each)
    grace.sync()
    now = centre.server.at[0] + timedelta(minutes=1)
    found = centre.server.do(lambda c: who_looked(c, ORGANISATION, person, now))
    assert [(each.worker, each.laptop, each.action) for each in found] == [("Grace Lamb", "Grace Lamb's laptop", "view")]
    whole = centre.server.do(lambda c: who_looked(c, ORGANISATION, person, now, with_changes=True))
    assert [each.action for each in whole] == ["create", "view", "list"]


def test_a_laptop_that_is_signed_off_leaves_what_it_had_not_told_in_its_sealed_file(house_of_one: House) -> None:
    rowan = house_of_one.join("Rowan Oak")
    person = add_person(rowan.store)
    rowan.sync()
    note_look(rowan.store, LookKind.PRINT, "person", person)
    house_of_one.server.revoke(rowan.store.device)
    rowan.engine.run()
    (sealed,) = rowan.signed_off
    assert sealed is not None
    house_of_one.server.do(lambda c: take_outbox(c, ORGANISATION, sealed, house_of_one.server.at[0], 128 << 10))
    assert [each[:3] for each in audited(house_of_one)] == [("print", "person", person)]
