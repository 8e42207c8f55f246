"""An index of PostgreSQL in which a failing disk altered one bit: it is noticed where PostgreSQL can look, and made anew."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import func, select

from sync.server.backups.backup import back_up
from sync.server.cli import main
from sync.server.damage.indexes import FileFaults, look_at_indexes
from sync.server.database import tables
from sync.server.database.engine import Database
from sync.server.doctor.examining import examine
from tests.support.callers import Caller, enrolled
from tests.support.postgres import Cluster, cluster
from tests.support.servers import running, settings_for

NOW = datetime(2026, 11, 21, 14, 5, tzinfo=UTC)
Typed = Callable[..., tuple[int, str]]


@pytest.fixture(scope="module")
def complete() -> Iterator[Cluster]:
    """A PostgreSQL with all that belongs to it: the one that most tests run on has no extensions."""
    with cluster("amcheck") as running_cluster:
        yield running_cluster


class House:
    """A database in which a laptop wrote two members, and the copy of it that is looked at."""

    def __init__(self, postgres: Cluster) -> None:
        self.postgres = postgres
        self.name = postgres.create()
        self.laptop: Caller
        with running(settings_for(postgres.address(self.name))) as server:
            self.laptop = enrolled(server, "Ada Okafor")
            self.made = self.laptop.change("person", {"preferred_name": "Zuleika"})
            self.laptop.round(self.made, self.laptop.change("person", {"preferred_name": "Bo"}))

    @property
    def address(self) -> str:
        return self.postgres.address(self.name)

    def alter(self, index: str, key: str) -> None:
        """Alter one bit of a ``key`` in an index's file, as a failing disk does; its table stays as it is."""
        with psycopg.connect(self.postgres.url(self.name), autocommit=True) as connection:
            connection.execute("CHECKPOINT")
            (place,) = connection.execute("SELECT pg_relation_filepath(%s)", (index,)).fetchone() or ("",)
        file = self.postgres.data / place
        held = bytearray(file.read_bytes())
        at = held.find(key.encode())
        assert at > 0
        held[at + 30] ^= 1
        file.write_bytes(bytes(held))
        # read from the disk again: what PostgreSQL has in memory is as it was
        self.name = self.postgres.copy(self.name)

    def double(self) -> None:
        """Write the member once more, as when a laptop offers again what an index does not find."""
        columns = ", ".join("9 AS number" if each.name == "number" else each.name for each in tables.record.columns)
        with psycopg.connect(self.postgres.url(self.name)) as connection:
            connection.execute(f"INSERT INTO record SELECT {columns} FROM record WHERE number = 2".encode())

    def reopened(self) -> Database:
        return Database(settings_for(self.address))


@pytest.fixture
def house(complete: Cluster) -> House:
    return House(complete)


@pytest.fixture
def typed(house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Typed:
    monkeypatch.setenv("EWB_SIGNED_OFF", str(tmp_path / "signed-off"))

    def type_(*words: str) -> tuple[int, str]:
        code = main(["--database", house.address.replace("+psycopg", ""), *words])
        told = capsys.readouterr()
        return code, told.out + told.err

    return type_


@pytest.mark.parametrize("index", ["ledger_change", "ledger_record", "record_pkey", "record_person"])
def test_the_doctor_names_an_index_that_disagrees_with_its_table_and_migrate_makes_it_anew(
    house: House, typed: Typed, index: str
) -> None:
    house.alter(index, house.made.id if index == "ledger_change" else house.made.record)
    status, said = typed("doctor")
    assert status == 2
    assert f"FAULT  indexes: an index does not agree with its table ({index})" in said
    status, said = typed("migrate")
    assert (status, f"Made anew, for it did not agree with its table: {index}." in said) == (0, True)
    assert "well   indexes: they agree with their tables" in typed("doctor")[1]


def test_indexes_that_are_whole_are_well_and_nothing_is_left_of_the_look(house: House, typed: Typed) -> None:
    assert "well   indexes: they agree with their tables" in typed("doctor")[1]
    assert typed("migrate") == (0, "The database is up to date.\n")
    with psycopg.connect(house.postgres.url(house.name)) as connection:
        assert connection.execute("SELECT 1 FROM pg_extension WHERE extname = 'amcheck'").fetchone() is None


def test_a_record_that_stands_twice_is_named_and_what_to_do_about_it(house: House, typed: Typed) -> None:
    house.alter("record_pkey", house.made.record)
    house.double()
    status, said = typed("doctor")
    assert "FAULT  indexes: rows stand twice (record stretford:2)" in said
    status, said = typed("migrate")
    assert (status, "Rows stand twice (1 of record)" in said) == (2, True)
    with closing(house.reopened()) as database, database.reading() as connection:
        assert connection.execute(select(func.count()).select_from(tables.record)).scalar_one() == 4


def test_a_backup_names_what_stands_twice(house: House, tmp_path: Path) -> None:
    house.alter("record_pkey", house.made.record)
    house.double()
    with closing(house.reopened()) as database:
        kept = back_up(database, tmp_path, NOW)
    assert (kept.doubled, kept.rows["record"]) == ({"record": ["stretford:2"]}, 4)
    assert kept.file.name.endswith("-damaged.ewb-backup")


def test_a_backup_holds_every_row_whatever_an_index_says(house: House, tmp_path: Path) -> None:
    is_kept = "UPDATE pg_index SET indisready = {0}, indisvalid = {0} WHERE indexrelid = 'look_pkey'::regclass"
    with psycopg.connect(house.postgres.url(house.name), autocommit=True) as connection:
        # while nobody keeps it an index hears of no row
        connection.execute(is_kept.format(False).encode())
        connection.execute("INSERT INTO look VALUES ('stretford', 'one', 'laptop'), ('stretford', 'two', 'laptop')")
        connection.execute(is_kept.format(True).encode())
        connection.execute(f"ALTER DATABASE {house.name} SET enable_seqscan = off".encode())
    with closing(house.reopened()) as database:
        assert back_up(database, tmp_path, NOW).rows["look"] == 2
        with database.copying() as connection:
            assert look_at_indexes(connection) == FileFaults(("look_pkey",))


def test_an_account_that_may_not_look_says_how_it_is_allowed_and_is_well(house: House) -> None:
    with psycopg.connect(house.postgres.url(house.name), autocommit=True) as connection:
        connection.execute("CREATE ROLE plain LOGIN")
        for given in ("ALL TABLES IN SCHEMA public", "SCHEMA public"):
            connection.execute(f"GRANT ALL ON {given} TO plain".encode())
    settings = settings_for(house.address.replace("ewb@", "plain@"))

    def said() -> str:
        with closing(Database(settings)) as database:
            found = [each for each in examine(database, settings, NOW) if each.subject == "indexes"]
        assert [each.is_well for each in found] == [True]
        return found[0].words

    assert "not looked at" in said()
    _, _, how = said().partition("in this database by: ")
    with psycopg.connect(house.postgres.url(house.name), autocommit=True) as connection:
        connection.execute(how.replace('"ewb-server"', "plain").encode())
    assert said() == "they agree with their tables"


def test_where_postgresql_has_no_amcheck_the_indexes_are_not_looked_at_and_all_else_is(postgres: Cluster) -> None:
    with postgres.new_database() as address, running(settings_for(address)) as server:
        with server.database.copying() as connection:
            assert look_at_indexes(connection) == FileFaults(is_unseen=True)
        found = {each.subject: each.is_well for each in examine(server.database, server.settings, server.at[0])}
        assert found["indexes"]
        assert len(found) > 5
