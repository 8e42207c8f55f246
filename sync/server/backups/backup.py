"""Backup and restore: a copy of every table as it stood at one moment, from either kind of database into either.

The copy is logical (rows, not pages of a file), so an organisation can move from the embedded file to PostgreSQL with it.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import orjson
from sqlalchemy import Column, Connection, LargeBinary, MetaData, Row, Table, func, inspect, select
from sqlalchemy.exc import DatabaseError

from sync.server.admission.losses import look_for_losses, lost_counters, lost_organisations
from sync.server.admission.people import NotPossible, begin_epoch, organisations, refresh_shapes
from sync.server.admission.signed_off import Again, Noted, keep_out
from sync.server.backups.copies import CopyUnreadable, Made, check_copy, read_copy, write_copy
from sync.server.backups.one_at_a_time import alone_in
from sync.server.backups.refilling import Refilled, match_again, refill
from sync.server.clock import instant_text
from sync.server.damage.indexes import look_at_indexes
from sync.server.damage.retold import make_counter_again, tell_end_again
from sync.server.database import tables
from sync.server.database.around_pages import Passed, apart, is_corrupt, rows_of
from sync.server.database.engine import Database, known_revisions, revision_of, upgrade
from sync.server.records import audit
from sync.server.records.legible import is_whole, place_of
from sync.server.records.scope import SERVER

ENDING: Final = ".ewb-backup"
DAMAGED: Final = "-damaged"
"""Stands in the name of a backup of a database in which not all can be read or is whole, rows stand twice, or one was lost."""
_NUMBERED: Final = re.compile(r"ewb-n(\d{1,12})-")
_VERSION_TABLE: Final = "alembic_version"
_NOTHING: Final = (
    "nothing is in this database, so no backup was made and none was taken away. If there was something, EWB_DATABASE names "
    "another database now, or its disk is not there: stop the server until that is put right"
)


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
    unreadable: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """What cannot be read in the database and stands in the backup as far as it can: by table its organisations and numbers."""
    doubled: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Rows that stand twice in the database, and so in the backup, in the same way."""
    lost: Sequence[str] = ()
    """Organisations that the database has lost, though other tables name them, and organisations with the workers and laptops."""
    refilled: Refilled | None = None
    """How much of it was put back when it was read in."""
    is_file_damaged: bool = False
    """A page of the database's files is none. Every row stands in the backup all the same, but for those ``passed``."""
    passed: Mapping[str, int] = field(default_factory=dict)
    """By table, about how many rows stand on a page that is none, and so not in the backup."""
    larger: Path | None = None
    """An older backup in the same folder that is more than twice as large, and stays for that."""


def back_up(database: Database, target: Path, now: datetime, *, key: bytes | None = None, keep: int | None = None) -> Kept:
    """Write a backup to ``target``, or under the next number if it is a folder; read it back to be sure.

    What cannot be read is kept as far as it can, and named, as is what stands on no page, twice or was lost: in a folder the file
    then has :data:`DAMAGED` in its name, but not for workers and laptops that were lost. With ``keep``, those made first go from
    it until that many are left: their numbers tell, whatever the clock said. The last one without that name stays, however many
    follow; and so does the largest of those while the last is less than half of it, for then this may be another database. Of one
    in which nothing is no backup is made, and none goes for it.

    Waits for another backup into the same folder. Raises :class:`NotPossible`.
    """
    with alone_in(target if target.is_dir() else target.parent) as is_alone:
        kept = _back_up(database, target, now, key)
        if keep is not None and target.is_dir():
            # what a power cut left half written goes too
            cut = target.glob(f"ewb-*{ENDING}.part") if is_alone else ()
            for old in [*_too_many(target, keep), *cut]:
                old.unlink(missing_ok=True)
            kept = replace(kept, larger=_far_larger(_whole(target)))
    return kept


def _back_up(database: Database, target: Path, now: datetime, key: bytes | None) -> Kept:
    file = target / next_name(target, now) if target.is_dir() else target
    if file.exists():
        raise NotPossible(f"{file} is there already; a backup never takes the place of another")
    try:
        with database.copying() as connection:
            revision, is_told = _version(connection)
            if revision is None:
                raise NotPossible("the database has no tables of this server: there is nothing to keep")
            if not any(_has_rows(connection, table) for table in _tables(connection)):
                raise NotPossible(_NOTHING)
            made = Made(instant_text(now), revision, key is not None)
            rows, unreadable, passed = dict[str, int](), dict[str, list[str]](), Passed()
            digest = write_copy(file, made, _lines(connection, rows, unreadable, passed), key)
            found = _look(connection, is_current=revision == known_revisions()[-1])
        check_copy(file)
        if found.uncounted:
            unreadable.setdefault(str(tables.counter.name), []).extend(found.uncounted)
        # a worker or a laptop that was lost is let in again without a restore
        is_file_damaged = found.is_file_damaged or bool(passed) or not is_told
        if (unreadable or found.doubled or found.houses or is_file_damaged) and target.is_dir():
            file = file.rename(file.with_name(f"{file.name.removesuffix(ENDING)}{DAMAGED}{ENDING}"))
    except OSError as fault:
        raise NotPossible(f"the backup could not be written to {file}: {fault.strerror or fault}") from fault
    try:
        _note(database, digest, now)
    except DatabaseError as fault:
        # the backup stands all the same
        if not is_corrupt(fault):
            raise
    return Kept(
        file, made.made_at, digest, rows, is_newer=revision not in known_revisions(), unreadable=unreadable,
        doubled=found.doubled, lost=[*found.houses, *found.lost], is_file_damaged=is_file_damaged, passed=passed,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Found:
    """What is wrong with a database beside cells that cannot be read; see :class:`Kept`."""

    doubled: Mapping[str, Sequence[str]]
    is_file_damaged: bool
    uncounted: Sequence[str] = ()
    """Organisations without a counter, or with one that cannot be gone on from."""
    houses: Sequence[str] = ()
    """Organisations that were lost."""
    lost: Sequence[str] = ()


def _version(connection: Connection) -> tuple[str | None, bool]:
    """Return the version of the tables, and whether it could be read; where its page is none, what their columns say."""
    try:
        with apart(connection):
            return revision_of(connection), True
    except DatabaseError as fault:
        if not is_corrupt(fault):
            raise
    own = {str(table.name): set(table.columns.keys()) for table in tables.metadata.sorted_tables}
    if {str(table.name): set(table.columns.keys()) for table in _tables(connection)} != own:
        raise NotPossible("it cannot be read of which version the tables are, and they are not those of this program") from None
    return known_revisions()[-1], False


def _has_rows(connection: Connection, table: Table) -> bool:
    try:
        with apart(connection):
            return connection.execute(select(table).limit(1)).first() is not None
    except DatabaseError as fault:
        if not is_corrupt(fault):
            raise
        return True


def _look(connection: Connection, *, is_current: bool) -> _Found:
    """Look for what else is wrong; ``is_current``: the tables are this program's, so that it knows what should be there."""
    faults = look_at_indexes(connection)
    found = _Found(faults.doubled, faults.is_damaged)
    if not is_current:
        return found
    try:
        return replace(
            found, uncounted=lost_counters(connection), houses=sorted(lost_organisations(connection)), lost=_lost(connection)
        )
    except DatabaseError as fault:
        if not is_corrupt(fault):
            raise
        # a page of an index that is none: the rows were read by their tables alone, and stand in the copy
        return replace(found, is_file_damaged=True)


def _lost(connection: Connection) -> list[str]:
    """Return the workers and laptops that a backup of this database cannot bring back, though other tables name them."""
    lost = list[str]()
    for organisation in organisations(connection):
        found = look_for_losses(connection, organisation)
        lost += [f"{organisation}:{id_}" for id_ in (*found.workers, *found.laptops, *found.signed_off)]
    return lost


def next_name(folder: Path, now: datetime) -> str:
    """Return the name of the next backup in ``folder``. Names sort as the backups were made; the moment is for people to read."""
    last = max((_number(each) for each in folder.glob(f"ewb-*{ENDING}*")), default=0)
    return f"ewb-n{last + 1:07}-{now.astimezone(UTC):%Y%m%dT%H%M%S}Z{ENDING}"


def in_order(folder: Path) -> list[Path]:
    """Return the backups in ``folder``, the one made first first."""
    return sorted(folder.glob(f"ewb-*{ENDING}"), key=lambda file: (_number(file), file.name))


def _too_many(folder: Path, keep: int) -> list[Path]:
    """Return what goes from the folder for ``keep`` to be left, without those that stay however many follow."""
    whole = _whole(folder)
    stay = {*whole[-1:], _far_larger(whole)}
    return [file for file in in_order(folder)[:-keep] if file not in stay]


def _whole(folder: Path) -> list[Path]:
    return [file for file in in_order(folder) if not is_damaged(file)]


def _far_larger(files: Sequence[Path]) -> Path | None:
    """Return the largest of the backups if the last one is less than half of it."""
    sizes = {file: file.stat().st_size for file in files}
    largest = max(files, key=sizes.__getitem__, default=None)
    return largest if largest is not None and 2 * sizes[files[-1]] < sizes[largest] else None


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
            # where the audit's end is lost the backup stands all the same, and is named as what could not be read
            with suppress(audit.EndLost):
                audit.write(connection, organisation, instant_text(now), [copied])


def is_damaged(file: Path) -> bool:
    """Tell by its name whether something in a backup could not be read when it was made."""
    return file.name.endswith(f"{DAMAGED}{ENDING}")


def restore(database: Database, file: Path, now: datetime, *, key: bytes | None = None, noted: Noted | None = None) -> Kept:
    """Fill the empty database from ``file`` and begin a new epoch for every organisation: all of it, or nothing.

    Whom ``noted`` names as signed off or as having left is kept out in the same moment, laptops that the backup has not too.
    What stands twice in the backup is put back once (:mod:`sync.server.backups.refilling`).

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
            into = {str(table.name): table for table in _tables(connection)}
            refilled = refill(connection, into, read_copy(file, key))
            upgrade(connection)
            match_again(connection, refilled)
            for organisation in organisations(connection):
                make_counter_again(connection, organisation)
                # what a round does where the end cannot be read: a backup of such a database is no dead end
                tell_end_again(connection, organisation, now)
                begin_epoch(connection, organisation, now, is_exact=True)
            refresh_shapes(connection)
            again = keep_out(connection, noted, now, key=key) if noted is not None else Again()
    except CopyUnreadable as fault:
        raise NotPossible(f"{file.name} was not restored: {fault}") from fault
    except OSError as fault:
        raise NotPossible(f"{file} cannot be read: {fault.strerror or fault}") from fault
    return Kept(file, made.made_at, "", refilled.rows, again=again, refilled=refilled)


def _tables(connection: Connection) -> list[Table]:
    """Return the tables of this server as they stand in the database, those first on which others rest."""
    found = MetaData()
    there = set(inspect(connection).get_table_names())
    found.reflect(connection, only=sorted(there & set(tables.metadata.tables)))
    return list(found.sorted_tables)


def _lines(connection: Connection, counted: dict[str, int], unreadable: dict[str, list[str]], passed: Passed) -> Iterator[bytes]:
    """Yield every row of every table in pieces, then how many rows there were; note which of them cannot be read.

    ``passed``: by table, how many stand on no page and are not among them.
    """
    for table in _tables(connection):
        # SQLAlchemy's own kind of text is no key of JSON
        name, names = str(table.name), [str(column.name) for column in table.columns]
        counted[name] = 0
        for rows in rows_of(connection, table, passed):
            counted[name] += len(rows)
            bad = [place_of(row) for row in rows if not is_whole(name, row)]
            if bad:
                unreadable.setdefault(name, []).extend(bad)
            yield _line(table, names, rows)
    yield orjson.dumps({"counted": counted})


def _line(table: Table, names: list[str], rows: Sequence[Row[Any]]) -> bytes:
    try:
        return orjson.dumps({"table": str(table.name), "columns": names, "rows": [list(row) for row in rows]})
    except TypeError:
        written = [[_writable(column, cell) for column, cell in zip(table.columns, row, strict=True)] for row in rows]
        return orjson.dumps({"table": str(table.name), "columns": names, "rows": written})


def _writable(column: Column[Any], cell: object) -> object:
    """Return a cell as a backup can hold it. What the disk altered stays to be seen: it reads as no JSON, so it is mended."""
    if isinstance(cell, bytes | memoryview):
        if isinstance(column.type, LargeBinary):
            return base64.b64encode(bytes(cell)).decode()
        # not marked as text any more
        cell = bytes(cell).decode("utf-8", "surrogateescape")
    if not isinstance(cell, str):
        return cell
    seen = cell.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return f"\ufffd{seen}" if seen != cell and seen[:1] in ("{", "[") else seen


def _clear(connection: Connection) -> None:
    """Take away the tables of a database that holds nothing; raises :class:`NotPossible` when it holds something."""
    there = _tables(connection)
    for table in there:
        if connection.execute(select(func.count()).select_from(table)).scalar_one():
            raise NotPossible(
                "the database is not empty: a backup is restored into a new one, and nothing is overwritten. If a restore into "
                "it was cut off before it had told what is to be done next, `ewb-server restored ORGANISATION` tells that again"
            )
    for table in reversed(there):
        table.drop(connection)
    if inspect(connection).has_table(_VERSION_TABLE):
        Table(_VERSION_TABLE, MetaData()).drop(connection)
