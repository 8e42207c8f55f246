"""Files that only their owner can read: opened this way, nobody else can at any moment, the first one included."""

from __future__ import annotations

import os
from io import BufferedRandom, BufferedWriter
from pathlib import Path
from typing import Final

_BYTES: Final = getattr(os, "O_BINARY", 0)  # Windows would turn ends of lines into its own
OWNER_ONLY: Final = 0o600


def new_file(file: Path, permissions: int = OWNER_ONLY) -> BufferedWriter:
    """Open a file that is not there yet, to write it; raises ``OSError``, also when it is there."""
    return os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BYTES, permissions), "wb")


def emptied_file(file: Path) -> BufferedWriter:
    """Open a file to write it anew, whatever stood in it; raises ``OSError``."""
    return os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | _BYTES, OWNER_ONLY), "wb")


def file_to_add_to(file: Path) -> BufferedRandom:
    """Open a file to read it and to write behind what stands in it; raises ``OSError``."""
    return os.fdopen(os.open(file, os.O_RDWR | os.O_CREAT | os.O_APPEND | _BYTES, OWNER_ONLY), "r+b")
