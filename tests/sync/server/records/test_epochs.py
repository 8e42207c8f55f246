"""What the administrator says of a database that was put back: once is enough, and a second time has a word of its own."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from sync.server.admission.people import begin_epoch, create_organisation
from sync.server.cli import main
from sync.server.clock import utc_now
from sync.server.database import tables
from sync.server.database.engine import Database
from sync.server.records import audit
from sync.server.records.epochs import FOUND_OUT, begun_just_now
from sync.server.records.scope import SERVER
from tests.support.servers import ORGANISATION, sqlite_settings


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A database with an organisation that was never put back."""
    assert main(["--database", f"sqlite:///{tmp_path / 'server.db'}", "migrate"]) == 0
    with closing(Database(sqlite_settings(tmp_path / "server.db"))) as database, database.writing() as connection:
        create_organisation(connection, ORGANISATION, "Stretford Wellbeing (made up)", utc_now() - timedelta(days=1))
    return tmp_path / "server.db"


def say_restored(file: Path, *words: str) -> str:
    """Type that it was put back; return the epoch that holds then."""
    assert main(["--database", f"sqlite:///{file}", "restored", ORGANISATION, *words]) == 0
    with closing(Database(sqlite_settings(file))) as database, database.reading() as connection:
        return str(connection.execute(select(tables.organisation.c.epoch)).scalar_one())


def test_typed_twice_it_begins_one_epoch_and_says_so(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first = say_restored(file)
    assert "A new epoch has begun" in capsys.readouterr().out
    assert say_restored(file) == first
    assert "A new epoch began a moment ago" in capsys.readouterr().out


def test_put_back_once_more_it_begins_another_by_a_word(file: Path) -> None:
    first = say_restored(file)
    assert say_restored(file, "--again") != first


def test_what_was_said_a_while_ago_or_by_a_clock_that_was_ahead_is_not_the_same_word(file: Path) -> None:
    now = utc_now()
    with closing(Database(sqlite_settings(file))) as database, database.writing() as connection:
        assert begun_just_now(connection, ORGANISATION, now) is None
        begin_epoch(connection, ORGANISATION, now)
        said = [begun_just_now(connection, ORGANISATION, now + timedelta(minutes=after)) for after in (-1, 0, 9, 11)]
    assert [each is not None for each in said] == [False, True, True, False]


def test_what_a_laptop_showed_since_needs_a_word_of_its_own(file: Path) -> None:
    now = utc_now()
    with closing(Database(sqlite_settings(file))) as database, database.writing() as connection:
        begin_epoch(connection, ORGANISATION, now)
        begin_epoch(connection, ORGANISATION, now, audit.Entry(SERVER, SERVER, FOUND_OUT))
        assert begun_just_now(connection, ORGANISATION, now) is None
