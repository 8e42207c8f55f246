"""A backup of a file in which a page is none: where that is a page of an index no row is lost, and the backup is the way out."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from sync.server.backups.backup import back_up, is_damaged, restore
from sync.server.backups.copies import read_copy
from sync.server.cli import main
from sync.server.database import tables
from sync.server.database.engine import Database
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


MANY = 400
_BRANCH, _CELLS_AT = 0x05, 12
"""How a page begins that names pages of rows, and where it names them (https://sqlite.org/fileformat2.html#b_tree_pages)."""


def zero_a_leaf_of(file: Path, table: str) -> set[int]:
    """Write zeros over a page of rows in the middle of a table; return the numbers of those rows."""
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (size,) = connection.execute("PRAGMA page_size").fetchone()
        (root,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)).fetchone()
        told = connection.execute(f"SELECT rowid, number FROM {table}").fetchall()
    pages = file.read_bytes()
    branch = pages[(root - 1) * size : root * size]
    assert branch[0] == _BRANCH
    cell = int.from_bytes(branch[_CELLS_AT + 4 : _CELLS_AT + 6], "big")
    at = (int.from_bytes(branch[cell : cell + 4], "big") - 1) * size
    with file.open("r+b") as opened:
        opened.seek(at)
        opened.write(bytes(size))
    return {number for row, number in told if not can_be_read(file, table, row)}


def can_be_read(file: Path, table: str, row: int) -> bool:
    """Ask SQLite for one row by itself."""
    with closing(sqlite3.connect(file)) as connection:
        try:
            return connection.execute(f"SELECT number FROM {table} NOT INDEXED WHERE rowid = ?", (row,)).fetchone() is not None
        except sqlite3.DatabaseError:
            return False


@pytest.fixture
def many(tmp_path: Path) -> Path:
    """The file of a server that has so many members that a table of them has many pages."""
    with running(sqlite_settings(tmp_path / "many.db")) as server:
        ada = enrolled(server, "Ada Okafor")
        for tens in range(0, MANY, 100):
            ada.round(*(ada.change("person", {"preferred_name": f"Member {tens + each:03}"}) for each in range(100)))
    return tmp_path / "many.db"


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


@pytest.mark.parametrize("index", ["ledger_change", "sqlite_autoindex_record_1", "sqlite_autoindex_alembic_version_1"])
def test_an_index_that_is_no_page_is_made_anew(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], index: str
) -> None:
    zero_page_of(file, index)
    assert main(["--database", f"sqlite:///{file}", "migrate"]) == 0
    assert "all indexes were made anew" in capsys.readouterr().out
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    with running(sqlite_settings(file), organisation=None) as server:
        heard = enrolled(server, "Ben Ode")
        heard.round()
    assert [row["preferred_name"] for row in heard.rows.values() if "preferred_name" in row] == ["Zuleika"]


def test_a_table_that_is_no_page_is_left_as_it_is(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    zero_page_of(file, "record")
    before = file.read_bytes()
    assert main(["--database", f"sqlite:///{file}", "migrate"]) == 2
    assert "Nothing was changed" in capsys.readouterr().err
    assert file.read_bytes() == before


def test_whoever_makes_it_reads_that_it_is_the_way_out(file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    zero_page_of(file, "ledger_change")
    main(["--database", f"sqlite:///{file}", "backup", str(tmp_path / "kept")])
    assert "Every row of it was read and stands in this backup" in capsys.readouterr().out


TABLES = [
    "alembic_version",
    *sorted(tables.metadata.tables.keys() - {"look", "matched", "departed", "opened", "former_credential"}),
]


@pytest.mark.parametrize("table", TABLES)
def test_a_table_that_is_no_page_stops_no_backup_and_gives_none_that_looks_whole(file: Path, tmp_path: Path, table: str) -> None:
    zero_page_of(file, table)
    folder = tmp_path / "backups"
    folder.mkdir()
    assert main(["--database", f"sqlite:///{file}", "backup", str(folder)]) == 0
    assert [is_damaged(each) for each in folder.iterdir()] == [True]


def test_all_rows_of_the_other_pages_come_out_of_a_table_in_which_one_is_none(
    many: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lost = zero_a_leaf_of(many, "record")
    kept = tmp_path / "kept"
    main(["--database", f"sqlite:///{many}", "backup", str(kept)])
    said = capsys.readouterr().out
    rows = [line for line in read_copy(kept, None) if line.get("table") == "record"]
    numbers = {row[line["columns"].index("number")] for line in rows for row in line["rows"]}
    assert lost
    assert numbers == set(range(1, MANY + 2)) - lost
    assert f"Passed over: about {len(lost)} rows of record" in said


def test_where_every_index_is_no_page_too_the_rows_are_read_around_it_all_the_same(many: Path, tmp_path: Path) -> None:
    lost = zero_a_leaf_of(many, "ledger")
    for index in ("sqlite_autoindex_ledger_1", "ledger_change", "ledger_record"):
        zero_page_of(many, index)
    with closing(Database(sqlite_settings(many))) as database:
        kept = back_up(database, tmp_path / "kept", SOME_TIME)
    assert (kept.passed, kept.rows["ledger"]) == ({"ledger": len(lost)}, MANY + 1 - len(lost))


def test_what_came_out_is_restored_and_served(many: Path, tmp_path: Path) -> None:
    zero_a_leaf_of(many, "record")
    with closing(Database(sqlite_settings(many))) as database:
        kept = back_up(database, tmp_path / "kept", SOME_TIME)
    settings = sqlite_settings(tmp_path / "new.db")
    with closing(Database(settings)) as empty:
        restore(empty, kept.file, SOME_TIME)
    with running(settings, organisation=None) as server, server.database.reading() as connection:
        # those that were passed over are made again from their histories
        members = select(func.count()).where(tables.record.c.entity == "person")
        assert connection.execute(members).scalar_one() == MANY


def test_the_doctor_does_not_say_that_such_a_database_does_not_answer(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    zero_page_of(file, "ledger_change")
    main(["--database", f"sqlite:///{file}", "doctor"])
    said = capsys.readouterr().out
    assert ("it does not answer" in said, "every row can be read" in said) == (False, True)


def test_the_doctor_looks_on_where_a_page_is_none_and_names_the_rows(many: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lost = zero_a_leaf_of(many, "record")
    with closing(sqlite3.connect(many)) as connection, connection:
        connection.execute("UPDATE device SET enrolled_at = 'never'")
    main(["--database", f"sqlite:///{many}", "doctor"])
    said = capsys.readouterr().out
    assert f"about {len(lost)} rows of record. Every other row can" in said
    # what is behind the records in its round
    assert "FAULT  device: 1 rows hold what cannot be read" in said


@pytest.mark.parametrize("table", TABLES)
def test_the_doctor_comes_to_its_end_whichever_table_is_no_page(
    file: Path, capsys: pytest.CaptureFixture[str], table: str
) -> None:
    zero_page_of(file, table)
    assert main(["--database", f"sqlite:///{file}", "doctor"]) == 2
    said = capsys.readouterr().out
    assert ("FAULT  file: " in said, "FAULT  database: " in said) == (True, False)
