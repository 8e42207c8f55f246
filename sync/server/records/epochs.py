"""When an organisation's epoch began, and how what was made in another one counts in it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, select

from sync.protocol.change import Change
from sync.server.database import tables
from sync.server.database.cells import is_text
from sync.server.records import audit
from sync.server.records.legible import is_instant

RESTORED: Final = "restored"
"""The audit's word for a database that was put back, as the administrator said it."""
FOUND_OUT: Final = "put_back"
"""The audit's word for one of which nobody said so; its worker and laptop are those that showed it."""
_ENDED: Final = "epoch_ended"
"""The audit's word for an epoch that is over: which, and the last number that stands of it."""
_LONGEST: Final = 18
"""Most digits of a number that the audit is believed."""

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


def ended(worker: str, device: str, epoch: str, number: int) -> audit.Entry:
    """Return the entry which says that ``epoch`` is over, and that what is numbered up to ``number`` stands of it."""
    return audit.Entry(worker, device, _ENDED, "epoch", epoch, str(number))


def heard_in(connection: Connection, organisation: str, epoch: str | None) -> int:
    """Return up to which number something told in another ``epoch`` means the same in the present one.

    The database may have been put back more than once since: of all that ended from then on the least counts. An epoch that the
    audit does not name was begun in a database that is not here any more: nothing that was told in it counts. Where nobody can
    say which it was (None), the least of all counts.
    """
    row = tables.audit.c
    ends = select(row.number, row.record, row.detail).where(row.organisation == organisation, row.action == _ENDED)
    last_first, stand = ends.order_by(row.number.desc()).limit(1), []
    # one after another: the one that is asked for is hardly ever far back
    found = connection.execute(last_first).one_or_none()
    while found is not None:
        stand.append(_number(found.detail))
        if found.record == epoch:
            return min(stand)
        found = connection.execute(last_first.where(row.number < found.number)).one_or_none()
    return min(stand, default=0) if epoch is None else 0


def _number(detail: object) -> int:
    """Return the number that an entry tells; 0 where a failing disk altered it."""
    said = str(detail) if is_text(detail) else ""
    return int(said) if said.isascii() and said.isdecimal() and len(said) <= _LONGEST else 0


def as_of_now(change: Change, heard: int) -> Change:
    """Return a change that was made in another epoch as it counts in this one, where ``heard`` is how far it means the same."""
    return change.model_copy(update={"base": min(change.base, heard)})


def put_back_at(connection: Connection, organisation: str) -> str:
    """Return when the database was last put back, in no words where it never was."""
    house = tables.organisation.c
    began = connection.execute(select(house.epoch_number).where(house.organisation == organisation)).scalar_one()
    if not began:
        # nothing was ever put back: the whole audit would be read for it
        return ""
    return audit.last_of(connection, organisation, (RESTORED, FOUND_OUT)) or ""
