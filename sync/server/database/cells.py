"""Cells that hold JSON, read although a failing disk, or somebody outside this program, may have altered one of them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import orjson


def read_object(cell: object) -> dict[str, Any]:
    """Return the JSON object in a cell; raise ``ValueError`` when there is none any more."""
    told = _told(cell)
    if not isinstance(told, dict):
        raise ValueError("this is no object")  # noqa: TRY004 - one kind of fault, whatever the cell holds
    return told


def object_in(cell: object) -> dict[str, Any] | None:
    """Return the JSON object in a cell; None where there is none any more."""
    told = _told(cell)
    return told if isinstance(told, dict) else None


def texts_in(cell: object) -> list[str] | None:
    """Return the list of texts in a cell; None where there is none any more."""
    told = _told(cell)
    return told if isinstance(told, list) and all(isinstance(each, str) for each in told) else None


def areas_in(cell: object) -> list[str]:
    """Return the areas in a worker's row; none where they cannot be read: then they can be said anew."""
    return texts_in(cell) or []


def shown(cell: object) -> str:
    """Return a cell as somebody can read it who looks for what a failing disk altered: what is no text stands out."""
    if isinstance(cell, bytes):
        return cell.decode(errors="replace")
    return str(cell if cell is not None else "").encode(errors="surrogateescape").decode(errors="replace")


def is_text(cell: object) -> bool:
    """Tell whether a cell is text, of which every byte can be read."""
    if not isinstance(cell, str):
        return False
    try:
        return cell.isascii() or bool(cell.encode())
    except UnicodeEncodeError:
        return False


def _told(cell: object) -> object:
    try:
        # bytes are what the embedded file gives where a cell is not marked as text any more; they may be right otherwise
        return orjson.loads(cell) if isinstance(cell, str | bytes) else None
    except ValueError:
        return None


def is_instant(cell: object) -> bool:
    """Tell whether a cell holds an instant, as this server writes it."""
    try:
        return is_text(cell) and datetime.fromisoformat(str(cell)).tzinfo is not None
    except ValueError:
        return False
