"""An index of the embedded file in which a failing disk altered one bit: it is noticed, named, and made anew."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select

from sync.protocol.change import Change, ChangeKind
from sync.server.backups.backup import back_up
from sync.server.cli import main
from sync.server.damage.indexes import FileFaults, look_at_file
from sync.server.database import tables
from sync.server.doctor.examining import examine
from tests.support.callers import Caller, enrolled
from tests.support.servers import ORGANISATION, RunningServer, running, sqlite_settings

RECORDS = "sqlite_autoindex_record_1"
Typed = Callable[..., tuple[int, str]]


class House:
    """A server on a file, whose laptop wrote a member and then edited her."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.laptop: Caller
        with running(sqlite_settings(file)) as server:
            self.laptop = enrolled(server, "Ada Okafor")
            self.made = self.laptop.change("person", {"preferred_name": "Zuleika"})
            self.laptop.round(self.made)
            self.edit = self.laptop.edit(self.made, {"telephone": "0161 496 0100"}, self.laptop.cursor)
            self.laptop.round(self.edit)

    def alter(self, index: str, key: str) -> None:
        """Alter one bit of each ``key`` in an index; its table stays as it is."""
        with closing(sqlite3.connect(self.file)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            size = connection.execute("PRAGMA page_size").fetchone()[0]
            pages = [each for (each,) in connection.execute("SELECT pageno FROM dbstat WHERE name = ?", (index,))]
        held, altered = bytearray(self.file.read_bytes()), 0
        for page in pages:
            start, end = (page - 1) * size, page * size
            while (at := held.find(key.encode(), start, end)) >= 0:
                held[at + 30] ^= 1
                altered += 1
        assert altered
        self.file.write_bytes(bytes(held))

    @contextmanager
    def open(self) -> Iterator[RunningServer]:
        """Run the server again, with the same laptop."""
        with running(sqlite_settings(self.file), organisation=None) as server:
            self.laptop.line = server.adapter()
            self.laptop.session.mount(server.url, self.laptop.line)
            yield server

    def send(self, change: Change) -> str:
        """Return what the server says to one change."""
        return str(self.laptop.round(change).verdicts[0].kind)

    def anew(self) -> Change:
        """Return the member as her laptop offers her again."""
        return self.laptop.change("person", {"preferred_name": "Zuleika"}, record=self.made.record)

    def erasure(self) -> Change:
        """Return what destroys the member by law."""
        return self.laptop.change("person", {}, record=self.made.record, kind=ChangeKind.ERASE, base=self.laptop.cursor)


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path / "server.db")


@pytest.fixture
def typed(house: House, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Typed:
    monkeypatch.setenv("EWB_DATABASE", f"sqlite:///{house.file}")
    monkeypatch.setenv("EWB_SIGNED_OFF", str(house.file.with_name("signed-off")))

    def type_(*words: str) -> tuple[int, str]:
        code = main(list(words))
        told = capsys.readouterr()
        return code, told.out + told.err

    return type_


def faults(server: RunningServer) -> dict[str, str]:
    found = examine(server.database, server.settings, server.at[0], is_all=True)
    return {each.subject: each.words for each in found if not each.is_well}


@pytest.mark.parametrize("index", ["ledger_change", "ledger_record", "record_person", RECORDS])
def test_the_doctor_names_an_index_that_disagrees_with_its_table_and_migrate_makes_it_anew(
    house: House, typed: Typed, index: str
) -> None:
    house.alter(index, house.edit.id if index == "ledger_change" else house.made.record)
    status, said = typed("doctor")
    assert status == 2
    assert f"FAULT  file: an index does not agree with its table ({index})" in said
    assert "ewb-server migrate" in said
    status, said = typed("migrate")
    assert (status, f"Made anew, for it did not agree with its table: {index}." in said) == (0, True)
    assert "well   file: whole" in typed("doctor")[1]


def test_migrate_says_nothing_of_indexes_that_are_whole(house: House, typed: Typed) -> None:
    assert typed("migrate") == (0, f"The database {house.file} is up to date.\n")


def test_a_change_that_was_taken_twice_is_named_and_what_to_do_about_it(house: House, typed: Typed, tmp_path: Path) -> None:
    house.alter("ledger_change", house.edit.id)
    with house.open() as server:
        house.send(house.edit)
        assert "rows stand twice (ledger stretford:3)" in faults(server)["file"]
    status, said = typed("migrate")
    assert (status, "Rows stand twice (1 of ledger)" in said, "restore that backup" in said) == (2, True, True)
    folder = tmp_path / "backups"
    folder.mkdir()
    status, said = typed("backup", str(folder))
    assert (status, "Stand twice: 1 rows of ledger (stretford:3)." in said) == (0, True)
    (file,) = folder.iterdir()
    assert file.name.endswith("-damaged.ewb-backup")


def test_a_change_that_was_taken_twice_is_known_again_after_a_restore(house: House, typed: Typed, tmp_path: Path) -> None:
    house.alter("ledger_change", house.edit.id)
    with house.open() as server:
        house.send(house.edit)
        kept = back_up(server.database, tmp_path / "one.ewb-backup", server.at[0])
    house.file = tmp_path / "again.db"
    status, said = typed("--database", f"sqlite:///{house.file}", "restore", str(kept.file))
    assert (status, "1 lines of history stood twice under one id" in said) == (0, True)
    with house.open() as server:
        assert faults(server).keys() <= {"stretford: backup", "stretford: clock"}
        assert house.send(house.edit) == "known"


def test_a_record_that_stands_twice_is_put_back_once_as_it_was_said_last(house: House, typed: Typed, tmp_path: Path) -> None:
    house.alter(RECORDS, house.made.record)
    with house.open() as server:
        house.send(house.anew())
        assert "rows stand twice (record stretford:3)" in faults(server)["file"]
        kept = back_up(server.database, tmp_path / "one.ewb-backup", server.at[0])
    house.file = tmp_path / "again.db"
    status, said = typed("--database", f"sqlite:///{house.file}", "restore", str(kept.file))
    assert (status, "Left out: 1 rows of record that stood twice in the backup." in said) == (0, True)
    with house.open() as server:
        mine = select(func.count(), func.max(tables.record.c.number)).where(tables.record.c.id == house.made.record)
        assert tuple(server.do(lambda c: c.execute(mine).one())) == (1, 4)
        assert "file" not in faults(server)


def test_a_record_that_stands_twice_and_was_destroyed_by_law_does_not_come_back(house: House, tmp_path: Path) -> None:
    house.alter(RECORDS, house.made.record)
    with house.open() as server:
        matched = {"organisation": ORGANISATION, "worker": house.laptop.worker, "person": house.made.record}
        server.do(lambda c: c.execute(insert(tables.matched).values(matched)))
        house.send(house.anew())
        house.send(house.erasure())
        kept = back_up(server.database, tmp_path / "one.ewb-backup", server.at[0])
    house.file = tmp_path / "again.db"
    assert main(["--database", f"sqlite:///{house.file}", "restore", str(kept.file)]) == 0
    with house.open() as server:
        fields = select(tables.record.c.fields).where(tables.record.c.id == house.made.record)
        assert server.do(lambda c: c.execute(fields).scalar_one()) == "{}"
        assert "stretford: matches" not in faults(server)


def test_words_that_an_erasure_passed_over_are_named_and_migrate_takes_them_out(house: House, typed: Typed) -> None:
    house.alter("ledger_record", house.made.record)
    with house.open() as server:
        assert house.send(house.erasure()) == "accepted"
    assert b"Zuleika" in b"".join(each.read_bytes() for each in house.file.parent.glob("server.db*"))
    assert "Of 1 records that are destroyed by law the history still held words" in typed("migrate")[1]
    with house.open() as server:
        held = select(tables.ledger.c.fields).where(tables.ledger.c.record == house.made.record)
        assert set(server.do(lambda c: c.execute(held).scalars().all())) == {"{}"}
        assert faults(server) == {}


def test_words_left_of_what_was_destroyed_are_named_by_the_doctor(house: House) -> None:
    with house.open() as server:
        house.send(house.erasure())
        assert faults(server) == {}
        line = tables.ledger
        server.do(lambda c: c.execute(line.update().where(line.c.change_id == house.made.id).values(fields='{"pronouns":"she"}')))
        assert "`ewb-server migrate` takes them out" in faults(server)["stretford: erasures"]


def test_a_file_with_a_page_that_is_no_page_is_damaged_and_no_matter_of_an_index(house: House, typed: Typed) -> None:
    with closing(sqlite3.connect(house.file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        size = connection.execute("PRAGMA page_size").fetchone()[0]
        page = connection.execute("SELECT max(pageno) FROM dbstat WHERE name = 'look'").fetchone()[0]
    held = bytearray(house.file.read_bytes())
    held[(page - 1) * size : page * size] = b"\xff" * size
    house.file.write_bytes(bytes(held))
    assert "pages of it are none" in typed("doctor")[1]
    status, said = typed("migrate")
    assert (status, "then restore that one" in said) == (2, True)


def test_the_backup_holds_every_row_whatever_an_index_says(house: House, tmp_path: Path) -> None:
    house.alter(RECORDS, house.made.record)
    with house.open() as server:
        kept = back_up(server.database, tmp_path / "one.ewb-backup", server.at[0])
        assert (kept.rows["record"], dict(kept.doubled)) == (2, {})


def test_postgresql_has_no_such_question(server: RunningServer) -> None:
    with server.database.copying() as connection:
        assert look_at_file(connection) == FileFaults()
