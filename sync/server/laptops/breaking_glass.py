"""Break-glass: a member outside a worker's area is opened to her laptop for three hours, for a reason that the coordinator reads.

It widens the area and nothing else: a role that may not hold a class of record does not get it this way, and whoever opens
nothing by role gets nothing at all. Every try is in the audit, without a word of what was written as the reason.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import uuid_utils
from pydantic import JsonValue
from sqlalchemy import Connection, func, insert, select

from sync.protocol.change import ChangeKind
from sync.protocol.entities import Sensitivity
from sync.protocol.errors import Trouble
from sync.protocol.messages import OpenRequest, Sought
from sync.protocol.version import OPENED
from sync.server.clock import instant_text
from sync.server.database import tables
from sync.server.laptops.seeking import find, is_whole
from sync.server.pushing.ledger import lock
from sync.server.pushing.own_records import write_own
from sync.server.records import audit
from sync.server.records.scope import Grant
from sync.server.trouble import RoundRefused

LASTS: Final = timedelta(hours=3)
_HOUR: Final = timedelta(hours=1)
ACTION: Final = "break-glass"
SHORTEST_WORDS: Final = 3


@dataclass(frozen=True, slots=True)
class Opening:
    """What came of a request; ``id`` and ``person`` only when something was opened."""

    sought: Sought
    id: str = ""
    person: str = ""
    until: datetime | None = None


def break_glass(connection: Connection, grant: Grant, asked: OpenRequest, now: datetime, per_hour: int) -> Opening:
    """Open a member to the laptop of ``grant`` and tell her coordinator, or return why not. Every try is audited.

    Raises :class:`RoundRefused` when no reason is given, when the laptop holds as many as it may, and when its worker has opened
    ``per_hour`` in the past hour; it says when she may again.
    """
    if not asked.reason or len(_told(asked)) < SHORTEST_WORDS or not is_whole(asked):
        words = "a reason is needed, and a name with a day of birth, a telephone number or a postcode"
        raise RoundRefused(Trouble.MALFORMED, words)
    # two requests at one moment are counted and audited one after the other
    lock(connection, grant.organisation)
    opening = _open(connection, grant, asked, now, per_hour)
    action = ACTION if opening.sought is Sought.OPENED else f"{ACTION}_{opening.sought}"
    until = f", until {instant_text(opening.until)}" if opening.until is not None else ""
    entry = audit.Entry(grant.worker, grant.device, action, "person", opening.person, f"{asked.reason}{until}")
    audit.write(connection, grant.organisation, instant_text(now), [entry])
    return opening


def _open(connection: Connection, grant: Grant, asked: OpenRequest, now: datetime, per_hour: int) -> Opening:
    if not grant.may_open or Sensitivity.CONTACT not in grant.classes:
        return Opening(Sought.NOT_ALLOWED)
    found = find(connection, grant.organisation, asked)
    if len(found) != 1:
        return Opening(Sought.SEVERAL if found else Sought.NOBODY)
    ((person, area),) = found.items()
    if grant.covers(Sensitivity.CONTACT, area):
        return Opening(Sought.HERE, person=person)
    given = tables.opened.c
    mine = (given.organisation == grant.organisation) & (given.device == grant.device) & (given.until > instant_text(now))
    # as when it is read: one of a clock that was ahead does not last
    mine &= given.opened_at <= instant_text(now)
    if connection.execute(select(func.count()).select_from(tables.opened).where(mine)).scalar_one() >= OPENED:
        raise RoundRefused(Trouble.TOO_MANY, "this laptop has opened as many as it may", 3600)
    _check_hour(connection, grant, now, per_hour)
    opening = Opening(Sought.OPENED, str(uuid_utils.uuid7()), person, now + LASTS)
    told = {
        "person": person, "worker": grant.worker, "reason": asked.reason, "words": _told(asked),
        "opened_at": instant_text(now), "until": instant_text(now + LASTS),
    }  # fmt: skip
    row = {"organisation": grant.organisation, "id": opening.id, "device": grant.device, **told}
    connection.execute(insert(tables.opened).values(row))
    _tell(connection, grant, opening.id, area, {**told, "worker_name": _worker_name(connection, grant)}, instant_text(now))
    return opening


def _check_hour(connection: Connection, grant: Grant, now: datetime, per_hour: int) -> None:
    """Raise :class:`RoundRefused` when the worker, on whichever laptop, opened ``per_hour`` in the past hour.

    What is noted as later than now, because the clock was set back since, counts up to an hour ahead: one that was years ahead
    must not keep her from whoever is before her.
    """
    given = tables.opened.c
    lately = select(given.opened_at).where(
        given.organisation == grant.organisation,
        given.worker == grant.worker,
        given.opened_at > instant_text(now - _HOUR),
        given.opened_at <= instant_text(now + _HOUR),
    )
    # the first of the last so many: once it is an hour old there is room for another
    counted = connection.execute(lately.order_by(given.opened_at.desc()).limit(per_hour)).scalars().all()
    if len(counted) >= per_hour:
        wait = datetime.fromisoformat(counted[-1]) + _HOUR - now
        words = "this worker has opened as many as she may in an hour"
        raise RoundRefused(Trouble.TOO_MANY, words, max(1, math.ceil(wait.total_seconds())))


def _tell(connection: Connection, grant: Grant, id_: str, area: str, told: dict[str, JsonValue], moment: str) -> None:
    """Write the record that the coordinator's laptop receives."""
    write_own(
        connection, grant.organisation, "opening", id_, ChangeKind.CREATE, told, moment,
        author=grant.worker, area=area, role="clinician",
    )  # fmt: skip


def _told(asked: OpenRequest) -> str:
    """Return her words without what no database keeps."""
    return "".join(each for each in asked.words if each.isprintable() or each == "\n").strip()


def _worker_name(connection: Connection, grant: Grant) -> str:
    worker = tables.worker.c
    mine = (worker.organisation == grant.organisation) & (worker.id == grant.worker)
    return str(connection.execute(select(worker.name).where(mine)).scalar_one())
