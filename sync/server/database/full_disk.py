"""Tells by a fault of the database that its disk is full, and says so: the driver itself speaks of a disk that fails."""

from __future__ import annotations

import sqlite3
from typing import Final

import psycopg
from sqlalchemy.exc import DatabaseError

WORDS: Final = "The disk of the database is full: make room and type it again. Nothing of it was done."
_FULL: Final = frozenset({sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_SHMSIZE})
"""SQLite's words for it (https://sqlite.org/rescode.html): the second where there is no room even for what opens the file."""


def is_disk_full(fault: DatabaseError) -> bool:
    """Tell whether what was asked of the database failed for want of room."""
    return isinstance(fault.orig, psycopg.errors.DiskFull) or getattr(fault.orig, "sqlite_errorcode", None) in _FULL
