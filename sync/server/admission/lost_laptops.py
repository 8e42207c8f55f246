"""Makes a laptop again whose own row was lost, always as signed off: nothing here can let one in.

The audit says who joined with which laptop, and which were signed off; it has no credential. Where the list of sign-offs keeps
that, sealed, the laptop is told and destroys its keys; else it hears, as before, that it is not known.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, insert, select

from sync.server.admission.credentials import digest, new_credential
from sync.server.admission.laptop_keys import LAPTOP, sign_off
from sync.server.admission.losses import JOINED, SIGNED_OFF, look_for_losses
from sync.server.admission.people import NotPossible, must_exist, typed, worker_there
from sync.server.clock import instant_text
from sync.server.database import tables
from sync.server.database.cells import object_in
from sync.server.pushing.ledger import lock
from sync.server.pushing.mending import MEND
from sync.server.records import audit
from sync.server.records.scope import SERVER

_NAME_LOST: Final = "name lost"


@dataclass(frozen=True, slots=True)
class _Known:
    """What is left of a lost laptop: whose it was, since when, what it was called, and when it was signed off, if it was."""

    worker: str
    enrolled_at: str | None
    name: str
    revoked_at: str | None


def sign_off_lost(connection: Connection, organisation: str, device: str, now: datetime, credential: str | None = None) -> bool:
    """Make the lost row of a laptop again, signed off; return whether it was lost.

    ``credential`` is the hash by which the laptop is known, where it was kept elsewhere. Raises :class:`NotPossible` where
    nobody knows any more whose laptop it was.
    """
    must_exist(connection, organisation)
    lock(connection, organisation)
    lost = look_for_losses(connection, organisation)
    if device not in (*lost.laptops, *lost.signed_off):
        return False
    known = _known(connection, organisation, device)
    if known is None:
        raise NotPossible(f"nothing says any more whose laptop {device} was: a backup from before it was lost brings it back")
    worker_there(connection, organisation, known.worker, now)
    moment = instant_text(now)
    connection.execute(
        insert(tables.device).values(
            organisation=organisation,
            id=device,
            # one that nobody was ever given opens nothing
            credential_hash=credential or digest(new_credential(organisation)),
            worker=known.worker,
            name=known.name,
            enrolled_at=known.enrolled_at or moment,
            revoked_at=known.revoked_at or moment,
        )
    )
    entries = [audit.Entry(SERVER, SERVER, MEND, LAPTOP, device, "lost")]
    if known.revoked_at is None:
        entries.append(typed("revoke", LAPTOP, device))
    audit.write(connection, organisation, moment, entries)
    if known.revoked_at is None:
        sign_off(connection, organisation, device, moment)
    return True


def _known(connection: Connection, organisation: str, device: str) -> _Known | None:
    row, record = tables.audit.c, tables.record.c
    about = (row.device == device) & (row.action == JOINED) | (row.record == device) & (row.action == SIGNED_OFF)
    query = select(tables.audit).where(row.organisation == organisation, about).order_by(row.number)
    told = [entry for entry in connection.execute(query) if audit.is_as_sealed(entry)]
    joined: list[Any] = [entry for entry in told if entry.action == JOINED]
    gone = [entry.at for entry in told if entry.action == SIGNED_OFF]
    mine = (record.organisation == organisation) & (record.id == device) & (record.entity == LAPTOP)
    found = connection.execute(select(record.fields).where(mine)).scalar()
    said = object_in(found) or {}
    worker = joined[-1].worker if joined else said.get("worker")
    if not isinstance(worker, str):
        return None
    return _Known(worker, joined[0].at if joined else None, str(said.get("name") or _NAME_LOST), gone[0] if gone else None)
