"""A backup of a file in which a page is none: where that is a page of an index no row is lost, and the backup is the way out."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from sync.server import tables
from sync.server.backup import is_damaged, restore
from sync.server.cli import main
from sync.server.database import Database
from tests.support.callers import enrolled
from tests.support.servers import RunningServer, running, sqlite_settings

SOME_TIME = datetime(2026, 11, 22, 20, tzinfo=UTC)


def zero_page_of(file: Path, name: str) -> None:
    """Write zeros over the first page of a table or an index."""
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (size,) = connection.execute("PRAGMA page_size").fetchone()
        (page,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (name,)).fetchone()
    with file.open("r+b") as opened:
        opened.seek((page - 1) * size)
        opened.write(bytes(size))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The file of a server that has one member, and has stopped."""
    with running(sqlite_settings(tmp_path / "server.db")) as server:
        write_a_member(server)
    return tmp_path / "server.db"


def write_a_member(server: RunningServer) -> None:
    ada = enrolled(server, "Ada Okafor")
    ada.round(ada.change("person", {"preferred_name": "Zuleika"}))


@pytest.mark.parametrize("index", ["ledger_change", "ledger_record", "record_number", "record_person", "device_credential"])
def test_all_rows_come_out_of_a_file_in_which_an_index_is_no_page(file: Path, tmp_path: Path, index: str) -> None:
    zero_page_of(file, index)
    folder = tmp_path / "backups"
    folder.mkdir()
    assert main(["--database", f"sqlite:///{file}", "backup", str(folder)]) == 0
    (kept,) = folder.iterdir()
    with closing(Database(sqlite_settings(tmp_path / "new.db"))) as empty:
        restore(empty, kept, SOME_TIME)
        with empty.reading() as connection:
            told = connection.execute(select(tables.record.c.fields).where(tables.record.c.entity == "person")).scalars().all()
    assert (is_damaged(kept), ["Zuleika" in each for each in told]) == (True, [True])


def test_whoever_makes_it_reads_that_it_is_the_way_out(file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    zero_page_of(file, "ledger_change")
    main(["--database", f"sqlite:///{file}", "backup", str(tmp_path / "kept")])
    assert "Every row of it was read and stands in this backup" in capsys.readouterr().out


def test_of_a_file_in_which_a_table_is_no_page_nothing_is_left_that_looks_whole(file: Path, tmp_path: Path) -> None:
    zero_page_of(file, "record")
    folder = tmp_path / "backups"
    folder.mkdir()
    assert main(["--database", f"sqlite:///{file}", "backup", str(folder)]) == 2
    assert [each.name for each in folder.glob("*.ewb-backup")] == []


def test_the_doctor_does_not_say_that_such_a_database_does_not_answer(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    zero_page_of(file, "ledger_change")
    main(["--database", f"sqlite:///{file}", "doctor"])
    said = capsys.readouterr().out
    assert ("it does not answer" in said, "stop the server and make a backup" in said) == (False, True)
