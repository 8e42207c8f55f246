"""Keys of laptops, told by each of itself, as records for its colleagues."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import Connection, select

from sync.protocol.change import ChangeKind
from sync.protocol.messages import PublicKeys
from sync.server.database import tables
from sync.server.database.cells import object_in
from sync.server.pushing.own_records import write_own
from sync.server.records.scope import ADMINISTRATOR, Grant

LAPTOP: Final = "laptop"
"""The kind of record."""


def keep_keys(connection: Connection, grant: Grant, keys: PublicKeys, moment: str) -> bool:
    """Keep what a laptop told of its keys, for its colleagues to hold; return whether they are kept now."""
    device = tables.device.c
    mine = (device.organisation == grant.organisation) & (device.id == grant.device)
    name = connection.execute(select(device.name).where(mine)).scalar_one()
    said = {"worker": grant.worker, "name": name, "sealing_key": keys.sealing, "signing_key": keys.signing, "active": 1}
    known = _fields(connection, grant.organisation, grant.device)
    if known is not None and known | said == known:
        return True
    kind = ChangeKind.CREATE if known is None else ChangeKind.EDIT
    return write_own(connection, grant.organisation, LAPTOP, grant.device, kind, said, moment, author=grant.worker)


def sign_off(connection: Connection, organisation: str, device: str, moment: str) -> None:
    """Tell colleagues that a laptop is no longer in use: nobody seals a file for it then, or takes one from it."""
    if _fields(connection, organisation, device) is not None:
        write_own(connection, organisation, LAPTOP, device, ChangeKind.EDIT, {"active": 0}, moment, author=ADMINISTRATOR)


def signing_key_of(connection: Connection, organisation: str, device: str) -> str:
    """Return the key (hex) by which it is known what a laptop signed; empty where it has told none."""
    return str((_fields(connection, organisation, device) or {}).get("signing_key") or "")


def _fields(connection: Connection, organisation: str, device: str) -> dict[str, Any] | None:
    row = tables.record.c
    mine = (row.organisation == organisation) & (row.id == device) & (row.entity == LAPTOP)
    found = connection.execute(select(row.fields).where(mine)).scalar_one_or_none()
    # one that the disk altered is here, and made again when it is written
    return (object_in(found) or {}) if found is not None else None
