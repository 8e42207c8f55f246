"""What has arrived of a snapshot, beside the worker's file: sealed as it came, so that a cut line goes on from the byte."""

from __future__ import annotations

import os
from pathlib import Path

from ewb_desktop.storage.file.disk import disk_told

_ENDING = ".arriving"


class Spool:
    """One sealed file that one thread adds to while another reads it. Nothing here opens what is sealed.

    Every method raises ``FullDisk`` or ``FailingDisk`` when the disk does not do what it is asked.
    """

    def __init__(self, store_path: Path) -> None:
        self.path = store_path.with_name(store_path.name + _ENDING)

    @property
    def size(self) -> int:
        """How many bytes there are."""
        return self.path.stat().st_size if self.path.exists() else 0

    def add(self, piece: bytes) -> None:
        """Put ``piece`` at the end."""
        with disk_told(), os.fdopen(os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab", buffering=0) as file:
            # a raw file may take a part of it when the disk is nearly full
            while piece:
                piece = piece[file.write(piece) :]

    def read(self, place: int, length: int) -> bytes:
        """Return ``length`` bytes from ``place`` on, fewer where the file ends."""
        if not self.path.exists():
            return b""
        with disk_told(), self.path.open("rb") as file:
            file.seek(place)
            return file.read(length)

    def reach(self, place: int) -> None:
        """Make the file end at ``place``: what stands further on goes, what is missing before it is not needed any more."""
        with disk_told():
            handle = os.open(self.path, os.O_WRONLY | os.O_CREAT, 0o600)
            try:
                os.ftruncate(handle, place)
            finally:
                os.close(handle)

    def destroy(self) -> None:
        """Take the file away."""
        self.path.unlink(missing_ok=True)
