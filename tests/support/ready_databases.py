"""Databases of the server with its tables and nothing in them: made once, as making the tables is most of the time of a start.

An embedded file is copied. A database of PostgreSQL, of which each is three hundred files, is emptied and lent again.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import psycopg

from sync.server.database.engine import Database
from tests.support.postgres import Cluster
from tests.support.servers import settings_for

_MOST_LENT: Final = 25
"""So often one is lent: what was deleted still takes room in it."""
_END_OTHERS: Final = """
    SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
_SHAPE: Final = " UNION ALL ".join(
    f"SELECT '{catalogue}', count(*), max(xmin::text::bigint) FROM {catalogue}"
    for catalogue in ("pg_class", "pg_attribute", "pg_constraint", "pg_trigger", "pg_proc", "pg_namespace", "pg_statistic")
)
"""What changes when anything is made, changed or taken away in a database, or when it is looked through for its planner."""
_EMPTY: Final = """
    SET session_replication_role = replica;
    DO $$ DECLARE each record; BEGIN
        FOR each IN SELECT oid::regclass AS name FROM pg_class
            WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> 'alembic_version'
        LOOP EXECUTE format('DELETE FROM %s', each.name); END LOOP;
        FOR each IN SELECT oid::regclass AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'S'
        LOOP EXECUTE format('SELECT setval(%L, 1, false)', each.name); END LOOP;
    END $$
"""


@cache
def _ready_file() -> bytes:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "server.db"
        _make_tables(f"sqlite:///{file}")
        return file.read_bytes()


def put_ready_file(file: Path) -> str:
    """Put an embedded database that has its tables at ``file``, where none is yet; return its address."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    file.touch(mode=0o600, exist_ok=False)
    file.write_bytes(_ready_file())
    return f"sqlite:///{file}"


def _make_tables(url: str) -> None:
    database = Database(settings_for(url))
    try:
        database.migrate()
    finally:
        database.close()


@dataclass(slots=True)
class ReadyDatabases:
    """The databases of one PostgreSQL that nobody uses at the moment."""

    cluster: Cluster
    _spare: list[tuple[str, list[Any], int]] = field(default_factory=list)

    @contextmanager
    def lend(self) -> Iterator[str]:
        """Yield the address of one, and take it back. One whose tables a test changed is not lent again."""
        name, shape, lent = self._spare.pop() if self._spare else self._make()
        is_ready = False
        try:
            yield self.cluster.address(name)
            is_ready = lent < _MOST_LENT and self._emptied(name, shape)
        finally:
            if is_ready:
                self._spare.append((name, shape, lent + 1))
            else:
                self.cluster.drop(name)

    def _make(self) -> tuple[str, list[Any], int]:
        name = self.cluster.create()
        _make_tables(self.cluster.address(name))
        with psycopg.connect(self.cluster.url(name)) as connection:
            return name, connection.execute(_SHAPE.encode()).fetchall(), 1

    def _emptied(self, name: str, shape: list[Any]) -> bool:
        with psycopg.connect(self.cluster.url(name), autocommit=True) as connection:
            connection.execute(_END_OTHERS)
            if connection.execute(_SHAPE.encode()).fetchall() != shape:
                return False
            connection.execute(_EMPTY)
        return True
