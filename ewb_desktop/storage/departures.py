"""What a worker is to be told when her role or areas became smaller: what changed, what was sent before, and how much left."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import Connection

from ewb_desktop.domain.time import instant_text, parse_instant
from ewb_desktop.storage.notes import read_note
from ewb_desktop.storage.writing import Writing

_DEPARTURE = "scope.departure"

TOLD_FOR = timedelta(days=7)
"""So long the page about sending and receiving says it, also once it was read."""


@dataclass(frozen=True, slots=True)
class Departure:
    """A role or areas that became smaller ``at`` a moment.

    ``areas`` are those that were taken away; ``role`` is the new one, empty when it stayed. ``sent`` of the worker's changes to
    what then left were taken by the server since, and so many ``members`` have left this laptop.
    """

    at: datetime
    areas: tuple[str, ...] = ()
    role: str = ""
    sent: int = 0
    members: int = 0
    is_read: bool = False


def read_departure(connection: Connection, now: datetime) -> Departure | None:
    """Return what is to be told, or None: nothing happened, or it was read and some days have passed."""
    kept: Any = read_note(connection, _DEPARTURE)
    if not isinstance(kept, dict):
        return None
    found = Departure(**{**kept, "at": parse_instant(kept["at"]), "areas": tuple(kept["areas"])})
    return None if found.is_read and now - found.at >= TOLD_FOR else found


def note_departure(writing: Writing, areas: Collection[str], role: str) -> None:
    """Keep that ``areas`` were taken away, or that the ``role`` became a smaller one, beside what was not read yet."""
    now = writing.clock.now()
    before = read_departure(writing.connection, now)
    if before is None or before.is_read:
        before = Departure(now)
    fresh = replace(before, areas=tuple(dict.fromkeys((*before.areas, *areas))), role=role or before.role)
    _keep(writing, fresh)


def count_departure(writing: Writing, leaving: Collection[str], members: int = 0) -> None:
    """Count what the server took of changes to the records that are ``leaving``, and ``members`` who have left."""
    found = read_departure(writing.connection, writing.clock.now())
    if found is None or found.is_read:
        return
    sent = writing.connection.exec_driver_sql(
        "SELECT count(*) FROM journal WHERE number IS NOT NULL AND settled_at >= ? "
        "AND record IN (SELECT value FROM json_each(?))",
        (instant_text(found.at), orjson.dumps(list(leaving)).decode()),
    ).scalar()
    if sent or members:
        _keep(writing, replace(found, sent=found.sent + int(sent or 0), members=found.members + members))


def note_departure_read(writing: Writing) -> None:
    """Keep that the worker has read it."""
    found = read_departure(writing.connection, writing.clock.now())
    if found is not None:
        _keep(writing, replace(found, is_read=True))


def _keep(writing: Writing, departure: Departure) -> None:
    writing.note(_DEPARTURE, {**asdict(departure), "at": instant_text(departure.at), "areas": list(departure.areas)})
