"""An embedded file of which nothing can be read: whoever types anything reads what it is, and what to do."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from sync.server.cli import main
from tests.support.callers import enrolled
from tests.support.ready_databases import put_ready_file
from tests.support.servers import running, sqlite_settings

COMMANDS = (("serve", "--port", "1"), ("doctor",), ("migrate",), ("backup", "{0}/kept"), ("workers", "stretford"))
LIST_OF_TABLES = 1
"""The page with which that list begins, and the file (https://sqlite.org/fileformat2.html#storage_of_the_sql_database_schema)."""
RIGHT = slice(108, 112)
"""Where the first page names the last one of that list."""
Typed = Callable[..., tuple[int, str]]


def zero(file: Path, page: int) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    with file.open("r+b") as opened:
        opened.seek((page - 1) * size)
        opened.write(bytes(size))


def first_gone(file: Path) -> None:
    zero(file, LIST_OF_TABLES)


def list_gone(file: Path) -> None:
    zero(file, int.from_bytes(file.read_bytes()[RIGHT], "big"))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    put_ready_file(tmp_path / "server.db")
    return tmp_path / "server.db"


@pytest.fixture
def typed(file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Typed:
    def type_(*words: str) -> tuple[int, str]:
        code = main(["--database", f"sqlite:///{file}", *(each.format(tmp_path) for each in words)])
        told = capsys.readouterr()
        return code, told.out + told.err

    return type_


@pytest.mark.parametrize(
    ("lose", "words"),
    [
        (first_gone, "is no database: its first page, by which all others are found, was altered"),
        (list_gone, "cannot be read any more: a page that tells which tables are in it is none"),
    ],
)
@pytest.mark.parametrize("command", COMMANDS, ids=[each[0] for each in COMMANDS])
def test_every_command_says_what_it_is_and_how_to_restore(
    file: Path, typed: Typed, command: tuple[str, ...], lose: Callable[[Path], None], words: str
) -> None:
    lose(file)
    status, said = typed(*command)
    assert (status, f"{file} {words}" in said, "type `ewb-server restore FILE`" in said) == (2, True, True)


@pytest.mark.parametrize("lose", [first_gone, list_gone])
def test_nobody_is_sent_to_make_a_backup_that_cannot_be_made(file: Path, typed: Typed, lose: Callable[[Path], None]) -> None:
    lose(file)
    assert ["make a backup" in typed(*command)[1] for command in COMMANDS] == [False] * len(COMMANDS)


def test_nothing_of_the_file_is_changed(file: Path, typed: Typed) -> None:
    first_gone(file)
    before = file.read_bytes()
    for command in COMMANDS:
        typed(*command)
    assert file.read_bytes() == before


def test_what_it_says_to_do_brings_everything_back(file: Path, typed: Typed, tmp_path: Path) -> None:
    with running(sqlite_settings(file)) as server:
        ada = enrolled(server, "Ada Okafor")
        ada.round(ada.change("person", {"preferred_name": "Zuleika"}))
    typed("backup", "{0}/kept")
    first_gone(file)
    for each in tmp_path.glob("server.db*"):
        each.rename(each.with_name(f"aside-{each.name}"))
    assert typed("restore", "{0}/kept")[0] == 0
    with running(sqlite_settings(file), organisation=None) as server:
        ben = enrolled(server, "Ben Ode")
        ben.round()
    assert "Zuleika" in [row.get("preferred_name") for row in ben.rows.values()]


def test_of_a_file_that_is_no_database_at_all_the_setting_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "other").write_text("What is for lunch on Monday? " * 300)
    main(["--database", f"sqlite:///{tmp_path / 'other'}", "doctor"])
    assert "EWB_DATABASE names another file by mistake" in capsys.readouterr().out
