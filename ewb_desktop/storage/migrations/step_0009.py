"""Version 9: the organisation's own leaflets and pictures."""

from __future__ import annotations

from typing import Any

_ENVELOPE = (
    "id TEXT NOT NULL, area TEXT NOT NULL, number INTEGER DEFAULT '0' NOT NULL, author TEXT DEFAULT '' NOT NULL, made_at TEXT, "
    "gone INTEGER DEFAULT '0' NOT NULL, carried TEXT DEFAULT '{}' NOT NULL"
)


def run(connection: Any) -> None:
    """Make the two tables; what was set aside unread moves in at the next round."""
    connection.execute(
        f"""CREATE TABLE IF NOT EXISTS own_picture (
        {_ENVELOPE}, name TEXT, used_as TEXT, content TEXT, description TEXT, credit TEXT, stopped_at TEXT, stopped_by TEXT,
        PRIMARY KEY (id)
    ) STRICT"""
    )
    connection.execute(
        f"""CREATE TABLE IF NOT EXISTS own_leaflet (
        {_ENVELOPE}, file TEXT, source TEXT, stopped_at TEXT, stopped_by TEXT, PRIMARY KEY (id)
    ) STRICT"""
    )
