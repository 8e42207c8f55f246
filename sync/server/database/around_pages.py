"""Reads the rows of a table by the table alone, and around pages that are none: the others must not go too.

Where a page of a table is none its rows are passed over and counted; in the embedded file an index that can be read tells how
many they are. How it is done on PostgreSQL stands in :mod:`sync.server.database.pages_postgres`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from typing import Any, Final

from sqlalchemy import Column, ColumnElement, Connection, Row, Select, Table, literal_column, select
from sqlalchemy.exc import DatabaseError

from sync.server.database.pages_postgres import is_damaged, rows_around

CHUNK: Final = 500
_FAR: Final = 200_000
"""So many places behind the last row that was read are looked at where nothing tells how far the table goes."""
_AT: Final[ColumnElement[int]] = literal_column("rowid")
_KIND: Final = 0xFF
"""The part of SQLite's numbers of faults that tells the kind."""

Passed = dict[str, int]
"""By table, about how many rows could not be read because their page is none."""


def is_corrupt(fault: DatabaseError) -> bool:
    """Tell whether it is the database's own files in which a page is none: other pages may be whole."""
    return _is_no_page(fault.orig) or is_damaged(fault.orig)


@contextmanager
def apart(connection: Connection) -> Iterator[None]:
    """Let what fails in the block fail alone: PostgreSQL takes no further question in a transaction in which one failed."""
    if connection.dialect.name == "sqlite":
        yield
        return
    with connection.begin_nested():
        yield


def rows_of(
    connection: Connection, table: Table, passed: Passed, columns: Iterable[Column[Any]] | None = None
) -> Iterator[Sequence[Row[Any]]]:
    """Yield the rows of a table in pieces, all of its ``columns`` unless some are named; count in ``passed`` what is no page."""
    query: Select[Any] = select(*columns) if columns is not None else select(table)
    if connection.dialect.name != "sqlite":
        yield from rows_around(connection, table, query, passed)
        return
    read = 0
    try:
        # in this order no index is asked, which may pass over rows
        with connection.execute(query.order_by(_AT).execution_options(yield_per=CHUNK)) as result:
            for rows in result.partitions():
                read += len(rows)
                yield rows
    except DatabaseError as fault:
        if not is_corrupt(fault):
            raise
        yield from _rest_of(connection, table, query, read, passed)


def look_at_pages(connection: Connection, tables: Iterable[Table]) -> Passed:
    """Return by table about how many rows cannot be read; nothing where every row can."""
    passed: Passed = {}
    for table in tables:
        for _ in rows_of(connection, table, passed):
            pass
    return passed


def _rest_of(connection: Connection, table: Table, query: Select[Any], read: int, passed: Passed) -> Iterator[Sequence[Row[Any]]]:
    """Yield what can be read behind the first ``read`` rows of a table in which a page is none."""
    places = _Places(connection, str(table.name))
    start: int | None = places.behind(read)
    while start is not None:
        here, is_end = places.listed(start)
        for rows in _as_far_as_can_be(connection, query, here):
            read += len(rows)
            yield rows
        if is_end:
            break
        # what a page holds that is none any more may be in no order
        start = max(start, here[-1]) + 1 if here else places.next_readable(start)
    # rows may be altered so that they count too much: one at least was not read
    passed[str(table.name)] = max(1, places.number - read)


def _as_far_as_can_be(connection: Connection, query: Select[Any], places: Sequence[int]) -> Iterator[Sequence[Row[Any]]]:
    """Yield the rows at ``places``; where one goes on in a page that is none, the others."""
    if not places:
        return
    # a range is over only where the next row is seen, which may be on that page
    here = (places[0] <= _AT, places[-1] >= _AT) if len(places) > 1 else (places[0] == _AT,)
    try:
        yield connection.execute(query.where(*here).order_by(_AT)).all()
    except DatabaseError as fault:
        if not is_corrupt(fault):
            raise
        if len(places) > 1:
            half = len(places) // 2
            yield from _as_far_as_can_be(connection, query, places[:half])
            yield from _as_far_as_can_be(connection, query, places[half:])


class _Places:
    """Where the rows of a table of the embedded file stand, as far as the table, or one of its indexes, tells."""

    def __init__(self, connection: Connection, table: str) -> None:
        # each look is asked of the driver: there may be one for each row that cannot be read
        self._line: Any = connection.connection.driver_connection
        self._rows = f'"{table}" NOT INDEXED'
        self._known = self._in_an_index(table)
        last = self._first(f"SELECT max(rowid) FROM {self._rows}", ())  # noqa: S608
        self._last = last if isinstance(last, int) else None

    @property
    def number(self) -> int:
        """How many rows there are: as an index says, else as the last place would have it."""
        return len(self._known) if self._known is not None else self._last or 0

    def behind(self, number: int) -> int:
        """Return the place behind the row of this number, up to which all can be read; one before all of them for none."""
        asked = f"SELECT rowid FROM {self._rows} ORDER BY rowid LIMIT 1 OFFSET ?"  # noqa: S608
        place = self._first(asked, (number - 1,)) if number else None
        return place + 1 if isinstance(place, int) else 0

    def listed(self, first: int) -> tuple[list[int], bool]:
        """Return the next places from ``first`` on up to a page that is none, and whether the table ends there."""
        found: list[int] = []
        query = f"SELECT rowid FROM {self._rows} WHERE rowid >= ? ORDER BY rowid LIMIT {CHUNK}"  # noqa: S608
        try:
            with closing(self._line.execute(query, (first,))) as rows:
                found.extend(place for (place,) in rows)
        except sqlite3.DatabaseError as fault:
            if not _is_no_page(fault):
                raise
            # the driver is always one row ahead, and the fault took the one before it too
            last = self._first(f"SELECT rowid FROM {self._rows} WHERE rowid >= ? LIMIT 1", (max(found, default=first - 1) + 1,))  # noqa: S608
            return sorted([*found, *([last] if isinstance(last, int) else [])]), False
        return sorted(found), len(found) < CHUNK

    def next_readable(self, first: int) -> int | None:
        """Return the place of the first row behind ``first`` that can be read, over what is no page; None where none can."""
        if self._known is not None:
            after: Iterable[int] = (place for place in self._known if place > first)
        else:
            after = range(first + 1, (self._last if self._last is not None else first + _FAR) + 1)
        asked = f"SELECT rowid FROM {self._rows} WHERE rowid = ?"  # noqa: S608
        return next((place for place in after if self._first(asked, (place,)) is not None), None)

    def _in_an_index(self, table: str) -> list[int] | None:
        for _, index, *_ in self._line.execute(f'PRAGMA index_list("{table}")').fetchall():
            try:
                rows = self._line.execute(f'SELECT rowid FROM "{table}" INDEXED BY "{index}"').fetchall()  # noqa: S608
            except sqlite3.DatabaseError as fault:
                if not _is_no_page(fault):
                    raise
            else:
                return sorted(place for (place,) in rows)
        return None

    def _first(self, query: str, values: tuple[int, ...]) -> object:
        """Return the first cell of the first row; None where there is none, or it is on a page that is none."""
        try:
            row = self._line.execute(query, values).fetchone()
        except sqlite3.DatabaseError as fault:
            if not _is_no_page(fault):
                raise
            return None
        return row[0] if row is not None else None


def _is_no_page(fault: BaseException | None) -> bool:
    return bool(getattr(fault, "sqlite_errorcode", 0) & _KIND == sqlite3.SQLITE_CORRUPT)
