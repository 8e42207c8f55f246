"""Records as the server told them, for a colleague's file: without what waits on top of them here; and laying them down."""

# ruff: noqa: S608 - the names in these statements come from the protocol, values are bound

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import orjson
from sqlalchemy import Connection

from ewb_desktop.storage.exchange.incoming import lay_page
from ewb_desktop.storage.exchange.journal import JournalEntry
from ewb_desktop.storage.exchange.laptops import LaptopCard
from ewb_desktop.storage.holding.scope import matched_to
from ewb_desktop.storage.writing import Writing
from sync.protocol.change import ChangeKind
from sync.protocol.entities import ENTITIES, ENVELOPE, Kind, person_of
from sync.protocol.roles import may_hold

MayHold = Callable[[str, str, str | None], bool]
"""Tells of a kind of record, an area and a member whether such a record about her may be held."""

Columns = dict[str, list[str]]
Rows = dict[str, list[list[Any]]]


def what_may_go_to(connection: Connection, receiver: LaptopCard) -> MayHold:
    """Return what tells whether a record may go to a laptop: by role, area and, for some roles, who is matched to its worker."""
    matched = matched_to(connection, receiver.worker)

    def may_go(entity: str, area: str, person: str | None) -> bool:
        return may_hold(receiver.role, receiver.areas, entity, area, is_matched=person in matched)

    return may_go


def read_state(connection: Connection, may_hold: MayHold) -> tuple[Columns, Rows]:
    """Return the records that the server has numbered and that ``may_hold`` lets out, without what is not sent yet."""
    columns: Columns = {}
    rows: Rows = {}
    for entity in ENTITIES.values():
        names = [*ENVELOPE, *(name for name in entity.fields if name not in ENVELOPE)]
        nested = {
            at for at, name in enumerate(names) if name in entity.fields and entity.fields[name].kind in (Kind.LIST, Kind.JSON)
        }
        listed = ", ".join(f'"{name}"' for name in names)
        found = connection.exec_driver_sql(f'SELECT {listed} FROM "{entity.name}" WHERE number > 0 ORDER BY number').all()
        unsent = _unsent(connection, entity.name)
        chosen = []
        for row in found:
            told = dict(zip(names, row, strict=True))
            if not may_hold(entity.name, str(row[1]), person_of(entity, str(row[0]), told)):
                continue
            values = [orjson.loads(v) if at in nested and v is not None else v for at, v in enumerate(row)]
            if row[0] in unsent:
                before = unsent[row[0]]
                values = [before.get(name, value) for name, value in zip(names, values, strict=True)]
            chosen.append(values)
        if chosen:
            columns[entity.name], rows[entity.name] = names, chosen
    return columns, rows


def lay_state(
    writing: Writing,
    columns: Mapping[str, Sequence[str]],
    rows: Mapping[str, Sequence[Sequence[Any]]],
    covers: MayHold,
    cursor: int,
) -> dict[str, int]:
    """Lay records from a colleague's file beneath unsent edits; return how many of each kind.

    Only what the server gave a number after ``cursor``: it comes from the server itself at the next round, and takes the place of
    what the file said. Nothing that ``covers`` does not allow.
    """
    laid: dict[str, int] = {}
    for name, names, newer in _newer(writing.connection, columns, rows, cursor):
        chosen = [row for row in newer if covers(name, str(row[1]), _member(name, names, row))]
        if chosen:
            found = lay_page(writing, {name: names}, {name: chosen})
            laid[name] = found.rows
    return {name: count for name, count in laid.items() if count}


def told_newer(
    connection: Connection, columns: Mapping[str, Sequence[str]], rows: Mapping[str, Sequence[Sequence[Any]]], cursor: int
) -> list[tuple[str, str, dict[str, Any]]]:
    """Return the records of a file that are newer than what is here, as :func:`lay_state` takes them: kind, id, what they say."""
    return [
        (name, str(row[0]), dict(zip(names, row, strict=True)))
        for name, names, newer in _newer(connection, columns, rows, cursor)
        for row in newer
    ]


def _newer(
    connection: Connection, columns: Mapping[str, Sequence[str]], rows: Mapping[str, Sequence[Sequence[Any]]], cursor: int
) -> Iterator[tuple[str, list[str], list[Sequence[Any]]]]:
    for name, group in rows.items():
        names = list(columns.get(name, ()))
        if name not in ENTITIES or tuple(names[: len(ENVELOPE)]) != ENVELOPE:
            continue
        newer = [row for row in group if len(row) == len(names) and isinstance(row[2], int) and row[2] > cursor]
        yield name, names, [row for row in newer if _number(connection, name, str(row[0])) < row[2]]


def _member(entity: str, names: Sequence[str], row: Sequence[Any]) -> str | None:
    return person_of(ENTITIES[entity], str(row[0]), dict(zip(names, row, strict=True)))


def member_of(connection: Connection, entry: JournalEntry) -> str | None:
    """Return the member whom an edit is about, as its record here says."""
    entity = ENTITIES.get(entry.entity)
    if entity is None or entity.person_field is None:
        return None
    query = f'SELECT "{entity.person_field}" FROM "{entity.name}" WHERE id = ?'
    found = connection.exec_driver_sql(query, (entry.record,)).scalar()
    return None if found is None else str(found)


def _unsent(connection: Connection, entity: str) -> dict[str, dict[str, Any]]:
    """Return for each record with something on top of it what its fields said beneath; the oldest edit knows."""
    before: dict[str, dict[str, Any]] = {}
    own = connection.exec_driver_sql(
        "SELECT record, kind, was FROM journal WHERE entity = ? AND settled_at IS NULL ORDER BY counter DESC", (entity,)
    ).all()
    brought = connection.exec_driver_sql(
        "SELECT record, kind, was FROM brought WHERE entity = ? AND settled_at IS NULL AND stood IS NOT NULL ORDER BY place DESC",
        (entity,),
    ).all()
    for record, kind, was in (*own, *brought):
        if kind == ChangeKind.TOMBSTONE:
            before.setdefault(record, {})["gone"] = 0
        before.setdefault(record, {}).update(orjson.loads(was))
    return before


def _number(connection: Connection, entity: str, record: str) -> int:
    found = connection.exec_driver_sql(f'SELECT number FROM "{entity}" WHERE id = ?', (record,)).scalar()
    return -1 if found is None else int(found)
