"""When an organisation's epoch began, and how what was made in another one counts in it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from sqlalchemy import Connection, select

from sync.protocol.change import Change
from sync.server.database import tables
from sync.server.database.cells import is_instant, is_text
from sync.server.records import audit

RESTORED: Final = "restored"
"""The audit's word for a database that was put back, as the administrator said it."""
FOUND_OUT: Final = "put_back"
"""The audit's word for one of which nobody said so; its worker and laptop are those that showed it."""
_ENDED: Final = "epoch_ended"
"""The audit's word for an epoch that is over: which, and what stands of it."""
_AT_MOST: Final = "at most "
_MADE_AT: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}", re.ASCII)
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


class End(NamedTuple):
    """Where an epoch ended: what is numbered up to ``number`` may stand of it, and does where that is ``exact``.

    Where nobody could say in time that the database was put back, new work took some of its numbers before that was known.
    """

    number: int
    exact: bool


def ended(worker: str, device: str, epoch: str, end: End) -> audit.Entry:
    """Return the audit's entry which says that ``epoch`` is over."""
    return audit.Entry(worker, device, _ENDED, "epoch", epoch, f"{'' if end.exact else _AT_MOST}{end.number}")


def ends_since(connection: Connection, organisation: str, epoch: str | None) -> Sequence[End]:
    """Return where ``epoch`` ended, and each that came after it: the database may have been put back more than once since.

    One that the audit does not name was begun in a database that is not here any more, and of None nobody can say which it was:
    then all are returned, and none of them is exact.
    """
    row = tables.audit.c
    query = select(row.number, row.record, row.detail).where(row.organisation == organisation, row.action == _ENDED)
    last_first, ends = query.order_by(row.number.desc()).limit(1), []
    # one after another: the one that is asked for is hardly ever far back
    found = connection.execute(last_first).one_or_none()
    while found is not None:
        ends.append(_end(found.detail))
        if found.record == epoch:
            return ends
        found = connection.execute(last_first.where(row.number < found.number)).one_or_none()
    return [End(end.number, exact=False) for end in ends]


def is_named(connection: Connection, organisation: str, epoch: str) -> bool:
    """Tell whether the audit names ``epoch`` as one that is over."""
    row = tables.audit.c
    query = select(row.number).where(row.organisation == organisation, row.action == _ENDED, row.record == epoch)
    return connection.execute(query.limit(1)).first() is not None


def made_at(epoch: str) -> int:
    """Return when an epoch's id was made, in milliseconds since 1970 (RFC 9562, 5.7); 0 where it does not tell."""
    digits = epoch[:8] + epoch[9:13]
    return int(digits, 16) if _MADE_AT.fullmatch(epoch) else 0


def heard_in(connection: Connection, organisation: str, epoch: str) -> int:
    """Return up to which number what was told in another ``epoch`` is known to mean the same in the present one."""
    ends = ends_since(connection, organisation, epoch)
    return min(end.number for end in ends) if ends and all(end.exact for end in ends) else 0


def _end(detail: object) -> End:
    """Return what an entry tells; nothing stands of the epoch where a failing disk altered it."""
    said = str(detail) if is_text(detail) else ""
    number = said.removeprefix(_AT_MOST)
    is_number = number.isascii() and number.isdecimal() and len(number) <= _LONGEST
    return End(int(number), said == number) if is_number else End(0, exact=False)


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
