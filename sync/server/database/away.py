"""When the database cannot keep or tell anything for a while: it is being restarted, does not answer, or its disk is full."""

from __future__ import annotations

import sqlite3
from typing import Final

from sqlalchemy import exc

from sync.server.database.engine import FileMoved
from sync.server.database.full_disk import is_disk_full
from sync.server.database.joining import NotKept

_PASSES: Final = frozenset(
    {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN,
     sqlite3.SQLITE_READONLY}
)  # fmt: skip
"""What SQLite says of its file, its disk and other programs, and not of what was asked (https://www.sqlite.org/rescode.html)."""
_PRIMARY: Final = 0xFF


def is_away(fault: BaseException) -> bool:
    """Tell whether a fault has nothing to do with what was asked, and passes."""
    if isinstance(fault, exc.InterfaceError | exc.TimeoutError | NotKept):
        return True
    if not isinstance(fault, exc.OperationalError):
        return False
    said = fault.orig
    # PostgreSQL's driver tells what was asked wrongly by other faults
    return not isinstance(said, sqlite3.Error) or said.sqlite_errorcode & _PRIMARY in _PASSES


def why_away(fault: BaseException) -> str:
    """Return what is wrong in a few words: what the fault itself says may quote what somebody wrote."""
    causes = [fault, fault.__cause__]
    if any(isinstance(each, exc.DatabaseError) and is_disk_full(each) for each in causes):
        return "the disk of the database is full"
    if isinstance(fault, FileMoved):
        return "another file, or none, stands where the database was: stop this server and start it again"
    return "what was written could not be kept" if isinstance(fault, NotKept) else "the database does not answer"
