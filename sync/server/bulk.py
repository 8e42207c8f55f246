"""Many rows in one statement, its text made once for each table: the driver goes through them, or PostgreSQL unpacks one JSON.

One value for all rows costs a ninth of what lists for each column did: the driver escapes every item of a list by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from functools import cache
from typing import Any, Final

import orjson
import psycopg
from sqlalchemy import Connection, Integer, Row, Table

Values = tuple[str | int | None, ...]
_MARK: Final = {"sqlite": "?", "postgresql": "%s"}


def insert_rows(connection: Connection, table: Table, rows: Sequence[Values]) -> None:
    """Write ``rows``, each with a value for every column of ``table`` in the table's own order."""
    if not rows:
        return
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(_insert_each(table), list(rows))
    else:
        columns = tuple(str(name) for name in table.columns.keys())  # noqa: SIM118
        connection.exec_driver_sql(_insert_told(table), (_told(columns, rows),))


def update_rows(
    connection: Connection,
    table: Table,
    columns: tuple[str, ...],
    organisation: str,
    rows: Sequence[Values],
    *,
    kept: tuple[str, ...] = (),
) -> None:
    """Write ``columns`` of rows that are there; each of ``rows`` has their values in that order, and last the row's id.

    Columns ``kept`` stay as they are where the value is None.
    """
    if not rows:
        return
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(_update_each(table, columns, kept), [(*row, organisation) for row in rows])
    else:
        connection.exec_driver_sql(_update_told(table, columns, kept), (_told((*columns, "id"), rows), organisation))


def select_rows(
    connection: Connection, table: Table, columns: tuple[str, ...], organisation: str, key: str, keys: Iterable[str]
) -> Sequence[Row[Any]]:
    """Return ``columns`` of the organisation's rows whose column ``key`` is one of ``keys``."""
    wanted = sorted(set(keys))
    if not wanted:
        return ()
    text = _select(table, columns, key, connection.dialect.name)
    # one value however many there are: the same text each time, which the database has read before
    listed = orjson.dumps(wanted).decode() if connection.dialect.name == "sqlite" else wanted
    return connection.exec_driver_sql(text, (organisation, listed)).all()


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
def _insert_each(table: Table) -> str:
    return f"INSERT INTO {table.name} ({_names(table)}) VALUES ({', '.join('?' for _ in table.columns)})"  # noqa: S608


@cache
def _insert_told(table: Table) -> str:
    listed = _names(table)
    return f"INSERT INTO {table.name} ({listed}) SELECT {listed} FROM {_as_told(table, tuple(table.columns.keys()))}"  # noqa: S608


@cache
def _update_each(table: Table, columns: tuple[str, ...], kept: tuple[str, ...]) -> str:
    changes = ", ".join(f'"{name}" = COALESCE(?, "{name}")' if name in kept else f'"{name}" = ?' for name in columns)
    return f"UPDATE {table.name} SET {changes} WHERE id = ? AND organisation = ?"  # noqa: S608


@cache
def _update_told(table: Table, columns: tuple[str, ...], kept: tuple[str, ...]) -> str:
    told = {name: f'COALESCE(told."{name}", {table.name}."{name}")' if name in kept else f'told."{name}"' for name in columns}
    changes = ", ".join(f'"{name}" = {value}' for name, value in told.items())
    return (
        f"UPDATE {table.name} SET {changes} FROM {_as_told(table, (*columns, 'id'))} "  # noqa: S608
        f"WHERE {table.name}.id = told.id AND {table.name}.organisation = %s"
    )


@cache
def _select(table: Table, columns: tuple[str, ...], key: str, dialect: str) -> str:
    mark = _MARK[dialect]
    among = "IN (SELECT value FROM json_each(?))" if dialect == "sqlite" else "= ANY(%s::text[])"
    listed = ", ".join(f'"{name}"' for name in columns)
    return f'SELECT {listed} FROM {table.name} WHERE organisation = {mark} AND "{key}" {among}'  # noqa: S608


def _names(table: Table) -> str:
    return ", ".join(f'"{column.name}"' for column in table.columns)


def _as_told(table: Table, columns: tuple[str, ...]) -> str:
    typed = ", ".join(f'"{name}" {"bigint" if isinstance(table.columns[name].type, Integer) else "text"}' for name in columns)
    return f"json_to_recordset(%s::json) AS told({typed})"


def _told(columns: tuple[str, ...], rows: Sequence[Values]) -> str:
    return orjson.dumps([dict(zip(columns, row, strict=True)) for row in rows]).decode()
