"""When an organisation's epoch began, and how what was made in another one counts in it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, select

from sync.protocol.change import Change
from sync.server.database import tables
from sync.server.records import audit
from sync.server.records.legible import is_instant

RESTORED: Final = "restored"
"""The audit's word for a database that was put back, as the administrator said it."""
FOUND_OUT: Final = "put_back"
"""The audit's word for one of which nobody said so; its worker and laptop are those that showed it."""


_JUST_NOW: Final = timedelta(minutes=10)
"""A second word of the administrator within this time is taken for the same: it was typed twice, or by two people."""


def begun_just_now(connection: Connection, organisation: str, now: datetime) -> str | None:
    """Return when the administrator said a moment ago that the database was put back; None where a laptop showed it since."""
    row = tables.audit.c
    query = select(row.at, row.action).where(row.organisation == organisation, row.action.in_((RESTORED, FOUND_OUT)))
    last = connection.execute(query.order_by(row.number.desc()).limit(1)).one_or_none()
    if last is None or last.action != RESTORED or not is_instant(last.at):
        return None
    # one that is still to come was noted by a clock that was ahead
    return str(last.at) if timedelta() <= now - datetime.fromisoformat(last.at) < _JUST_NOW else None


def as_of_now(change: Change, epoch_number: int) -> Change:
    """Return a change that was made in another epoch as it counts in this one, which began at ``epoch_number``."""
    # numbers of another epoch mean nothing here beyond the number at which this one began
    return change.model_copy(update={"base": min(change.base, epoch_number)})


def epoch_number(connection: Connection, organisation: str) -> int:
    """Return the last number that was given before this epoch began."""
    house = tables.organisation.c
    return int(connection.execute(select(house.epoch_number).where(house.organisation == organisation)).scalar_one())


def put_back_at(connection: Connection, organisation: str) -> str:
    """Return when the database was last put back, in no words where it never was."""
    # where nothing was ever put back, the whole audit would be read for it
    if not epoch_number(connection, organisation):
        return ""
    return audit.last_of(connection, organisation, (RESTORED, FOUND_OUT)) or ""
