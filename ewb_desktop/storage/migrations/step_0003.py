"""Version 3: a handover says for which need it is."""

from __future__ import annotations

from typing import Any

from ewb_desktop.storage.migrations.adopting import adopt_column


def run(connection: Any) -> None:
    """Give handovers the field, with what colleagues who had it already have sent."""
    adopt_column(connection, "handover", "need", "TEXT")
