"""What a failing disk altered, on the laptop or at the server: noticed, told, never written over, and brought back."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import update

from ewb_desktop.storage.errors import DamagedFile, FailingDisk
from ewb_desktop.storage.exchange.incoming import count_aside
from ewb_desktop.storage.exchange.journal import JournalEntry, pending
from ewb_desktop.storage.exchange.sync_state import read_progress
from ewb_desktop.storage.file.backups import back_up, restore
from ewb_desktop.storage.store import Store
from ewb_desktop.storage.tables import Person
from ewb_desktop.syncing.troubles import ServerFault
from sync.server.database import tables as server_tables
from sync.server.laptops import snapshots
from tests.support.connected import AREA, Connected, House, house

PEOPLE = 120
PAGE = 4096


def damage(path: Path, page: int) -> None:
    """Alter some bytes of one page, as a failing disk does."""
    with path.open("r+b") as file:
        file.seek(page * PAGE + 1_000)
        bits = bytes(255 - byte for byte in file.read(100))
        file.seek(page * PAGE + 1_000)
        file.write(bits)


def page_of_people(store: Store) -> int:
    """Return the page from which the rows about members are found, counted from 0."""
    with store.read() as connection:
        root = connection.exec_driver_sql("SELECT rootpage FROM sqlite_master WHERE name = 'person'").scalar_one()
        return int(root) - 1


def telephones(store: Store) -> list[str | None]:
    with store.read() as connection:
        return list(connection.exec_driver_sql("SELECT telephone FROM person ORDER BY id").scalars())


def reopened(connected: Connected) -> Connected:
    return Connected(connected.laptop.reopen(), connected.line)


def test_a_damaged_page_in_mid_round_is_told_and_a_backup_brings_everything_back(centre: House, tmp_path: Path) -> None:
    rowan, grace = centre.join("Rowan Oak"), centre.join("Grace Lamb")
    with rowan.store.write() as writing:
        ids = [writing.add(Person(area=AREA, preferred_name=f"Person {number}" * 20)) for number in range(PEOPLE)]
    rowan.sync()
    grace.sync()
    with grace.store.lent_key() as key:
        copy = back_up(grace.laptop.path, key, tmp_path / "copies", grace.clock)
    with rowan.store.write() as writing:
        for id_ in ids:
            writing.edit(Person, id_, telephone="0161 496 0000")
    rowan.sync()
    with grace.store.read() as connection:
        cursor = read_progress(connection).cursor
    page = page_of_people(grace.store)
    # closed, everything stands in the file itself and nothing in its log
    grace.store.close()
    damage(grace.laptop.path, page)
    grace = reopened(grace)
    before = grace.laptop.path.read_bytes()
    for _ in range(2):
        with pytest.raises((DamagedFile, FailingDisk)):
            grace.engine.run()
        with grace.store.read() as connection:
            assert read_progress(connection).cursor == cursor
            assert count_aside(connection) == 0
    assert grace.laptop.path.read_bytes() == before
    grace.store.close()
    aside = restore(copy, grace.laptop.path, grace.laptop.key, grace.clock)
    assert aside is not None
    grace = reopened(grace)
    grace.sync()
    assert telephones(grace.store) == telephones(rowan.store) == ["0161 496 0000"] * PEOPLE
    grace.store.close()


def test_a_row_that_was_altered_at_the_server_stops_no_first_pull_and_arrives_within_a_day(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshots, "SNAPSHOT_ROWS", 5)
    with house(tmp_path) as centre:
        rowan = centre.join("Rowan Oak")
        with rowan.store.write() as writing:
            ids = [writing.add(Person(area=AREA, preferred_name="Amina", telephone="0161 496 0000")) for _ in range(20)]
        rowan.sync()
        record = server_tables.record
        centre.server.do(lambda c: c.execute(update(record).where(record.c.id == ids[7]).values(wire='["', fields="{")))
        # with other areas than Rowan's, for whom a snapshot was made before
        grace = centre.join("Grace Lamb", areas=(AREA, "sale"))
        grace.sync()
        assert len(telephones(grace.store)) == 19
        grace.clock.move(days=1, minutes=1)
        grace.sync()
        grace.sync()
        rowan.sync()
        assert telephones(grace.store) == telephones(rowan.store) == ["0161 496 0000"] * 20


def test_a_damaged_page_of_the_server_s_file_is_told_as_the_server_s_fault_and_the_work_waits(tmp_path: Path) -> None:
    with house(tmp_path) as centre:
        rowan = centre.join("Rowan Oak")
        with rowan.store.write() as writing:
            for number in range(PEOPLE):
                writing.add(Person(area=AREA, preferred_name=f"Person {number}"))
        rowan.sync()
        with rowan.store.write() as writing:
            late = writing.add(Person(area=AREA, preferred_name="Late"))
        root = "SELECT rootpage FROM sqlite_master WHERE name = 'ledger'"
        page = centre.server.do(lambda c: c.exec_driver_sql(root).scalar_one())
        centre.server.database.close()
        file = tmp_path / "server.db"
        whole = file.read_bytes()
        # the head of the page says what kind it is
        file.write_bytes(whole[: (page - 1) * PAGE] + b"\xff" * 100 + whole[(page - 1) * PAGE + 100 :])
        outcome = rowan.engine.run()
        assert isinstance(outcome.trouble, ServerFault)
        assert [entry.record for entry in pending_of(rowan.store)] == [late]
        centre.server.database.close()
        file.write_bytes(whole)
        rowan.sync()
        assert pending_of(rowan.store) == []


def pending_of(store: Store) -> list[JournalEntry]:
    with store.read() as connection:
        return pending(connection)
