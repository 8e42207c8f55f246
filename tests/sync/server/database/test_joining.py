"""Requests that write at once share one commit: each is answered when it is kept, and what fails is undone alone."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from sync.server.admission.opened import open_database
from sync.server.database.engine import Database
from sync.server.database.joining import NotKept
from tests.support.servers import sqlite_settings


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = open_database(sqlite_settings(tmp_path / "server.db"))
    with opened.writing() as connection:
        connection.execute(text("CREATE TABLE noted (name TEXT PRIMARY KEY)"))
    yield opened
    opened.close()


def note(connection: Connection, name: str) -> None:
    connection.execute(text("INSERT INTO noted VALUES (:name)"), {"name": name})


def noted(database: Database) -> set[str]:
    with database.reading() as connection:
        return set(connection.execute(text("SELECT name FROM noted")).scalars())


class Second:
    """Another request, which comes while the first one writes."""

    def __init__(self, database: Database, name: str) -> None:
        self.may_end, self.has_begun = threading.Event(), threading.Event()
        self.fault: Exception | None = None
        self._database, self._name = database, name
        self._thread = threading.Thread(target=self._write)

    def come(self) -> None:
        """Come, and wait in the line."""
        self._thread.start()
        writers = self._database._writers
        assert writers is not None
        while not writers._waiting:
            threading.Event().wait(0.001)

    def end(self) -> None:
        self.may_end.set()
        self._thread.join(timeout=20)

    def _write(self) -> None:
        try:
            with self._database.joining() as connection:
                note(connection, self._name)
                self.has_begun.set()
                assert self.may_end.wait(20)
        except Exception as fault:  # noqa: BLE001 - the test looks at it
            self.fault = fault


def test_one_that_is_done_is_answered_only_when_those_that_joined_it_are_kept_too(database: Database) -> None:
    second, answered = Second(database, "second"), threading.Event()

    def first() -> None:
        with database.joining() as connection:
            note(connection, "first")
            second.come()
        answered.set()

    thread = threading.Thread(target=first)
    thread.start()
    assert second.has_begun.wait(20)
    assert not answered.is_set()
    assert noted(database) == set()
    second.end()
    thread.join(timeout=20)
    assert answered.is_set()
    assert noted(database) == {"first", "second"}


def test_what_fails_is_undone_alone_and_the_others_are_kept(database: Database) -> None:
    second = Second(database, "second")

    def fail() -> None:
        with database.joining() as connection:
            note(connection, "first")
            second.come()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    second.end()
    assert second.fault is None
    assert noted(database) == {"second"}


def test_a_transaction_that_the_database_ended_by_itself_fails_for_everybody_in_it(database: Database) -> None:
    second, faults = Second(database, "second"), list[Exception]()

    def first() -> None:
        try:
            with database.joining() as connection:
                note(connection, "first")
                second.come()
        except NotKept as fault:
            faults.append(fault)

    thread = threading.Thread(target=first)
    thread.start()
    assert second.has_begun.wait(20)
    assert database._writers is not None
    joint = database._writers._joint
    assert joint is not None
    # as SQLite does on a full disk
    joint.connection.connection.rollback()
    second.end()
    thread.join(timeout=20)
    assert len(faults) == 1
    assert second.fault is not None
    assert noted(database) == set()
    with database.joining() as connection:
        note(connection, "third")
    assert noted(database) == {"third"}


def test_one_that_writes_alone_begins_when_those_that_joined_are_kept(database: Database) -> None:
    second = Second(database, "second")
    second.may_end.set()
    with database.joining() as connection:
        note(connection, "first")
        second.come()
    with database.writing() as connection:
        note(connection, "alone")
    second.end()
    assert noted(database) == {"first", "second", "alone"}
