"""Tells when nothing of the embedded file can be read any more, and what is left to do then: no backup can be made of it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final

from sqlalchemy.exc import DatabaseError

_KIND: Final = 0xFF
"""The part of SQLite's numbers of faults that tells the kind."""
_WORDS: Final = {
    sqlite3.SQLITE_NOTADB: "is no database: its first page, by which all others are found, was altered, or EWB_DATABASE names "
    "another file by mistake",
    sqlite3.SQLITE_CORRUPT: "cannot be read any more: a page that tells which tables are in it is none",
}
_TO_DO: Final = (
    "No backup can be made of it, and nothing was changed. Stop the server, put the file aside with those beside it whose names "
    "begin so (-wal, -shm), and type `ewb-server restore FILE`, where FILE is the newest backup without -damaged in its name: "
    "laptops then offer again what they sent in the past 90 days. Delete nothing until they have"
)


def why_lost(file: Path | None, fault: BaseException) -> str | None:
    """Return what is wrong with the embedded ``file`` and what to do, if it is lost as a whole; None if only a part of it is.

    ``fault`` is what was met: of one that says nothing about the file it is not asked.
    """
    met = fault.orig if isinstance(fault, DatabaseError) else None
    if file is None or not file.is_file() or _kind(met) not in _WORDS:
        return None
    try:
        # only looked at: whoever opens it to write might make something of it
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as line:
            line.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.DatabaseError as told:
        words = _WORDS.get(_kind(told))
        return None if words is None else f"{file} {words}. {_TO_DO}."
    return None


def _kind(fault: BaseException | None) -> int:
    return getattr(fault, "sqlite_errorcode", 0) & _KIND
