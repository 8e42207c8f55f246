"""SQLAlchemy over the encrypted file: explicit transactions, and the functions that the triggers call."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import orjson
import sqlcipher3.dbapi2 as driver
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import QueuePool
from uuid_utils import uuid7

from ewb_desktop.domain.time import Clock, instant_text
from ewb_desktop.storage.file.keyed import connect_keyed
from ewb_desktop.storage.triggers import COALESCE_MINUTES

BEGUN_BY = "ewb_begin"
"""The option of a connection that tells by which words its transaction begins."""
_ORDINARY, _RELAXED = "synchronous = FULL", "synchronous = NORMAL"

LONG_LOG_BYTES = 4 << 20
"""From this size on the log is brought into the file when nobody waits for it."""
_LOG = ("wal_autocheckpoint = 16000", f"journal_size_limit = {LONG_LOG_BYTES}")
"""A commit itself brings the log in only at 64 MB: it would wait for the disk twice more and write every page again."""


def open_engine(path: Path, key: bytes | bytearray, clock: Clock) -> Engine:
    """Return SQLAlchemy's engine over the file; its errors never show what was being written."""

    def connect() -> Any:
        connection = connect_keyed(path, key)
        for pragma in _LOG:
            connection.execute(f"PRAGMA {pragma}").fetchall()
        register_functions(connection, clock)
        return connection

    engine = create_engine(
        "sqlite://",
        module=driver,
        creator=connect,
        poolclass=QueuePool,
        pool_size=4,
        # the connection that was used last has the pages at hand that are needed next; another would decipher them anew
        pool_use_lifo=True,
        hide_parameters=True,
    )

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        driver_connection: Any = connection.connection.dbapi_connection
        # straight to the driver: it is half of what SQLAlchemy does for a transaction
        driver_connection.execute(connection.get_execution_options().get(BEGUN_BY, "BEGIN"))

    return engine


def reading(engine: Engine) -> Connection:
    """Return a connection whose transaction is one snapshot."""
    return engine.connect()


def writing(engine: Engine) -> Connection:
    """Return a connection whose transaction holds the file's one pen from its first statement on."""
    return engine.connect().execution_options(**{BEGUN_BY: "BEGIN IMMEDIATE"})


@contextlib.contextmanager
def relaxed(connection: Connection) -> Iterator[None]:
    """Let a commit return before the disk has everything; the file can then lose its last commits in a power cut, never break.

    Wrap the whole transaction: the pragma does nothing inside one.
    """
    driver_connection: Any = connection.connection.dbapi_connection
    driver_connection.execute(f"PRAGMA {_RELAXED}").fetchall()
    try:
        yield
    finally:
        driver_connection.execute(f"PRAGMA {_ORDINARY}").fetchall()


def bring_in_log(connection: Connection) -> None:
    """Write what the log holds into the file as far as nobody reads an older moment of it; nobody waits for that."""
    driver_connection: Any = connection.connection.dbapi_connection
    driver_connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()


def register_functions(connection: Any, clock: Clock) -> None:
    """Give the triggers their ids and times."""
    near = timedelta(minutes=COALESCE_MINUTES)
    connection.create_function("ewb_id", 0, lambda: str(uuid7()))
    connection.create_function("ewb_now", 0, lambda: instant_text(clock.now()))
    connection.create_function("ewb_while_ago", 0, lambda: instant_text(clock.now() - near))
    connection.create_function("ewb_lay", 2, _lay)


def _lay(under: str, upper: str) -> str:
    return orjson.dumps({**orjson.loads(under), **orjson.loads(upper)}).decode()
