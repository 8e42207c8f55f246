"""Version 8: who looked at what on this laptop is kept until the server's audit has it."""

from __future__ import annotations

from typing import Any


def run(connection: Any) -> None:
    """Make the table."""
    connection.execute(
        """CREATE TABLE IF NOT EXISTS look (
        place INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, entity TEXT NOT NULL,
        record TEXT NOT NULL, at TEXT NOT NULL, told_at TEXT
    ) STRICT"""
    )
    connection.execute("CREATE INDEX IF NOT EXISTS look_waiting ON look (place) WHERE told_at IS NULL")
    connection.execute("CREATE INDEX IF NOT EXISTS look_record ON look (record, at)")
