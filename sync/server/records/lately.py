"""What came lately, by the order in which it came too: a clock that was ahead, and was set right, makes nothing recent for ever.

A time that was noted while the clock was ahead lies years ahead of all that came after it. So a time alone lets nothing count as
recent: where something that came later was noted longer ago, what stands before it in the ledger is older still.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, func, select

from sync.server.clock import instant_text
from sync.server.database import tables

SENT_WITHIN: Final = timedelta(days=30)
"""So long what a laptop wrote under what it was allowed before is still taken: it may have been without a line."""

_LOOKED_AT: Final = 1_024
"""Lines of the ledger that are looked at in one go, which takes 2 ms; each go narrows down as much where the last old one is."""


@dataclass(frozen=True, slots=True)
class Lately:
    """From when on something is recent: noted after ``earliest``, and with a higher number than ``older`` in the ledger."""

    earliest: str
    older: int


def earliest_sent(moment: str) -> str:
    """Return the instant from which on work may have been written that comes at ``moment``."""
    return instant_text(datetime.fromisoformat(moment) - SENT_WITHIN)


def lately(connection: Connection, organisation: str, moment: str) -> Lately:
    """Return what is recent at ``moment``: what came in the last 30 days by its time, and not before what is older."""
    earliest = earliest_sent(moment)
    return Lately(earliest, _last_older(connection, organisation, earliest, moment))


def _last_older(connection: Connection, organisation: str, earliest: str, moment: str) -> int:
    """Return the number of the last line that came until ``earliest``, as far as lines at equal distances tell; 0 when none did.

    The ledger of years is not read for it: of these the last that is old is found, then of those behind it, and so on. Where
    old lines stand behind others that a clock which was ahead noted, some are passed over if they are fewer than one in
    ``_LOOKED_AT`` of all that came. A line from before the organisation is of a clock that was behind, and tells nothing.
    """
    line, house = tables.ledger.c, tables.organisation.c
    made = connection.execute(select(house.made_at).where(house.organisation == organisation)).scalar_one()
    of_here = line.organisation == organisation
    is_old = (line.received_at <= earliest) & (line.received_at >= (made if made <= moment else ""))
    older, end = 0, (connection.execute(select(func.max(line.number)).where(of_here)).scalar() or 0) + 1
    while end - older > 1:
        step = -(-(end - older) // _LOOKED_AT)
        seen = [*range(older + step, end, step)] or [end - 1]
        found = connection.execute(select(func.max(line.number)).where(of_here, line.number.in_(seen), is_old)).scalar()
        if found is None:
            end = seen[0]
        else:
            older, end = found, min(end, found + step)
    return older
