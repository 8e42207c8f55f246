"""Version 4: the history of a record is read on the laptop: edits say what was there before, and others' edits are kept."""

from __future__ import annotations

from typing import Any


def run(connection: Any) -> None:
    """Give the journal its column and make the table of what was heard. Triggers of today follow every migration."""
    # they name the view without its new column
    for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        connection.execute(f'DROP TRIGGER "{name}"')
    connection.execute("ALTER TABLE journal ADD COLUMN was TEXT NOT NULL DEFAULT '{}'")
    connection.execute("DROP VIEW journal_edit")
    connection.execute("CREATE VIEW journal_edit AS SELECT entity, record, kind, area, fields, base, was FROM journal")
    connection.execute(
        """CREATE TABLE heard (
        number INTEGER PRIMARY KEY, entity TEXT NOT NULL, record TEXT NOT NULL, kind TEXT NOT NULL, author TEXT NOT NULL,
        at TEXT NOT NULL, fields TEXT NOT NULL, heard_at TEXT NOT NULL
    ) STRICT"""
    )
    connection.execute("CREATE INDEX heard_record ON heard (record)")
