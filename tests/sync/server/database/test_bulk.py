"""Many rows at once are written as one by one would be, and looked up by their key whatever PostgreSQL thinks of the table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from sqlalchemy import Column, Connection, Integer, MetaData, String, Table, Text
from sqlalchemy.exc import IntegrityError

from sync.server.database import bulk, tables
from sync.server.database.bulk import ask_rows, insert_rows, put_rows, run, select_rows, together, undoable
from tests.support.servers import ORGANISATION, RunningServer

NOTED = Table(
    "noted",
    MetaData(),
    Column("organisation", String(20), primary_key=True),
    Column("id", String(36), primary_key=True),
    Column("number", Integer, nullable=False),
    Column("made_by", Text),
    Column("person", Text),
)
ONCE = frozenset({"made_by", "person"})


@pytest.fixture
def connection(server: RunningServer) -> Iterator[Connection]:
    with server.database.writing() as writing:
        NOTED.create(writing)
        yield writing


def rows(count: int, word: str = "Ada", person: str | None = "p") -> list[tuple[Any, ...]]:
    return [(ORGANISATION, f"id{number}", number, word, person) for number in range(count)]


def write_what_is_there(connection: Connection) -> None:
    """Send rows of which one is there already, so many that what stands behind them is sent before the answer comes."""
    with undoable(connection, "push") as savepoint, together(connection):
        insert_rows(connection, NOTED, [(ORGANISATION, f"new{number}", number, None, None) for number in range(2000)] + rows(1))
        run(connection, "UPDATE noted SET number = ? WHERE id = ?", (5, "id0"))
        savepoint.release()


def found(connection: Connection) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in connection.execute(NOTED.select().order_by(NOTED.c.number))]


@pytest.mark.parametrize("count", [0, 1, 10, 53, 200])
def test_however_many_rows_there_are_each_is_written_once(connection: Connection, count: int) -> None:
    insert_rows(connection, NOTED, rows(count))
    assert found(connection) == rows(count)


def test_rows_that_are_there_are_written_over_and_say_still_who_made_them_and_whom_they_are_about(
    connection: Connection,
) -> None:
    insert_rows(connection, NOTED, rows(30))
    put_rows(connection, NOTED, [(*row[:2], 100 + row[2], "Bea", None) for row in rows(53)], once=ONCE)
    old = [(ORGANISATION, f"id{number}", 100 + number, "Ada", "p") for number in range(30)]
    new = [(ORGANISATION, f"id{number}", 100 + number, "Bea", None) for number in range(30, 53)]
    assert found(connection) == old + new


def test_another_organisations_row_of_the_same_id_stays_as_it_is(connection: Connection) -> None:
    insert_rows(connection, NOTED, [("urmston", "id0", 7, "Cleo", None)])
    put_rows(connection, NOTED, rows(1), once=ONCE)
    assert sorted(found(connection)) == [(ORGANISATION, "id0", 0, "Ada", "p"), ("urmston", "id0", 7, "Cleo", None)]
    assert [row.number for row in select_rows(connection, NOTED, ("number",), ORGANISATION, "id", ["id0"])] == [0]


def test_rows_of_a_table_that_was_never_counted_are_looked_up_by_their_key(connection: Connection) -> None:
    lines = [
        (
            ORGANISATION, 100_000 + n, f"id{n}", "person", f"record{n}", "edit", "sale", "{}" * 50, None, 0, "", "", 1, "", "",
            "accepted",
        )
        for n in range(3_000)
    ]  # fmt: skip
    insert_rows(connection, tables.ledger, lines)
    asked: list[str] = []
    wanted = [f"id{n}" for n in range(50)]
    said = connection.exec_driver_sql

    def explain(text: str, values: Any) -> Any:
        if connection.dialect.name == "sqlite":
            asked.extend(row[3] for row in said(f"EXPLAIN QUERY PLAN {text}", values))
        else:
            asked.extend(row[0] for row in said(f"EXPLAIN {text}", values))
        return said(text, values)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(connection, "exec_driver_sql", explain)
        assert len(select_rows(connection, tables.ledger, ("number",), ORGANISATION, "change_id", wanted)) == 50
    plan = "\n".join(asked)
    assert "organisation=? AND change_id=?" in plan or "(change_id)::text = asked.word" in plan.partition("Index Cond")[2]


def test_what_is_asked_together_is_answered_when_the_block_has_ended(connection: Connection) -> None:
    with together(connection):
        insert_rows(connection, NOTED, rows(3))
        answer = ask_rows(connection, NOTED, ("number", "made_by"), ORGANISATION, "id", ["id2", "id7"])
        nothing = ask_rows(connection, NOTED, ("number",), ORGANISATION, "id", [])
    assert [tuple(row) for row in answer()] == [(2, "Ada")]
    assert list(nothing()) == []


@pytest.fixture(params=[0, 2, bulk.PLANNED_ANEW], ids="anew {}".format)
def _prepared_early_or_late(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "PLANNED_ANEW", request.param)


@pytest.mark.usefixtures("_prepared_early_or_late")
def test_what_stood_behind_a_statement_that_failed_is_sent_again_as_if_never_said(connection: Connection) -> None:
    insert_rows(connection, NOTED, rows(1))
    # as often as the driver needs to take a statement for prepared that PostgreSQL never read
    for _ in range(12):
        with pytest.raises((IntegrityError, psycopg.IntegrityError)):
            write_what_is_there(connection)
    with undoable(connection, "push"), together(connection):
        run(connection, "UPDATE noted SET number = ? WHERE id = ?", (6, "id0"))
    assert [row[2] for row in found(connection)] == [6]


@pytest.mark.usefixtures("_prepared_early_or_late")
def test_what_was_said_by_itself_before_is_not_taken_for_prepared_where_it_stood_behind_a_failure(connection: Connection) -> None:
    insert_rows(connection, NOTED, rows(1))
    # twice: taking back forgets whatever was prepared, and the driver looks at it only where it had not counted it before
    for _ in range(2):
        with pytest.raises(LookupError), undoable(connection, "push"):
            raise LookupError

    def write_again_and_let_go() -> None:
        with undoable(connection, "push") as savepoint, together(connection):
            insert_rows(connection, NOTED, rows(1))
            savepoint.release()

    with pytest.raises((IntegrityError, psycopg.IntegrityError)):
        write_again_and_let_go()
    assert found(connection) == rows(1)


def test_what_is_asked_of_a_new_line_is_planned_anew_a_few_times_and_prepared_then(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        # the embedded file makes its plans by the indexes alone
        return
    prepared = []
    for _ in range(bulk.PLANNED_ANEW + 2):
        with together(connection):
            ask_rows(connection, NOTED, ("number",), ORGANISATION, "id", ["id2"])
        named = "SELECT count(*) FROM pg_prepared_statements WHERE position('FROM no' || 'ted' IN statement) > 0"
        prepared.append(connection.exec_driver_sql(named).scalar_one())
    assert prepared == [0] * bulk.PLANNED_ANEW + [1, 1]


def test_a_savepoint_that_was_let_go_of_among_others_is_not_let_go_of_again(connection: Connection) -> None:
    with undoable(connection, "push") as savepoint, together(connection):
        insert_rows(connection, NOTED, rows(2))
        savepoint.release()
    assert found(connection) == rows(2)


def test_what_fails_before_its_savepoint_is_let_go_of_is_undone_alone(connection: Connection) -> None:
    insert_rows(connection, NOTED, rows(1))
    with pytest.raises((IntegrityError, psycopg.IntegrityError)):
        write_what_is_there(connection)
    assert found(connection) == rows(1)
