"""What was handed out: each giving stands in the audit with the number up to which the laptop may have records since.

The number tells what a laptop may hold, not the time: a clock that was wrong, and was set right, changes no number.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, select

from sync.server.database import tables
from sync.server.database.bulk import lock_counter
from sync.server.records import audit
from sync.server.records.scope import Grant

GIVE: Final = "give"
"""The audit's word for rows that a laptop received from the server."""
HANDED: Final = "hand"
"""The audit's word for what one laptop sealed for another; such an entry names the laptop that it is for."""

_NUMBERS: Final = re.compile(r"\bnumbers (?:\d+ )?to (\d+)")


@dataclass(frozen=True, slots=True)
class Given:
    """What the audit tells of all that a laptop was given.

    ``numbers``: up to which number it may have records since each giving, and when that was. ``until``: when it was given
    something last of which no number was noted, as versions before did; None when there is nothing of that kind. ``last``: when
    the server gave last.
    """

    numbers: Sequence[tuple[int, str]] = ()
    until: str | None = None
    last: str | None = None


def note_given(connection: Connection, grant: Grant, what: str, moment: str, person: str = "") -> None:
    """Note that the laptop of ``grant`` was given ``what``: it may have everything of its scope up to the last number now.

    ``person``: whom all of it is about, where it is about one member.
    """
    number = lock_counter(connection, grant.organisation).number
    entity = "person" if person else ""
    entry = audit.Entry(grant.worker, grant.device, GIVE, entity, person, f"{what}, numbers to {number}")
    audit.write(connection, grant.organisation, moment, [entry])


def all_given(connection: Connection, organisation: str, device: str) -> Given:
    """Return what was given to a laptop by the server, and by colleagues' laptops that told it what the server had told them."""
    row = tables.audit.c
    query = (
        select(row.action, row.at, row.detail)
        .where(row.organisation == organisation, row.device == device, row.action.in_((GIVE, HANDED)))
        .order_by(row.number)
    )
    numbers: list[tuple[int, str]] = []
    until, last = None, None
    for action, at, detail in connection.execute(query):
        found = _NUMBERS.search(detail)
        if found is not None:
            numbers.append((int(found[1]), at))
        if action == GIVE:
            last = at
            if found is None:
                until = max(until or at, at)
    return Given(numbers, until, last)
