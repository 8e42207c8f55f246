"""Rounds between real encrypted laptops and a real server: what one writes the other reads, and a cut line costs nothing."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from ewb_desktop.storage.exchange.journal import counts, pending
from ewb_desktop.storage.exchange.sync_state import read_progress
from ewb_desktop.storage.store import Store
from ewb_desktop.storage.tables import Conflict, Goal, Need, Person, Row, Visit, table
from ewb_desktop.syncing import wire
from ewb_desktop.syncing.engine import Engine
from ewb_desktop.syncing.troubles import AnswerTooLarge, NotListening
from ewb_desktop.syncing.wire import Wire
from sync.packing import pack, unpack
from sync.server.laptops import snapshots
from tests.support.connected import AREA, House, house


@pytest.fixture
def either_centre(tmp_path: Path, database_url: str) -> Iterator[House]:
    """Run the centre on each kind of database in turn."""
    with house(tmp_path, database_url) as open_house:
        yield open_house


def add_person(store: Store, name: str = "Amina", **fields: Any) -> str:
    with store.write() as writing:
        return writing.add(Person(area=AREA, preferred_name=name, **fields))


def edit(store: Store, kind: type[Row], record: str, **fields: Any) -> None:
    with store.write() as writing:
        writing.edit(kind, record, **fields)


def value(store: Store, kind: type[Row], record: str, name: str) -> Any:
    with store.read() as connection:
        return connection.execute(select(table(kind).c[name]).where(table(kind).c.id == record)).scalar()


def to_send(store: Store) -> int:
    with store.read() as connection:
        return counts(connection).to_send


def number_of(store: Store, kind: type[Row]) -> int:
    with store.read() as connection:
        return len(connection.execute(select(table(kind).c.id).where(table(kind).c.gone == 0)).all())


def test_a_person_written_on_one_laptop_appears_on_the_other(either_centre: House) -> None:
    centre = either_centre
    amina, grace = centre.join("Rowan Oak"), centre.join("Grace Lamb")
    person = add_person(amina.store, "Amina", communication=["large print"], discreet_print=True)
    amina.sync()
    grace.sync()
    assert value(grace.store, Person, person, "preferred_name") == "Amina"
    assert value(grace.store, Person, person, "communication") == ["large print"]
    assert value(grace.store, Person, person, "discreet_print") is True
    assert value(grace.store, Person, person, "author") == amina.store.author
    assert to_send(amina.store) == to_send(grace.store) == 0


def test_what_was_pulled_is_never_sent_back(centre: House) -> None:
    amina, grace = centre.join("Rowan Oak"), centre.join("Grace Lamb")
    add_person(amina.store)
    amina.sync()
    assert grace.sync().sent == 0


def test_an_answer_that_is_lost_after_the_server_took_it_doubles_nothing(either_centre: House) -> None:
    centre = either_centre
    amina, grace = centre.join("Rowan Oak"), centre.join("Grace Lamb")
    person = add_person(amina.store)
    amina.line.loses_answer = True
    assert amina.engine.run().trouble is not None
    assert to_send(amina.store) == 1
    amina.sync()
    grace.sync()
    assert to_send(amina.store) == 0
    assert number_of(grace.store, Person) == number_of(amina.store, Person) == 1
    assert value(amina.store, Person, person, "number") == value(grace.store, Person, person, "number") > 0


def test_with_the_plug_pulled_work_waits_and_nothing_is_lost(centre: House) -> None:
    amina = centre.join("Rowan Oak")
    add_person(amina.store)
    amina.line.is_unplugged = True
    for _ in range(3):
        assert amina.engine.run().trouble is not None
    assert to_send(amina.store) == 1
    amina.line.is_unplugged = False
    assert amina.sync().sent == 1


def test_edits_of_different_fields_are_both_kept(centre: House) -> None:
    amina, grace = centre.join("Rowan Oak"), centre.join("Grace Lamb")
    person = add_person(amina.store)
    amina.sync()
    grace.sync()
    edit(amina.store, Person, person, telephone="0161 496 0123")
    edit(grace.store, Person, person, pronouns="she/her")
    for laptop in (amina, grace, amina):
        laptop.sync()
    for store in (amina.store, grace.store):
        assert value(store, Person, person, "telephone") == "0161 496 0123"
        assert value(store, Person, person, "pronouns") == "she/her"
        assert number_of(store, Conflict) == 0


def test_two_answers_that_need_a_person_to_choose_are_seen_on_both_laptops(either_centre: House) -> None:
    centre = either_centre
    amina, grace = centre.join("Rowan Oak"), centre.join("Grace Lamb")
    person = add_person(amina.store, safe_to_call="yes")
    amina.sync()
    grace.sync()
    edit(amina.store, Person, person, safe_to_call="no")
    edit(grace.store, Person, person, safe_to_call="mornings only")
    for laptop in (amina, grace, amina):
        laptop.sync()
    for store in (amina.store, grace.store):
        assert value(store, Person, person, "safe_to_call") == "no"
        with store.read() as connection:
            found = connection.execute(select(table(Conflict))).one()
        assert (found.shown, found.other, found.person) == ("no", "mornings only", person)
        assert (found.shown_by, found.other_by) == (amina.store.author, grace.store.author)


def test_an_edit_made_while_a_push_is_under_way_has_its_own_turn(centre: House, monkeypatch: pytest.MonkeyPatch) -> None:
    amina = centre.join("Rowan Oak")
    person = add_person(amina.store)
    send = amina.line.send

    def slow_line(*arguments: Any, **named: Any) -> Any:
        monkeypatch.setattr(amina.line, "send", send)
        edit(amina.store, Person, person, preferred_name="Amina K.")
        return send(*arguments, **named)

    monkeypatch.setattr(amina.line, "send", slow_line)
    outcome = amina.sync()
    assert outcome.sent == 2
    grace = centre.join("Grace Lamb")
    grace.sync()
    assert value(grace.store, Person, person, "preferred_name") == "Amina K."
    assert value(amina.store, Person, person, "preferred_name") == "Amina K."


def test_own_unsent_words_stay_on_top_of_what_comes(centre: House) -> None:
    amina, grace = centre.join("Rowan Oak"), centre.join("Grace Lamb")
    person = add_person(amina.store, telephone="0161 496 0001")
    amina.sync()
    grace.sync()
    edit(amina.store, Person, person, telephone="0161 496 0002", email="a@example.org")
    amina.sync()
    edit(grace.store, Person, person, telephone="0161 496 0003")
    send = grace.line.send
    grace.line.send = lambda *arguments, **named: _without_changes(grace, send, *arguments, **named)  # type: ignore[method-assign]
    grace.engine.run()
    assert value(grace.store, Person, person, "telephone") == "0161 496 0003"
    assert value(grace.store, Person, person, "email") == "a@example.org"
    assert to_send(grace.store) == 1
    grace.line.send = send  # type: ignore[method-assign]
    grace.sync()
    amina.sync()
    assert value(amina.store, Person, person, "telephone") == value(grace.store, Person, person, "telephone") == "0161 496 0003"


def _without_changes(laptop: Any, send: Any, request: Any, **named: Any) -> Any:
    """Let a request reach the server without its changes: an answer that names none of them."""
    request.body = pack({**unpack(request.body, 1 << 21), "changes": []})
    return send(request)


def test_a_change_that_the_server_does_not_name_goes_on_waiting(centre: House) -> None:
    amina = centre.join("Rowan Oak")
    add_person(amina.store)
    send = amina.line.send
    amina.line.send = lambda *arguments, **named: _without_changes(amina, send, *arguments, **named)  # type: ignore[method-assign]
    outcome = amina.sync()
    assert outcome.sent == 0
    assert to_send(amina.store) == 1


def test_an_id_that_was_not_in_the_request_is_not_settled_whatever_the_answer_says(centre: House) -> None:
    rowan = centre.join("Rowan Oak")
    add_person(rowan.store)
    send = rowan.line.send

    def name_another(*arguments: Any, **named: Any) -> Any:
        add_person(rowan.store, "Written meanwhile")
        with rowan.store.read() as connection:
            last = pending(connection)[-1]
        response = send(*arguments, **named)
        plain = unpack(response.content, 1 << 20)
        plain["verdicts"].append({"id": last.id, "kind": "accepted", "number": 99})
        response._content = pack(plain)
        rowan.line.send = send  # type: ignore[method-assign]
        rowan.line.is_unplugged = True
        return response

    rowan.line.send = name_another  # type: ignore[method-assign]
    assert rowan.engine.run().sent == 1
    assert to_send(rowan.store) == 1
    rowan.line.is_unplugged = False
    assert rowan.sync().sent == 1


def test_a_change_that_is_not_allowed_waits_in_quarantine_and_the_rest_goes_on(either_centre: House) -> None:
    centre = either_centre
    volunteer = centre.join("Joy Dale", "volunteer")
    add_person(volunteer.store, "Somebody")
    with volunteer.store.write() as writing:
        writing.add(Visit(area=AREA, people=3))
    outcome = volunteer.sync()
    assert (outcome.sent, outcome.held) == (1, 1)
    with volunteer.store.read() as connection:
        assert counts(connection).quarantined == 1
        assert pending(connection) == []
    assert number_of(volunteer.store, Person) == 1


def test_what_hangs_on_a_change_that_was_not_taken_waits_for_it_and_the_rest_goes_on(either_centre: House) -> None:
    centre = either_centre
    amina, grace = centre.join("Rowan Oak"), centre.join("Grace Lamb")
    person = add_person(amina.store, contact_note="x" * 200_000)
    with amina.store.write() as writing:
        need = writing.add(Need(area=AREA, person=person, words="debt"))
        writing.add(Goal(area=AREA, person=person, need=need, words="Open the letters"))
        writing.add(Visit(area="*", people=3))
    outcome = amina.sync()
    assert (outcome.sent, outcome.held) == (1, 3)
    with amina.store.read() as connection:
        waits = counts(connection)
    assert (waits.quarantined, waits.to_send) == (1, 2)
    grace.sync()
    assert [number_of(grace.store, kind) for kind in (Person, Need, Goal, Visit)] == [0, 0, 0, 1]
    edit(amina.store, Person, person, contact_note="Call after five")
    assert amina.sync().sent == 3
    grace.sync()
    assert [number_of(grace.store, kind) for kind in (Person, Need, Goal, Visit)] == [1, 1, 1, 1]
    assert to_send(amina.store) == 0


def test_removing_a_person_removes_her_on_the_other_laptop_and_undo_brings_her_back(either_centre: House) -> None:
    centre = either_centre
    amina, grace = centre.join("Rowan Oak"), centre.join("Grace Lamb")
    person = add_person(amina.store)
    amina.sync()
    grace.sync()
    with amina.store.write() as writing:
        writing.remove(Person, person)
    amina.sync()
    grace.sync()
    assert value(grace.store, Person, person, "gone") == 1
    with grace.store.write() as writing:
        writing.restore(Person, person)
    grace.sync()
    amina.sync()
    assert value(amina.store, Person, person, "gone") == 0


def test_more_than_one_push_and_one_page_go_through(either_centre: House, monkeypatch: pytest.MonkeyPatch) -> None:
    centre = either_centre
    amina, grace = centre.join("Rowan Oak"), centre.join("Grace Lamb")
    with amina.store.write() as writing:
        for number in range(1_203):
            writing.add(Person(area=AREA, preferred_name=f"Person {number}"))
    assert amina.sync().sent == 1_203
    monkeypatch.setattr("sync.protocol.messages.PAGE_ROWS", 2_000)
    outcome = grace.sync()
    assert outcome.received >= 1_203
    assert number_of(grace.store, Person) == 1_203


@pytest.fixture
def centre_of_small_pages(tmp_path: Path, database_url: str) -> Iterator[House]:
    with house(tmp_path, database_url, page_rows=100) as open_house:
        yield open_house


def test_a_page_that_was_cut_goes_on_from_the_last_whole_one(
    centre_of_small_pages: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    centre = centre_of_small_pages
    monkeypatch.setattr(snapshots, "SNAPSHOT_ROWS", 1_000)
    amina, grace = centre.join("Rowan Oak"), centre.join("Grace Lamb")
    with amina.store.write() as writing:
        for number in range(350):
            writing.add(Visit(area=AREA, people=number))
    amina.sync()
    before = grace.line.calls
    send = grace.line.send

    def cut_after_one(*arguments: Any, **named: Any) -> Any:
        if grace.line.calls > before:
            grace.line.is_unplugged = True
        return send(*arguments, **named)

    grace.line.send = cut_after_one  # type: ignore[method-assign]
    assert grace.engine.run().trouble is not None
    with grace.store.read() as connection:
        half = read_progress(connection)
    assert half.cursor > 0
    assert half.more_to_receive
    assert 0 < number_of(grace.store, Visit) < 350
    grace.line.send = send  # type: ignore[method-assign]
    grace.line.is_unplugged = False
    assert grace.sync().received < 350
    assert number_of(grace.store, Visit) == 350


def test_a_clock_that_is_off_is_told_and_changes_no_order(centre: House) -> None:
    amina, grace = centre.join("Rowan Oak"), centre.join("Grace Lamb")
    person = add_person(amina.store)
    amina.sync()
    grace.sync()
    amina.clock.move(hours=-20)
    edit(amina.store, Person, person, telephone="0161 496 0001")
    amina.sync()
    grace.sync()
    assert value(grace.store, Person, person, "telephone") == "0161 496 0001"
    with amina.store.read() as connection:
        assert read_progress(connection).clock_off_minutes == -20 * 60


def test_what_nobody_listens_to_is_not_marked_as_on_its_way(centre: House) -> None:
    rowan = centre.join("Rowan Oak")
    with socket.create_server(("127.0.0.1", 0)) as listening:
        nobody = f"http://127.0.0.1:{listening.getsockname()[1]}"
    person = add_person(rowan.store)
    rowan.engine = Engine(rowan.store, "0.1.0", rowan.signed_off.append, lambda _address, credential: Wire(nobody, credential))
    assert isinstance(rowan.engine.run().trouble, NotListening)
    edit(rowan.store, Person, person, preferred_name="Amina Noor")
    with rowan.store.read() as connection:
        # it can still be said in one change
        assert [(each.offered, each.fields["preferred_name"]) for each in pending(connection)] == [(False, "Amina Noor")]


def test_where_an_answer_is_too_large_less_is_asked_for_and_what_was_sent_is_settled(
    centre: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    rowan, grace = centre.join("Rowan Oak"), centre.join("Grace Lamb")
    add_person(rowan.store)
    rowan.sync()
    grace.sync()
    for turn in range(150):
        add_person(rowan.store, contact_note=f"{turn} " * 200)
    rowan.sync()
    monkeypatch.setattr(wire, "ANSWER_BYTES", 30_000)
    add_person(grace.store, "Maryam")
    assert grace.sync().sent == 1
    assert to_send(grace.store) == 0
    assert number_of(grace.store, Person) == 152


def test_an_answer_that_is_too_large_for_one_row_is_told_as_that(centre: House, monkeypatch: pytest.MonkeyPatch) -> None:
    rowan = centre.join("Rowan Oak")
    add_person(rowan.store)
    rowan.sync()
    monkeypatch.setattr(wire, "ANSWER_BYTES", 10)
    assert isinstance(rowan.engine.run().trouble, AnswerTooLarge)
