"""Reads what was not sent out of a file that a backup took the place of, also where some of its pages are damaged."""

# ruff: noqa: S608 - the names in these statements come from the protocol and from this program, values are bound

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import orjson
import sqlcipher3.dbapi2 as driver
from pydantic import JsonValue

from ewb_desktop.storage.errors import DamagedFile
from ewb_desktop.storage.ids import find_ids
from ewb_desktop.storage.tables import METADATA
from sync.protocol.entities import ENTITIES, person_of

_ENTRY = "id, entity, record, kind, area, names, fields, base, author, device, at, after, refusal, was"
_JOURNAL, _ONE = "settled_at IS NULL ORDER BY counter", "settled_at IS NULL AND counter = ?"
_MEMBER = "person"

Row = dict[str, Any]
Place = tuple[str, str]
"""A kind of record and an id."""


class Entry(NamedTuple):
    """An unsent edit, as the columns of the journal have it."""

    id: str
    entity: str
    record: str
    kind: str
    area: str
    names: str
    fields: str
    base: int
    author: str
    device: str
    at: str
    after: str | None
    refusal: str | None
    was: str

    @property
    def place(self) -> Place:
        """The record that was edited."""
        return self.entity, self.record

    def said(self) -> dict[str, JsonValue]:
        """Return the fields with what they say."""
        found: dict[str, JsonValue] = orjson.loads(self.fields)
        return found


@dataclass(frozen=True, slots=True)
class Work:
    """What was not sent in a file that was set aside.

    ``ids`` are of all edits in its journal, sent ones too. ``rows`` are the records in question, and the members whom they or
    drafts are about, as that file showed them. ``carried`` are colleagues' changes (text and signature), ``looks`` and
    ``drafts`` rows of their tables. ``is_whole``: nothing of this is missing because a page could not be read.
    """

    entries: Sequence[Entry] = ()
    ids: frozenset[str] = frozenset()
    rows: dict[Place, Row] = field(default_factory=dict)
    carried: Sequence[tuple[str, str, str]] = ()
    looks: Sequence[tuple[Any, ...]] = ()
    drafts: Sequence[tuple[Any, ...]] = ()
    is_whole: bool = True


class Reader:
    """Asks a file of which some pages may be damaged. ``connect`` opens it: one that met such a page answers nothing more."""

    def __init__(self, connect: Callable[[], Any]) -> None:
        self._connect = connect
        self._connection = connect()
        self.is_whole = True

    def ask(self, statement: str, bound: Sequence[Any] = ()) -> list[tuple[Any, ...]] | None:
        """Return the rows, None where they cannot be read."""
        try:
            return list(self._connection.execute(statement, bound))
        except driver.DatabaseError:
            self._connection.close()
            self._connection = self._connect()
            return None

    def need(self, statement: str, bound: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Return the rows, none where they cannot be read: then not everything was."""
        found = self.ask(statement, bound)
        self.is_whole = self.is_whole and found is not None
        return found or []

    def close(self) -> None:
        """Close the file."""
        self._connection.close()


def read_work(reader: Reader) -> Work:
    """Return what was not sent, as much of it as can be read; raises :class:`DamagedFile` when nothing says what there was."""
    entries = _entries(reader)
    carried = reader.need("SELECT id, text, signature, entity, record FROM brought WHERE settled_at IS NULL ORDER BY place")
    # what a colleague's change did to a row is worked out again, so that it can be taken off again
    laid = {(entity, record) for _, _, _, entity, record in carried}
    rows: dict[Place, Row] = {}
    for entity, record in dict.fromkeys(entry.place for entry in entries):
        if entity in ENTITIES and (entity, record) not in laid:
            _read_row(reader, rows, entity, record)
    for entry in entries:
        member = _member(entry, rows.get(entry.place))
        if member is not None and (_MEMBER, member) not in laid:
            _read_row(reader, rows, _MEMBER, member)
    drafts = reader.need("SELECT key, value, saved_at FROM draft")
    for key, value, _ in drafts:
        for id_ in find_ids(f"{key} {value}"):
            if (_MEMBER, id_) not in laid:
                _read_row(reader, rows, _MEMBER, id_)
    ids = reader.ask("SELECT id FROM journal")
    return Work(
        entries,
        frozenset(id_ for (id_,) in ids or ()) | {entry.id for entry in entries},
        rows,
        [(id_, text, signature) for id_, text, signature, _, _ in carried],
        reader.need("SELECT id, kind, entity, record, at FROM look WHERE told_at IS NULL ORDER BY place"),
        drafts,
        reader.is_whole,
    )


def _entries(reader: Reader) -> list[Entry]:
    found = reader.ask(f"SELECT {_ENTRY} FROM journal WHERE {_JOURNAL}")
    if found is not None:
        return [Entry(*row) for row in found]
    last = reader.ask("SELECT seq FROM sqlite_sequence WHERE name = 'journal'")
    if not last:
        raise DamagedFile
    # a file that was put back itself counts on from far above: which entries there are may stand on pages that are whole
    waiting = reader.ask("SELECT counter FROM journal INDEXED BY journal_waiting WHERE settled_at IS NULL ORDER BY counter")
    entries = []
    for counter in [each for (each,) in waiting] if waiting is not None else range(1, last[0][0] + 1):
        entries += [Entry(*row) for row in reader.need(f"SELECT {_ENTRY} FROM journal WHERE {_ONE}", (counter,))]
    return entries


def _read_row(reader: Reader, rows: dict[Place, Row], entity: str, record: str) -> None:
    """Add what this file showed; a row that cannot be read comes from the server, or is in the edit that made it."""
    if (entity, record) in rows:
        return
    names = [column.name for column in METADATA.tables[entity].columns]
    listed = ", ".join(f'"{name}"' for name in names)
    found = reader.ask(f'SELECT {listed} FROM "{entity}" WHERE id = ?', (record,))
    if found:
        rows[entity, record] = dict(zip(names, found[0], strict=True))


def _member(entry: Entry, row: Row | None) -> str | None:
    entity = ENTITIES.get(entry.entity)
    return None if entity is None else person_of(entity, entry.record, row if row is not None else entry.said())
