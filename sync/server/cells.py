"""Cells that hold JSON, read although a failing disk, or somebody outside this program, may have altered one of them."""

from __future__ import annotations

from typing import Any

import orjson


def object_in(cell: object) -> dict[str, Any] | None:
    """Return the JSON object in a cell; None where there is none any more."""
    try:
        told = orjson.loads(cell) if isinstance(cell, str) else None
    except ValueError:
        return None
    return told if isinstance(told, dict) else None


def areas_in(cell: object) -> list[str]:
    """Return the areas in a worker's row; none where they cannot be read: then they can be said anew."""
    try:
        told = orjson.loads(cell) if isinstance(cell, str) else None
    except ValueError:
        return []
    return [area for area in told if isinstance(area, str)] if isinstance(told, list) else []
