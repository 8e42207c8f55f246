"""The small file beside an encrypted database: whose it is, and the slots that hold its key; nothing of it is secret."""

from __future__ import annotations

import contextlib
import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ewb_desktop.storage.errors import DamagedHeader, NewerFile
from ewb_desktop.storage.file.disk import disk_told
from ewb_desktop.whole_file import write_whole

FORMAT = 1
NAME = "header.json"


@dataclass(frozen=True, slots=True)
class Header:
    """What the lock screen must know before anything is opened. ``slots`` are by their ids, as key_slots.py makes them."""

    database: str
    worker: str
    worker_name: str
    device: str
    slots: dict[str, dict[str, Any]] = field(default_factory=dict)


def read_header(folder: Path) -> Header:
    """Return the header in ``folder``, or its copy among the backups when the first is damaged or missing.

    Raises :class:`DamagedHeader` when neither can be read, :class:`NewerFile` when a newer program wrote it.
    """
    found = header_in(folder) or header_in(folder / "backups")
    if found is None:
        raise DamagedHeader
    return found


def header_in(folder: Path) -> Header | None:
    """Return the header that lies in ``folder`` itself, None when there is none that can be read; raises :class:`NewerFile`."""
    return header_at(folder / NAME)


def header_at(path: Path) -> Header | None:
    """Return the header in this very file, None when there is none that can be read; raises :class:`NewerFile`."""
    try:
        return _parse(path.read_bytes())
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def has_header(folder: Path) -> bool:
    """Say whether there is a header in ``folder``, or its copy, that opens something; one of a newer program counts too."""
    try:
        return (header_in(folder) or header_in(folder / "backups")) is not None
    except NewerFile:
        return True


def write_header(folder: Path, header: Header) -> None:
    """Write the header and its copy; an older slot is in neither afterwards. Raises ``FullDisk`` or ``FailingDisk``."""
    copy_header(folder, header)
    (folder / "backups").mkdir(mode=0o700, exist_ok=True)
    copy_header(folder / "backups", header)


def copy_header(folder: Path, header: Header) -> None:
    """Write the header into ``folder`` alone: what lies there can then be opened on any laptop."""
    copy_header_to(folder / NAME, header)


def copy_header_to(path: Path, header: Header) -> None:
    """Write the header into this very file."""
    body = {
        "database": header.database, "worker": header.worker, "worker_name": header.worker_name,
        "device": header.device, "slots": header.slots,
    }  # fmt: skip
    content = json.dumps({"format": FORMAT, "body": body, "check": _check(body)}, indent=1).encode()
    with disk_told():
        write_whole(path, content)


def wipe_header(folder: Path) -> None:
    """Overwrite and remove every slot there is: without them the database is noise."""
    for place in (folder, folder / "backups"):
        wipe_header_at(place / NAME)


def wipe_header_at(path: Path) -> None:
    """Overwrite and remove the slots in this very file, if it is there."""
    with contextlib.suppress(FileNotFoundError):
        write_over(path, path.stat().st_size)
        path.unlink()


def write_over(path: Path, size: int) -> None:
    """Put zeros in the place of the file's content and wait for the disk."""
    import os

    with path.open("r+b") as file:
        file.write(bytes(size))
        file.flush()
        os.fsync(file.fileno())


def _parse(content: bytes) -> Header:
    whole = json.loads(content)
    if int(whole["format"]) > FORMAT:
        raise NewerFile
    body = whole["body"]
    if whole["check"] != _check(body):
        raise ValueError("the header's checksum does not fit")
    return Header(body["database"], body["worker"], body["worker_name"], body["device"], dict(body["slots"]))


def _check(body: dict[str, Any]) -> str:
    # tells a damaged salt from a wrong passphrase; it keeps nobody out
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()
