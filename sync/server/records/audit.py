"""The audit: who did what to which record from which laptop, sealed by hashes in a chain. Never words of a note."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import orjson
from sqlalchemy import Connection, select

from sync.server.database import tables
from sync.server.database.bulk import Values, insert_rows, lock_counter, run
from sync.server.database.cells import is_instant, is_text

FIRST: Final = "0" * 64
_CHUNK: Final = 1_000
_KEPT_BY: Final = {
    "sqlite": ("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit'", 3),
    "postgresql": ("SELECT tgname FROM pg_trigger WHERE tgrelid = 'audit'::regclass AND NOT tgisinternal AND tgenabled = 'O'", 2),
}
"""For each database: how to ask for the triggers that keep the audit, and how many there are."""


class EndLost(RuntimeError):
    """Where the audit ends can be read no more, so nothing can be added to it."""


class Entry(NamedTuple):
    """One line of the audit. ``detail`` holds numbers, names of fields, roles and areas at most, never what was written."""

    worker: str
    device: str
    action: str
    entity: str = ""
    record: str = ""
    detail: str = ""


def write(connection: Connection, organisation: str, at: str, entries: Sequence[Entry], after: Tip | None = None) -> None:
    """Append ``entries`` to the organisation's chain; the counter row's lock keeps the chain single.

    ``after`` is where the chain ends, for who holds that lock and has read it. Raises :class:`EndLost` where nobody can tell.
    """
    if not entries:
        return
    after = after or held_tip(connection, organisation)
    if not is_end(after.number, after.hash):
        raise EndLost
    number, previous = after.number, after.hash
    rows: list[Values] = []
    for entry in entries:
        number += 1
        seal = _seal(previous, number, at, entry)
        rows.append((organisation, number, at, *entry, previous, seal))
        previous = seal
    insert_rows(connection, tables.audit, rows)
    run(
        connection, "UPDATE counter SET audit_number = ?, audit_hash = ? WHERE organisation = ?", (number, previous, organisation)
    )


def is_end(number: object, seal: object) -> bool:
    """Tell whether these two cells can be where an audit ends."""
    return isinstance(number, int) and number >= 0 and is_text(seal) and len(str(seal)) == len(FIRST)


def first_broken(connection: Connection, organisation: str) -> int | None:
    """Return the number of the first entry that was altered, taken out or put in; None when the chain is whole."""
    previous, expected = FIRST, 0
    rows = tables.audit.c
    query = select(tables.audit).where(rows.organisation == organisation).order_by(rows.number)
    # years of entries are read in pieces
    with connection.execute(query.execution_options(yield_per=_CHUNK)) as found:
        for row in found:
            expected += 1
            entry = Entry(row.worker, row.device, row.action, row.entity, row.record, row.detail)
            if not all(map(is_text, (row.at, *entry))):
                return expected
            if row.number != expected or row.previous != previous or row.hash != _seal(previous, row.number, row.at, entry):
                return expected
            previous = row.hash
    return None if tip(connection, organisation) == Tip(expected, previous) else expected + 1


def is_as_sealed(row: Any) -> bool:
    """Tell whether an entry, as it stands in the table, is the one that was sealed; whether its place is, the chain tells."""
    entry = Entry(row.worker, row.device, row.action, row.entity, row.record, row.detail)
    is_read = isinstance(row.number, int) and all(map(is_text, (row.previous, row.at, *entry)))
    return is_read and bool(row.hash == _seal(row.previous, row.number, row.at, entry))


@dataclass(frozen=True, slots=True)
class Tip:
    """The last entry's number and hash. Noted elsewhere, it shows later that nobody wrote the whole chain anew."""

    number: int
    hash: str


def held_tip(connection: Connection, organisation: str) -> Tip:
    """Hold the organisation's counter until the transaction ends; return where its chain ends."""
    try:
        counter = lock_counter(connection, organisation)
    except IndexError:
        raise EndLost from None
    return Tip(counter.audit_number, counter.audit_hash)


def tip(connection: Connection, organisation: str) -> Tip:
    """Return where the organisation's chain ends. Raises :class:`EndLost` where no counter is left."""
    counter = tables.counter.c
    query = select(counter.audit_number, counter.audit_hash).where(counter.organisation == organisation)
    row = connection.execute(query).one_or_none()
    if row is None:
        raise EndLost
    return Tip(row.audit_number, row.audit_hash)


def end_by_entries(connection: Connection, organisation: str) -> Tip:
    """Return where the organisation's chain ends as its last entry says, for who has lost it otherwise.

    Where that entry's own seal cannot be read it is made anew of the rest; where that cannot be read either the chain goes on
    behind it, and is broken there for whoever looks.
    """
    query = select(tables.audit).where(tables.audit.c.organisation == organisation).order_by(tables.audit.c.number.desc())
    with connection.execute(query.execution_options(yield_per=_CHUNK)) as found:
        # a number that the disk altered may be none
        row = next((row for row in found if isinstance(row.number, int) and row.number >= 0), None)
    if row is None or is_end(row.number, row.hash):
        return Tip(row.number, row.hash) if row is not None else Tip(0, FIRST)
    entry = Entry(row.worker, row.device, row.action, row.entity, row.record, row.detail)
    is_read = all(map(is_text, (row.previous, row.at, *entry)))
    return Tip(row.number, _seal(row.previous, row.number, row.at, entry) if is_read else FIRST)


def holds(connection: Connection, organisation: str, noted: Tip) -> bool:
    """Tell whether the chain still runs through a tip that was noted earlier."""
    row = tables.audit.c
    query = select(row.hash).where(row.organisation == organisation, row.number == noted.number)
    return noted == Tip(0, FIRST) or connection.execute(query).scalar_one_or_none() == noted.hash


def last_of(connection: Connection, organisation: str, actions: Sequence[str], after: int = 0) -> str | None:
    """Return when one of ``actions`` was done last, since the entry of the number ``after``; None when never.

    An entry of which a failing disk altered when it was done is passed over.
    """
    row = tables.audit.c
    query = select(row.number, row.at).where(row.organisation == organisation, row.number > after, row.action.in_(actions))
    last = query.order_by(row.number.desc()).limit(1)
    found = connection.execute(last).one_or_none()
    while found is not None and not is_instant(found.at):
        found = connection.execute(last.where(row.number < found.number)).one_or_none()
    return str(found.at) if found is not None else None


def is_kept(connection: Connection) -> bool:
    """Tell whether the database itself turns away whoever alters or removes an entry."""
    asked, number = _KEPT_BY[connection.dialect.name]
    return len(connection.exec_driver_sql(asked).all()) == number


def _seal(previous: str, number: int, at: str, entry: Entry) -> str:
    return hashlib.sha256(orjson.dumps([previous, number, at, *entry])).hexdigest()
