"""Changes that the server did not take go again: as they were, or made anew where the record says something else now."""

# ruff: noqa: S608 - the names in these statements come from the protocol, values are bound

from __future__ import annotations

from collections.abc import Collection, Sequence

import orjson
from sqlalchemy import Connection

from ewb_desktop.domain.time import instant_text
from ewb_desktop.storage.exchange.journal import JournalEntry, quarantined, unsent_entries
from ewb_desktop.storage.ids import new_id
from ewb_desktop.storage.tables import METADATA
from ewb_desktop.storage.triggers import field_columns, json_of
from ewb_desktop.storage.writing import Writing
from sync.protocol.change import ChangeKind
from sync.protocol.errors import Refusal

REMADE = "remade"
"""Stands as the verdict of an entry in whose place another one goes; what it said stays in this laptop's history."""

_MENDABLE = (Refusal.TOO_LARGE, Refusal.MALFORMED)
"""Refusals that end when somebody writes the record otherwise."""


def retry(writing: Writing, ids: Collection[str]) -> None:
    """Send these entries of the quarantine again.

    One that still says what its record says goes under its id: an administrator may have taken in a copy of it, and the server
    knows it then. Any other is made anew from the present record under a new id, so that mending the record mends it, and what
    waits for it waits for the one in its place.

    Later edits of the same fields that the server did not take either, or that were never offered, are folded in; of a record
    that the server never got, all later edits. An edit that may have reached the server keeps its id and its turn.
    """
    done: set[str] = set()
    for entry in quarantined(writing.connection):
        if entry.id not in ids or entry.id in done:
            continue
        # as malformed the server also turns away an id under which it has another laptop's change: it will never do
        if entry.refusal is not Refusal.MALFORMED and says_the_same(writing.connection, entry):
            offer_same(writing, entry.id)
        else:
            done |= {folded.id for folded in _remake(writing, entry)}


def says_the_same(connection: Connection, entry: JournalEntry) -> bool:
    """Say whether an entry in quarantine would say again what it said, by the same worker: nothing of it was changed since."""
    holder = connection.exec_driver_sql("SELECT author, device FROM pen").one()
    row = connection.exec_driver_sql(f'SELECT area, gone FROM "{entry.entity}" WHERE id = ?', (entry.record,)).first()
    if row is None or (row.area, *holder) != (entry.area, entry.author, entry.device) or len(_folded(connection, entry)) > 1:
        return False
    if bool(row.gone) is not (entry.kind == ChangeKind.TOMBSTONE):
        return False
    names = None if entry.kind == ChangeKind.CREATE else entry.fields.keys()
    present: object = orjson.loads(_present(connection, entry.entity, entry.record, names))
    return present == entry.fields


def offer_same(writing: Writing, id_: str) -> None:
    """Send an entry of the quarantine again as it is."""
    connection = writing.connection
    found = connection.exec_driver_sql("SELECT entity, record FROM journal WHERE id = ? AND settled_at IS NULL", (id_,)).first()
    if found is not None:
        connection.exec_driver_sql("UPDATE journal SET refusal = NULL WHERE id = ?", (id_,))
        writing.touch(found.entity, found.record)


def fields_settled(connection: Connection, entity: str, record: str) -> frozenset[str]:
    """Return the fields of a record of which this laptop's own edits were taken, or let go of; not those merely made anew."""
    rows = connection.exec_driver_sql(
        f"SELECT fields FROM journal WHERE entity = ? AND record = ? AND settled_at IS NOT NULL AND verdict <> '{REMADE}'",
        (entity, record),
    ).scalars()
    return frozenset(name for text in rows for name in orjson.loads(text))


def mended(connection: Connection) -> list[str]:
    """Return the ids of entries in quarantine for their words, whose records were edited since: it is time to try them again."""
    return [entry.id for entry in quarantined(connection) if entry.refusal in _MENDABLE and len(_folded(connection, entry)) > 1]


def offer_anew(writing: Writing, entity: str, record: str, *, also_gone: bool = False) -> bool:
    """Send a record that the server has not got, as it stands now; False for one that was removed, which is only kept.

    ``also_gone`` sends that too: the edit that removed it still waits, and follows it.
    """
    connection = writing.connection
    row = connection.exec_driver_sql(f'SELECT area, gone, made_at FROM "{entity}" WHERE id = ?', (record,)).first()
    if row is None or (row.gone and not also_gone):
        return False
    connection.exec_driver_sql(
        "INSERT INTO journal (id, entity, record, kind, area, names, fields, base, author, device, at, touched_at) "
        f"SELECT ?1, ?2, ?3, '{ChangeKind.CREATE.value}', ?4, '', ?5, 0, author, device, coalesce(?6, ewb_now()), ewb_now() "
        "FROM pen",
        (new_id(), entity, record, row.area, _present(connection, entity, record, None), row.made_at),
    )
    # number is no field, so no trigger watches it
    connection.exec_driver_sql(f'UPDATE "{entity}" SET number = 0 WHERE id = ?', (record,))
    writing.touch(entity, record)
    return True


def _folded(connection: Connection, entry: JournalEntry) -> list[JournalEntry]:
    """Return ``entry`` and the later entries that become one with it."""
    unsent = unsent_entries(connection, entry.entity, [entry.record])[entry.record]
    later = [each for each in unsent if each.counter > entry.counter]
    if entry.kind == ChangeKind.CREATE:
        return [entry, *later]
    # an edit of other fields goes its own way: it must not wait for this one
    names, folded = set(entry.fields), [entry]
    for each in later:
        if (each.refusal is not None or not each.offered) and not names.isdisjoint(each.fields):
            folded.append(each)
            names |= each.fields.keys()
    return folded


def _remake(writing: Writing, entry: JournalEntry) -> Sequence[JournalEntry]:
    """Put one entry, or two for a record that was made and removed, in the place of ``entry`` and what builds on it."""
    connection = writing.connection
    folded, is_new = _folded(connection, entry), entry.kind == ChangeKind.CREATE
    row = connection.exec_driver_sql(f'SELECT area, gone FROM "{entry.entity}" WHERE id = ?', (entry.record,)).first()
    if row is None:
        again = new_id()
        connection.exec_driver_sql("UPDATE journal SET id = ?, refusal = NULL WHERE id = ?", (again, entry.id))
        _follow(connection, entry.id, again)
        return [entry]
    connection.exec_driver_sql(
        f"UPDATE journal SET settled_at = ?, verdict = '{REMADE}', refusal = NULL WHERE id IN ({', '.join('?' * len(folded))})",
        (instant_text(writing.clock.now()), *(e.id for e in folded)),
    )
    names = {name for e in folded for name in e.fields}
    base = min(e.base for e in folded)
    if is_new:
        again = _enter(
            writing,
            entry,
            ChangeKind.CREATE,
            row.area,
            _present(connection, entry.entity, entry.record, None),
            base,
            entry.at,
            "{}",
        )
        _follow(connection, entry.id, again)
    if row.gone or not is_new:
        kind = ChangeKind.TOMBSTONE if row.gone else ChangeKind.EDIT
        said = "{}" if is_new else _present(connection, entry.entity, entry.record, names)
        was = "{}" if is_new else _was(connection, folded)
        _enter(writing, entry, kind, row.area, said, base, max(e.at for e in folded), was)
    writing.touch(entry.entity, entry.record)
    return folded


def _present(connection: Connection, entity: str, record: str, names: Collection[str] | None) -> str:
    """Return as JSON what the record says now under ``names``; None: everything that it says."""
    columns = [c for c in field_columns(METADATA.tables[entity]) if names is None or c.name in names]
    said = " || ".join(
        f"""CASE WHEN {"1" if names is not None else f'now."{c.name}" IS NOT NULL'} THEN ',"{c.name}":' || {json_of(c, "now")}
            ELSE '' END"""
        for c in columns
    )
    statement = f"""SELECT '{{' || substr({said or "''"}, 2) || '}}' FROM "{entity}" AS now WHERE id = ?"""
    return str(connection.exec_driver_sql(statement, (record,)).scalar_one())


def _follow(connection: Connection, before: str, again: str) -> None:
    connection.exec_driver_sql("UPDATE journal SET after = ? WHERE after = ? AND settled_at IS NULL", (again, before))


def _was(connection: Connection, folded: Sequence[JournalEntry]) -> str:
    """Return as JSON what the fields said before the first of these edits of each."""
    was: dict[str, object] = {}
    for entry in reversed(folded):
        text = connection.exec_driver_sql("SELECT was FROM journal WHERE id = ?", (entry.id,)).scalar_one()
        was |= orjson.loads(text)
    return orjson.dumps(was).decode()


def _enter(writing: Writing, entry: JournalEntry, kind: ChangeKind, area: str, fields: str, base: int, at: str, was: str) -> str:
    id_ = new_id()
    writing.connection.exec_driver_sql(
        "INSERT INTO journal (id, entity, record, kind, area, names, fields, base, author, device, at, touched_at, after, was) "
        "SELECT ?1, ?2, ?3, ?4, ?5, CASE ?4 WHEN 'create' THEN '' ELSE "
        "coalesce((SELECT group_concat(key) FROM json_each(?6)), '') END, ?6, ?7, "
        "pen.author, pen.device, ?8, ewb_now(), ?9, ?10 FROM pen",
        (id_, entry.entity, entry.record, kind.value, area, fields, base, at, entry.after, was),
    )
    return id_
