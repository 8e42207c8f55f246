"""What a worker is to be told when her role or areas became smaller: what changed, what was sent before, and how much left."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import Connection

from ewb_desktop.domain.time import instant_text, parse_instant
from ewb_desktop.storage.areas import EVERYWHERE
from ewb_desktop.storage.notes import read_note
from ewb_desktop.storage.writing import Writing

_DEPARTURE = "scope.departure"

TOLD_FOR = timedelta(days=7)
"""So long the page about sending and receiving says it, also once it was read."""


@dataclass(frozen=True, slots=True)
class Departure:
    """A role or areas that became smaller ``at`` a moment.

    ``areas`` are those that were taken away; ``role`` is the new one, empty when it stayed. ``sent`` of the worker's changes to
    what then left were taken by the server since, so many ``members`` have left this laptop, and what was typed about members
    and not saved became so many ``notes``.
    """

    at: datetime
    areas: tuple[str, ...] = ()
    role: str = ""
    sent: int = 0
    members: int = 0
    notes: int = 0
    is_read: bool = False


def read_departure(connection: Connection, now: datetime) -> Departure | None:
    """Return what is to be told, or None: nothing happened, or it was read and some days have passed."""
    kept: Any = read_note(connection, _DEPARTURE)
    if not isinstance(kept, dict):
        return None
    found = Departure(**{**kept, "at": parse_instant(kept["at"]), "areas": tuple(kept["areas"])})
    return None if found.is_read and now - found.at >= TOLD_FOR else found


def note_departure(writing: Writing, areas: Collection[str], role: str, since: datetime) -> None:
    """Keep that ``areas`` were taken away, or that the ``role`` became a smaller one, beside what was not read yet.

    ``since`` is when the answer came that said so: what it took of the worker's changes was sent before.
    """
    before = read_departure(writing.connection, writing.clock.now())
    if before is None or before.is_read:
        before = Departure(since)
    fresh = replace(before, areas=tuple(dict.fromkeys((*before.areas, *areas))), role=role or before.role)
    _keep(writing, fresh)


def note_given_back(writing: Writing, areas: Collection[str], role: str) -> None:
    """Forget of what is to be told that which is not true any more: ``areas`` and ``role`` are what the worker has now."""
    found = read_departure(writing.connection, writing.clock.now())
    if found is None:
        return
    gone = tuple(area for area in found.areas if area not in areas and EVERYWHERE not in areas)
    fresh = replace(found, areas=gone, role=found.role if found.role == role else "")
    if not fresh.areas and not fresh.role:
        writing.note(_DEPARTURE, None)
    elif fresh != found:
        _keep(writing, fresh)


def count_departure(writing: Writing, leaving: Collection[str] = (), *, members: int = 0, notes: int = 0) -> None:
    """Count what the server took of changes to the records that are ``leaving``, ``members`` who have left, and ``notes``.

    It is counted as long as it is told, also when it was read: those whose words waited leave later.
    """
    found = read_departure(writing.connection, writing.clock.now())
    if found is None:
        return
    sent = writing.connection.exec_driver_sql(
        "SELECT count(*) FROM journal WHERE number IS NOT NULL AND settled_at >= ? "
        "AND record IN (SELECT value FROM json_each(?))",
        (instant_text(found.at), orjson.dumps(list(leaving)).decode()),
    ).scalar()
    if sent or members or notes:
        sent = found.sent + int(sent or 0)
        _keep(writing, replace(found, sent=sent, members=found.members + members, notes=found.notes + notes))


def note_departure_read(writing: Writing) -> None:
    """Keep that the worker has read it."""
    found = read_departure(writing.connection, writing.clock.now())
    if found is not None:
        _keep(writing, replace(found, is_read=True))


def _keep(writing: Writing, departure: Departure) -> None:
    writing.note(_DEPARTURE, {**asdict(departure), "at": instant_text(departure.at), "areas": list(departure.areas)})
