"""Puts an organisation's counter right when it is behind the ledger: a change that meets a number twice given is no bad one."""

from __future__ import annotations

from typing import Any, Final, cast

from sqlalchemy import Connection, func, select, update

from sync.server.database import tables
from sync.server.database.bulk import lock_counter
from sync.server.database.cells import is_text
from sync.server.logs import logger
from sync.server.pushing.checking import LARGEST
from sync.server.records import audit
from sync.server.records.scope import SERVER

MENDED: Final = "mend_counter"
"""The audit's word for it."""


class NumbersAltered(RuntimeError):
    """The numbers were altered so that nobody can tell which is next: nothing can be taken, and nothing may be refused for it."""


class NoNumber(ValueError):
    """The counter says what no number is: it is put right as one that is behind its ledger is."""


def expect_number(number: int) -> None:
    """Raise :class:`NoNumber` where nothing may be numbered after ``number``.

    Laptops ask for what comes after 0, so nobody would ever be given what has a number below it; and none may ask for what comes
    after a number that is too large.
    """
    if not is_number(number):
        raise NoNumber("no number is below nought, or so large")


def is_number(number: object) -> bool:
    """Tell whether a counter can say this."""
    return isinstance(number, int) and 0 <= number <= LARGEST


def put_right(connection: Connection, organisation: str, now: str) -> bool:
    """Hold the counter until the transaction ends; tell whether it was behind the ledger or no number, and has its last now.

    The ledger is believed where it has every number from 1 on. Raises :class:`NumbersAltered` where it has not, and where the
    audit's own numbers are not its last: those show that entries were taken out, and are nobody's to put right.
    """
    # the embedded file gives whatever stands there
    number, entry, seal = cast("tuple[object, object, object]", lock_counter(connection, organisation))
    last_entry = connection.execute(_most(tables.audit, organisation)).scalar() or 0
    if not (isinstance(entry, int) and is_text(seal) and last_entry <= entry):
        raise NumbersAltered("the counter does not know the audit's last entry")
    last = connection.execute(_most(tables.ledger, organisation)).scalar() or 0
    if is_number(number) and is_number(last) and last <= cast("int", number):
        return False
    if not is_whole(connection, organisation):
        raise NumbersAltered("the ledger has numbers that the counter has not given, and not all before them")
    row = tables.counter
    connection.execute(update(row).where(row.c.organisation == organisation).values(number=last))
    audit.write(connection, organisation, now, [audit.Entry(SERVER, SERVER, MENDED, detail=f"{last}")])
    logger.error("the counter was behind the ledger or no number, and was put right", extra={"facts": {"ledger": last}})
    return True


def is_whole(connection: Connection, organisation: str) -> bool:
    """Tell whether the ledger has every number from 1 to its last."""
    row = tables.ledger.c
    query = select(func.count(), func.min(row.number), func.max(row.number)).where(row.organisation == organisation)
    lines, least, most = connection.execute(query).one()
    return not lines or (least, most) == (1, lines)


def _most(table: Any, organisation: str) -> Any:
    return select(func.max(table.c.number)).where(table.c.organisation == organisation)
