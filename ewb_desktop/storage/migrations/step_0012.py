"""Version 12: members whose records were taken off the screens have an index, so that a search finds them too."""

from __future__ import annotations

from typing import Any


def run(connection: Any) -> None:
    """Make the index."""
    connection.execute("CREATE INDEX IF NOT EXISTS person_taken_off ON person (id) WHERE gone = 1")
