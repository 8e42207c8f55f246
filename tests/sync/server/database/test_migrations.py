"""What a migration does to rows that an older server left: migration 0004 says of every record whom it is about."""

from __future__ import annotations

import json
from typing import Any

import sqlalchemy as sa

from sync.server.database.engine import Database, upgrade
from tests.support.servers import settings_for

_MOMENT = "2026-11-21T14:05:00.000Z"


def _old_rows(connection: sa.Connection) -> dict[tuple[str, str], str | None]:
    """Write records as a server before 0004 kept them, more than one chunk; return whom each is about."""
    houses, record = (sa.Table(name, sa.MetaData(), autoload_with=connection) for name in ("organisation", "record"))
    expected: dict[tuple[str, str], str | None] = {}
    rows: list[dict[str, Any]] = []

    def keep(house: str, entity: str, id_: str, fields: str, whom: str | None) -> None:
        rows.append({"organisation": house, "id": id_, "entity": entity, "fields": fields, "number": len(rows) + 1})
        expected[house, id_] = whom

    for house, goals in (("sale", 3), ("stretford", 1_100)):
        connection.execute(houses.insert().values({**_rest_of(houses), "organisation": house, "name": house}))
        people = [f"{house}-person-{each}" for each in range(3)]
        for person in people:
            keep(house, "person", person, json.dumps({"given_name": "Made up"}), person)
        for each in range(goals):
            keep(house, "goal", f"{house}-goal-{each}", json.dumps({"person": people[each % 3]}), people[each % 3])
        keep(house, "visit", f"{house}-visit", json.dumps({"people": 2}), None)
        keep(house, "visit", f"{house}-visit-of", json.dumps({"person": people[0]}), people[0])
        keep(house, "goal", f"{house}-odd", json.dumps({"person": "x" * 99}), None)
        keep(house, "goal", f"{house}-torn", '{"person": "', None)
    rest = _rest_of(record)
    connection.execute(record.insert(), [{**rest, **row} for row in rows])
    return expected


def _rest_of(table: sa.Table) -> dict[str, Any]:
    """Return anything of their kind for the columns that must be filled, and that nothing here is about."""
    return {
        column.name: 0 if isinstance(column.type, sa.Integer) else _MOMENT[: getattr(column.type, "length", None)]
        for column in table.columns
        if not column.nullable and column.server_default is None
    }


def test_after_0004_every_record_says_whom_it_is_about(bare_database_url: str) -> None:
    database = Database(settings_for(bare_database_url))
    try:
        with database.writing() as connection:
            upgrade(connection, "0003")
            expected = _old_rows(connection)
        with database.writing() as connection:
            upgrade(connection, "0004")
            record = sa.table("record", sa.column("organisation"), sa.column("id"), sa.column("person"))
            found = {(row.organisation, row.id): row.person for row in connection.execute(sa.select(record))}
        assert found == expected
        assert len(found) > 1_000
    finally:
        database.close()
