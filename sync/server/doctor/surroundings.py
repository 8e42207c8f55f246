"""What the doctor says of the certificate and of the room on the disk."""

from __future__ import annotations

import os
import shutil
import ssl
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography import x509
from sqlalchemy import Connection, make_url, text

from sync.server.doctor.finding import Finding
from sync.server.settings import Settings, faults_of_pair

FREE_BYTES: Final = 1 << 30
"""Less room than this on the disk is said: a backup and a day's work need some."""
FREE_SHARE: Final = 0.05
SOON: Final = timedelta(days=21)
"""A certificate that ends within this time is said."""


def certificate(file: Path, key: Path | None, now: datetime) -> Finding:
    """Tell how long the certificate still holds, and whether its ``key`` is its own, where this account can read that."""
    try:
        held = x509.load_pem_x509_certificate(file.read_bytes())
    except (OSError, ValueError, ssl.SSLError):
        return Finding("certificate", False, f"{file} holds no certificate that can be read")
    begins, ends = held.not_valid_before_utc, held.not_valid_after_utc
    if begins > now:
        return Finding("certificate", False, f"it holds from {begins:%Y-%m-%d %H:%M} (UTC) only: until then laptops do not send")
    words = f"it holds until {ends:%Y-%m-%d}"
    if ends - now <= SOON:
        return Finding("certificate", False, f"{words}: renew it, or laptops stop sending")
    faults = faults_of_pair(file, key) if key is not None and os.access(key, os.R_OK) else []
    return Finding("certificate", not faults, f"{faults[0]}: the server would not start again" if faults else words)


def free_room(settings: Settings, room: Callable[[Path], tuple[int, int]] | None = None) -> Finding:
    """Tell whether the disk of the embedded file has room. ``room`` returns the disk's size and what is free, in bytes."""
    folder = Path(make_url(settings.database).database or ".").resolve().parent
    total, free = (room or _room)(folder)
    words = f"{free / (1 << 30):.1f} GiB of {total / (1 << 30):.1f} GiB are free"
    is_well = free >= min(FREE_BYTES, int(total * FREE_SHARE))
    return Finding("disk", is_well, words if is_well else f"only {words}: make room, or pushes will not be taken")


def size_of(connection: Connection) -> Finding:
    """Tell how much a database of PostgreSQL holds."""
    size = connection.execute(text("SELECT pg_database_size(current_database())")).scalar_one()
    return Finding("disk", True, f"the database holds {size / (1 << 20):.0f} MiB; PostgreSQL's own disk is not seen from here")


def _room(folder: Path) -> tuple[int, int]:
    usage = shutil.disk_usage(folder)
    return usage.total, usage.free
