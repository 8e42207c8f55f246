"""Settings that live in the encrypted file and never travel: the cursor of sync, the last venue, what was dismissed."""

from __future__ import annotations

import orjson
from pydantic import JsonValue
from sqlalchemy import Connection

from ewb_desktop.storage.direct import fetch_first

PROGRESS = "sync.progress"
"""Where it is kept how far the exchange with the server has come (:mod:`ewb_desktop.storage.exchange.sync_state`)."""


def read_note(connection: Connection, key: str, default: JsonValue = None) -> JsonValue:
    """Return what ``Writing.note`` kept under ``key``, or ``default``."""
    kept = fetch_first(connection, "SELECT value FROM note WHERE key = ?", (key,))
    return default if kept is None else orjson.loads(kept[0])
