"""A finished leaflet put on the disk whole, or not at all."""

from __future__ import annotations

import errno
import os
from pathlib import Path

from ewb_desktop.leaflets.errors import SavingError


def write_leaflet(path: Path, content: bytes) -> None:
    """Save ``content`` as ``path``; what stood there stays until the new file is safe on the disk.

    The file gets the rights that files usually get there: colleagues open it in a folder that they share.
    Raises ``SavingError`` with a sentence for the worker, which names the file, when the folder or the disk does not take it.
    """
    temporary: Path | None = None
    try:
        beside = path.with_name(f".leaflet-{os.urandom(6).hex()}.part")
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666)
        temporary = beside
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError as error:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
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
