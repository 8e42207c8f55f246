"""Version 11: one number says up to where entries may have been offered to the server, in place of a time on each of them."""

from __future__ import annotations

from typing import Any


def run(connection: Any) -> None:
    """Take the number from the entries, and the times from them."""
    if not any(name == "offered_at" for _, name, *_ in connection.execute("PRAGMA table_info(journal)").fetchall()):
        return
    # it speaks of the column; all triggers are made again after the last step
    connection.execute("DROP TRIGGER IF EXISTS journal_edit_entered")
    connection.execute("ALTER TABLE pen ADD COLUMN offered INTEGER NOT NULL DEFAULT 0")
    connection.execute("UPDATE pen SET offered = coalesce((SELECT max(counter) FROM journal WHERE offered_at IS NOT NULL), 0)")
    connection.execute("ALTER TABLE journal DROP COLUMN offered_at")
