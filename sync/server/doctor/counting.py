"""What the doctor says of the numbers that changes were given, of the epoch they belong to, and of this machine's clock."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, func, select

from sync.server.clock import MAY_BE_OFF, instant_text
from sync.server.database import tables
from sync.server.database.cells import is_text
from sync.server.doctor.finding import Finding

_NO_COUNTER: Final = Finding(
    "counter",
    False,
    "it is not here any more. The server makes it again from the ledger and the audit when it starts, and when a laptop asks; "
    "restore makes the counter again too, from a backup that is named -damaged for it",
)


def counter(connection: Connection, organisation: str) -> Iterator[Finding]:
    """Tell where the counter of an organisation is not here: no more can be said of it then."""
    row = tables.counter.c
    if connection.execute(select(row.number).where(row.organisation == organisation)).first() is None:
        yield _NO_COUNTER


def numbers(connection: Connection, organisation: str) -> Iterator[Finding]:
    """Tell whether the ledger holds every number from 1 to the counter's."""
    row, counter = tables.ledger.c, tables.counter.c
    last = connection.execute(select(counter.number).where(counter.organisation == organisation)).scalar_one()
    lines, least, most = connection.execute(
        select(func.count(), func.min(row.number), func.max(row.number)).where(row.organisation == organisation)
    ).one()
    if (lines, least or 1, most or 0) == (last, 1, last):
        yield Finding("numbers", True, f"1 to {last} without a gap" if last else "none yet")
        return
    if (lines, least) == (most, 1) and not (isinstance(last, int) and lines <= last):
        words = f"the counter says {last}, and the ledger has every number to {most}: somebody, or the disk, altered the counter"
        yield Finding("numbers", False, f"{words}; the server puts it right when a laptop sends a change next")
        return
    yield Finding("numbers", False, f"{lines} lines of the ledger where the counter says {last}: lines were lost or put in")


def epoch(connection: Connection, organisation: str) -> Iterator[Finding]:
    """Tell whether the epoch can be read, and began at a number that was given."""
    house, counter = tables.organisation.c, tables.counter.c
    query = (
        select(house.epoch, house.epoch_number, counter.number)
        .join_from(tables.organisation, tables.counter, counter.organisation == house.organisation)
        .where(house.organisation == organisation)
    )
    epoch, began, last = connection.execute(query).one()
    if not (epoch and is_text(epoch) and isinstance(began, int)):
        yield Finding("epoch", False, "it cannot be read: the server begins another when a laptop asks next, and nothing is lost")
        return
    is_well = 0 <= began <= last
    to_do = f"it began at {began}, after the last number {last}: run `ewb-server restored {organisation}`"
    yield Finding("epoch", is_well, f"began at number {began}" if is_well else to_do)


def clock(connection: Connection, organisation: str, now: datetime) -> Iterator[Finding]:
    """Tell when this machine's clock is behind what was noted last."""
    row = tables.audit.c
    query = select(row.at).where(row.organisation == organisation).order_by(row.number.desc()).limit(1)
    last = connection.execute(query).scalar()
    if last is not None and is_text(last) and last > instant_text(now + MAY_BE_OFF):
        words = f"it says {instant_text(now)}, and the audit's last entry was made at {last}: see to this machine's clock"
        yield Finding("clock", False, words)
