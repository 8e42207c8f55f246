"""Settings that live in the encrypted file and never travel: the cursor of sync, the last venue, what was dismissed."""

from __future__ import annotations

import orjson
from pydantic import JsonValue
from sqlalchemy import Connection


def read_note(connection: Connection, key: str, default: JsonValue = None) -> JsonValue:
    """Return what ``Writing.note`` kept under ``key``, or ``default``."""
    kept = connection.exec_driver_sql("SELECT value FROM note WHERE key = ?", (key,)).scalar()
    return default if kept is None else orjson.loads(str(kept))
