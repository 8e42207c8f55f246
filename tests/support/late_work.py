"""What a worker wrote before her role or her areas changed, and what the server makes of it when it comes."""

from __future__ import annotations

from sqlalchemy import select

from sync.protocol.change import Change
from sync.protocol.errors import Refusal
from sync.server.database import tables
from sync.server.pushing.former import LATE
from tests.support.callers import Caller
from tests.support.servers import RunningServer


def wrote(caller: Caller, **otherwise: str) -> tuple[Change, Change]:
    """Write a new member and what she wants, as a laptop without a line does."""
    person = caller.change("person", {"preferred_name": "Mina", **otherwise})
    return person, caller.change("goal", {"person": person.record, "words": "to sleep again"})


def reasons(caller: Caller, *changes: Change) -> list[Refusal | None]:
    """Do one round; return why each of the changes was not taken."""
    return [verdict.reason for verdict in caller.round(*changes).verdicts]


def late(server: RunningServer) -> list[tuple[str, str, str]]:
    """Return what the audit says of work that came late: the kind of each record, its id, and what was done as whom."""
    row = tables.audit.c
    query = select(row.entity, row.record, row.detail).where(row.action == LATE).order_by(row.number)
    return [(each.entity, each.record, each.detail) for each in server.do(lambda c: c.execute(query).all())]
