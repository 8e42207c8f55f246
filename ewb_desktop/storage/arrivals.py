"""Rows that come from the server are laid down here, in bulk, beneath what this laptop has not sent yet."""

# ruff: noqa: S608 - the names in these statements come from the protocol and from this program, values are bound

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import Any, cast

import orjson
from pydantic import JsonValue
from sqlalchemy.exc import DBAPIError

from ewb_desktop.storage.journal import JournalEntry, unsent_entries
from ewb_desktop.storage.search_index import refresh_search
from ewb_desktop.storage.tables import METADATA
from ewb_desktop.storage.writing import Writing
from sync.protocol.change import ChangeKind
from sync.protocol.entities import ENTITIES, ENVELOPE, Kind
from sync.protocol.merge import lay_beneath

ANNOUNCED_SINGLY = 200
"""Up to this many rows are announced by their ids; more are announced as their entity."""

_JSON = (Kind.LIST, Kind.JSON)


def lay_rows(writing: Writing, entity: str, columns: Sequence[str], rows: Sequence[Sequence[JsonValue]]) -> list[str]:
    """Write the server's ``rows`` (values under ``columns``, which begin with the envelope); return the ids it had to set aside.

    Unsent edits stay on top. Columns that this program does not know are carried unread; so are whole rows of an unknown
    entity, and rows with a value of the wrong kind, which are the ones returned. Nothing enters the journal.
    """
    if not rows:
        return []
    at = {name: index for index, name in enumerate(columns)}
    ids = [cast("str", row[at["id"]]) for row in rows]
    if entity not in ENTITIES:
        _carry(writing, entity, columns, ids, rows)
        return []
    unsent = unsent_entries(writing.connection, entity, ids)
    if unsent:
        shown = [_beneath(row, at, unsent[id_]) if id_ in unsent else row for id_, row in zip(ids, rows, strict=True)]
    else:
        shown = list(rows)
    statement, read = _plan(entity, at, shown)
    laid = [tuple(read(row)) for row in shown]
    with writing.echo(bulk=True):
        left = _insert(writing, statement, laid, ids)
        refresh_search(_driver(writing), entity, ids)
    if left:
        by_id = dict(zip(ids, rows, strict=True))
        _carry(writing, entity, columns, left, [by_id[id_] for id_ in left])
    if len(ids) > ANNOUNCED_SINGLY:
        writing.touch_wholesale(entity)
    else:
        for id_ in ids:
            writing.touch(entity, id_)
    return left


def take_away(writing: Writing, entity: str, ids: Sequence[str]) -> list[str]:
    """Destroy the records that this laptop may no longer hold, with their history; return those kept for their unsent edits."""
    unsent = unsent_entries(writing.connection, entity, ids)
    leaving = [(id_,) for id_ in ids if id_ not in unsent]
    if leaving:
        with writing.echo():
            writing.connection.exec_driver_sql(f"DELETE FROM {METADATA.tables[entity].name} WHERE id = ?", leaving)
            writing.connection.exec_driver_sql("DELETE FROM journal WHERE record = ?", leaving)
        writing.touch_wholesale(entity)
    return list(unsent)


def _plan(entity: str, at: dict[str, int], rows: Sequence[Sequence[Any]]) -> tuple[str, Callable[[Sequence[Any]], Sequence[Any]]]:
    """Return the statement that lays ``rows`` and what takes its values from one of them.

    A column without a value in any row stands in the statement: half of a page's values are none, and binding each costs.
    """
    fields = ENTITIES[entity].fields
    empty = {place for place, column in enumerate(zip(*rows, strict=True)) if column.count(None) == len(column)}
    known = [name for name in at if name in ENVELOPE or name in fields]
    strange = [name for name in at if name not in ENVELOPE and name not in fields and at[name] not in empty]
    listed = ", ".join(f'"{name}"' for name in (*known, "carried"))
    marks = ", ".join("NULL" if at[name] in empty else "?" for name in known)
    updated = ", ".join(f'"{name}" = excluded."{name}"' for name in (*known, "carried") if name != "id")
    carried_mark = "?" if strange else "'{}'"
    statement = f"INSERT INTO {entity} ({listed}) VALUES ({marks}, {carried_mark}) ON CONFLICT (id) DO UPDATE SET {updated}"
    bound = [name for name in known if at[name] not in empty]
    take: Callable[[Sequence[Any]], tuple[Any, ...]] = itemgetter(*(at[name] for name in bound))
    nested = [place for place, name in enumerate(bound) if name in fields and fields[name].kind in _JSON]
    if not nested and not strange:
        return statement, take

    def read(row: Sequence[Any]) -> list[Any]:
        values = list(take(row))
        for place in nested:
            if values[place] is not None:
                values[place] = orjson.dumps(values[place]).decode()
        if strange:
            carried = {name: row[at[name]] for name in strange if row[at[name]] is not None}
            values.append(orjson.dumps(carried).decode())
        return values

    return statement, read


def _beneath(row: Sequence[JsonValue], at: dict[str, int], unsent: Sequence[JournalEntry]) -> list[JsonValue]:
    server = {name: row[index] for name, index in at.items() if name not in ENVELOPE}
    shown = lay_beneath(server, [entry.fields for entry in unsent])
    laid = list(row)
    for name, index in at.items():
        if name in shown:
            laid[index] = shown[name]
    laid[at["area"]] = unsent[-1].area
    laid[at["gone"]] = int(unsent[-1].kind == ChangeKind.TOMBSTONE)
    return laid


def _insert(writing: Writing, statement: str, laid: list[tuple[Any, ...]], ids: list[str]) -> list[str]:
    try:
        # no savepoint: what was written before a bad row is written once more, the same, row by row
        writing.connection.exec_driver_sql(statement, laid)
    except DBAPIError:
        left = []
        for id_, values in zip(ids, laid, strict=True):
            try:
                with writing.connection.begin_nested():
                    writing.connection.exec_driver_sql(statement, values)
            except DBAPIError as error:
                if "full" in str(error.orig):
                    raise
                left.append(id_)
        return left
    return []


def _carry(
    writing: Writing, entity: str, columns: Sequence[str], ids: Sequence[str], rows: Sequence[Sequence[JsonValue]]
) -> None:
    writing.connection.exec_driver_sql(
        "INSERT INTO carried_row (entity, id, row) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET row = excluded.row",
        [(entity, id_, orjson.dumps(dict(zip(columns, row, strict=True))).decode()) for id_, row in zip(ids, rows, strict=True)],
    )


def _driver(writing: Writing) -> Any:
    return writing.connection.connection.dbapi_connection
