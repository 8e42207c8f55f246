"""What the doctor says of backups, and of a database that was put back."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, select

from sync.server.backups.copies import CopyUnreadable, read_key
from sync.server.backups.put_back import found_out_since
from sync.server.clock import MAY_BE_OFF, instant_text
from sync.server.database import tables
from sync.server.doctor.finding import NAMED, Finding
from sync.server.records import audit
from sync.server.records.epochs import RESTORED
from sync.server.records.legible import in_a_row

BACKUP_MAY_BE_OLD: Final = timedelta(days=2)


def backup(connection: Connection, organisation: str, now: datetime) -> Iterator[Finding]:
    """Tell when everything was copied last: a timer that fails every night tells nobody by itself."""
    made_at, put_back_at = (audit.last_of(connection, organisation, (action,)) for action in ("backup", RESTORED))
    # a database that was just restored is in the backup that it came from
    at = max(filter(None, (made_at, put_back_at)), default=None)
    house = tables.organisation.c
    made = connection.execute(select(house.made_at).where(house.organisation == organisation)).scalar_one()
    is_to_come = (at or made) > instant_text(now + MAY_BE_OFF)
    if (at or made) >= instant_text(now - BACKUP_MAY_BE_OLD) and not is_to_come:
        since = f"none since the database was put back at {at}" if at != made_at else f"made at {at}"
        yield Finding("backup", True, since if at else "none yet, and the organisation is new")
        return
    words = f"the last was made at {at}" if at else "there is none"
    if at and is_to_come:
        words += ", which is still to come: the clock was ahead, so nobody knows how old it is"
    to_do = "see `systemctl status ewb-server-backup.service`, or make one with `ewb-server backup FOLDER`"
    yield Finding("backup", False, f"{words}: {to_do}")


def key(file: Path | None) -> Finding:
    """Tell whether backups can be sealed."""
    if file is None:
        words = "none is named (EWB_BACKUP_KEY_FILE): backups are not sealed, and whoever has one reads everything"
        return Finding("backup key", True, words)
    try:
        read_key(file)
    except CopyUnreadable as fault:
        return Finding("backup key", False, f"{fault}; without it no backup is made")
    return Finding("backup key", True, "backups are sealed: keep a copy of it away from this machine")


def sign_offs(file: Path) -> Finding:
    """Tell whether the list of sign-offs can be written: without it a restore lets those in again who were signed off."""
    if file.is_dir() or (file.exists() and not os.access(file, os.R_OK | os.W_OK)):
        return Finding("sign-offs", False, f"{file} is no file that this account can read and write: see EWB_SIGNED_OFF")
    return Finding("sign-offs", True, f"noted in {file}" if file.exists() else "nobody was signed off or left so far")


def put_back(connection: Connection, organisation: str) -> Iterator[Finding]:
    """Tell when laptops showed that the database was put back, until the administrator has said so too."""
    found = found_out_since(connection, organisation)
    if not found:
        return
    laptops = list(dict.fromkeys(laptop for _, laptop in found))
    times = f", {len(found)} times" if len(found) > 1 else ""
    words = (
        f"on {found[0][0][:10]} a laptop knew numbers that the database has not: it was put back, not by `ewb-server restore`, "
        f"or the laptop told what is not so (told by laptop {in_a_row(laptops, NAMED)}{times}). "
        "Laptops offer again what is lost, but whoever was signed off or left after that copy may be let in: "
        f"run `ewb-server restored {organisation}`, and look at `workers` and `laptops`"
    )
    yield Finding("put back", False, words)
