"""Many rows in one statement, its text made once for each table: as they are, or as one JSON that PostgreSQL unpacks.

One value for all rows costs a ninth of what lists for each column did: the driver escapes every item of a list by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from functools import cache
from itertools import chain
from typing import Any, Final

import orjson
import psycopg
from sqlalchemy import Connection, Integer, Row, Table

Values = tuple[str | int | None, ...]
_MARK: Final = {"sqlite": "?", "postgresql": "%s"}
_AT_ONCE: Final = (40, 10, 1)
"""Rows in one statement of the embedded file, as many as there are: a row each by itself takes twice as long."""


def insert_rows(connection: Connection, table: Table, rows: Sequence[Values]) -> None:
    """Write new ``rows``, each with a value for every column of ``table`` in the table's own order."""
    _write(connection, table, rows, "")


def put_rows(connection: Connection, table: Table, rows: Sequence[Values], *, once: frozenset[str], kept: frozenset[str]) -> None:
    """The same for rows that may be there already, by the table's key: those are written over.

    Columns ``once`` are written with a new row only; columns ``kept`` stay as they are where the new value is None.
    """
    _write(connection, table, rows, _over(table, once, kept))


def _write(connection: Connection, table: Table, rows: Sequence[Values], ending: str) -> None:
    if not rows:
        return
    if connection.dialect.name != "sqlite":
        columns = tuple(str(name) for name in table.columns.keys())  # noqa: SIM118
        connection.exec_driver_sql(_insert_told(table, ending), (_told(columns, rows),))
        return
    done = 0
    for size in _AT_ONCE:
        until = done + (len(rows) - done) // size * size
        if until > done:
            parts = [tuple(chain.from_iterable(rows[begin : begin + size])) for begin in range(done, until, size)]
            connection.exec_driver_sql(_insert_many(table, size, ending), parts)
        done = until


def select_rows(
    connection: Connection, table: Table, columns: tuple[str, ...], organisation: str, key: str, keys: Iterable[str]
) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return ``columns`` of the organisation's rows whose column ``key`` is one of ``keys``."""
    wanted = sorted(set(keys))
    if not wanted:
        return ()
    text = _select(table, columns, key, connection.dialect.name)
    # one value however many there are: the same text each time, which the database has read before
    return connection.exec_driver_sql(text, (orjson.dumps(wanted).decode(), organisation)).all()


def run(connection: Connection, text: str, values: Values) -> None:
    """Run one ready-made statement, its values marked by ``?``."""
    connection.exec_driver_sql(_marked(text, connection.dialect.name), values)


@contextmanager
def undoable(connection: Connection, name: str) -> Iterator[None]:
    """Keep what the block wrote for the transaction to keep, or when it fails undo that alone. Those within have other names.

    The same as ``begin_nested``, which a push would spend a tenth of its time in.
    """
    connection.exec_driver_sql(f"SAVEPOINT {name}")
    try:
        yield
    except BaseException:
        connection.exec_driver_sql(f"ROLLBACK TO SAVEPOINT {name}")
        connection.exec_driver_sql(f"RELEASE SAVEPOINT {name}")
        raise
    connection.exec_driver_sql(f"RELEASE SAVEPOINT {name}")


@contextmanager
def together(connection: Connection) -> Iterator[None]:
    """Send the statements of the block one behind another and wait once for all of them; none of them may ask for rows.

    The embedded file answers at once. What PostgreSQL turns away is raised as the driver's own error.
    """
    driver = connection.connection.driver_connection
    with driver.pipeline() if isinstance(driver, psycopg.Connection) else nullcontext():
        yield


def lock_counter(connection: Connection, organisation: str) -> Any:
    """Hold the organisation's counter until the transaction ends, and return it."""
    text = "SELECT number, audit_number, audit_hash FROM counter WHERE organisation = "
    # the embedded file has one writer at a time anyway
    text += "?" if connection.dialect.name == "sqlite" else "%s FOR UPDATE"
    return connection.exec_driver_sql(text, (organisation,)).one()


@cache
def _marked(text: str, dialect: str) -> str:
    return text.replace("?", _MARK[dialect])


@cache
def _over(table: Table, once: frozenset[str], kept: frozenset[str]) -> str:
    key = [column.name for column in table.primary_key]
    values = {
        name: f'COALESCE(excluded."{name}", {table.name}."{name}")' if name in kept else f'excluded."{name}"'
        for name in table.columns.keys()  # noqa: SIM118
        if name not in once and name not in key
    }
    changes = ", ".join(f'"{name}" = {value}' for name, value in values.items())
    return f" ON CONFLICT ({', '.join(key)}) DO UPDATE SET {changes}"


@cache
def _insert_many(table: Table, rows: int, ending: str) -> str:
    row = f"({', '.join('?' for _ in table.columns)})"
    return f"INSERT INTO {table.name} ({_names(table)}) VALUES {', '.join([row] * rows)}{ending}"  # noqa: S608


@cache
def _insert_told(table: Table, ending: str) -> str:
    listed = _names(table)
    told = _as_told(table, tuple(table.columns.keys()))
    return f"INSERT INTO {table.name} ({listed}) SELECT {listed} FROM {told}{ending}"  # noqa: S608


@cache
def _select(table: Table, columns: tuple[str, ...], key: str, dialect: str) -> str:
    listed = ", ".join(f'"{name}"' for name in columns)
    if dialect == "sqlite":
        return f'SELECT {listed} FROM {table.name} WHERE "{key}" IN (SELECT value FROM json_each(?)) AND organisation = ?'  # noqa: S608
    # each is looked up by itself, and OFFSET 0 keeps it so: where PostgreSQL has not counted a table yet, it takes an
    # organisation for a few rows and goes through all of them
    return (
        f"SELECT found.* FROM json_array_elements_text(%s::json) AS asked(word) CROSS JOIN LATERAL "  # noqa: S608
        f'(SELECT {listed} FROM {table.name} WHERE organisation = %s AND "{key}" = asked.word OFFSET 0) AS found'
    )


def _names(table: Table) -> str:
    return ", ".join(f'"{column.name}"' for column in table.columns)


def _as_told(table: Table, columns: tuple[str, ...]) -> str:
    typed = ", ".join(f'"{name}" {"bigint" if isinstance(table.columns[name].type, Integer) else "text"}' for name in columns)
    return f"json_to_recordset(%s::json) AS told({typed})"


def _told(columns: tuple[str, ...], rows: Sequence[Values]) -> str:
    return orjson.dumps([dict(zip(columns, row, strict=True)) for row in rows]).decode()
