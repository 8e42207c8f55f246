"""Version 2: the list of members has its order from an index, as in files that were made later."""

from __future__ import annotations

from typing import Any


def run(connection: Any) -> None:
    """Make the index. The step that follows every migration makes the triggers of today."""
    connection.execute(
        "CREATE INDEX IF NOT EXISTS person_in_list_order ON person ("
        "coalesce(family_name, preferred_name, given_name, '') COLLATE NOCASE, "
        "coalesce(preferred_name, given_name, '') COLLATE NOCASE, id, coordinator) WHERE gone = 0"
    )
