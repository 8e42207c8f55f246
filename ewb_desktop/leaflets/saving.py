"""A finished leaflet put on the disk whole, or not at all."""

from __future__ import annotations

import errno
import os
import tempfile
from pathlib import Path

from ewb_desktop.leaflets.errors import SavingError


def write_leaflet(path: Path, content: bytes) -> None:
    """Save ``content`` as ``path``; what stood there stays until the new file is safe on the disk.

    Raises ``SavingError`` with a sentence for the worker, which names the file, when the folder or the disk does not take it.
    """
    temporary = ""
    try:
        handle, temporary = tempfile.mkstemp(prefix=".leaflet-", suffix=".part", dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except OSError as error:
        if temporary:
            Path(temporary).unlink(missing_ok=True)
        raise SavingError(_sentence(error, path)) from error


def _sentence(error: OSError, path: Path) -> str:
    if error.errno == errno.ENOSPC or error.errno == errno.EDQUOT:
        why = "The disk is full. Make room, or choose another place."
    elif error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        why = f"The folder “{path.parent.name}” cannot be written to. Choose another folder, such as Documents."
    elif error.errno in (errno.ENOENT, errno.ENOTDIR):
        why = f"The folder “{path.parent.name}” is not there. Choose another folder."
    elif error.errno in (errno.EISDIR, errno.ENOTEMPTY):
        why = f"“{path.name}” is a folder. Choose another name."
    else:
        why = "The computer did not take the file. Choose another folder, and tell us if it happens again."
    return f"“{path.name}” was not saved. {why}"
