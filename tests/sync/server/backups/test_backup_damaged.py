"""A backup of a database in which a failing disk altered something: made all the same, and told."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import select, text

from sync.server.backups.backup import back_up, is_damaged, restore
from sync.server.cli import main
from sync.server.database import tables
from sync.server.database.engine import Database
from sync.server.records import audit
from tests.support.callers import Caller, enrolled
from tests.support.servers import ORGANISATION, RunningServer, running, sqlite_settings


@pytest.fixture
def embedded(tmp_path: Path) -> Iterator[RunningServer]:
    with running(sqlite_settings(tmp_path / "server.db")) as server:
        yield server


@pytest.fixture
def ada(embedded: RunningServer) -> Caller:
    return enrolled(embedded, "Ada Okafor")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "backups"
    made.mkdir()
    return made


def damaged(server: RunningServer, caller: Caller, told: str, where: str = "") -> tuple[str, int]:
    """Write a member, and alter her row by what an SQL ``UPDATE`` is told; return her id and her number."""
    made = caller.change("person", {"preferred_name": "Zuleika"})
    number = caller.round(made).verdicts[0].number
    where = where or f"id = '{made.record}'"
    server.do(lambda connection: connection.execute(text(f"UPDATE {told} WHERE {where.format(number)}")))
    return made.record, number


BYTE = "CAST(REPLACE(CAST({0} AS BLOB), x'5A75', x'5AFF') AS TEXT)"


@pytest.mark.parametrize(
    ("told", "where"),
    [
        ("record SET wire = " + BYTE.format("wire"), ""),
        ("record SET wire = '['", ""),
        ("record SET fields = CAST(fields AS BLOB)", ""),
        ("record SET carried = '[1]'", ""),
        ("ledger SET fields = " + BYTE.format("fields"), "number = {}"),
        ("ledger SET kind = 'sung'", "number = {}"),
    ],
    ids=["byte", "no JSON", "no text", "no object", "line's byte", "line's kind"],
)
def test_what_cannot_be_read_is_named_by_its_number_and_stands_in_the_backup(
    embedded: RunningServer, ada: Caller, folder: Path, told: str, where: str
) -> None:
    _, number = damaged(embedded, ada, told, where)
    kept = back_up(embedded.database, folder, embedded.at[0])
    assert dict(kept.unreadable) == {told.split()[0]: [f"{ORGANISATION}:{number}"]}
    assert kept.file.name.endswith("-damaged.ewb-backup")
    assert list(folder.iterdir()) == [kept.file]
    with closing(Database(sqlite_settings(folder / "again.db"))) as again:
        assert restore(again, kept.file, embedded.at[0]).rows == kept.rows


def test_bytes_that_are_only_not_marked_as_text_any_more_are_whole_after_a_restore(
    embedded: RunningServer, ada: Caller, folder: Path
) -> None:
    record, _ = damaged(embedded, ada, "ledger SET fields = CAST(fields AS BLOB)", "number = {}")
    query = select(tables.ledger.c.fields).where(tables.ledger.c.record == record)
    before = embedded.do(lambda connection: connection.execute(query).scalar_one())
    kept = back_up(embedded.database, folder, embedded.at[0])
    with closing(Database(sqlite_settings(folder / "again.db"))) as again:
        restore(again, kept.file, embedded.at[0])
        with again.reading() as connection:
            assert connection.execute(query).scalar_one() == before.decode()


def test_a_byte_anywhere_else_is_named_too(embedded: RunningServer, ada: Caller, folder: Path) -> None:
    broken = text("UPDATE worker SET name = CAST(x'41FF61' AS TEXT) WHERE id = :id")
    embedded.do(lambda connection: connection.execute(broken, {"id": ada.worker}))
    kept = back_up(embedded.database, folder, embedded.at[0])
    assert dict(kept.unreadable) == {"worker": [f"{ORGANISATION}:{ada.worker}"]}


def test_the_last_backup_that_was_whole_stays_however_many_damaged_ones_follow(
    embedded: RunningServer, ada: Caller, folder: Path
) -> None:
    whole = [back_up(embedded.database, folder, embedded.at[0], keep=2).file for _ in range(2)]
    damaged(embedded, ada, "ledger SET fields = '{'", "number = {}")
    made = [back_up(embedded.database, folder, embedded.at[0], keep=2).file for _ in range(4)]
    assert sorted(folder.iterdir()) == [whole[-1], *made[-2:]]


def test_whoever_makes_it_reads_what_cannot_be_read_and_where_to_go(
    embedded: RunningServer, ada: Caller, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, number = damaged(embedded, ada, "record SET fields = '{'")
    assert main(["--database", embedded.settings.database, "backup", str(folder)]) == 0
    said = capsys.readouterr().out
    assert f"Cannot be read: 1 rows of record ({ORGANISATION}:{number})." in said
    assert "ewb-server doctor" in said


def test_whoever_restores_a_damaged_backup_reads_that_it_is_one(
    embedded: RunningServer, ada: Caller, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = back_up(embedded.database, folder, embedded.at[0]).file
    damaged(embedded, ada, "record SET fields = '{'")
    broken = back_up(embedded.database, folder, embedded.at[0]).file
    told = []
    for number, file in enumerate((whole, broken)):
        assert main(["--database", f"sqlite:///{folder / str(number)}.db", "restore", str(file)]) == 0
        told.append("could not be read when the backup was made" in capsys.readouterr().out)
    assert told == [False, True]


@pytest.mark.parametrize(
    "spoilt",
    ["UPDATE counter SET audit_hash = ''", "UPDATE counter SET audit_number = -3", "DELETE FROM counter"],
    ids=["audit's hash", "audit's number", "row"],
)
def test_a_backup_without_a_whole_counter_is_named_and_restored_all_the_same(
    embedded: RunningServer, ada: Caller, folder: Path, tmp_path: Path, spoilt: str
) -> None:
    last = ada.round(ada.change("person", {"preferred_name": "Rosa"})).verdicts[0].number
    embedded.do(lambda connection: connection.execute(text(spoilt)))
    kept = back_up(embedded.database, folder, embedded.at[0])
    assert is_damaged(kept.file)
    with closing(Database(sqlite_settings(tmp_path / "new.db"))) as empty:
        restore(empty, kept.file, embedded.at[0])
        with empty.reading() as connection:
            assert audit.first_broken(connection, ORGANISATION) is None
            assert connection.execute(select(tables.counter.c.number)).scalar_one() >= last
