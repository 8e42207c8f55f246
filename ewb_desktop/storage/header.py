"""The small file beside an encrypted database: whose it is, and the slots that hold its key; nothing of it is secret."""

from __future__ import annotations

import contextlib
import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ewb_desktop.storage.errors import DamagedHeader, NewerFile
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
    for place in (folder, folder / "backups"):
        try:
            return _parse((place / NAME).read_bytes())
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            continue
    raise DamagedHeader


def write_header(folder: Path, header: Header) -> None:
    """Write the header and its copy; an older slot is in neither afterwards."""
    body = {
        "database": header.database, "worker": header.worker, "worker_name": header.worker_name,
        "device": header.device, "slots": header.slots,
    }  # fmt: skip
    content = json.dumps({"format": FORMAT, "body": body, "check": _check(body)}, indent=1).encode()
    write_whole(folder / NAME, content)
    (folder / "backups").mkdir(mode=0o700, exist_ok=True)
    write_whole(folder / "backups" / NAME, content)


def wipe_header(folder: Path) -> None:
    """Overwrite and remove every slot there is: without them the database is noise."""
    for place in (folder, folder / "backups"):
        with contextlib.suppress(FileNotFoundError):
            size = (place / NAME).stat().st_size
            write_over(place / NAME, size)
            (place / NAME).unlink()


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
