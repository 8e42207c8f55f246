"""Copies of the encrypted file under the same key: made while it is open, verified, kept seven deep, and put back."""

from __future__ import annotations

import re
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from ewb_desktop.domain.time import Clock
from ewb_desktop.storage.errors import DamagedFile, WorkerCanAct
from ewb_desktop.storage.file.aside_files import aside_name, list_asides, slots_beside
from ewb_desktop.storage.file.disk import disk_told
from ewb_desktop.storage.file.header import Header, copy_header_to
from ewb_desktop.storage.file.keyed import connect_keyed, translated
from ewb_desktop.whole_file import to_disk

KEPT = 7
"""How many copies stay."""
EACH = timedelta(days=1)
"""From this age on of the newest copy another is due."""

_BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
"""No file of this program is older."""
_STEP = 1 << 20
"""How far a file that is put back counts on: nobody makes so many edits between two copies."""

_STAMP = re.compile(r"-(\d{8}T\d{6}\d{6})-")


def back_up(path: Path, key: bytes | bytearray, folder: Path, clock: Clock, why: str = "daily") -> Path:
    """Copy the file at ``path`` into ``folder``, check the copy page by page, drop what is older than the newest seven.

    Returns the copy. Raises ``FullDisk`` or :class:`DamagedFile`; what was there before stays then.
    """
    with disk_told():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    target = folder / f"{path.stem}-{clock.now():%Y%m%dT%H%M%S%f}-{why}.backup"
    unfinished = target.with_suffix(".part")
    unfinished.unlink(missing_ok=True)
    try:
        with translated():
            source = connect_keyed(path, key, pragmas=False)
            try:
                copy = connect_keyed(unfinished, key, pragmas=False)
                try:
                    source.backup(copy)
                finally:
                    copy.close()
            finally:
                source.close()
        verify(unfinished, key)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
    unfinished.chmod(0o600)
    to_disk(unfinished)
    unfinished.replace(target)
    for old in list_backups(folder)[KEPT:]:
        # after a clock was put back the newest copy sorts below the others
        if old != target:
            old.unlink()
    return target


def list_backups(folder: Path) -> list[Path]:
    """Return the copies in ``folder``, newest first."""
    return sorted(folder.glob("*.backup"), key=lambda copy: copy.name, reverse=True) if folder.is_dir() else []


def newest_at(folder: Path) -> datetime | None:
    """Return when the newest copy in ``folder`` was made, None when there is none; its name tells, not the disk."""
    return max((_instant(found) for copy in list_backups(folder) if (found := _STAMP.search(copy.name))), default=None)


def is_due(folder: Path, clock: Clock) -> bool:
    """Say whether the newest copy is a day old, or lies more than a day ahead of a clock that was put back."""
    newest = newest_at(folder)
    return newest is None or abs(clock.now() - newest) >= EACH


def verify(path: Path, key: bytes | bytearray) -> None:
    """Raise :class:`DamagedFile` unless every page of the file is whole and its tables fit together."""
    if not path.exists() or not path.stat().st_size:
        # the driver would make it, and find nothing wrong with it
        raise DamagedFile("This copy of your file is empty or missing")
    with translated():
        connection = connect_keyed(path, key, pragmas=False)
        try:
            torn = connection.execute("PRAGMA cipher_integrity_check").fetchall()
            if torn or connection.execute("PRAGMA quick_check").fetchall() != [("ok",)]:
                raise DamagedFile("This copy of your file is damaged")
        finally:
            connection.close()


def restore(backup: Path, path: Path, key: bytes | bytearray, clock: Clock, kept: Header | None = None) -> Path | None:
    """Put a verified ``backup`` in the place of the file at ``path``, which must be closed.

    What stood there is never deleted: it is kept beside it under the name that is returned, and its unsent work is taken over
    by ``asides`` when the file is opened next. ``kept`` is the header that opens it, where its key is another one. Raises
    :class:`DamagedFile` when the backup itself is damaged; nothing is moved then.

    What is written from here on counts as later than all that was sent after the backup was made.
    """
    verify(backup, key)
    fresh = path.with_name(path.name + ".restoring")
    with disk_told():
        for ending in ("-wal", "-shm"):
            fresh.with_name(fresh.name + ending).unlink(missing_ok=True)
        reached = _reached(path, backup.parent, fresh, key)
        shutil.copyfile(backup, fresh)
        fresh.chmod(0o600)
        _count_on(fresh, key, max(reached, (clock.now() - _BEGAN) // timedelta(minutes=1)))
        to_disk(fresh)
    aside = aside_name(path, clock.now())
    if kept is not None:
        copy_header_to(slots_beside(aside), kept)
    # the log goes first, wherever this is cut off: it may be of use to whoever mends the damaged file, and must never be
    # replayed into the other one
    for ending in ("-wal", "-shm", ""):
        beside = path.with_name(path.name + ending)
        if beside.exists():
            beside.rename(aside.with_name(aside.name + ending))
    fresh.replace(path)
    to_disk(path.parent)
    return aside if aside.exists() else None


def drop_all_but(folder: Path, fresh: Path) -> None:
    """Take away the copies in ``folder`` other than ``fresh``."""
    for copy in list_backups(folder):
        if copy != fresh:
            copy.unlink(missing_ok=True)


def _reached(path: Path, folder: Path, spare: Path, key: bytes | bytearray) -> int:
    """Return the highest count in the file at ``path``, what was set aside before it and the copies; 0 where none can be read.

    Each is copied to ``spare`` and read there, without its log: a damaged file is left as it is, and ``_STEP`` goes beyond a log.
    """
    highest = 0
    for each in (path, *(aside.path for aside in list_asides(path)), *list_backups(folder)):
        try:
            shutil.copyfile(each, spare)
            spare.chmod(0o600)
            with translated():
                connection = connect_keyed(spare, key, pragmas=False)
                try:
                    highest = max(highest, _highest(connection))
                finally:
                    connection.close()
        except (OSError, WorkerCanAct):
            # damaged, gone, or of another key: the others tell
            continue
        finally:
            for ending in ("-wal", "-shm", ""):
                spare.with_name(spare.name + ending).unlink(missing_ok=True)
    return highest


def _highest(connection: Any) -> int:
    entries = connection.execute("SELECT max(counter) FROM journal").fetchall()
    reached = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'journal'").fetchall()
    return max((int(number or 0) for (number,) in (*entries, *reached)), default=0)


def _count_on(path: Path, key: bytes | bytearray, reached: int) -> None:
    """Let the journal of a backup count on from a number that it never reached, well beyond all that is known to be ``reached``.

    The server takes what counts less for older (``sync/server/pushing/later_words.py``), whatever this laptop's clock said.
    """
    with translated():
        connection = connect_keyed(path, key, pragmas=False)
        try:
            count = max(reached, _highest(connection)) + _STEP
            connection.execute("DELETE FROM sqlite_sequence WHERE name = 'journal'")
            connection.execute("INSERT INTO sqlite_sequence (name, seq) VALUES ('journal', ?)", (count,))
            connection.commit()
        finally:
            connection.close()


def _instant(stamp: re.Match[str]) -> datetime:
    return datetime.strptime(stamp.group(1), "%Y%m%dT%H%M%S%f").replace(tzinfo=UTC)
