"""Reads the rows of a table of PostgreSQL around pages that cannot be read: the others must not go too.

PostgreSQL ends a question at the first page whose checksum or head is wrong. Asked by the places where rows stand it reads no
other page, so only what stands on a bad one is passed over, and about how many rows that is follows from the pages beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, Table, text
from sqlalchemy.exc import DatabaseError

from sync.server.database.indexes_postgres import by_tables_alone

_CHUNK: Final = 500
_PAGES: Final = 32
"""So many pages are asked for at once, while they can be read."""
_HEAD: Final = 24
_LEAST: Final = 28
"""Bytes that a page has before its rows, and that each takes at least (https://www.postgresql.org/docs/15/storage-page-layout.html)."""
_DAMAGED: Final = frozenset({"XX001", "XX002", "58030"})
"""``data_corrupted``, ``index_corrupted`` and ``io_error`` (https://www.postgresql.org/docs/current/errcodes-appendix.html)."""
_UNREADABLE: Final = _DAMAGED | {"XX000", "58P01"}
"""What else PostgreSQL says of a row whose head is altered: ``internal_error``; ``undefined_file``, of a transaction's state."""
_SIZE: Final = """
    SELECT pg_relation_size(oid) / CAST(current_setting('block_size') AS bigint) AS pages,
        CAST(current_setting('block_size') AS integer) AS bytes, greatest(reltuples, pg_stat_get_live_tuples(oid)) AS rows
    FROM pg_class WHERE oid = CAST(:name AS regclass)
"""
_AT: Final = """
    ctid = ANY(ARRAY(
        SELECT CAST('(' || page || ',' || line || ')' AS tid)
        FROM generate_series(CAST(:page AS bigint), CAST(:last AS bigint)) AS page,
            generate_series(CAST(:line AS integer), CAST(:end AS integer)) AS line
    ))
"""


def is_damaged(fault: BaseException | None) -> bool:
    """Tell whether PostgreSQL says that a page of its files is none."""
    return getattr(fault, "sqlstate", None) in _DAMAGED


def rows_around(connection: Connection, table: Table, query: Select[Any], passed: dict[str, int]) -> Iterator[Sequence[Row[Any]]]:
    """Yield the rows that ``query`` asks of a table in pieces; count in ``passed`` about how many cannot be read."""
    read = 0
    try:
        with _as_they_stand(connection), connection.execute(query.execution_options(yield_per=_CHUNK)) as result:
            for rows in result.partitions():
                read += len(rows)
                yield rows
    except DatabaseError as fault:
        if not _is_unreadable(fault):
            raise
        places = _Places(connection, table, query)
        if not places.pages:
            # no pages of its own: its rows are somewhere else, or its whole file is gone
            raise
        yield from places.rows_behind(read)
        passed[str(table.name)] = places.passed


@dataclass(frozen=True, slots=True)
class _Range:
    """The places of rows from ``line`` on ``page`` on, up to the end of the page ``last``; of one line alone ``is_line``."""

    page: int
    last: int
    line: int = 1
    is_line: bool = False


class _Places:
    """Where the rows of a table stand, as PostgreSQL knows it: page by page, and line by line on each."""

    def __init__(self, connection: Connection, table: Table, query: Select[Any]) -> None:
        self._connection = connection
        self._name = _quoted(str(table.name))
        self._query = query.where(text(_AT))
        size = connection.execute(text(_SIZE), {"name": self._name}).one()
        self.pages: int = size.pages
        self._most = (size.bytes - _HEAD) // _LEAST
        self._known = max(0, int(size.rows))
        self._read = self._bad_pages = self._bad_rows = 0

    @property
    def passed(self) -> int:
        """About how many rows could not be read: one at least."""
        whole = self.pages - self._bad_pages
        on_pages = round(self._bad_pages * self._read / whole) if whole else self._known
        return max(1, on_pages + self._bad_rows)

    def rows_behind(self, read: int) -> Iterator[Sequence[Row[Any]]]:
        """Yield what can be read behind the first ``read`` rows."""
        self._read = read
        page, line = self._place_of(read)
        with by_tables_alone(self._connection):
            # only so is no page asked but those that are named
            self._connection.execute(text("SET LOCAL enable_seqscan = off"))
            self._connection.execute(text("SET LOCAL enable_tidscan = on"))
            yield from self._rows_in(_Range(page, page, line + 1))
            for first in range(page + 1, self.pages, _PAGES):
                yield from self._rows_in(_Range(first, min(first + _PAGES, self.pages) - 1))

    def _rows_in(self, here: _Range) -> Iterator[Sequence[Row[Any]]]:
        rows = self._asked(self._query, here)
        if rows is not None:
            self._read += len(rows)
            if rows:
                yield rows
        elif here.page < here.last:
            middle = (here.page + here.last) // 2
            yield from self._rows_in(_Range(here.page, middle, here.line))
            yield from self._rows_in(_Range(middle + 1, here.last))
        elif here.is_line:
            self._bad_rows += 1
        else:
            yield from self._lines_of(here)

    def _lines_of(self, page: _Range) -> Iterator[Sequence[Row[Any]]]:
        """Yield a page's rows one by one: one of them may go on in another page, which is none."""
        places = self._asked(text(f"SELECT CAST(ctid AS text) FROM {self._name} WHERE {_AT}"), page)  # noqa: S608
        if places is None:
            self._bad_pages += 1
            return
        for (place,) in places:
            yield from self._rows_in(_Range(page.page, page.page, _read_place(place)[1], is_line=True))

    def _asked(self, query: Any, here: _Range) -> Sequence[Row[Any]] | None:
        """Return the rows at some places; None where they cannot be read."""
        end = here.line if here.is_line else self._most
        try:
            with self._connection.begin_nested():
                return self._connection.execute(
                    query, {"page": here.page, "last": here.last, "line": here.line, "end": end}
                ).all()
        except DatabaseError as fault:
            if not _is_unreadable(fault):
                raise
            return None

    def _place_of(self, read: int) -> tuple[int, int]:
        """Return page and line of the row of this number; those before all rows for none."""
        if not read:
            return 0, 0
        asked = text(f"SELECT CAST(ctid AS text) FROM {self._name} LIMIT 1 OFFSET :before")  # noqa: S608
        with _as_they_stand(self._connection):
            return _read_place(self._connection.execute(asked, {"before": read - 1}).scalar_one())


@contextmanager
def _as_they_stand(connection: Connection) -> Iterator[None]:
    """Let rows come in the order in which they stand, by no index: what was read before a bad page is known by its number."""
    with by_tables_alone(connection):
        connection.execute(text("SET LOCAL synchronize_seqscans = off"))
        connection.execute(text("SET LOCAL max_parallel_workers_per_gather = 0"))
        yield


def _is_unreadable(fault: DatabaseError) -> bool:
    return getattr(fault.orig, "sqlstate", None) in _UNREADABLE


def _read_place(told: str) -> tuple[int, int]:
    page, _, line = told.strip("()").partition(",")
    return int(page), int(line)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
