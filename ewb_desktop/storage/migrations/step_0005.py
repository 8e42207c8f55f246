"""Version 5: colleagues' laptops are known, and their changes can be carried for them."""

from __future__ import annotations

from typing import Any


def run(connection: Any) -> None:
    """Make the two tables; laptops that were set aside unread move in at the next round."""
    connection.execute(
        """CREATE TABLE IF NOT EXISTS laptop (
        id TEXT NOT NULL, area TEXT NOT NULL, number INTEGER DEFAULT '0' NOT NULL, author TEXT DEFAULT '' NOT NULL, made_at TEXT,
        gone INTEGER DEFAULT '0' NOT NULL, carried TEXT DEFAULT '{}' NOT NULL, worker TEXT, name TEXT, sealing_key TEXT,
        signing_key TEXT, active INTEGER, PRIMARY KEY (id)
    ) STRICT"""
    )
    connection.execute(
        """CREATE TABLE IF NOT EXISTS brought (
        place INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, sender TEXT NOT NULL, author TEXT NOT NULL,
        entity TEXT NOT NULL, record TEXT NOT NULL, kind TEXT NOT NULL, area TEXT NOT NULL, text TEXT NOT NULL,
        signature TEXT NOT NULL, brought_at TEXT NOT NULL, mark INTEGER NOT NULL, stood INTEGER, was TEXT NOT NULL,
        laid TEXT NOT NULL, settled_at TEXT, verdict TEXT, number INTEGER, refusal TEXT
    ) STRICT"""
    )
    connection.execute("CREATE INDEX IF NOT EXISTS brought_waiting ON brought (place) WHERE settled_at IS NULL")
