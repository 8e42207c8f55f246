"""Changes that the server did not take are let go of by their author: the record says again what it said before."""

# ruff: noqa: S608 - the names in these statements come from the protocol, values are bound

from __future__ import annotations

from typing import Any

import orjson
from sqlalchemy import Connection

from ewb_desktop.domain.time import instant_text
from ewb_desktop.storage.exchange.journal import JournalEntry, quarantined, unsent_entries
from ewb_desktop.storage.tables import METADATA
from ewb_desktop.storage.writing import Writing
from sync.protocol.change import ChangeKind
from sync.protocol.entities import ENTITIES, Kind

LET_GO = "let_go"
"""Stands as the verdict of an entry that its author let go of; what it said stays in this laptop's history."""


def held_entry(connection: Connection, id: str) -> JournalEntry | None:
    """Return an entry of the quarantine, None when it was taken, replaced or let go of meanwhile."""
    return next((entry for entry in quarantined(connection) if entry.id == id), None)


def hanging_on(connection: Connection, entry: JournalEntry) -> list[JournalEntry]:
    """Return the other unsent entries that mean nothing without ``entry``: of a new record its edits, and what hangs on it."""
    if entry.kind != ChangeKind.CREATE:
        return []
    records, ids, found = {entry.record}, {entry.id}, dict[str, JournalEntry]()
    waiting = [each for group in _all_unsent(connection) for each in group if each.id != entry.id]
    more = True
    # what was made anew stands behind what waits for it, so once in order is not enough
    while more:
        more = False
        for each in waiting:
            if each.id not in ids and (each.record in records or each.after in ids):
                ids.add(each.id)
                found[each.id] = each
                more = True
                if each.kind == ChangeKind.CREATE:
                    records.add(each.record)
    return sorted(found.values(), key=lambda each: each.counter)


def may_let_go(entry: JournalEntry, author: str) -> bool:
    """Say whether ``author`` may let go of this: her own change, and one of which it is known what stood before."""
    return entry.author == author and (entry.kind != ChangeKind.EDIT or bool(entry.fields))


def let_go_of(writing: Writing, id: str) -> int:
    """Settle a change in quarantine, and what hangs on it, as let go; return how many, 0 when it may not be let go of.

    What it said leaves the screens and stays in the history. Where the record was edited again since, that edit stands.
    """
    connection = writing.connection
    entry = held_entry(connection, id)
    if entry is None or not may_let_go(entry, writing.author):
        return 0
    going = [entry, *hanging_on(connection, entry)]
    connection.exec_driver_sql(
        f"UPDATE journal SET settled_at = ?, verdict = '{LET_GO}', refusal = NULL WHERE id = ?",
        [(instant_text(writing.clock.now()), each.id) for each in going],
    )
    with writing.echo():
        for each in going:
            if each.kind == ChangeKind.CREATE:
                _set_gone(writing, each, 1)
        if entry.kind == ChangeKind.TOMBSTONE:
            _set_gone(writing, entry, 0)
        if entry.kind != ChangeKind.CREATE:
            _say_again_what_was(writing, entry)
    for each in going:
        writing.touch(each.entity, each.record)
    return len(going)


def _all_unsent(connection: Connection) -> list[list[JournalEntry]]:
    rows = connection.exec_driver_sql("SELECT DISTINCT entity, record FROM journal WHERE settled_at IS NULL").all()
    groups: dict[str, list[str]] = {}
    for entity, record in rows:
        groups.setdefault(entity, []).append(record)
    return [entries for entity, ids in groups.items() for entries in unsent_entries(connection, entity, ids).values()]


def _set_gone(writing: Writing, entry: JournalEntry, gone: int) -> None:
    writing.connection.exec_driver_sql(f'UPDATE "{entry.entity}" SET gone = ? WHERE id = ?', (gone, entry.record))


def _say_again_what_was(writing: Writing, entry: JournalEntry) -> None:
    """Put back what stood before; a later edit of the same field stands, and what it would go back to is now what stood here."""
    connection = writing.connection
    text = connection.exec_driver_sql("SELECT was FROM journal WHERE id = ?", (entry.id,)).scalar_one()
    was = {name: value for name, value in orjson.loads(text).items() if name in entry.fields}
    for later in unsent_entries(connection, entry.entity, [entry.record]).get(entry.record, []):
        shared = {name: was.pop(name) for name in list(was) if later.counter > entry.counter and name in later.fields}
        if shared:
            lay_was(connection, later.counter, shared)
    known = METADATA.tables[entry.entity].c
    fields = {name: _as_kept(entry.entity, name, value) for name, value in was.items() if name in known}
    if fields:
        said = ", ".join(f'"{name}" = ?' for name in fields)
        connection.exec_driver_sql(f'UPDATE "{entry.entity}" SET {said} WHERE id = ?', (*fields.values(), entry.record))


def lay_was(connection: Connection, counter: int, was: dict[str, Any]) -> None:
    """Note of an entry what stood in its fields without it."""
    connection.exec_driver_sql(
        "UPDATE journal SET was = ewb_lay(was, ?) WHERE counter = ?", (orjson.dumps(was).decode(), counter)
    )


def _as_kept(entity: str, name: str, value: Any) -> Any:
    nested = ENTITIES[entity].fields[name].kind in (Kind.LIST, Kind.JSON)
    return orjson.dumps(value).decode() if nested and value is not None else value
