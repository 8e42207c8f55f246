"""In which areas a worker worked until lately: what she wrote there before she moved is still taken, for a while."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any, Final

import orjson
from sqlalchemy import Connection, select

from sync.server import tables
from sync.server.clock import instant_text
from sync.server.openings import SENT_WITHIN
from sync.server.questions import Question, given
from sync.server.scope import Grant

LATE: Final = "late"
"""The audit's word for what was taken because its author worked in that area until lately."""

_TOLD: Final = Question(
    select(tables.ledger.c.fields, tables.ledger.c.received_at)
    .where(
        tables.ledger.c.organisation == given("at_organisation"),
        tables.ledger.c.record == given("at_worker"),
        tables.ledger.c.entity == "worker",
    )
    .order_by(tables.ledger.c.number)
)


def with_former_areas(connection: Connection, grant: Grant, moment: str) -> Grant | None:
    """Return the grant with the areas that its worker had within the last 30 days too; None where there are no others.

    It is asked of what would be refused otherwise, and lets nothing be read: a laptop that was without a line while its worker
    moved sends what she wrote before she heard of it. Her role is the one that she has now. A worker who was signed off is
    not let in at all.
    """
    earliest = instant_text(datetime.fromisoformat(moment) - SENT_WITHIN)
    found = _TOLD.ask(connection, {"at_organisation": grant.organisation, "at_worker": grant.worker})
    former = _areas_until(found, earliest) - set(grant.areas)
    return replace(grant, areas=(*grant.areas, *sorted(former))) if former else None


def _areas_until(told: Any, earliest: str) -> set[str]:
    """Return the areas of which a worker's record said, at any time from ``earliest`` on, that they are hers."""
    found: set[str] = set()
    for line in told:
        areas = orjson.loads(line.fields).get("areas")
        if not isinstance(areas, list):
            continue
        if line.received_at <= earliest:
            # whatever was said before ended before
            found.clear()
        found |= {area for area in areas if isinstance(area, str)}
    return found
