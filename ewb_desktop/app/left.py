"""A worker's part is taken off a laptop: noted first, then keys, then files: a stop at any moment leaves all of it or none.

The note names the part, not whose it is. It counts only once the keys are gone: then what a stop left of the files goes at the
next start, and it is told there until somebody works on the laptop again.
"""

from __future__ import annotations

import json
import logging
import shutil
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from ewb_desktop.storage.file.header import has_header
from ewb_desktop.whole_file import write_whole

if TYPE_CHECKING:
    from ewb_desktop.storage.vault import Vault

_FILE = "left"

log = logging.getLogger(__name__)


def destroy_part(data: Path, vault: Vault, sealed: Path | None) -> None:
    """Note in the folder ``data`` that this part goes, and where the file with what was not sent is; then destroy its keys.

    The files go once the store is closed. Raises ``OSError``; while the keys are there everything else is too.
    """
    told = {"part": vault.folder.name, "sealed": str(sealed) if sealed is not None else ""}
    write_whole(data / _FILE, json.dumps(told).encode())
    try:
        vault.destroy_keys()
    except OSError as error:
        if vault.has_keys():
            forget_left(data)
            raise
        log.warning("what is left of the keys' files could not be deleted: %s", type(error).__name__)


def left_words(data: Path, vaults: Path) -> str:
    """Return what to tell of a part that was taken off since somebody last worked here, or nothing.

    What a stop left of its files goes now. A note of a part whose keys are there is dropped: nothing of it had gone yet.
    """
    try:
        told = json.loads((data / _FILE).read_bytes())
        # a part's folder is named by an id: a spoilt note names no other folder
        part, sealed = str(UUID(told["part"])), str(told["sealed"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return ""
    folder = vaults / part
    if has_header(folder):
        forget_left(data)
        return ""
    _sweep(folder)
    unsent = (
        f"What could not be sent is in the sealed file {Path(sealed).name}, in {Path(sealed).parent}. Take it to your "
        "administrator, who can open it. Nobody else can. "
        if sealed
        else "Everything had been sent. "
    )
    return (
        "Your records, their keys and their daily copies are not on this laptop any more. What was sent is safe at your service. "
        f"{unsent}Tell your administrator that you have left this laptop. If you are to work here again, ask for a new code."
    )


def left_file(data: Path) -> Path | None:
    """Return the sealed file that is told of, or nothing when there is none."""
    try:
        sealed = str(json.loads((data / _FILE).read_bytes())["sealed"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return Path(sealed) if sealed else None


def forget_left(data: Path) -> None:
    """Tell it no more: somebody works here again."""
    (data / _FILE).unlink(missing_ok=True)


def _sweep(folder: Path) -> None:
    if folder.is_dir():
        try:
            shutil.rmtree(folder)
        except OSError as error:
            log.warning("what is left of a part could not be deleted: %s; its keys are gone", type(error).__name__)
