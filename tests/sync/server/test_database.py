"""The migrations make exactly the tables that the program uses, and rows follow the program's columns."""

from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import select, update

from sync.server import tables
from sync.server.people import refresh_shapes
from sync.server.tables import metadata
from tests.support.callers import enrolled
from tests.support.servers import RunningServer, running


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
