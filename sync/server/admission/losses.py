"""Names organisations, workers and laptops that are known to other tables, and whose own row is lost.

Nobody is ever taken out of these tables, so one that is missing was lost. Its laptops hear that they are not known.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Connection, Table, select

from sync.server.admission.laptop_keys import LAPTOP
from sync.server.database import tables
from sync.server.database.cells import is_text, object_in
from sync.server.records import audit

_CHUNK: Final = 500
_WORKER: Final = "worker"
JOINED: Final = "enrol"
_INVITED: Final = "invite"
SIGNED_OFF: Final = "revoke"


@dataclass(slots=True)
class Losses:
    """What was lost of one organisation, by id. ``signed_off`` are laptops among them that nobody may let in again."""

    workers: list[str] = field(default_factory=list)
    laptops: list[str] = field(default_factory=list)
    signed_off: list[str] = field(default_factory=list)
    kept_out: list[str] = field(default_factory=list)
    """Laptops whose own row says that they are signed off, which nobody did."""
    let_in: list[str] = field(default_factory=list)
    """Laptops that were signed off, of which their own row says nothing."""


def lost_counters(connection: Connection) -> list[str]:
    """Return the organisations whose counter is lost: a restore makes it again, and until then none of their laptops is heard."""
    counted = select(tables.counter.c.organisation)
    house = tables.organisation.c.organisation
    found = connection.execute(select(house).where(house.not_in(counted)).order_by(house)).scalars()
    # of one that cannot be read it is told elsewhere
    return [organisation for organisation in found if is_text(organisation)]


def lost_organisations(connection: Connection) -> dict[str, list[str]]:
    """Return the organisations that other tables name and that are none here, each with those tables."""
    here = select(tables.organisation.c.organisation)
    lost: dict[str, list[str]] = {}
    for table in tables.metadata.sorted_tables:
        named = table.c.organisation
        query = select(named).where(named.not_in(here)).distinct()
        for organisation in connection.execute(query).scalars():
            # of one that cannot be read it is told elsewhere
            if is_text(organisation):
                lost.setdefault(organisation, []).append(str(table.name))
    return lost


def look_for_losses(connection: Connection, organisation: str) -> Losses:
    """Return the workers and laptops that their records, their codes or the audit name, and whose own rows are not here."""
    workers, laptops = _here(connection, tables.worker, organisation), _here(connection, tables.device, organisation)
    found = Losses()
    lost_workers = _of_records(connection, organisation, _WORKER, workers)
    lost_laptops = _of_records(connection, organisation, LAPTOP, laptops)
    gone: set[str] = set()
    said_gone: set[str] = set()
    row = tables.audit.c
    query = select(tables.audit).where(row.organisation == organisation, row.action.in_((JOINED, _INVITED, SIGNED_OFF)))
    with connection.execute(query.execution_options(yield_per=_CHUNK)) as entries:
        for entry in entries:
            if entry.action == SIGNED_OFF:
                said_gone |= _named_in(entry)
            if not audit.is_as_sealed(entry):
                # altered, it may name anybody; that the chain is broken is told elsewhere
                continue
            if entry.action == JOINED:
                lost_laptops |= {entry.device} - laptops
                lost_workers |= {entry.worker} - workers
            elif entry.action == _INVITED:
                lost_workers |= {entry.record} - workers
            else:
                gone |= _named_in(entry)
    found.workers = sorted(lost_workers)
    found.laptops = sorted(lost_laptops - gone)
    found.signed_off = sorted(lost_laptops & gone)
    device = tables.device.c
    for id_, revoked_at in connection.execute(select(device.id, device.revoked_at).where(device.organisation == organisation)):
        if revoked_at is None and id_ in gone:
            found.let_in.append(id_)
        elif revoked_at is not None and id_ not in said_gone and told_active(connection, organisation, id_) != 0:
            found.kept_out.append(id_)
    return found


def was_signed_off(connection: Connection, organisation: str, device: str) -> bool:
    """Tell whether an entry of the audit says that a laptop was signed off, whatever else the disk altered in that entry."""
    row = tables.audit.c
    # versions before noted it under the laptop's own name
    named = (row.record == device) | (row.device == device)
    query = select(row.number).where(row.organisation == organisation, row.action == SIGNED_OFF, named)
    return connection.execute(query.limit(1)).first() is not None


def is_signed_off(connection: Connection, organisation: str, device: str) -> bool:
    """Tell whether a laptop whose own row says that it was signed off was so: both are written with it, and either is enough."""
    return told_active(connection, organisation, device) == 0 or was_signed_off(connection, organisation, device)


def told_active(connection: Connection, organisation: str, device: str) -> object:
    """Return what colleagues are told of a laptop: 1 while it is in use, 0 after; None where they are told nothing of it."""
    row = tables.record.c
    query = select(row.fields).where(row.organisation == organisation, row.id == device, row.entity == LAPTOP)
    return (object_in(connection.execute(query).scalar()) or {}).get("active")


def _named_in(entry: Any) -> set[str]:
    # versions before noted it under the laptop's own name
    return {entry.record, entry.device}


def _here(connection: Connection, table: Table, organisation: str) -> set[str]:
    return set(connection.execute(select(table.c.id).where(table.c.organisation == organisation)).scalars())


def _of_records(connection: Connection, organisation: str, entity: str, here: Collection[str]) -> set[str]:
    """Return the ids of records of a kind that only the server makes, without those who are ``here``."""
    row, line = tables.record.c, tables.ledger.c
    # a record whose own id was altered has no history
    told = select(line.number).where(line.organisation == row.organisation, line.record == row.id, line.entity == row.entity)
    query = select(row.id).where(row.organisation == organisation, row.entity == entity, told.exists())
    return {id_ for id_ in connection.execute(query).scalars() if is_text(id_)} - set(here)
