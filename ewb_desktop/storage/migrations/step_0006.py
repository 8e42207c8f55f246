"""Version 6: a coordinator is told of somebody outside the area who opened a member's records."""

from __future__ import annotations

from typing import Any


def run(connection: Any) -> None:
    """Make the table; openings that were set aside unread move in at the next round."""
    connection.execute(
        """CREATE TABLE IF NOT EXISTS opening (
        id TEXT NOT NULL, area TEXT NOT NULL, number INTEGER DEFAULT '0' NOT NULL, author TEXT DEFAULT '' NOT NULL, made_at TEXT,
        gone INTEGER DEFAULT '0' NOT NULL, carried TEXT DEFAULT '{}' NOT NULL, person TEXT, worker TEXT, worker_name TEXT,
        reason TEXT, words TEXT, opened_at TEXT, until TEXT, read_at TEXT, read_by TEXT, PRIMARY KEY (id)
    ) STRICT"""
    )
    connection.execute('CREATE INDEX IF NOT EXISTS opening_by_person ON opening ("person")')
