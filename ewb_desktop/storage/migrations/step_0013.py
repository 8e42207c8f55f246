"""Version 13: what waits for a choice says by whom, when and for whom the other answer was said."""

from __future__ import annotations

from typing import Any

from ewb_desktop.storage.migrations.adopting import adopt_column


def run(connection: Any) -> None:
    """Give questions the field; what a newer server sent of it and was carried unread moves in."""
    adopt_column(connection, "conflict", "other_told", "TEXT")
