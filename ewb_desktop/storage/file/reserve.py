"""Room on the disk that is kept for words: a file beside the encrypted one, given back when there is no room left for a draft.

Where even that was not enough, an empty file says so to whoever opens the encrypted one next: it needs no room, and names nobody.
"""

from __future__ import annotations

import contextlib
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from ewb_desktop.storage.file.disk import disk_told

ROOM: Final = 4 << 20
"""Bytes: all that can be typed into every page at once, written twice, and the file's own pages."""
_ENDING: Final = ".reserve"
_LOST: Final = ".words-lost"


class Reserve:
    """There is nothing in it. It is there from the opening of the file on, if the disk has room for it then."""

    def __init__(self, store_path: Path) -> None:
        self.path = store_path.with_name(store_path.name + _ENDING)
        self._lost = store_path.with_name(store_path.name + _LOST)

    def keep(self) -> None:
        """Take the room, where it is not taken yet. Raises ``FullDisk`` or ``FailingDisk``; no part of it is taken then."""
        if self.path.exists() and self.path.stat().st_size == ROOM:
            return
        try:
            with disk_told(), os.fdopen(os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                _take(file.fileno())
        except BaseException:
            self.give_back()
            raise

    def give_back(self) -> bool:
        """Let go of the room; say whether there was any."""
        try:
            self.path.unlink()
        except OSError:
            return False
        return True

    def note_lost(self) -> None:
        """Note that words were lost now; where not even that can be noted, nobody hears of it."""
        with contextlib.suppress(OSError):
            self._lost.touch(0o600)

    def last_lost(self) -> datetime | None:
        """Return when words were lost since this was asked last, if they were."""
        try:
            at = self._lost.stat().st_mtime
            self._lost.unlink()
        except OSError:
            return None
        return datetime.fromtimestamp(at, UTC)


def _take(handle: int) -> None:
    if hasattr(os, "posix_fallocate"):
        os.posix_fallocate(handle, 0, ROOM)
        return
    # zeros would take no room where the disk packs them
    left = os.urandom(ROOM)
    while left:
        left = left[os.write(handle, left) :]
