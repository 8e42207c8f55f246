"""Holds indexes against their tables, makes them anew, and finds rows that stand twice.

An index in which a failing disk altered one key no longer finds a row that is there: a change that is sent again is taken
twice, an edit finds no record, an erasure passes over words. No look that uses the index can see it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, column, func, inspect, select, text
from sqlalchemy.exc import DatabaseError, IntegrityError

from sync.server.database.around_pages import apart, is_corrupt
from sync.server.database.indexes_postgres import by_tables_alone, key_of, wrong_indexes
from sync.server.records.legible import FOUND_BY, place_of

_OF_AN_INDEX: Final = re.compile(
    r"(?:row \S+ missing from|wrong # of entries in|non-unique entry in|row \S+ values differ from"
    r"|rowid not at end-of-record for row \S+ of) index (\S+)"
)
"""What SQLite's ``integrity_check`` says of an index (https://sqlite.org/pragma.html#pragma_integrity_check, ``pragma.c``)."""
_OF_A_CELL: Final = re.compile(r"\S+ value in \S+")
"""A cell of another kind than its column's: no matter of the file; :mod:`sync.server.records.legible` names its row."""
PUT_BACK_ONCE: Final = (
    "stop the server, make a backup, put the database aside and restore that backup, which puts each back once and loses nothing"
)
"""What to do about rows that stand twice."""
MEND_FILE: Final = (
    "stop the server and make a backup, which reads around such pages and says so where it holds every row: then restore that "
    "one, else the newest without -damaged in its name, unless that is older than 90 days"
)
"""What to do about a file in which a page is none and rows cannot be read for it."""
MEND_PAGES: Final = "stop the server and run `ewb-server migrate`, which makes all indexes anew. No record is lost"
"""What to do about one in which every row can be read: the page is one of an index, or of no use."""
_MOST: Final = 100
"""Most faults that are asked for: a file with one may have thousands."""


@dataclass(frozen=True, slots=True)
class FileFaults:
    """What is wrong with the embedded file, or with PostgreSQL's indexes: nothing, ``indexes`` alone, or more (``is_damaged``).

    ``is_unseen``: the account may not look at them. ``doubled``: by table, where rows stand (:func:`place_of`) that stand twice,
    which an index that should find them let happen.
    """

    indexes: Sequence[str] = ()
    is_damaged: bool = False
    is_unseen: bool = False
    doubled: Mapping[str, Sequence[str]] = field(default_factory=dict)


def look_at_indexes(connection: Connection) -> FileFaults:
    """Hold every index against its table, on either database."""
    if connection.dialect.name == "sqlite":
        return look_at_file(connection)
    wrong = wrong_indexes(connection)
    if wrong is None:
        return FileFaults(is_unseen=True)
    try:
        with apart(connection):
            return FileFaults(wrong, doubled=_doubled(connection, wrong))
    except DatabaseError as fault:
        if not is_corrupt(fault):
            raise
        # it is their table in which a page is none: no index is made anew of it
        return FileFaults(wrong, is_damaged=True)


def look_at_file(connection: Connection) -> FileFaults:
    """Hold every index against its table; of PostgreSQL, which has no file to be asked, nothing is found."""
    if connection.dialect.name != "sqlite":
        return FileFaults()
    try:
        said = [str(each) for each in connection.execute(text(f"PRAGMA integrity_check({_MOST})")).scalars()]
    except DatabaseError as fault:
        if not is_corrupt(fault):
            raise
        # a page that is none: SQLite does not even come to the end of its own look
        return FileFaults(is_damaged=True)
    said = [each for each in said if each != "ok" and not _OF_A_CELL.fullmatch(each)]
    named = [_OF_AN_INDEX.fullmatch(each) for each in said]
    indexes = tuple(dict.fromkeys(found[1] for found in named if found is not None))
    if None in named:
        return FileFaults(indexes, is_damaged=True)
    return FileFaults(indexes, doubled=_doubled(connection, indexes))


def make_anew(connection: Connection) -> FileFaults:
    """Make the indexes anew that do not agree with their tables, where nothing else is wrong; return what was found before.

    One over rows that stand twice cannot be made anew, and is left as it is.
    """
    found = look_at_indexes(connection)
    reindex = "REINDEX" if connection.dialect.name == "sqlite" else "REINDEX INDEX"
    if not found.is_damaged:
        for name in found.indexes:
            try:
                with connection.begin_nested():
                    connection.execute(text(f"{reindex} {_quoted(name)}"))
            except IntegrityError:
                # its doubled rows are named in what was found
                continue
    return found


def _doubled(connection: Connection, indexes: Sequence[str]) -> dict[str, list[str]]:
    """Return by table where rows stand that agree in all columns of one of the unique ``indexes``, by the table alone."""
    is_embedded = connection.dialect.name == "sqlite"
    doubled: dict[str, list[str]] = {}
    for name in indexes:
        key = _key_in_file(connection, name) if is_embedded else key_of(connection, name)
        if key is None:
            continue
        table, columns = key
        there = {str(each["name"]) for each in inspect(connection).get_columns(table)}
        place = next((each for each in FOUND_BY if each in there), "organisation")
        # any index may be the one that is wrong, so none is asked
        least: list[ColumnElement[Any]] = [func.min(column(name)).label(name) for name in ("organisation", place)]
        rows = text(f"{_quoted(table)} NOT INDEXED" if is_embedded else _quoted(table))
        query = select(*least).select_from(rows).group_by(*map(column, columns)).having(func.count() > 1)
        with by_tables_alone(connection):
            places = [place_of(row) for row in connection.execute(query)]
        if places:
            doubled.setdefault(table, []).extend(each for each in places if each not in doubled.get(table, ()))
    return doubled


def _key_in_file(connection: Connection, index: str) -> tuple[str, list[str]] | None:
    """Return an index's table and its columns, where each row must have values of its own in them."""
    table = str(connection.execute(text("SELECT tbl_name FROM sqlite_master WHERE name = :name"), {"name": index}).scalar())
    listed = connection.execute(text(f"PRAGMA index_list({_quoted(table)})")).all()
    if not any(each.name == index and each.unique for each in listed):
        return None
    return table, [str(each.name) for each in connection.execute(text(f"PRAGMA index_info({_quoted(index)})"))]


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
