"""Where the system's file dialogs begin: among a person's own documents, not where the program happens to run."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from ewb_desktop.domain.time import SystemClock, local

WAITING, UNSENT_WORK = "waiting-changes.ewb-outbox", "my-unsent-work.ewb-outbox"
"""The names that are offered for a copy of what was not taken, and for all of a worker's unsent work."""


def in_documents(name: str = "") -> str:
    """Return the documents' folder, or the file ``name`` in it; only the name when the system knows no such folder."""
    from PySide6.QtCore import QStandardPaths

    folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    if not folder or not Path(folder).is_dir():
        return name
    return str(Path(folder) / name) if name else folder


def dated(name: str, now: datetime | None = None) -> str:
    """Return a name with the day and the minute in it: nobody is asked to write over what somebody saved before."""
    told = Path(name)
    return f"{told.stem}-{local(now or SystemClock().now()):%Y-%m-%d-%H%M}{told.suffix}"
