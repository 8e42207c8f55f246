"""What can be done inside a transaction: records are added, edited, removed, brought back; the journal follows by itself."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from typing import Any

import orjson
from pydantic import JsonValue
from sqlalchemy import Connection, insert, select, update
from uuid_utils import uuid7

from ewb_desktop.domain.time import Clock
from ewb_desktop.storage.changes import Changes
from ewb_desktop.storage.direct import fetch_all, fetch_first, run
from ewb_desktop.storage.errors import MissingRecord
from ewb_desktop.storage.notes import PROGRESS
from ewb_desktop.storage.tables import ENVELOPE_COLUMNS, Row, entity_of, table
from ewb_desktop.storage.triggers import json_of
from ewb_desktop.storage.typed_lines import Say, as_kept
from sync.protocol.entities import ENTITIES
from sync.protocol.merge import GONE

SeenAt = int | Mapping[str, int] | None
"""At which number of the server somebody saw a record, or each of its fields; None: as it stands now."""


class Writing:
    """An open transaction of a :class:`~ewb_desktop.storage.store.Store`, valid until its ``with`` ends."""

    def __init__(self, connection: Connection, author: str, device: str, clock: Clock, say: Say = as_kept) -> None:
        self.connection = connection
        self.say = say
        self.author = author
        self.device = device
        self.clock = clock
        self._touched: set[tuple[str, str]] = set()
        self._wholesale: set[str] = set()
        self._began_at = self._last_entry()
        self._echo = 0

    def add(self, row: Row) -> str:
        """Write a new record and return its id. ``row.area`` must be set; id, author and time are filled in when they are not."""
        kind = type(row)
        if not row.area:
            raise ValueError(f"a {entity_of(kind)} needs its area")
        row.id = row.id or str(uuid7())
        row.author = row.author or self.author
        row.made_at = row.made_at or self.clock.now()
        self.connection.execute(insert(table(kind)).values(_values(row)))
        self.touch(entity_of(kind), row.id)
        return row.id

    def edit(self, kind: type[Row], id: str, **fields: Any) -> None:
        """Write those of ``fields`` (``area`` may be one) that differ; :class:`MissingRecord` when there is no such record."""
        known = table(kind).c
        allowed = ENTITIES[entity_of(kind)].fields
        for name in fields:
            if name not in allowed and name != "area":
                raise ValueError(f"a {entity_of(kind)} has no field {name}")
        names = list(fields)
        present = self.connection.execute(select(known.id, *(known[name] for name in names)).where(known.id == id)).first()
        if present is None:
            raise MissingRecord(f"there is no {entity_of(kind)} with this id in the file")
        differing = {name: fields[name] for name, was in zip(names, present[1:], strict=True) if fields[name] != was}
        if differing:
            self.connection.execute(update(table(kind)).where(known.id == id).values(differing))
            self.touch(entity_of(kind), id)

    def edit_as_seen(self, kind: type[Row], id: str, seen_at: SeenAt, **fields: Any) -> None:
        """Edit, for somebody who saw these fields as they stood at the server's number ``seen_at``, and not what came since.

        The server meets it as an edit that was made then: what a colleague answered since is asked about or stays in the history.
        ``seen_at`` may be a number for each field. Without a number a field was seen as it stands now.
        """
        numbers = seen_at if isinstance(seen_at, Mapping) else dict.fromkeys(fields, seen_at)
        for number in dict.fromkeys([numbers.get(name) for name in fields] or [None]):
            before = self._last_entry()
            self.edit(kind, id, **{name: value for name, value in fields.items() if numbers.get(name) == number})
            if number is not None:
                run(
                    self.connection,
                    "UPDATE journal SET base = ? WHERE counter > ? AND record = ? AND kind = 'edit' AND base > ?",
                    (number, before, id, number),
                )

    def say_again(self, kind: type[Row], id: str, field: str) -> None:
        """Enter into the journal that the worker said what stands in ``field`` already: others must not pass over it unasked.

        ``field`` may be :data:`~sync.protocol.merge.GONE`: then that the record is on the screens, or off them.
        """
        entity = entity_of(kind)
        said = "'{}'" if field == GONE else f"""json_object('{field}', json({json_of(table(kind).c[field], "now")}))"""
        # the names come from the protocol, the id is bound; whoever edits what was removed does not bring it back
        self.connection.exec_driver_sql(
            "INSERT INTO journal_edit (entity, record, kind, area, fields, base, was) "  # noqa: S608
            f"SELECT '{entity}', id, CASE gone WHEN 0 THEN 'edit' ELSE 'tombstone' END, area, {said}, number, {said} "
            f'FROM "{entity}" AS now WHERE id = ?',
            (id,),
        )
        self.touch(entity, id)

    def put(self, row: Row) -> str:
        """Add the record, or, when its id is there, bring it back if it was removed and edit the fields that were set."""
        kind = type(row)
        known = table(kind).c
        gone = self.connection.execute(select(known.gone).where(known.id == row.id)).scalar() if row.id else None
        if gone is None:
            return self.add(row)
        if gone:
            self.restore(kind, row.id)
        said = {name: getattr(row, name) for name in row.model_fields_set if name in ENTITIES[entity_of(kind)].fields}
        self.edit(kind, row.id, **said)
        return row.id

    def remove(self, kind: type[Row], id: str) -> None:
        """Take the record off the screens; it stays in the file and in history.

        The journal says up to which number of the server this laptop had heard everything: what others wrote about it before is
        known to whoever takes it off, and what they wrote since is asked about.
        """
        if self._set_gone(kind, id, 1):
            self.connection.exec_driver_sql(
                "UPDATE journal SET base = max(base, coalesce((SELECT value ->> '$.cursor' FROM note WHERE key = ?), 0)) "
                "WHERE counter = (SELECT max(counter) FROM journal) AND record = ? AND kind = 'tombstone'",
                (PROGRESS, id),
            )

    def restore(self, kind: type[Row], id: str) -> None:
        """Bring back what was removed."""
        self._set_gone(kind, id, 0)

    def note(self, key: str, value: JsonValue) -> None:
        """Keep a setting in this file; it never travels. Read with :func:`~ewb_desktop.storage.notes.read_note`."""
        run(
            self.connection,
            "INSERT INTO note (key, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value",
            (key, orjson.dumps(value).decode()),
        )

    @contextlib.contextmanager
    def echo(self, *, bulk: bool = False) -> Iterator[None]:
        """Keep what is written inside out of the journal: it comes from the server.

        With ``bulk`` the search index rests too: refresh it with ``search_index.refresh_search``.
        """
        before, now = self._echo, 2 if bulk else 1
        if before == now:
            yield
            return
        self._set_echo(now)
        # when the body raises the whole transaction goes back, and the guard with it; a caller who catches is served too
        try:
            yield
        finally:
            self._set_echo(before)

    def _set_echo(self, echo: int) -> None:
        self.connection.exec_driver_sql("UPDATE pen SET echo = ?", (echo,))
        self._echo = echo

    def touch(self, entity: str, id: str) -> None:
        """Name a record that was written by a statement of the caller's own."""
        self._touched.add((entity, id))

    def touch_wholesale(self, entity: str) -> None:
        """Say that so many records of ``entity`` were written that nobody should count them."""
        self._wholesale.add(entity)

    def changes(self) -> Changes:
        """Return what was written so far."""
        entered = fetch_all(self.connection, "SELECT entity, record FROM journal WHERE counter > ?", (self._began_at,))
        return Changes(frozenset(self._touched) | {(entity, record) for entity, record in entered}, frozenset(self._wholesale))

    def _last_entry(self) -> int:
        found = fetch_first(self.connection, "SELECT max(counter) FROM journal")
        return int(found[0] or 0) if found else 0

    def _set_gone(self, kind: type[Row], id: str, gone: int) -> bool:
        known = table(kind).c
        found = self.connection.execute(select(known.gone).where(known.id == id)).scalar()
        if found is None:
            raise MissingRecord(f"there is no {entity_of(kind)} with this id in the file")
        if found != gone:
            self.connection.execute(update(table(kind)).where(known.id == id).values(gone=gone))
            self.touch(entity_of(kind), id)
        return bool(found != gone)


def _values(row: Row) -> dict[str, Any]:
    names = dict.fromkeys((*ENVELOPE_COLUMNS, *ENTITIES[entity_of(type(row))].fields))
    return {name: getattr(row, name) for name in names if getattr(row, name) is not None}
