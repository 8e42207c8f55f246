"""One at a time in a folder: two processes that write numbered files there take neither a number nor a file from each other."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

if sys.platform != "win32":
    import fcntl


@contextlib.contextmanager
def alone_in(folder: Path) -> Iterator[bool]:
    """Wait until nobody else is in ``folder`` in this way; tell whether that is so.

    It is not where the machine, or a folder of another machine, has no such locks: then nothing there is surely left behind.
    The lock is the folder's own, so nothing is written into it, and it ends with the process, however that ends.
    """
    with contextlib.ExitStack() as ending:
        yield _is_held(folder, ending)


def _is_held(folder: Path, ending: contextlib.ExitStack) -> bool:
    if sys.platform != "win32":
        with contextlib.suppress(OSError):
            descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
            ending.callback(os.close, descriptor)
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            return True
    return False
