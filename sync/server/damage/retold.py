"""What a failing disk altered beside the records and can be told again: who may see what, the epoch, where the audit ends."""

from __future__ import annotations

from datetime import datetime

import orjson
from sqlalchemy import Connection, func, insert, select, update

from sync.server.admission.auth import Admitted
from sync.server.admission.losses import lost_counters
from sync.server.admission.people import begin_epoch
from sync.server.clock import instant_text
from sync.server.database import tables
from sync.server.database.cells import is_text, texts_in
from sync.server.database.engine import Database
from sync.server.logs import logger
from sync.server.pushing.mending import MEND
from sync.server.pushing.numbers import is_number, is_whole
from sync.server.records import audit
from sync.server.records.history import history
from sync.server.records.scope import ROLES, SERVER


def tell_worker_again(connection: Connection, organisation: str, worker: str, now: datetime) -> bool:
    """Write a worker's role and areas again where they cannot be read, and that she works here, as was typed last; tell whether.

    The server's own lines in the history of her record say so. False where these cannot be read either: then somebody has to
    type them.
    """
    row = tables.worker.c
    mine = (row.organisation == organisation) & (row.id == worker)
    found = connection.execute(select(row.role, row.areas, row.active).where(mine).with_for_update()).one_or_none()
    if found is None:
        return False
    told: dict[str, object] = {}
    try:
        for line in history(connection, organisation, worker):
            # what a laptop said of a worker let nobody see anything
            told |= line.fields if line.device == SERVER else {}
    except ValueError:
        return False
    role, areas = told.get("role"), texts_in(orjson.dumps(told.get("areas")))
    if role not in ROLES or not areas:
        return False
    again = {} if found.role in ROLES else {"role": role}
    again |= {} if texts_in(found.areas) is not None else {"areas": orjson.dumps(areas).decode()}
    # that she has left stands in both, or in neither
    again |= {"active": 1} if not found.active and told.get("active") == 1 else {}
    if again:
        connection.execute(update(tables.worker).where(mine).values(**again))
        audit.write(connection, organisation, instant_text(now), [_entry("worker", worker, ", ".join(again))])
        logger.error("what is kept of a worker was altered, and is as it was typed", extra={"facts": {"cells": sorted(again)}})
    return True


def is_house_whole(admitted: Admitted) -> bool:
    """Tell whether the epoch and the last number of a laptop's organisation can be read."""
    # the embedded file gives whatever stands there
    began: object = admitted.epoch_number
    # what is too large would be told to laptops, which could never ask for anything after it
    return bool(admitted.epoch) and is_text(admitted.epoch) and isinstance(began, int) and is_number(admitted.last_number)


def begin_epoch_again(connection: Connection, organisation: str, now: datetime) -> None:
    """Begin another epoch where the present one cannot be read: laptops offer again what they sent lately."""
    house = tables.organisation.c
    query = select(house.epoch, house.epoch_number).where(house.organisation == organisation).with_for_update()
    found = connection.execute(query).one()
    if is_text(found.epoch) and found.epoch and isinstance(found.epoch_number, int):
        # whoever came before has begun it
        return
    begin_epoch(connection, organisation, now, _entry("", "", "epoch"))
    logger.error("the epoch could not be read; a new one has begun", extra={"facts": {"organisation": organisation}})


def tell_counter_again(connection: Connection, organisation: str, now: datetime) -> None:
    """Make an organisation's counter again where its row was lost, and tell again where the audit ends where that is.

    Where lines of the ledger were lost too, another epoch begins: numbers that laptops know may come twice, and they offer
    again what is lost.
    """
    is_made = make_counter_again(connection, organisation)
    tell_end_again(connection, organisation, now)
    if is_made and not _has_every_line(connection, organisation):
        begin_epoch(connection, organisation, now, _entry("", "", "epoch"))


def tell_counters_again(database: Database, now: datetime) -> None:
    """Make the counters again that were lost, as the server starts: none of their laptops could be heard."""
    with database.reading() as connection:
        lost = lost_counters(connection)
    for organisation in lost:
        with database.writing() as connection:
            tell_counter_again(connection, organisation, now)


def make_counter_again(connection: Connection, organisation: str) -> bool:
    """Make an organisation's counter again where its row was lost; tell whether it was.

    Its numbers go on after the highest that can be seen: where the last lines were lost too, their numbers come twice. Where the
    audit ends is still to be told (:func:`tell_end_again`).
    """
    counter, house = tables.counter, tables.organisation.c
    # of two that come at one moment the second sees what the first has made
    connection.execute(select(house.epoch).where(house.organisation == organisation).with_for_update())
    if connection.execute(select(counter.c.number).where(counter.c.organisation == organisation)).first() is not None:
        return False
    number = 0
    for table in (tables.ledger, tables.record):
        seen = connection.execute(select(func.max(table.c.number)).where(table.c.organisation == organisation)).scalar()
        number = max(number, int(seen)) if seen is not None and is_number(seen) else number
    # where the audit ends is told again by the audit itself
    connection.execute(insert(counter).values(organisation=organisation, number=number, audit_number=-1, audit_hash=""))
    logger.error("the counter was lost, and was made again", extra={"facts": {"organisation": organisation}})
    return True


def _has_every_line(connection: Connection, organisation: str) -> bool:
    """Tell whether the ledger has every number up to its last, and no record one that is higher."""
    last = [
        connection.execute(select(func.max(table.c.number)).where(table.c.organisation == organisation)).scalar() or 0
        for table in (tables.ledger, tables.record)
    ]
    return is_whole(connection, organisation) and all(map(is_number, last)) and last[1] <= last[0]


def tell_end_again(connection: Connection, organisation: str, now: datetime) -> bool:
    """Write again where the audit ends, where that cannot be read, as its last entry says; tell whether.

    What can be read and is another is left: that entries were taken out must be seen.
    """
    counter = tables.counter
    mine = counter.c.organisation == organisation
    found = connection.execute(select(counter.c.audit_number, counter.c.audit_hash).where(mine).with_for_update()).one_or_none()
    if found is None:
        return False
    if not audit.is_end(*found):
        last = audit.end_by_entries(connection, organisation)
        connection.execute(update(counter).where(mine).values(audit_number=last.number, audit_hash=last.hash))
        audit.write(connection, organisation, instant_text(now), [_entry("", "", "where the audit ends")])
        logger.error("where the audit ends could not be read", extra={"facts": {"organisation": organisation}})
    return True


def _entry(entity: str, record: str, detail: str) -> audit.Entry:
    return audit.Entry(SERVER, SERVER, MEND, entity, record, detail)
