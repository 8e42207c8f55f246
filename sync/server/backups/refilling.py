"""Puts the rows of a backup into empty tables; what stands twice in it is put back once, and what cannot stand is counted."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import uuid_utils
from sqlalchemy import Column, Connection, LargeBinary, Table, delete, insert, select
from sqlalchemy.exc import IntegrityError

from sync.server.backups.copies import CopyUnreadable
from sync.server.database import tables
from sync.server.database.bulk import undoable
from sync.server.database.cells import object_in
from sync.server.records.following import MEMBER, keep_matches, matched_to, matches_of

_LEDGER: Final = tables.ledger.name
_RECORD: Final = tables.record.name


@dataclass(slots=True)
class Refilled:
    """By table, how many rows were put back, and of how many only one of two or none at all.

    ``twice`` stood twice and were put back once; ``alone`` rest on a row that the backup has not, or say nothing where something
    must be said, and are left out. ``anew`` lines of history stood twice under one id: all are here, the later ones by ids of
    their own.
    """

    rows: dict[str, int]
    twice: dict[str, int] = field(default_factory=dict)
    alone: dict[str, int] = field(default_factory=dict)
    anew: int = 0
    records: list[tuple[str, str]] = field(default_factory=list)
    """Organisation and id of the records that stood twice."""


def refill(connection: Connection, into: Mapping[str, Table], lines: Iterator[Any]) -> Refilled:
    """Put the ``lines`` of a backup into the empty tables ``into``.

    Raises :class:`CopyUnreadable` when the backup is not whole, or holds a table that is not among them.
    """
    read: dict[str, int] = dict.fromkeys(into, 0)
    filled = Refilled(dict.fromkeys(into, 0))
    for line in lines:
        if "counted" in line:
            if line["counted"] != read:
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
        read[table.name] += len(line["rows"])
        _put(connection, table, [dict(zip(columns, row, strict=True)) for row in line["rows"]], filled)
    raise CopyUnreadable("it ends before its end")


def match_again(connection: Connection, filled: Refilled) -> None:
    """Match others to the members who stood twice as the record says that is here: of two, each had written its own."""
    row = tables.record.c
    for organisation, id_ in filled.records:
        mine = (row.organisation == organisation) & (row.id == id_) & (row.entity == MEMBER)
        fields = connection.execute(select(row.fields).where(mine)).scalar()
        if (says := object_in(fields)) is not None:
            keep_matches(connection, organisation, matched_to(connection, organisation, [id_]), {id_: matches_of(says)})


def _put(connection: Connection, table: Table, rows: Sequence[dict[str, Any]], filled: Refilled) -> None:
    name = str(table.name)
    if _is_put(connection, table, rows):
        filled.rows[name] += len(rows)
        return
    for row in rows:
        if _is_put(connection, table, [row]):
            filled.rows[name] += 1
        elif (same := _same(connection, table, row)) is None:
            filled.alone[name] = filled.alone.get(name, 0) + 1
        elif name == _LEDGER and same["number"] != row["number"]:
            # left out, its number would be a gap for good, and its record would say what no line says
            connection.execute(insert(table).values({**row, "change_id": str(uuid_utils.uuid7())}))
            filled.rows[name] += 1
            filled.anew += 1
        else:
            filled.twice[name] = filled.twice.get(name, 0) + 1
            if name != _RECORD or same["id"] != row["id"]:
                continue
            filled.records.append((row["organisation"], row["id"]))
            if _is_later(row, same):
                mine = (table.c.organisation == row["organisation"]) & (table.c.id == row["id"])
                connection.execute(delete(table).where(mine))
                if not _is_put(connection, table, [row]):
                    connection.execute(insert(table).values(same))


def _is_later(row: Mapping[str, Any], same: Mapping[str, Any]) -> bool:
    """Tell of two rows of one record whether the first says what was said last; what was destroyed by law stays destroyed."""
    if bool(row["erased"]) is not bool(same["erased"]):
        return bool(row["erased"])
    numbers = row["number"], same["number"]
    return all(isinstance(each, int) for each in numbers) and numbers[0] > numbers[1]


def _is_put(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> bool:
    try:
        with undoable(connection, "filling"):
            connection.execute(insert(table), rows)
    except IntegrityError:
        return False
    return True


def _same(connection: Connection, table: Table, row: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the row that is here and that must not stand beside ``row``."""
    keys: list[list[Column[Any]]] = [list(table.primary_key.columns)]
    keys += [list(index.columns) for index in table.indexes if index.unique]
    for key in keys:
        query = select(table).where(*(column == row[column.name] for column in key))
        found = connection.execute(query).mappings().first()
        if found is not None:
            return dict(found)
    return None
