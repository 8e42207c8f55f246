"""The driver's connection to an encrypted file, and its errors in our words; light enough to be used by the lock screen."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as driver

from ewb_desktop.storage.errors import BusyFile, DamagedFile, FailingDisk, FullDisk, NotEncrypted
from ewb_desktop.storage.file.disk import disk_told

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


_FAILING = ("disk I/O error", "readonly database", "unable to open database")
"""What the driver says of a disk that does not do what it is asked."""
_DAMAGED = ("not a database", "malformed", "corruption", "vtable constructor failed")
"""What the driver says of pages that are not as they were written, those of the search index among them."""


def connect_keyed(path: Path, key: bytes | bytearray, *, pragmas: bool = True) -> Any:
    """Return a driver's connection to the file at ``path``, which is made, for this user alone, if it is not there.

    Raises :class:`NotEncrypted` when the driver would write plain text, :class:`DamagedFile` when the key does not open
    what is there.
    """
    if len(key) != KEY_BYTES:
        # a raw key of another length would silently be taken as a passphrase
        raise NotEncrypted("the key of a file has 32 bytes")
    with disk_told():
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    connection = driver.connect(str(path), isolation_level=None, check_same_thread=False, cached_statements=256)
    try:
        connection.execute("PRAGMA cipher_log_level = NONE")
        connection.execute(f"PRAGMA key = \"x'{bytes(key).hex()}'\"")
        if connection.execute("PRAGMA cipher_status").fetchone() != ("1",):
            # plain SQLite takes PRAGMA key without a word and writes plain text
            raise NotEncrypted("this driver does not encrypt")
        with translated():
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
            for pragma in _PRAGMAS if pragmas else ():
                connection.execute(f"PRAGMA {pragma}").fetchall()
    except BaseException:
        connection.close()
        raise
    return connection


@contextlib.contextmanager
def translated() -> Iterator[None]:
    """Turn the driver's errors that a worker can act on into ours, also when SQLAlchemy has wrapped them; let others pass."""
    try:
        yield
    except Exception as error:
        cause = getattr(error, "orig", None) or error
        if not isinstance(cause, driver.DatabaseError):
            raise
        words = str(cause)
        if "is full" in words:
            raise FullDisk from error
        if any(told in words for told in _FAILING):
            raise FailingDisk from error
        if "is locked" in words:
            raise BusyFile from error
        if any(told in words for told in _DAMAGED):
            raise DamagedFile from error
        raise
