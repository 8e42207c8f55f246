"""Holds PostgreSQL's indexes against their tables by ``amcheck``, which comes with it and which not every account may use."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from sync.server.database import tables

_CORRUPTED: Final = frozenset({"XX001", "XX002"})
"""``data_corrupted`` and ``index_corrupted`` (https://www.postgresql.org/docs/current/errcodes-appendix.html)."""
_TOO_NEW: Final = "40001"
"""The index was made while an older transaction was open that is not over yet: it can be looked at another day."""
_MAY: Final = "SELECT has_function_privilege(current_user, 'bt_index_check(regclass, boolean)', 'EXECUTE')"
_INDEXES: Final = """
    SELECT of_index.relname AS name, found.indisvalid AND found.indisready AS is_ready
    FROM pg_index AS found
    JOIN pg_class AS of_index ON of_index.oid = found.indexrelid
    JOIN pg_class AS of_table ON of_table.oid = found.indrelid
    JOIN pg_am ON pg_am.oid = of_index.relam AND pg_am.amname = 'btree'
    WHERE of_table.relname = ANY(:tables) AND pg_table_is_visible(of_table.oid)
    ORDER BY of_index.relname
"""
_KEY: Final = """
    SELECT of_table.relname AS name, array_agg(part.attname ORDER BY part.attnum) AS columns
    FROM pg_index AS found
    JOIN pg_class AS of_table ON of_table.oid = found.indrelid
    JOIN pg_attribute AS part ON part.attrelid = found.indexrelid
    WHERE found.indexrelid = CAST(:name AS regclass) AND found.indisunique
    GROUP BY of_table.relname
"""


def wrong_indexes(connection: Connection) -> tuple[str, ...] | None:
    """Return the indexes that do not agree with their tables; None where they cannot be looked at.

    Every row is looked for in every index. Nobody waits for it, and nothing is changed: where the account may make the extension
    for itself, it is here for as long as the look takes.
    """
    wrong: tuple[str, ...] | None = None
    with _for_now(connection):
        if _has_amcheck(connection):
            found = connection.execute(text(_INDEXES), {"tables": sorted(tables.metadata.tables)}).all()
            wrong = tuple(each.name for each in found if not (each.is_ready and _agrees(connection, each.name)))
    return wrong


def key_of(connection: Connection, index: str) -> tuple[str, list[str]] | None:
    """Return an index's table and its columns, where each row must have values of its own in them."""
    found = connection.execute(text(_KEY), {"name": _quoted(index)}).one_or_none()
    return None if found is None else (found.name, found.columns)


@contextmanager
def by_tables_alone(connection: Connection) -> Iterator[None]:
    """Let PostgreSQL ask no index while the block lasts, for any may be the one that is wrong; of the file nothing is told."""
    if connection.dialect.name == "sqlite":
        yield
        return
    with _for_now(connection):
        for way in ("indexscan", "indexonlyscan", "bitmapscan"):
            connection.execute(text(f"SET LOCAL enable_{way} = off"))
        connection.execute(text("SET LOCAL enable_seqscan = on"))
        yield


@contextmanager
def _for_now(connection: Connection) -> Iterator[None]:
    savepoint = connection.begin_nested()
    try:
        yield
    finally:
        savepoint.rollback()


def _has_amcheck(connection: Connection) -> bool:
    # nothing is done where it is here already; else it is not trusted, so that only few may make it
    return _is_done(connection, "CREATE EXTENSION IF NOT EXISTS amcheck") and bool(connection.execute(text(_MAY)).scalar_one())


def _is_done(connection: Connection, statement: str) -> bool:
    try:
        with connection.begin_nested():
            connection.execute(text(statement))
    except DBAPIError:
        return False
    return True


def _agrees(connection: Connection, index: str) -> bool:
    try:
        with connection.begin_nested():
            connection.execute(text("SELECT bt_index_check(CAST(:name AS regclass), true)"), {"name": _quoted(index)})
    except DBAPIError as fault:
        state = getattr(fault.orig, "sqlstate", None)
        if state not in _CORRUPTED | {_TOO_NEW}:
            raise
        return bool(state == _TOO_NEW)
    return True


def _quoted(name: Any) -> str:
    return '"' + str(name).replace('"', '""') + '"'
