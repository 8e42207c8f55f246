"""Version 10: a member's record says which peer support workers support her."""

from __future__ import annotations

from typing import Any

from ewb_desktop.storage.migrations.adopting import adopt_column


def run(connection: Any) -> None:
    """Give members the field, with what colleagues who had it already have sent."""
    adopt_column(connection, "person", "supporters", "TEXT")
