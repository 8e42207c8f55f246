"""The files that a backup took the place of: how they are called, which of them may hold unsent work, and their own slots.

No database in here: the lock screen's rooms use it too. What is in such a file is read by ``asides``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from ewb_desktop.storage.file.header import Header, copy_header_to, wipe_header_at

_STAMP = re.compile(r"-aside-(\d{8}T\d{6}\d{6})")
_TAKEN = "-taken"


@dataclass(frozen=True, slots=True)
class AsideFile:
    """A file that was set aside at ``at``. ``is_taken``: all of its unsent work is in the file that took its place."""

    path: Path
    at: datetime
    is_taken: bool

    @property
    def slots(self) -> Path:
        """Where its header is when its key is not the one of the file that took its place."""
        return slots_beside(self.path)


def aside_name(path: Path, now: datetime) -> Path:
    """Return where the file at ``path`` is set aside ``now``."""
    return path.with_name(f"{path.stem}-aside-{now:%Y%m%dT%H%M%S%f}{path.suffix}")


def slots_beside(path: Path) -> Path:
    """Return where the header of the file that is set aside at ``path`` is, if it has one of its own."""
    return path.with_suffix(".key")


def list_asides(path: Path) -> list[AsideFile]:
    """Return the files that were set aside for the one at ``path``, oldest first."""
    found = [_aside(each) for each in path.parent.glob(f"{path.stem}-aside-*{path.suffix}")]
    return sorted(found, key=lambda aside: (aside.at, aside.path.name))


def waiting_asides(path: Path) -> list[AsideFile]:
    """Return those of which it is not known that all their work is elsewhere."""
    return [aside for aside in list_asides(path) if not aside.is_taken]


def mark_taken(aside: AsideFile) -> AsideFile:
    """Note in its name that nothing is in it that is not elsewhere; its own slots go."""
    path = aside.path.with_name(f"{aside.path.stem}{_TAKEN}{aside.path.suffix}")
    for ending in ("-wal", "-shm", ""):
        beside = aside.path.with_name(aside.path.name + ending)
        if beside.exists():
            beside.rename(path.with_name(path.name + ending))
    wipe_header_at(aside.slots)
    return AsideFile(path, aside.at, is_taken=True)


def discard(aside: AsideFile) -> None:
    """Destroy the file, its log and its slots."""
    wipe_header_at(aside.slots)
    for ending in ("-wal", "-shm", ""):
        aside.path.with_name(aside.path.name + ending).unlink(missing_ok=True)


def discard_taken(path: Path) -> None:
    """Destroy the files of which everything unsent is elsewhere."""
    for aside in list_asides(path):
        if aside.is_taken:
            discard(aside)


def keep_slots(path: Path, header: Header) -> None:
    """Keep ``header`` beside each file that may hold unsent work: the vault's own will not open it any more."""
    for aside in waiting_asides(path):
        if not aside.slots.exists():
            copy_header_to(aside.slots, header)


def wipe_slots(path: Path) -> None:
    """Destroy the slots of every file that was set aside."""
    for slots in path.parent.glob(f"{path.stem}-aside-*.key"):
        wipe_header_at(slots)


def _aside(path: Path) -> AsideFile:
    stamp = _STAMP.search(path.name)
    at = (
        datetime.strptime(stamp.group(1), "%Y%m%dT%H%M%S%f").replace(tzinfo=UTC)
        if stamp
        else datetime.fromtimestamp(path.stat().st_mtime, UTC)
    )
    return AsideFile(path, at, path.stem.endswith(_TAKEN))
