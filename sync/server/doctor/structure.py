"""What the doctor says of the tables and indexes themselves: their version, whether all are here, and whether they agree."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from sqlalchemy import Connection, inspect

from sync.server.damage.indexes import MEND_FILE, MEND_PAGES, PUT_BACK_ONCE, FileFaults
from sync.server.database import tables
from sync.server.database.engine import known_revisions, revision_of
from sync.server.doctor.finding import BACKUP, NAMED, Finding

_UNSEEN: Final = (
    "not looked at: PostgreSQL's own `amcheck` is not here, or this account may not use it. Who administers PostgreSQL allows it "
    'in this database by: CREATE EXTENSION amcheck; GRANT EXECUTE ON FUNCTION bt_index_check(regclass, boolean) TO "ewb-server"'
)


def tables_here(connection: Connection) -> Finding:
    """Tell whether the tables are those of this program, and whether all are here: else nothing in them can be looked at."""
    revision, known = revision_of(connection), known_revisions()
    if revision != known[-1]:
        to_do = (
            "run `ewb-server migrate`" if revision is None or revision in known else "it is newer than this program: update it"
        )
        return Finding("tables", False, f"they are at version {revision or 'none'}, the program at {known[-1]}: {to_do}")
    missing = _missing(connection)
    words = f"version {revision}" if not missing else f"not here any more: {', '.join(missing)}; {BACKUP}"
    return Finding("tables", not missing, words)


def file(found: FileFaults, passed: Mapping[str, int] = MappingProxyType({})) -> Finding:
    """Tell whether the embedded file is whole, and how it is mended where only an index is not.

    ``passed``: by table, about how many rows stand on a page that is none.
    """
    named = ", ".join(found.indexes)
    doubled = "; ".join(f"{table} {', '.join(places[:NAMED])}" for table, places in found.doubled.items())
    if passed:
        return Finding(
            "file", False, f"pages of it are none, and cannot be read: {_rows_on(passed)}. Every other row can: {MEND_FILE}"
        )
    if found.is_damaged:
        return Finding("file", False, f"a page of it is none, and every row can be read: {MEND_PAGES}")
    if found.doubled:
        words = f"rows stand twice ({doubled}), for an index did not find them when they came again ({named})"
        return Finding("file", False, f"{words}: {PUT_BACK_ONCE}")
    if found.indexes:
        words = (
            f"an index does not agree with its table ({named}): what is there is not found, so that work waits as missing or is"
        )
        again = "taken twice, and an erasure may pass over words. No record is lost. Stop the server and run `ewb-server migrate`"
        return Finding("file", False, f"{words} {again}: it makes the index anew")
    return Finding("file", True, "whole")


def pages(passed: Mapping[str, int]) -> Finding:
    """Tell of which tables of PostgreSQL about how many rows stand on a page that is none."""
    return Finding("pages", False, f"some are none, and cannot be read: {_rows_on(passed)}. Every other row can: {MEND_FILE}")


def indexes(found: FileFaults) -> Finding:
    """Tell whether the indexes of PostgreSQL agree with their tables, or how it is let to look at them."""
    if found.is_unseen:
        return Finding("indexes", True, _UNSEEN)
    said = file(found)
    return Finding("indexes", said.is_well, "they agree with their tables" if said.is_well else said.words)


def _rows_on(passed: Mapping[str, int]) -> str:
    return ", ".join(f"about {number} rows of {table}" for table, number in passed.items())


def _missing(connection: Connection) -> list[str]:
    """Return the names of tables and indexes that should be there and are not."""
    seen = inspect(connection)
    there = {*seen.get_table_names()}
    for table in there & tables.metadata.tables.keys():
        there |= {str(index["name"]) for index in seen.get_indexes(table)}
    known = tables.metadata.tables.values()
    wanted = {table.name for table in known} | {str(index.name) for table in known for index in table.indexes}
    return sorted(wanted - there)
