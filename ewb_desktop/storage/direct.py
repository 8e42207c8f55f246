"""What is read or written often goes straight to the driver: SQLAlchemy's way around a small read takes five times as long."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import Connection

Bound = Sequence[Any]


def fetch_all(connection: Connection, statement: str, bound: Bound = ()) -> list[tuple[Any, ...]]:
    """Return every row, in the transaction that ``connection`` is in."""
    return list(_driver(connection).execute(statement, bound))


def fetch_each(connection: Connection, statement: str, bound: Bound = ()) -> Iterator[tuple[Any, ...]]:
    """Give the rows one by one, read as they are wanted, in the transaction that ``connection`` is in."""
    cursor = _driver(connection).execute(statement, bound)
    try:
        yield from cursor
    finally:
        cursor.close()


def fetch_first(connection: Connection, statement: str, bound: Bound = ()) -> tuple[Any, ...] | None:
    """Return the first row or None, in the transaction that ``connection`` is in."""
    cursor = _driver(connection).execute(statement, bound)
    row: tuple[Any, ...] | None = cursor.fetchone()
    # a statement that is not at its end would hold the snapshot longer than the transaction
    cursor.close()
    return row


def run(connection: Connection, statement: str, bound: Bound = ()) -> None:
    """Run a statement that writes, in the transaction that ``connection`` is in."""
    _driver(connection).execute(statement, bound)


def run_each(connection: Connection, statement: str, bounds: Iterable[Bound]) -> None:
    """Run a statement that writes once for each of ``bounds``, in the transaction that ``connection`` is in."""
    _driver(connection).executemany(statement, bounds)


def _driver(connection: Connection) -> Any:
    if not connection.in_transaction():
        # what is read would belong to no moment that other reads belong to, and what is written to nothing
        raise RuntimeError("a statement belongs into a transaction")
    return connection.connection.dbapi_connection
