"""What was destroyed by law leaves no words on this laptop: neither in what was heard of it, nor in what was sent of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import orjson

from ewb_desktop.storage.writing import Writing
from sync.protocol.entities import ENVELOPE


def find_destroyed(columns: Mapping[str, Sequence[Any] | None]) -> list[str]:
    """Return the ids of those of the server's rows, given as columns, that are gone and say nothing at all any more.

    That is how a row of what was destroyed arrives, also where nobody tells of the erasure beside it: in a snapshot, or when
    everything is asked for anew. One from which every word was taken before it was withdrawn looks the same, and has as little
    to keep.
    """
    gone, ids = columns.get("gone"), columns["id"]
    if gone is None or ids is None or 1 not in gone:
        return []
    said = [values for name, values in columns.items() if name not in ENVELOPE and values is not None]
    return [
        str(id_)
        for place, (id_, is_gone) in enumerate(zip(ids, gone, strict=True))
        if is_gone == 1 and all(values[place] is None for values in said)
    ]


def forget_words(writing: Writing, entity: str, records: Collection[str]) -> None:
    """Empty what this laptop knows of the history of ``records``; that something was said, by whom and when stays.

    What was not sent yet stays as it is: the server answers it, and sends the row again.
    """
    if not records:
        return
    one_by_one = [(record,) for record in records]
    connection, told = writing.connection, orjson.dumps([*records]).decode()
    connection.exec_driver_sql("UPDATE heard SET fields = '{}' WHERE record = ?", one_by_one)
    connection.exec_driver_sql(
        "UPDATE journal SET fields = '{}', was = '{}' WHERE record = ? AND settled_at IS NOT NULL", one_by_one
    )
    connection.exec_driver_sql(
        "UPDATE brought SET text = '', signature = '' "
        "WHERE settled_at IS NOT NULL AND record IN (SELECT value FROM json_each(?))",
        (told,),
    )
    connection.exec_driver_sql(
        "DELETE FROM carried_row WHERE entity = ? AND id IN (SELECT value FROM json_each(?))", (entity, told)
    )
