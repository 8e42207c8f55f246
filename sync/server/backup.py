"""Backup and restore: a copy of every table as it stood at one moment, from either kind of database into either.

The copy is logical (rows, not pages of a file), so an organisation can move from the embedded file to PostgreSQL with it.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import orjson
from sqlalchemy import Connection, LargeBinary, MetaData, Table, func, insert, inspect, select

from sync.server import audit, tables
from sync.server.clock import instant_text
from sync.server.copies import CopyUnreadable, Made, check_copy, read_copy, write_copy
from sync.server.database import Database, known_revisions, revision_of, upgrade
from sync.server.one_at_a_time import alone_in
from sync.server.people import NotPossible, begin_epoch, organisations, refresh_shapes
from sync.server.scope import SERVER
from sync.server.signed_off import Again, Noted, keep_out

ENDING: Final = ".ewb-backup"
_CHUNK: Final = 500
_NUMBERED: Final = re.compile(r"ewb-n(\d{1,12})-")
_VERSION_TABLE: Final = "alembic_version"


@dataclass(frozen=True, slots=True)
class Kept:
    """A backup that was written or read in: its file, its moment, its digest, and how many rows of each table it holds."""

    file: Path
    made_at: str
    digest: str
    rows: dict[str, int]
    is_newer: bool = False
    """The database is newer than this program, which could not read the backup in."""
    again: Again = field(default_factory=Again)
    """Whom the list of sign-offs kept out when it was read in."""


def back_up(database: Database, target: Path, now: datetime, *, key: bytes | None = None, keep: int | None = None) -> Kept:
    """Write a backup to ``target``, or under the next number if it is a folder; read it back to be sure.

    With ``keep``, those made first go from the folder until that many are left: their numbers tell, whatever the clock said.
    Waits for another backup into the same folder. Raises :class:`NotPossible`.
    """
    with alone_in(target if target.is_dir() else target.parent) as is_alone:
        kept = _back_up(database, target, now, key)
        if keep is not None and target.is_dir():
            # what a power cut left half written goes too
            cut = target.glob(f"ewb-*{ENDING}.part") if is_alone else ()
            for old in [*in_order(target)[:-keep], *cut]:
                old.unlink(missing_ok=True)
    return kept


def _back_up(database: Database, target: Path, now: datetime, key: bytes | None) -> Kept:
    file = target / next_name(target, now) if target.is_dir() else target
    if file.exists():
        raise NotPossible(f"{file} is there already; a backup never takes the place of another")
    try:
        with database.copying() as connection:
            revision = revision_of(connection)
            if revision is None:
                raise NotPossible("the database has no tables of this server: there is nothing to keep")
            made = Made(instant_text(now), revision, key is not None)
            rows: dict[str, int] = {}
            digest = write_copy(file, made, _lines(connection, rows), key)
        check_copy(file)
    except OSError as fault:
        raise NotPossible(f"the backup could not be written to {file}: {fault.strerror or fault}") from fault
    _note(database, digest, now)
    return Kept(file, made.made_at, digest, rows, is_newer=revision not in known_revisions())


def next_name(folder: Path, now: datetime) -> str:
    """Return the name of the next backup in ``folder``. Names sort as the backups were made; the moment is for people to read."""
    last = max((_number(each) for each in folder.glob(f"ewb-*{ENDING}*")), default=0)
    return f"ewb-n{last + 1:07}-{now.astimezone(UTC):%Y%m%dT%H%M%S}Z{ENDING}"


def in_order(folder: Path) -> list[Path]:
    """Return the backups in ``folder``, the one made first first."""
    return sorted(folder.glob(f"ewb-*{ENDING}"), key=lambda file: (_number(file), file.name))


def _number(file: Path) -> int:
    """Return the number in a backup's name; 0 where it has none, as those of the first versions."""
    found = _NUMBERED.match(file.name)
    return int(found[1]) if found else 0


def _note(database: Database, digest: str, now: datetime) -> None:
    """Write into each audit that everything was copied out: it is the largest export there is."""
    with database.writing() as connection:
        if revision_of(connection) != known_revisions()[-1]:
            return
        for organisation in organisations(connection):
            copied = audit.Entry(SERVER, SERVER, "backup", detail=f"sha256 {digest[:16]}")
            audit.write(connection, organisation, instant_text(now), [copied])


def restore(database: Database, file: Path, now: datetime, *, key: bytes | None = None, noted: Noted | None = None) -> Kept:
    """Fill the empty database from ``file`` and begin a new epoch for every organisation: all of it, or nothing.

    Whom ``noted`` names as signed off or as having left is kept out in the same moment, laptops that the backup has not too.

    Raises :class:`NotPossible` when the database holds anything, and when the file is damaged, newer than this program, or
    sealed under another key.
    """
    try:
        made = check_copy(file)
        if made.revision not in known_revisions():
            raise NotPossible("the backup was made by a newer version of this program: update it and restore again")
        with database.refilling() as connection:
            _clear(connection)
            upgrade(connection, made.revision)
            rows = _fill(connection, read_copy(file, key))
            upgrade(connection)
            for organisation in organisations(connection):
                begin_epoch(connection, organisation, now)
            refresh_shapes(connection)
            again = keep_out(connection, noted, now, key=key) if noted is not None else Again()
    except CopyUnreadable as fault:
        raise NotPossible(f"{file.name} was not restored: {fault}") from fault
    except OSError as fault:
        raise NotPossible(f"{file} cannot be read: {fault.strerror or fault}") from fault
    return Kept(file, made.made_at, "", rows, again=again)


def _tables(connection: Connection) -> list[Table]:
    """Return the tables of this server as they stand in the database, those first on which others rest."""
    found = MetaData()
    there = set(inspect(connection).get_table_names())
    found.reflect(connection, only=sorted(there & set(tables.metadata.tables)))
    return list(found.sorted_tables)


def _lines(connection: Connection, counted: dict[str, int]) -> Iterator[bytes]:
    """Yield every row of every table in pieces, then how many rows there were."""
    for table in _tables(connection):
        # SQLAlchemy's own kind of text is no key of JSON
        name, names = str(table.name), [str(column.name) for column in table.columns]
        counted[name] = 0
        query = select(table).order_by(*table.primary_key.columns).execution_options(yield_per=_CHUNK)
        with connection.execute(query) as result:
            for rows in result.partitions():
                counted[name] += len(rows)
                yield _line(name, names, [list(row) for row in rows])
    yield orjson.dumps({"counted": counted})


def _line(table: str, columns: list[str], rows: list[list[object]]) -> bytes:
    try:
        return orjson.dumps({"table": table, "columns": columns, "rows": rows}, default=_as_text)
    except TypeError:
        whole = [[_writable(each) if isinstance(each, str) else each for each in row] for row in rows]
        return orjson.dumps({"table": table, "columns": columns, "rows": whole}, default=_as_text)


def _writable(text: str) -> str:
    """Return a text as a backup can hold it. What the disk altered stays to be seen: it reads as no JSON, so it is mended."""
    seen = text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return f"\ufffd{seen}" if seen != text and seen[:1] in ("{", "[") else seen


def _as_text(value: object) -> str:
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(bytes(value)).decode()
    raise TypeError(f"a value of {type(value).__name__} is not kept by a backup")


def _clear(connection: Connection) -> None:
    """Take away the tables of a database that holds nothing; raises :class:`NotPossible` when it holds something."""
    there = _tables(connection)
    for table in there:
        if connection.execute(select(func.count()).select_from(table)).scalar_one():
            raise NotPossible("the database is not empty: a backup is restored into a new one, and nothing is overwritten")
    for table in reversed(there):
        table.drop(connection)
    if inspect(connection).has_table(_VERSION_TABLE):
        Table(_VERSION_TABLE, MetaData()).drop(connection)


def _fill(connection: Connection, lines: Iterator[Any]) -> dict[str, int]:
    into = {str(table.name): table for table in _tables(connection)}
    filled: dict[str, int] = dict.fromkeys(into, 0)
    for line in lines:
        if "counted" in line:
            if line["counted"] != filled:
                raise CopyUnreadable("it does not hold as many rows as it says")
            return filled
        table = into.get(line["table"])
        if table is None:
            raise CopyUnreadable(f"it holds a table {line['table']!r} that its version has not")
        columns = line["columns"]
        binary = [n for n, name in enumerate(columns) if isinstance(table.columns[name].type, LargeBinary)]
        for row in line["rows"]:
            for place in binary:
                row[place] = None if row[place] is None else base64.b64decode(row[place])
        connection.execute(insert(table), [dict(zip(columns, row, strict=True)) for row in line["rows"]])
        filled[table.name] += len(line["rows"])
    raise CopyUnreadable("it ends before its end")
