"""What of the journal leaves in one request: chosen, marked and written as it travels, all at one moment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from ewb_desktop.storage.exchange.journal import COLUMNS, Place, mark_offered, rows_to_send
from ewb_desktop.storage.writing import Writing

_ID, _ENTITY, _RECORD, _COUNTER = (COLUMNS.split(", ").index(name) for name in ("id", "entity", "record", "counter"))
_OFFERED = COLUMNS.count(", ") - 1
"""Where a row says that it was offered already, which is worked out and has no name."""


@dataclass(frozen=True, slots=True)
class Load:
    """Entries on their way: where they stand, and all of them as JSON, just as the journal holds them.

    With no entry ``text`` is empty. ``first_from`` is the counter from which on they were never offered to anybody before; None
    where all were.
    """

    places: tuple[Place, ...] = ()
    text: bytes = b""
    first_from: int | None = None

    @property
    def last(self) -> int:
        """The counter of the last entry, 0 where there is none."""
        return self.places[-1][-1] if self.places else 0


def take_load(writing: Writing, limit: int, room: int, after: int = 0) -> Load:
    """Choose what is sent next, as :func:`~ewb_desktop.storage.exchange.journal.pending` does, and mark it.

    From now on these entries are never altered, and later edits have entries of their own.
    """
    rows = rows_to_send(writing.connection, limit, room, after)
    if not rows:
        return Load()
    first_from = next((row[_COUNTER] for row in rows if not row[_OFFERED]), None)
    load = Load(tuple((row[_ID], row[_ENTITY], row[_RECORD], row[_COUNTER]) for row in rows), _text(rows), first_from)
    mark_offered(writing, load.last)
    return load


def _text(rows: Sequence[tuple[Any, ...]]) -> bytes:
    # a field's value is JSON in the journal already: it is neither read nor written again
    return orjson.dumps([
        {
            "id": id_, "entity": entity, "record": record, "kind": kind, "area": area, "fields": orjson.Fragment(fields),
            "base": base, "author": author, "device": device, "counter": counter, "at": at, "after": after,
        }
        for counter, id_, entity, record, kind, area, fields, base, author, device, at, after, _offered, _refusal in rows
    ])  # fmt: skip
