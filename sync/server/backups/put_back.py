"""Notices that the database was put back by another way than ``restore``: a laptop knows numbers that were never given in it.

A number reaches a laptop only after it was kept, so within one epoch none is ever ahead of the counter, and the change behind it
is never another one. A laptop that knows it otherwise proves that what it was told is not here any more: a copied file, a machine
put back, a replica that was behind. The mark that it says again proves it also where new work has taken the same numbers.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, func, select

from sync.protocol.errors import Trouble
from sync.protocol.messages import RoundRequest
from sync.server.admission.auth import Admitted
from sync.server.admission.people import begin_epoch
from sync.server.admission.signed_off import keep_out, read_noted
from sync.server.clock import instant_text
from sync.server.database import tables
from sync.server.database.bulk import lock_counter
from sync.server.database.cells import is_instant, is_text, shown
from sync.server.database.engine import Database
from sync.server.database.questions import Question, given
from sync.server.logs import logger
from sync.server.pushing.checking import LARGEST
from sync.server.pushing.numbers import put_right
from sync.server.records import audit
from sync.server.records.epochs import FOUND_OUT, RESTORED, End, ended, ends_since, is_named, made_at
from sync.server.trouble import RoundRefused

ONCE_IN: Final = timedelta(hours=1)
"""Laptops' word begins no other epoch sooner: a laptop that lies costs its colleagues one new beginning an hour."""

_EPOCH, _CHANGE = 4, 8
"""Signs of an epoch's id, and of a change's, that a mark holds: the last ones, which are random. An empty round stays small."""
_CHANGE_AT: Final = Question(
    select(tables.ledger.c.change_id).where(
        tables.ledger.c.organisation == given("at_organisation"), tables.ledger.c.number == given("at_number")
    )
)


def mark_at(connection: Connection, admitted: Admitted, number: int) -> str | None:
    """Return what laptops are told of the change with this number; None when there is none."""
    change = _change_at(connection, admitted.grant.organisation, number)
    return f"{admitted.epoch[-_EPOCH:]}.{number}.{change[-_CHANGE:]}" if change is not None else None


def has_mark(admitted: Admitted, mark: str | None, number: int) -> bool:
    """Tell whether a laptop that says ``mark`` has the one of this number already."""
    return mark is not None and mark.startswith(f"{admitted.epoch[-_EPOCH:]}.{number}.")


def is_ahead(connection: Connection, admitted: Admitted, hello: RoundRequest) -> bool:
    """Tell whether a laptop was told in this very epoch what the database has not, or has otherwise; or a later epoch itself."""
    if hello.epoch != admitted.epoch:
        return hello.epoch is not None and _is_later(connection, admitted, hello.epoch)
    if hello.cursor > admitted.last_number:
        return True
    epoch, number, change = _parts(hello.mark)
    if epoch != admitted.epoch[-_EPOCH:]:
        return False
    found = _change_at(connection, admitted.grant.organisation, number)
    # a line that is missing is damage of another kind, which `doctor` finds
    return number > admitted.last_number if found is None else found[-_CHANGE:] != change


def _is_later(connection: Connection, admitted: Admitted, epoch: str) -> bool:
    """Tell whether an epoch of which nothing is known here began after the one that stands here: its end would be known.

    One that began before it may have been lost with a database that was put back in words.
    """
    return made_at(epoch) > made_at(admitted.epoch) and not is_named(connection, admitted.grant.organisation, epoch)


def heard_of(connection: Connection, admitted: Admitted, hello: RoundRequest, epoch: str) -> int:
    """Return up to which number what a laptop was told in another ``epoch`` is known to mean the same here.

    Where it is not known how far the numbers were put back, the laptop's mark tells it, if the very change stands here that it
    had heard of last. Else its own last change does: a laptop that has to offer its work again has had nothing taken since.
    """
    organisation, device = admitted.grant.organisation, admitted.grant.device
    ends = ends_since(connection, organisation, epoch)
    most = min((end.number for end in ends), default=admitted.epoch_number)
    if ends and all(end.exact for end in ends):
        return most
    of, number, change = _parts(hello.mark)
    if of != epoch[-_EPOCH:]:
        # a program from before marks, of which nobody can tell
        return 0
    found = _change_at(connection, organisation, number) if number <= most else None
    if found is not None and found[-_CHANGE:] == change:
        return number
    line = tables.ledger.c
    own = select(func.max(line.number)).where(line.organisation == organisation, line.device == device, line.number <= most)
    return connection.execute(own).scalar() or 0


def _parts(mark: str | None) -> tuple[str, int, str]:
    """Return the signs of the epoch, the number, and the signs of the change; no such mark is one of nothing."""
    epoch, _, rest = (mark or "").partition(".")
    number, _, change = rest.partition(".")
    return (epoch, int(number), change) if number.isascii() and number.isdigit() else ("", 0, "")


def _change_at(connection: Connection, organisation: str, number: int) -> str | None:
    found = _CHANGE_AT.ask(connection, {"at_organisation": organisation, "at_number": number}) if 0 < number <= LARGEST else ()
    # what the disk altered shows nothing
    return str(found[0].change_id) if found and is_text(found[0].change_id) else None


def begin_anew(database: Database, sign_offs: Path, admitted: Admitted, hello: RoundRequest, now: datetime) -> None:
    """Begin a new epoch because this laptop is ahead: from here on all laptops offer again what is lost.

    It is asked once more with the counter held: of two laptops that show it at one moment, with whichever process, one begins it,
    and a replica that lags cannot hold the counter at all. Raises :class:`RoundRefused` where laptops showed it a moment ago
    already, for nobody to be given old rows meanwhile. Whom the list ``sign_offs`` keeps out is kept out again at once.
    """
    organisation = admitted.grant.organisation
    with database.writing() as connection:
        # a counter that is behind its own ledger proves nothing of the kind
        put_right(connection, organisation, instant_text(now))
        number = lock_counter(connection, organisation).number
        house = tables.organisation.c
        epoch = connection.execute(select(house.epoch).where(house.organisation == organisation)).scalar_one()
        if epoch != admitted.epoch or not is_ahead(connection, replace(admitted, last_number=number), hello):
            return
        wait = _left(next((at for at, _ in found_out_since(connection, organisation, most=1)), None), now)
        if not wait:
            worker, device = admitted.grant.worker, admitted.grant.device
            what = f"a laptop has numbers to {hello.cursor}, the database to {number}, and they are not the same"
            if hello.epoch is not None and hello.epoch != admitted.epoch:
                # noted, it is known from here on: the clock by which it was made may have been years ahead
                over = ended(worker, device, hello.epoch, End(number, exact=False))
                audit.write(connection, organisation, instant_text(now), [over])
            begin_epoch(connection, organisation, now, audit.Entry(worker, device, FOUND_OUT, detail=what))
            _keep_out(connection, sign_offs, organisation, now)
    facts = {"organisation": organisation, "laptop_has": hello.cursor, "database_has": number}
    if wait:
        logger.error("the database seems to be put back once more; laptops wait", extra={"facts": facts})
        raise RoundRefused(Trouble.TOO_MANY, "the database was put back twice within an hour", wait)
    logger.error("the database was put back without `ewb-server restored`; a new epoch has begun", extra={"facts": facts})


def _left(last: str | None, now: datetime) -> int:
    """Return in how many seconds laptops may show it again, where they did at ``last``; 0: now, or nobody can tell when."""
    if not is_instant(last):
        return 0
    since = now - datetime.fromisoformat(str(last))
    return max(1, math.ceil((ONCE_IN - since).total_seconds())) if timedelta() <= since < ONCE_IN else 0


def _keep_out(connection: Connection, sign_offs: Path, organisation: str, now: datetime) -> None:
    try:
        noted = read_noted(sign_offs) if sign_offs.exists() else None
    except OSError:
        # nobody waits for it: `doctor` asks for the command that reads it
        logger.exception("the list of sign-offs cannot be read")
        return
    if noted is not None:
        keep_out(connection, noted, now, organisation)


def found_out_since(connection: Connection, organisation: str, most: int | None = None) -> Sequence[tuple[str, str]]:
    """Return when laptops showed that the database was put back, the administrator having said nothing since, the last first.

    With each moment stands the id of the laptop that showed it; ``most`` of them, if that is said.
    """
    entry = tables.audit.c
    told = select(func.max(entry.number)).where(entry.organisation == organisation, entry.action == RESTORED)
    query = (
        select(entry.at, entry.device)
        .where(entry.organisation == organisation, entry.action == FOUND_OUT)
        .where(entry.number > func.coalesce(told.scalar_subquery(), 0))
        .order_by(entry.number.desc())
        .limit(most)
    )
    return [(shown(at), shown(device)) for at, device in connection.execute(query)]
