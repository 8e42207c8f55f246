"""Tells which rows of any table hold something that cannot be read: the backup and the doctor take it from here.

A disk that fails alters one cell of thousands, in any table: what nobody looks at is found when it is needed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import Column, Connection, Integer, LargeBinary

from sync.protocol.change import KINDS
from sync.server.database import tables
from sync.server.database.around_pages import rows_of
from sync.server.database.cells import is_instant, is_text, object_in, texts_in
from sync.server.records import audit
from sync.server.records.wire import is_row

Check = Callable[[object], bool]


def is_whole(table: str, row: Any) -> bool:
    """Tell whether every cell of a row of ``table`` can be read, as far as the row says by itself."""
    # of a ready-made row it is no matter here of which kind it is
    return _fits(_checks(table, row._fields), row) and (table != tables.record.name or is_row(row.wire, row.carried))


def unreadable_rows(connection: Connection) -> Iterator[tuple[str, str]]:
    """Yield a table's name, and by what a row of it is found again that cannot be read, without what :mod:`damage` tells.

    That is the audit, whose chain tells, and of the records and their history what they say.
    """
    for table in tables.metadata.sorted_tables:
        names = [each.name for each in table.columns if each.name not in _TOLD_ELSEWHERE.get(table.name, ())]
        if table is tables.audit:
            continue
        checks = _checks(table.name, tuple(names))
        # how many stand on no page is told elsewhere
        for rows in rows_of(connection, table, {}, [table.c[name] for name in names]):
            yield from ((table.name, place_of(row)) for row in rows if not _fits(checks, row))


def in_a_row(names: Sequence[object], most: int) -> str:
    """Return the first of the names, ``most`` of them, and whether there are more: of thousands nobody reads all."""
    return ", ".join(map(str, names[:most])) + (", ..." if len(names) > most else "")


def place_of(row: Any) -> str:
    """Return by what a row is found again, as far as that can be read: it says nothing of anybody."""
    told = row._mapping  # noqa: SLF001 - a row's columns by name, as SQLAlchemy documents it
    names = [told[name] for name in ("organisation", *FOUND_BY) if name in told][:2]
    return ":".join(str(each) if isinstance(each, int) or is_text(each) else "?" for each in names)


_TOLD_ELSEWHERE: Final[Mapping[str, frozenset[str]]] = {
    tables.record.name: frozenset({"fields", "changed", "changed_by", "wire", "carried"}),
    tables.ledger.name: frozenset({"kind", "fields", "overtaken"}),
}
FOUND_BY: Final = ("number", "id", "device", "worker")
"""A hash of a credential or a code is nobody's to read; its laptop or its worker tells as well."""


def _fits(checks: Sequence[Check], row: Sequence[object]) -> bool:
    return all(check(cell) for check, cell in zip(checks, row, strict=True))


@lru_cache(maxsize=64)
def _checks(table: str, names: tuple[str, ...]) -> tuple[Check, ...]:
    known = tables.metadata.tables[table].columns
    # a column of another version is left as it is
    return tuple(_check(table, known[name]) if name in known else _anything for name in names)


def _check(table: str, column: Column[Any]) -> Check:
    if isinstance(column.type, LargeBinary):
        return _anything
    told = _TOLD.get((table, column.name))
    if told is None:
        told = _is_number if isinstance(column.type, Integer) else is_text
    return _or_nothing(told) if column.nullable else told


def _or_nothing(told: Check) -> Check:
    return lambda cell: cell is None or told(cell)


def _anything(_cell: object) -> bool:
    return True


def _is_number(cell: object) -> bool:
    return isinstance(cell, int)


def is_object(cell: object) -> bool:
    """Tell whether a cell holds a JSON object."""
    # bytes are what the embedded file gives where a cell is not marked as text any more
    return isinstance(cell, str) and object_in(cell) is not None


def _is_list(cell: object) -> bool:
    return isinstance(cell, str) and texts_in(cell) is not None


def _is_kind(cell: object) -> bool:
    return cell in KINDS


_INSTANTS: Final = {
    tables.organisation: ("made_at",),
    tables.worker: ("made_at",),
    tables.device: ("enrolled_at", "revoked_at", "last_seen"),
    tables.former_credential: ("replaced_at",),
    tables.enrol_code: ("expires_at", "used_at"),
    tables.opened: ("opened_at", "until"),
}
"""Times that decide something; those in records and their history are of laptops, whatever their clocks say."""
_TOLD: Final[Mapping[tuple[str, str], Check]] = {
    **{(tables.record.name, name): is_object for name in ("fields", "changed", "changed_by")},
    **{(tables.ledger.name, name): is_object for name in ("fields", "overtaken")},
    (tables.ledger.name, "kind"): _is_kind,
    (tables.organisation.name, "wire_shape"): is_object,
    (tables.counter.name, "audit_number"): lambda cell: audit.is_end(cell, audit.FIRST),
    (tables.counter.name, "audit_hash"): lambda cell: audit.is_end(0, cell),
    (tables.worker.name, "areas"): _is_list,
    **{(table.name, name): is_instant for table, names in _INSTANTS.items() for name in names},
}
