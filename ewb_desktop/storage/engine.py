"""The connection to the encrypted file: the key, the pragmas, the functions that the triggers call, and SQLAlchemy over it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import orjson
import sqlcipher3.dbapi2 as driver
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DatabaseError
from sqlalchemy.pool import QueuePool
from uuid_utils import uuid7

from ewb_desktop.domain.time import Clock, instant_text
from ewb_desktop.storage.errors import BusyFile, DamagedFile, FullDisk, NotEncrypted
from ewb_desktop.storage.triggers import COALESCE_MINUTES

KEY_BYTES = 32

_PRAGMAS = (
    "journal_mode = WAL",
    "busy_timeout = 5000",
    "synchronous = FULL",
    "cache_size = -65536",
    "temp_store = MEMORY",
    "foreign_keys = ON",
    # a REPLACE deletes; with this its deletes meet the triggers that forbid it
    "recursive_triggers = ON",
    "secure_delete = ON",
)

_BEGIN = "ewb_begin"


def connect_keyed(path: Path | str, key: bytes | bytearray, *, pragmas: bool = True) -> Any:
    """Return a driver's connection to the file at ``path``, which is made if it is not there.

    Raises :class:`NotEncrypted` when the driver would write plain text, :class:`DamagedFile` when the key does not open
    what is there.
    """
    if len(key) != KEY_BYTES:
        # a raw key of another length would silently be taken as a passphrase
        raise NotEncrypted("the key of a file has 32 bytes")
    connection = driver.connect(str(path), isolation_level=None, check_same_thread=False, cached_statements=256)
    try:
        connection.execute("PRAGMA cipher_log_level = NONE")
        connection.execute(f"PRAGMA key = \"x'{bytes(key).hex()}'\"")
        if connection.execute("PRAGMA cipher_status").fetchone() != ("1",):
            raise NotEncrypted("this driver does not encrypt")
        with translated():
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
            for pragma in _PRAGMAS if pragmas else ():
                connection.execute(f"PRAGMA {pragma}").fetchall()
    except BaseException:
        connection.close()
        raise
    return connection


def open_engine(path: Path, key: bytes | bytearray, clock: Clock) -> Engine:
    """Return SQLAlchemy's engine over the file; its errors never show what was being written."""

    def connect() -> Any:
        connection = connect_keyed(path, key)
        register_functions(connection, clock)
        return connection

    engine = create_engine("sqlite://", module=driver, creator=connect, poolclass=QueuePool, pool_size=4, hide_parameters=True)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql(connection.get_execution_options().get(_BEGIN, "BEGIN"))

    return engine


def reading(engine: Engine) -> Connection:
    """Return a connection whose transaction is one snapshot."""
    return engine.connect()


def writing(engine: Engine) -> Connection:
    """Return a connection whose transaction holds the file's one pen from its first statement on."""
    return engine.connect().execution_options(**{_BEGIN: "BEGIN IMMEDIATE"})


def register_functions(connection: Any, clock: Clock) -> None:
    """Give the triggers their ids and times."""
    near = timedelta(minutes=COALESCE_MINUTES)
    connection.create_function("ewb_id", 0, lambda: str(uuid7()))
    connection.create_function("ewb_now", 0, lambda: instant_text(clock.now()))
    connection.create_function("ewb_while_ago", 0, lambda: instant_text(clock.now() - near))
    connection.create_function("ewb_lay", 2, _lay)


def _lay(under: str, upper: str) -> str:
    return orjson.dumps({**orjson.loads(under), **orjson.loads(upper)}).decode()


@contextlib.contextmanager
def translated() -> Iterator[None]:
    """Turn the driver's errors that a worker can act on into ours; let all others pass."""
    try:
        yield
    except (driver.DatabaseError, DatabaseError) as error:
        words = str(getattr(error, "orig", None) or error)
        if "disk is full" in words or "disk I/O error" in words:
            raise FullDisk from error
        if "database is locked" in words:
            raise BusyFile from error
        if "not a database" in words or "malformed" in words:
            raise DamagedFile from error
        raise
