"""What a worker was allowed until lately: what she wrote before her role or her areas changed is still taken, for a while."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from sqlalchemy import Connection, select

from sync.server.database import tables
from sync.server.database.cells import object_in
from sync.server.database.questions import Question, given
from sync.server.records.following import with_departed, with_matched
from sync.server.records.lately import Lately, lately
from sync.server.records.openings import with_sendable
from sync.server.records.scope import SERVER, Grant

LATE: Final = "late"
"""The audit's word for what was taken because its author's role or areas allowed it until lately."""

_Standing = tuple[str, tuple[str, ...]]
"""A role, and the areas in which it was held."""

_TOLD: Final = Question(
    select(tables.ledger.c.number, tables.ledger.c.fields, tables.ledger.c.received_at)
    .where(
        tables.ledger.c.organisation == given("at_organisation"),
        tables.ledger.c.record == given("at_worker"),
        tables.ledger.c.entity == "worker",
        # who may do what is the server's word alone, whatever a database from before has of a laptop's
        tables.ledger.c.device == SERVER,
    )
    .order_by(tables.ledger.c.number)
)


def former_grants(connection: Connection, grant: Grant, moment: str) -> Sequence[Grant]:
    """Return what the roles and areas allowed that the worker of ``grant`` had within the last 30 days, the latest first.

    They are asked about what would be refused otherwise, and let nothing be read: a laptop that was without a line while its
    worker's role or areas changed sends what she wrote before she heard of it. Each role counts with the areas that she had with
    it. A worker who was signed off is not let in at all.
    """
    found = _TOLD.ask(connection, {"at_organisation": grant.organisation, "at_worker": grant.worker})
    recent = lately(connection, grant.organisation, moment)
    former = [each for each in _standings_until(found, recent) if each != (grant.role, grant.areas)]
    return [_whole(connection, Grant(grant.organisation, grant.device, grant.worker, *each), moment) for each in former]


def _whole(connection: Connection, grant: Grant, moment: str) -> Grant:
    """Return a grant with the members about whom it could be written under it: matched, opened, or gone from its scope since."""
    grant = with_sendable(connection, with_matched(connection, grant), moment)
    return with_departed(connection, grant, moment)


def _standings_until(told: Iterable[Any], recent: Lately) -> list[_Standing]:
    """Return as what and where a worker worked, as her record says, at any time that is ``recent``; the latest first."""
    found: list[_Standing] = []
    role, areas = "", tuple[str, ...]()
    for line in told:
        said = object_in(line.fields) or {}
        role, areas = said.get("role", role), tuple(said.get("areas", areas))
        if line.received_at <= recent.earliest or line.number <= recent.older:
            # whatever was said before ended before
            found.clear()
        found.append((role, areas))
    return list(dict.fromkeys(reversed(found)))
