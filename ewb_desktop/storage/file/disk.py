"""What the system says of a full or failing disk, told as our own errors, also where no database is in between."""

from __future__ import annotations

import contextlib
import errno
from collections.abc import Iterator

from ewb_desktop.storage.errors import FailingDisk, FullDisk, WorkerCanAct

_FULL = frozenset({errno.ENOSPC, *((errno.EDQUOT,) if hasattr(errno, "EDQUOT") else ())})
_FAILING = frozenset({errno.EIO, errno.EROFS})


def disk_trouble(error: BaseException) -> WorkerCanAct | None:
    """Return the trouble with the disk that ``error`` tells of, None when it tells of something else."""
    if isinstance(error, FullDisk | FailingDisk):
        return error
    if isinstance(error, OSError):
        if error.errno in _FULL:
            return FullDisk()
        if error.errno in _FAILING:
            return FailingDisk()
    return None


@contextlib.contextmanager
def disk_told() -> Iterator[None]:
    """Raise ``FullDisk`` or ``FailingDisk`` for the system's own words about the disk; let all else pass."""
    try:
        yield
    except OSError as error:
        trouble = disk_trouble(error)
        if trouble is None:
            raise
        raise trouble from error
