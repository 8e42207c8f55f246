"""A backup of a PostgreSQL in which a page of a table is none: all other rows stand in it, and it is said what does not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import func, select

from sync.server.backups.backup import back_up, is_damaged, restore
from sync.server.backups.copies import read_copy
from sync.server.cli import main
from sync.server.database import pages_postgres, tables
from sync.server.database.engine import Database
from tests.support.callers import enrolled
from tests.support.postgres import Cluster, cluster
from tests.support.servers import running, settings_for, sqlite_settings

SOME_TIME = datetime(2026, 11, 22, 20, tzinfo=UTC)
MANY = 400
LONG = "".join(chr(0x4E00 + (each * each) % 20_000) for each in range(12_000))
"""So long, and so hard to make shorter, that PostgreSQL keeps it on pages apart from its row's."""
Typed = Callable[..., tuple[int, str]]


@pytest.fixture(scope="module")
def checked() -> Iterator[Cluster]:
    """A PostgreSQL that notices when a page is not as it was written."""
    with cluster("amcheck", is_checked=True) as running_cluster:
        yield running_cluster


@pytest.fixture(scope="module")
def written(checked: Cluster) -> str:
    """The name of a database that has so many members that a table of them has many pages; each test damages a copy."""
    name = checked.create()
    with running(settings_for(checked.address(name))) as server:
        ada = enrolled(server, "Ada Okafor")
        for tens in range(0, MANY, 100):
            ada.round(*(ada.change("person", {"preferred_name": f"Member {tens + each:03}"}) for each in range(100)))
        ada.round(ada.change("contact", {"note": LONG}))
    with psycopg.connect(checked.url(name), autocommit=True) as connection:
        connection.execute("CHECKPOINT")
    return name


class House:
    """A copy of that database, in which pages are spoilt as a failing disk does."""

    def __init__(self, postgres: Cluster, name: str) -> None:
        self.postgres = postgres
        self.name = postgres.copy(name)

    @property
    def address(self) -> str:
        return self.postgres.address(self.name)

    def asked(self, query: str) -> list[int]:
        with psycopg.connect(self.postgres.url(self.name)) as connection:
            return [row[0] for row in connection.execute(query.encode()).fetchall()]

    def tear(self, table: str, page: int) -> set[int]:
        """Let a page of a table be half written, as when the power goes; return the numbers of the rows on it."""
        at = f"ctid >= '({page},0)' AND ctid < '({page + 1},0)'"
        numbers = (
            set(self.asked(f"SELECT number FROM {table} WHERE {at}")) if "number" in tables.metadata.tables[table].c else set()
        )
        self._spoil(table, page)
        return numbers

    def tear_apart(self, table: str) -> None:
        """Do it to the first page on which values stand that are too long for their row's."""
        with psycopg.connect(self.postgres.url(self.name)) as connection:
            (name,) = connection.execute(
                "SELECT reltoastrelid::regclass FROM pg_class WHERE relname = %s", (table,)
            ).fetchone() or ("",)
        self._spoil(name, 0)

    def _spoil(self, table: str, page: int) -> None:
        with psycopg.connect(self.postgres.url(self.name), autocommit=True) as connection:
            # who was looked at is noted on pages too, which would be written over what is spoilt
            connection.execute("CHECKPOINT")
            (place,) = connection.execute("SELECT pg_relation_filepath(%s)", (table,)).fetchone() or ("",)
            (size,) = connection.execute("SELECT current_setting('block_size')::int").fetchone() or (0,)
        with (self.postgres.data / place).open("r+b") as opened:
            opened.seek(page * size + size // 2)
            opened.write(bytes(size // 2))
        # read from the disk again: what PostgreSQL has in memory is as it was
        self.name = self.postgres.copy(self.name)


@pytest.fixture
def house(checked: Cluster, written: str) -> House:
    return House(checked, written)


@pytest.fixture
def typed(house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Typed:
    monkeypatch.setenv("EWB_SIGNED_OFF", str(tmp_path / "signed-off"))

    def type_(*words: str) -> tuple[int, str]:
        code = main(["--database", house.address.replace("+psycopg", ""), *words])
        told = capsys.readouterr()
        return code, told.out + told.err

    return type_


def numbers_in(kept: Path, table: str) -> list[int]:
    lines = [line for line in read_copy(kept, None) if line.get("table") == table]
    return sorted(row[line["columns"].index("number")] for line in lines for row in line["rows"])


@pytest.mark.parametrize(("table", "page"), [("record", 0), ("record", 3), ("ledger", 5), ("audit", 2)])
def test_all_rows_of_the_other_pages_come_out_once(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, table: str, page: int
) -> None:
    # some of it has been read by the time the page is met
    monkeypatch.setattr(pages_postgres, "_CHUNK", 25)
    before = set(house.asked(f"SELECT number FROM {table}"))
    lost = house.tear(table, page)
    with closing(Database(settings_for(house.address))) as database:
        kept = back_up(database, tmp_path / "kept", SOME_TIME)
    assert lost
    assert numbers_in(kept.file, table) == sorted(before - lost)


def test_it_is_said_of_which_table_about_how_many_rows_are_not_in_it_and_what_to_do(
    house: House, typed: Typed, tmp_path: Path
) -> None:
    lost = house.tear("record", 3)
    with closing(Database(settings_for(house.address))) as database:
        number = back_up(database, tmp_path / "first", SOME_TIME).passed["record"]
    status, said = typed("backup", str(tmp_path / "kept"))
    assert len(lost) / 2 < number < len(lost) * 2
    assert (status, f"Passed over: about {number} rows of record, on pages that cannot be read." in said) == (0, True)
    assert "on PostgreSQL make a new one" in said


@pytest.mark.parametrize("table", ["alembic_version", "organisation", "counter", "worker", "device", "enrol_code"])
def test_a_table_of_one_page_that_is_none_stops_no_backup_and_gives_none_that_looks_whole(
    house: House, tmp_path: Path, table: str
) -> None:
    house._spoil(table, 0)
    with closing(Database(settings_for(house.address))) as database:
        kept = back_up(database, tmp_path, SOME_TIME)
    assert (is_damaged(kept.file), kept.is_file_damaged, kept.rows["ledger"]) == (True, True, MANY + 2)


def test_of_rows_that_go_on_on_another_page_only_those_are_passed_over_that_do(house: House, tmp_path: Path) -> None:
    (long,) = house.asked("SELECT number FROM ledger WHERE entity = 'contact'")
    before = set(house.asked("SELECT number FROM ledger"))
    house.tear_apart("ledger")
    with closing(Database(settings_for(house.address))) as database:
        kept = back_up(database, tmp_path / "kept", SOME_TIME)
    assert kept.passed == {"ledger": 1}
    assert numbers_in(kept.file, "ledger") == sorted(before - {long})


def test_what_came_out_is_restored_and_served(house: House, tmp_path: Path) -> None:
    house.tear("record", 3)
    with closing(Database(settings_for(house.address))) as database:
        kept = back_up(database, tmp_path / "kept", SOME_TIME)
    settings = sqlite_settings(tmp_path / "new.db")
    with closing(Database(settings)) as empty:
        restore(empty, kept.file, SOME_TIME)
    with running(settings, organisation=None) as server, server.database.reading() as connection:
        # those that were passed over are made again from their histories
        members = select(func.count()).where(tables.record.c.entity == "person")
        assert connection.execute(members).scalar_one() == MANY


def test_the_doctor_names_the_rows_and_looks_on(house: House, typed: Typed) -> None:
    with psycopg.connect(house.postgres.url(house.name), autocommit=True) as connection:
        connection.execute("UPDATE device SET enrolled_at = 'never'")
        connection.execute("CHECKPOINT")
    house.tear("record", 3)
    status, said = typed("doctor")
    assert status == 2
    assert "FAULT  pages: some are none, and cannot be read: about " in said
    assert "rows of record. Every other row can" in said
    # what is behind the records in its round
    assert "FAULT  device: 1 rows hold what cannot be read" in said


def test_the_doctor_names_the_page_that_tells_the_version_too(house: House, typed: Typed) -> None:
    house._spoil("alembic_version", 0)
    assert "FAULT  pages: some are none, and cannot be read: about 1 rows of alembic_version" in typed("doctor")[1]


def test_the_doctor_advises_no_indexes_made_anew_where_it_is_the_table(house: House, typed: Typed) -> None:
    house.tear("record", 3)
    assert "it makes the index anew" not in typed("doctor")[1]


def test_migrate_says_what_it_is_and_changes_nothing(house: House, typed: Typed) -> None:
    house.tear("record", 3)
    status, said = typed("migrate")
    assert (status, "is damaged. Nothing was" in said, "make a backup" in said) == (2, True, True)


def test_a_database_in_which_every_page_can_be_read_passes_nothing_over(house: House, tmp_path: Path) -> None:
    with closing(Database(settings_for(house.address))) as database:
        kept = back_up(database, tmp_path, SOME_TIME)
    assert (is_damaged(kept.file), kept.passed, kept.rows["record"]) == (False, {}, MANY + 2)
