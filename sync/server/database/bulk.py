"""Many rows in one statement, its text made once for each table: as they are, or as one JSON that PostgreSQL unpacks.

One value for all rows costs a ninth of what lists for each column did: the driver escapes every item of a list by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from functools import cache
from itertools import chain
from typing import Any, Final, NamedTuple
from weakref import WeakKeyDictionary

import orjson
import psycopg
from sqlalchemy import Connection, Integer, Row, Table

Values = tuple[str | int | None, ...]
Answer = Callable[[], Sequence[tuple[Any, ...]]]
"""Gives the rows of a question that was asked :func:`together` with others."""
_MARK: Final = {"sqlite": "?", "postgresql": "%s"}
_TOGETHER: Final = " /* together */"
_ANEW: Final = " /* anew */"
PLANNED_ANEW: Final = 5
"""So often a statement on a line to PostgreSQL is planned anew before it is prepared. Of a table of ten rows PostgreSQL keeps a
plan by any index: once there are ten thousand it looks through all of them, until it has counted them."""
_SAID: Final[WeakKeyDictionary[psycopg.Connection[Any], dict[str, int]]] = WeakKeyDictionary()
"""How often each statement was said on a line, :func:`together` with others."""
_AT_ONCE: Final = (40, 10, 1)
"""Rows in one statement of the embedded file, as many as there are: a row each by itself takes twice as long."""


class Counter(NamedTuple):
    """Where an organisation's numbers and its audit have got to."""

    number: int
    audit_number: int
    audit_hash: str


def insert_rows(connection: Connection, table: Table, rows: Sequence[Values]) -> None:
    """Write new ``rows``, each with a value for every column of ``table`` in the table's own order."""
    _write(connection, table, rows, "")


def put_rows(connection: Connection, table: Table, rows: Sequence[Values], *, once: frozenset[str]) -> None:
    """The same for rows that may be there already, by the table's key: those are written over, but for the columns ``once``."""
    _write(connection, table, rows, _over(table, once))


def _write(connection: Connection, table: Table, rows: Sequence[Values], ending: str) -> None:
    if not rows:
        return
    if connection.dialect.name != "sqlite":
        columns = tuple(str(name) for name in table.columns.keys())  # noqa: SIM118
        _run(connection, _insert_told(table, ending), (_told(columns, rows),))
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


def ask_rows(
    connection: Connection, table: Table, columns: tuple[str, ...], organisation: str, key: str, keys: Iterable[str]
) -> Answer:
    """Ask for the same with what else is sent by :func:`together`; what is returned gives the rows once the block has ended."""
    wanted = sorted(set(keys))
    if not wanted:
        return tuple
    text = _select(table, columns, key, connection.dialect.name)
    return _asked(connection, text, (orjson.dumps(wanted).decode(), organisation))


def _asked(connection: Connection, text: str, values: Values) -> Answer:
    piped = _piped(connection)
    if piped is not None:
        return _send(piped, text, values).fetchall
    found = connection.exec_driver_sql(text, values).all()
    return lambda: found


def _piped(connection: Connection) -> psycopg.Connection[Any] | None:
    """Return the line to PostgreSQL while statements are sent :func:`together` on it."""
    driver = connection.connection.driver_connection
    is_piped = isinstance(driver, psycopg.Connection) and driver.pgconn.pipeline_status != psycopg.pq.PipelineStatus.OFF
    return driver if is_piped else None


def _send(piped: psycopg.Connection[Any], text: str, values: Values) -> psycopg.Cursor[Any]:
    said = _SAID.setdefault(piped, {})
    said[text] = said.get(text, 0) + 1
    if said[text] <= PLANNED_ANEW:
        # in words of its own too: the driver counts what it does not prepare
        return piped.execute(f"{text}{_ANEW}".encode(), values, prepare=False)
    # When a statement before it in the line fails, PostgreSQL does not read this one, and the driver forgets that it was to be
    # prepared only if it was new to it: prepared at once, and in words that are never said outside such a line, it is.
    return piped.execute(f"{text}{_TOGETHER}".encode(), values, prepare=True)


def run(connection: Connection, text: str, values: Values) -> None:
    """Run one ready-made statement, its values marked by ``?``."""
    _run(connection, _marked(text, connection.dialect.name), values)


def _run(connection: Connection, text: str, values: Values) -> None:
    piped = _piped(connection)
    if piped is not None:
        _send(piped, text, values)
    else:
        connection.exec_driver_sql(text, values)


class Savepoint:
    """A place in a transaction to which it can be taken back."""

    def __init__(self, connection: Connection, name: str) -> None:
        self._connection, self._name = connection, name
        self._is_released = False
        run(connection, f"SAVEPOINT {name}", ())

    def release(self) -> None:
        """Let go of it, for what was written to be kept; once only, however often it is said."""
        if not self._is_released:
            self._is_released = True
            run(self._connection, f"RELEASE SAVEPOINT {self._name}", ())

    def take_back(self) -> None:
        """Undo what was written since, and let go of it."""
        run(self._connection, f"ROLLBACK TO SAVEPOINT {self._name}", ())
        run(self._connection, f"RELEASE SAVEPOINT {self._name}", ())


@contextmanager
def undoable(connection: Connection, name: str) -> Iterator[Savepoint]:
    """Keep what the block wrote for the transaction to keep, or when it fails undo that alone. Those within have other names.

    The same as ``begin_nested``, which a push would spend a tenth of its time in.
    """
    savepoint = Savepoint(connection, name)
    try:
        yield savepoint
    except BaseException:
        savepoint.take_back()
        raise
    savepoint.release()


@contextmanager
def together(connection: Connection) -> Iterator[None]:
    """Send the statements of the block one behind another and wait once for all of them; rows are asked for by
    :func:`ask_rows` and :func:`ask_counter`.

    The embedded file answers at once. What PostgreSQL turns away is raised as the driver's own error.
    """
    driver = connection.connection.driver_connection
    with driver.pipeline() if isinstance(driver, psycopg.Connection) else nullcontext():
        yield


def lock_counter(connection: Connection, organisation: str) -> Counter:
    """Hold the organisation's counter until the transaction ends, and return it."""
    return ask_counter(connection, organisation)()


def ask_counter(connection: Connection, organisation: str) -> Callable[[], Counter]:
    """Hold the counter with what else is sent by :func:`together`; what is returned gives it once the block has ended."""
    text = "SELECT number, audit_number, audit_hash FROM counter WHERE organisation = "
    # the embedded file has one writer at a time anyway
    text += "?" if connection.dialect.name == "sqlite" else "%s FOR UPDATE"
    answer = _asked(connection, text, (organisation,))
    return lambda: Counter(*answer()[0])


@cache
def _marked(text: str, dialect: str) -> str:
    return text.replace("?", _MARK[dialect])


@cache
def _over(table: Table, once: frozenset[str]) -> str:
    key = [column.name for column in table.primary_key]
    written = [name for name in table.columns.keys() if name not in once and name not in key]  # noqa: SIM118
    changes = ", ".join(f'"{name}" = excluded."{name}"' for name in written)
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
    # what is no name is asked of the database
    listed = ", ".join(f'"{name}"' if name.isidentifier() else name for name in columns)
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
