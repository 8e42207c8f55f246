"""Makes every index of the embedded file anew on pages of its own, where a page of an old one is none and cannot be emptied."""

from __future__ import annotations

import re
from typing import Final

from sqlalchemy import Connection, text
from sqlalchemy.exc import DatabaseError

from sync.server.database import tables
from sync.server.database.around_pages import is_corrupt, look_at_pages

_UNUSED: Final = re.compile(r"\*\*\* in database main \*\*\*|Page \d+:? (?:is )?never used|ok|")
"""What SQLite says of the pages of the old indexes, in the words of its versions; they go when the file is written anew."""
_ALL: Final = 1_000_000_000
_FRESH: Final = "made_anew"


def make_all_anew(connection: Connection) -> bool:
    """Make all indexes anew by their tables alone; tell whether nothing else is wrong with the file.

    Where it is False the transaction is to be taken back. Behind one that is kept :meth:`Database.tidy` lets go of the old
    pages. Raises ``IntegrityError`` where rows stand twice.
    """
    # PostgreSQL makes an index anew whatever its pages are: what is left of it is a table in which one is none
    if connection.dialect.name != "sqlite" or look_at_pages(connection, tables.metadata.sorted_tables):
        return False
    try:
        query = text("SELECT name, tbl_name FROM sqlite_master WHERE type = 'index'")
        for name, table in connection.execute(query).all():
            _make_anew(connection, str(name), str(table))
        said = connection.execute(text(f"PRAGMA integrity_check({_ALL})")).scalars().all()
    except DatabaseError as fault:
        if not is_corrupt(fault):
            raise
        return False
    return all(_UNUSED.fullmatch(line) for each in said for line in str(each).split("\n"))


def _make_anew(connection: Connection, name: str, table: str) -> None:
    """Put another index of the same columns in the place of one: SQLite would read each page of the old one to let go of it."""
    columns = [f'"{each.name}"' for each in connection.execute(text(f'PRAGMA index_info("{name}")'))]
    is_unique = any(each.name == name and each.unique for each in connection.execute(text(f'PRAGMA index_list("{table}")')))
    kind = "UNIQUE INDEX" if is_unique else "INDEX"
    connection.execute(text(f'CREATE {kind} {_FRESH} ON "{table}" ({", ".join(columns)})'))
    # only so can an index that SQLite made for a key have other pages; all of it is kept, or none
    connection.execute(text("PRAGMA writable_schema = ON"))
    page = "(SELECT rootpage FROM sqlite_master WHERE name = :fresh)"
    connection.execute(
        text(f"UPDATE sqlite_master SET rootpage = {page} WHERE name = :name"),  # noqa: S608
        {"fresh": _FRESH, "name": name},
    )
    connection.execute(text("DELETE FROM sqlite_master WHERE name = :fresh"), {"fresh": _FRESH})
    connection.execute(text("PRAGMA writable_schema = RESET"))
