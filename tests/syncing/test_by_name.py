"""Records that are asked for by their ids come in smaller parts where one answer would be too large."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from ewb_desktop.storage.exchange.sync_state import read_enrolment
from ewb_desktop.storage.tables import Person
from ewb_desktop.syncing import wire
from ewb_desktop.syncing.by_name import ask_by_name
from ewb_desktop.syncing.wire import Wire
from tests.support.connected import Connected, House, house
from tests.syncing.test_rounds import add_person, edit


@pytest.fixture
def narrow(tmp_path: Path, database_url: str) -> Iterator[House]:
    """Run the centre with a server whose pages are small."""
    with house(tmp_path, database_url, page_bytes=5_000) as open_house:
        yield open_house


@contextmanager
def line_of(laptop: Connected) -> Iterator[Wire]:
    """Lend the laptop's line to its server."""
    with laptop.store.read() as connection:
        enrolment = read_enrolment(connection)
    assert enrolment is not None
    line = laptop.open_wire(enrolment.address, enrolment.credential)
    yield line
    line.close()


def asked(laptop: Connected, records: Sequence[str]) -> tuple[set[str], list[str], int]:
    """Return whose rows came, about whom no answer could be had, and in how many parts that was."""
    came: set[str] = set()
    nothing: list[str] = []
    with line_of(laptop) as line:
        parts = list(ask_by_name(line, records, (), 8))
    for some, reply in parts:
        if reply is None:
            nothing += some
        else:
            came |= {str(row[0]) for row in reply.page.rows.get("person", ())}
    return came, nothing, len(parts)


def test_what_a_laptop_does_not_take_is_asked_for_in_parts(centre: House, monkeypatch: pytest.MonkeyPatch) -> None:
    rowan = centre.join("Rowan Oak")
    some = [add_person(rowan.store, contact_note="n" * 2_000) for _ in range(12)]
    long = add_person(rowan.store, contact_note="n" * 20_000)
    rowan.sync()
    assert asked(rowan, some) == (set(some), [], 2)
    monkeypatch.setattr(wire, "ANSWER_BYTES", 10_000)
    assert asked(rowan, [*some, long]) == (set(some), [long], 6)


def test_what_a_server_does_not_give_at_once_too(narrow: House) -> None:
    rowan = narrow.join("Rowan Oak")
    some = [add_person(rowan.store, contact_note="n" * 10_000) for _ in range(4)]
    long = add_person(rowan.store, contact_note="n" * 50_000)
    rowan.sync()
    assert asked(rowan, [*some, long]) == ({*some, long}, [], 5)


def test_a_history_that_one_answer_does_not_hold_is_asked_for_with_fewer_others(narrow: House) -> None:
    rowan = narrow.join("Rowan Oak")
    some = [add_person(rowan.store) for _ in range(6)]
    rowan.sync()
    for turn in range(2):
        for person in some:
            edit(rowan.store, Person, person, contact_note=f"{turn}" * 300)
        edit(rowan.store, Person, some[0], contact_note="n" * 6_000 * turn)
        rowan.sync()
    told: dict[str, int] = {}
    with line_of(rowan) as line:
        for _ids, reply in ask_by_name(line, some, (), 8, history=True):
            assert reply is not None
            for each in reply.page.history:
                told[each[2]] = told.get(each[2], 0) + 1
    # of the first the server tells who opens it
    assert told == dict.fromkeys(some[1:], 2)
