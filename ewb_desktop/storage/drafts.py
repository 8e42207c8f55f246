"""Words that are not a record yet: kept in the encrypted file as they are typed, never sent, gone once they are saved."""

from __future__ import annotations

import contextlib

import orjson
from pydantic import JsonValue

from ewb_desktop.domain.time import instant_text
from ewb_desktop.storage.errors import FailingDisk, FullDisk, StorageTrouble
from ewb_desktop.storage.file.reserve import Reserve
from ewb_desktop.storage.store import Store


def save_draft(store: Store, key: str, value: JsonValue) -> None:
    """Keep ``value`` under ``key`` (a page and the record it is about), in place of what was there.

    Raises ``FullDisk`` and its like; the words then stay in memory as long as the file is open, and go in with the next draft.
    """
    store.unkept[key] = value
    bring_in_unkept(store)


def bring_in_unkept(store: Store) -> None:
    """Write into the file what could not be written before, if anything. Raises as :func:`save_draft`."""
    if not store.unkept:
        return
    with store.write() as writing:
        for name, words in store.unkept.items():
            writing.connection.exec_driver_sql(
                "INSERT INTO draft (key, value, saved_at) VALUES (?, ?, ?) "
                "ON CONFLICT DO UPDATE SET value = excluded.value, saved_at = excluded.saved_at",
                (name, orjson.dumps(words).decode(), instant_text(store.clock.now())),
            )
    store.unkept.clear()


def keep_at_last(store: Store) -> bool:
    """Write what could not be written before, in the room that was kept for it if need be; say whether everything is kept now.

    For the moment before the file is closed: what is in memory goes with it.
    """
    try:
        bring_in_unkept(store)
    except StorageTrouble:
        if not Reserve(store.path).give_back():
            return False
        try:
            bring_in_unkept(store)
        except StorageTrouble:
            return False
    return True


def load_draft(store: Store, key: str) -> JsonValue:
    """Return what was kept under ``key``, or None."""
    if key in store.unkept:
        return store.unkept[key]
    with store.read() as connection:
        kept = connection.exec_driver_sql("SELECT value FROM draft WHERE key = ?", (key,)).scalar()
    return None if kept is None else orjson.loads(str(kept))


def draft_keys(store: Store, beginning: str) -> list[str]:
    """Return the keys that begin so, of what is kept in the file or in memory."""
    with store.read() as connection:
        kept = connection.exec_driver_sql("SELECT key FROM draft").scalars().all()
    return sorted({key for key in (*kept, *store.unkept) if key.startswith(beginning)})


def drop_draft(store: Store, key: str) -> None:
    """Forget what was kept under ``key``: it became a record, or the worker cleared it."""
    store.unkept.pop(key, None)
    # a draft that stays is offered once more; a form that was saved must not look as if it had not been
    with contextlib.suppress(FullDisk, FailingDisk), store.write() as writing:
        writing.connection.exec_driver_sql("DELETE FROM draft WHERE key = ?", (key,))
