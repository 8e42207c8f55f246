"""A disk that fills up at any step of a round, on either side: told, nothing lost or doubled, and on it goes with room."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine as Pool
from sqlalchemy import event, select

from ewb_desktop.storage.errors import FullDisk
from ewb_desktop.storage.exchange.incoming import count_aside
from ewb_desktop.storage.file.spool import Spool
from ewb_desktop.storage.store import Store
from ewb_desktop.storage.tables import Contact, Person, table
from ewb_desktop.syncing.troubles import ServerFault
from sync.server.database import tables
from sync.server.laptops import snapshot_rows, snapshots
from tests.support.connected import AREA, Connected, House, house

PEOPLE = 80
NOTE = "likes to cook with other people " * 8
MOST_PAGES = 400
"""No round here needs more pages of 4 kB than these."""


@pytest.fixture
def centre(tmp_path: Path) -> Iterator[House]:
    with house(tmp_path, page_rows=30) as open_house:
        yield open_house


@contextmanager
def room_for(pool: Pool, pages: int) -> Iterator[None]:
    """Let the database behind ``pool`` grow by so many pages and no further, as on a disk that is full then."""

    def limit(connection: Any, *_: object) -> None:
        # asked of the file itself: others may have made it larger or smaller
        (now,) = connection.execute("PRAGMA page_count").fetchone()
        limits.setdefault("most", now + pages)
        connection.execute(f"PRAGMA max_page_count = {limits['most']}").fetchall()

    def lift(connection: Any, *_: object) -> None:
        connection.execute("PRAGMA max_page_count = 1000000").fetchall()

    limits: dict[str, int] = {}
    event.listen(pool, "checkout", limit)
    try:
        yield
    finally:
        event.remove(pool, "checkout", limit)
        event.listen(pool, "checkout", lift)


def write(laptop: Connected, count: int) -> None:
    with laptop.store.write() as writing:
        for number in range(count):
            person = writing.add(Person(area=AREA, preferred_name=f"{laptop.laptop.path.parent.name} {number}"))
            writing.add(Contact(area=AREA, person=person, how="phone", note=NOTE))


def shown(store: Store) -> list[tuple[Any, ...]]:
    person, contact = table(Person).c, table(Contact).c
    with store.read() as connection:
        people = connection.execute(select(person.id, person.preferred_name, person.number).order_by(person.id))
        notes = connection.execute(select(contact.id, contact.note, contact.number).order_by(contact.id))
        return [tuple(row) for row in (*people, *notes)]


def journalled(store: Store, *, settled: bool) -> set[str]:
    with store.read() as connection:
        found = connection.exec_driver_sql(f"SELECT id FROM journal WHERE settled_at IS {'NOT ' * settled}NULL")
        return {str(id_) for (id_,) in found}


def taken(centre: House) -> list[str]:
    ledger = tables.ledger.c
    query = select(ledger.change_id).where(ledger.entity.in_(["person", "contact"]))
    return centre.server.do(lambda connection: [str(id_) for id_ in connection.execute(query).scalars()])


def expect_nothing_lost(centre: House, laptop: Connected, made: set[str]) -> None:
    """Fail unless every change waits here or is on the server once, and none counts as sent that is not there."""
    there = taken(centre)
    assert len(there) == len(set(there))
    assert made <= set(there) | journalled(laptop.store, settled=False)
    assert made & journalled(laptop.store, settled=True) <= set(there)


def test_a_laptop_whose_disk_fills_up_at_any_step_loses_nothing_and_goes_on_once_there_is_room(centre: House) -> None:
    rowan, grace = centre.join("Rowan Oak"), centre.join("Grace Lamb")
    write(rowan, PEOPLE)
    rowan.sync()
    write(grace, 5)
    made = journalled(grace.store, settled=False)
    filled = 0
    for pages in range(MOST_PAGES):
        with room_for(grace.store.engine, pages):
            try:
                outcome = grace.engine.run()
            except FullDisk:
                filled += 1
                outcome = None
        expect_nothing_lost(centre, grace, made)
        with grace.store.read() as connection:
            assert count_aside(connection) == 0
        if outcome is not None:
            break
    assert filled > 3
    assert outcome is not None
    assert outcome.trouble is None
    grace.sync()
    rowan.sync()
    assert shown(grace.store) == shown(rowan.store)
    assert len(shown(grace.store)) == 2 * (PEOPLE + 5)


def test_a_first_pull_onto_a_disk_that_fills_up_goes_on_from_where_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshots, "SNAPSHOT_ROWS", 20)
    monkeypatch.setattr(snapshot_rows, "BLOCK_BYTES", 4_000)
    with house(tmp_path) as centre:
        rowan, grace = centre.join("Rowan Oak"), centre.join("Grace Lamb")
        write(rowan, PEOPLE)
        rowan.sync()
        add, pieces = Spool.add, [0]

        def nearly_full(spool: Spool, piece: bytes) -> None:
            pieces[0] += 1
            if pieces[0] % 2:
                raise FullDisk
            add(spool, piece)

        with monkeypatch.context() as patch:
            patch.setattr(Spool, "add", nearly_full)
            with pytest.raises(FullDisk):
                grace.engine.run()
        for pages in range(0, MOST_PAGES, 20):
            with room_for(grace.store.engine, pages), contextlib.suppress(FullDisk):
                grace.engine.run()
                break
        grace.sync()
        assert shown(grace.store) == shown(rowan.store)


def test_a_server_whose_disk_fills_up_in_mid_push_tells_the_laptop_and_goes_on_once_there_is_room(centre: House) -> None:
    rowan = centre.join("Rowan Oak")
    write(rowan, PEOPLE)
    made = journalled(rowan.store, settled=False)
    told = 0
    for pages in range(0, MOST_PAGES, 10):
        with room_for(centre.server.database._engine, pages):
            outcome = rowan.engine.run()
            assert isinstance(outcome.trouble, ServerFault | None)
            told += outcome.trouble is not None
        expect_nothing_lost(centre, rowan, made)
        if outcome.trouble is None:
            break
    assert told > 3
    assert made <= set(taken(centre))
    assert not journalled(rowan.store, settled=False)
    grace = centre.join("Grace Lamb")
    grace.sync()
    assert shown(grace.store) == shown(rowan.store)
