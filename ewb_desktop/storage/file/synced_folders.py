"""Folders that a cloud drive copies while they are in use: an open database is torn apart there, and leaves the laptop."""

from __future__ import annotations

from pathlib import Path

from ewb_desktop.storage.errors import SyncedFolder

_DRIVES = {
    "onedrive": "OneDrive",
    "dropbox": "Dropbox",
    "icloud": "iCloud",
    "mobile documents": "iCloud",
    "google drive": "Google Drive",
    "googledrive": "Google Drive",
    "nextcloud": "Nextcloud",
}


def refuse_synced(folder: Path) -> None:
    """Raise :class:`SyncedFolder` when ``folder`` lies inside a cloud drive's folder, by the names that these give it."""
    for part in folder.absolute().parts:
        for mark, drive in _DRIVES.items():
            if part.casefold().startswith(mark):
                raise SyncedFolder(
                    f"This folder is copied to {drive}. Members' records must not leave the laptop that way, and the copying "
                    "damages an open file. Nothing was written. Choose a folder outside it."
                )
