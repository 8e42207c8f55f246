"""Words that are not a record yet: kept in the encrypted file as they are typed, never sent, gone once they are saved."""

from __future__ import annotations

import orjson
from pydantic import JsonValue

from ewb_desktop.domain.time import instant_text
from ewb_desktop.storage.store import Store


def save_draft(store: Store, key: str, value: JsonValue) -> None:
    """Keep ``value`` under ``key`` (a page and the record it is about), in place of what was there."""
    with store.write() as writing:
        writing.connection.exec_driver_sql(
            "INSERT INTO draft (key, value, saved_at) VALUES (?, ?, ?) "
            "ON CONFLICT DO UPDATE SET value = excluded.value, saved_at = excluded.saved_at",
            (key, orjson.dumps(value).decode(), instant_text(store.clock.now())),
        )


def load_draft(store: Store, key: str) -> JsonValue:
    """Return what was kept under ``key``, or None."""
    with store.read() as connection:
        kept = connection.exec_driver_sql("SELECT value FROM draft WHERE key = ?", (key,)).scalar()
    return None if kept is None else orjson.loads(str(kept))


def drop_draft(store: Store, key: str) -> None:
    """Forget what was kept under ``key``: it became a record, or the worker cleared it."""
    with store.write() as writing:
        writing.connection.exec_driver_sql("DELETE FROM draft WHERE key = ?", (key,))


def list_drafts(store: Store, beginning: str = "") -> list[str]:
    """Return the keys under which something is kept, newest first, that begin with ``beginning``."""
    with store.read() as connection:
        found = connection.exec_driver_sql("SELECT key FROM draft ORDER BY saved_at DESC").scalars().all()
    return [str(key) for key in found if str(key).startswith(beginning)]
