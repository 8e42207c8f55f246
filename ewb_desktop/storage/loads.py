"""What of the journal leaves in one request: chosen, marked and written as it travels, all at one moment."""

from __future__ import annotations

from dataclasses import dataclass

import orjson

from ewb_desktop.storage.journal import COLUMNS, mark_offered, rows_to_send
from ewb_desktop.storage.writing import Writing
from sync.protocol.change import Change

_PLACES = {name: COLUMNS.split(", ").index(name) for name in Change.model_fields if name != "fields"}
_COUNTER, _ID, _FIELDS = (COLUMNS.split(", ").index(name) for name in ("counter", "id", "fields"))


@dataclass(frozen=True, slots=True)
class Load:
    """Entries on their way: their ids, the counter of the last, and all of them as JSON, just as the journal holds them.

    With no entry ``text`` is empty.
    """

    ids: tuple[str, ...] = ()
    last: int = 0
    text: bytes = b""


def take_load(writing: Writing, limit: int, room: int, after: int = 0) -> Load:
    """Choose what is sent next, as :func:`~ewb_desktop.storage.journal.pending` does, and mark it.

    From now on these entries are never altered, and later edits have entries of their own.
    """
    rows = rows_to_send(writing.connection, limit, room, after)
    if not rows:
        return Load()
    last = rows[-1][_COUNTER]
    mark_offered(writing, last)
    # a field's value is JSON in the journal already: it is neither read nor written again
    changes = [{name: row[at] for name, at in _PLACES.items()} | {"fields": orjson.Fragment(row[_FIELDS])} for row in rows]
    return Load(tuple(row[_ID] for row in rows), last, orjson.dumps(changes))
