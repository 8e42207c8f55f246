"""Sealed files of work that this laptop may not send itself: they lie in its folder until somebody takes them to a stick."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from ewb_desktop.storage.store import Store
from ewb_desktop.whole_file import write_whole
from sync import outbox

THERE_ALREADY = "A sealed file with that name is there already, and was not written over. Choose another name."
"""What is said to whoever would put a sealed file over another."""

KeepSealed = Callable[[bytes], Path]
"""Writes sealed work where it stays when the worker's file goes; returns once it is on the disk."""


@dataclass(frozen=True, slots=True)
class SealedFile:
    """A sealed file, and when it was written by this laptop's clock."""

    path: Path
    at: datetime


def write_sealed(folder: Path, now: datetime, sealed: bytes) -> Path:
    """Write sealed work into ``folder`` under a name of its own, never over another; return where it is."""
    path, turn = folder / _name(f"{now:%Y%m%dT%H%M%S}"), 1
    while path.exists():
        turn += 1
        path = folder / _name(f"{now:%Y%m%dT%H%M%S}-{turn}")
    write_whole(path, sealed)
    return path


def keep_beside(store: Store, sealed: bytes) -> Path:
    """Write sealed work beside the worker's file, where nobody names another place; return where it is."""
    return write_sealed(store.path.parent, store.clock.now(), sealed)


def sealed_files(folder: Path | None, noted: Iterable[Path]) -> list[SealedFile]:
    """Return the sealed files in ``folder``, also of a worker whose file is gone, and those ``noted`` elsewhere; newest first.

    One that cannot be looked at is left out: it is still where it was.
    """
    paths = {*noted, *(folder.glob(_name("*")) if folder is not None else ())}
    found = []
    for path in paths:
        try:
            written = path.stat().st_mtime
        except OSError:
            continue
        found.append(SealedFile(path, datetime.fromtimestamp(written, UTC)))
    return sorted(found, key=lambda each: (each.at, each.path.name), reverse=True)


class SealedFileThere(OSError):
    """Another sealed file lies at the place: it may be the only copy of somebody's work, and nothing is written over it."""


def is_sealed_file(path: Path) -> bool:
    """Say whether sealed work lies at ``path`` already; what cannot be read counts as nothing."""
    try:
        with path.open("rb") as file:
            return outbox.is_outbox(file.read(len(outbox.MARK)))
    except OSError:
        return False


def must_be_free(path: Path, content: bytes | None = None) -> None:
    """Raise :class:`SealedFileThere` where sealed work lies at ``path`` that is not ``content``."""
    if is_sealed_file(path) and path.read_bytes() != content:
        raise SealedFileThere


def copy_sealed(file: Path, to: Path) -> bool:
    """Copy a sealed file and read every byte of it again from its new place; false where it is there already.

    Raises ``OSError``, and :class:`SealedFileThere` of another one that lies there.
    """
    if to.exists() and to.samefile(file):
        return False
    content = file.read_bytes()
    must_be_free(to, content)
    write_whole(to, content)
    if to.read_bytes() != content:
        raise OSError("what was written cannot be read again")
    return True


def move_sealed(file: Path, to: Path) -> None:
    """Move a sealed file, mostly to a stick; raises ``OSError``, and the file stays where it is then.

    It goes from here only once every byte of it was read again from the other place.
    """
    if copy_sealed(file, to):
        file.unlink()


def _name(of: str) -> str:
    return f"unsent-{of}.ewb-outbox"
