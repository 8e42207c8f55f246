"""The migrations make exactly the tables that the program uses, and rows follow the program's columns."""

from __future__ import annotations

import os
import signal
from dataclasses import replace
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError

from sync.server.admission.people import refresh_shapes
from sync.server.database import engine, tables
from sync.server.database.engine import Database
from sync.server.database.tables import metadata
from tests.support.callers import enrolled
from tests.support.postgres import Cluster
from tests.support.servers import RunningServer, running, sqlite_settings


def test_migrated_tables_are_the_programs_tables(server: RunningServer) -> None:
    with server.database.reading() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_every_table_leads_with_the_organisation() -> None:
    assert {next(iter(table.primary_key.columns)).name for table in metadata.sorted_tables} == {"organisation"}


def test_every_key_and_index_leads_with_the_organisation_too() -> None:
    for table in metadata.sorted_tables:
        for index in table.indexes:
            assert next(iter(index.columns)).name == "organisation", index.name
        for key in table.foreign_key_constraints:
            assert next(iter(key.columns)).name == "organisation", key.name


def test_a_postgresql_that_stands_still_keeps_nobody_waiting_for_ever(postgres: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "_PATIENCE", 1.5)
    with postgres.new_database() as url:
        database = Database(replace(sqlite_settings(Path("unused")), database=url, seconds=1))
        with pytest.raises(DBAPIError):
            ask_one_that_stands_still(database)
        # the next has a line of its own; what takes long by an administrator's wish is not cut
        with database.copying() as connection:
            assert connection.execute(text("SELECT pg_sleep(2.5)")).one() is not None
        database.close()


def ask_one_that_stands_still(database: Database) -> None:
    with database.reading() as connection:
        backend = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
        os.kill(backend, signal.SIGSTOP)
        try:
            connection.execute(text("SELECT 1"))
        finally:
            os.kill(backend, signal.SIGCONT)


def test_starting_again_keeps_everything(server: RunningServer) -> None:
    ada = enrolled(server, "Ada Okafor")
    made = ada.change("person", {"preferred_name": "Maryam"})
    ada.round(made)
    with running(server.settings, organisation=None) as again:
        assert made.record in {row.id for row in again.do(lambda c: c.execute(select(tables.record.c.id)).all())}


def test_ready_made_rows_are_made_again_when_the_columns_changed(server: RunningServer) -> None:
    ada = enrolled(server, "Ada Okafor")
    made = ada.change("person", {"preferred_name": "Maryam"})
    ada.round(made)
    record = tables.record
    # as an older program, which knew fewer columns, left it
    server.do(lambda c: c.execute(update(record).where(record.c.id == made.record).values(wire='["old"]')))
    server.do(lambda c: c.execute(update(tables.organisation).values(wire_shape='{"person":["id"]}')))
    server.do(refresh_shapes)
    ben = enrolled(server, "Ben Shah", "clinician")
    ben.round()
    assert ben.rows[made.record]["preferred_name"] == "Maryam"
