"""Where the system's file dialogs begin: among a person's own documents, not where the program happens to run."""

from __future__ import annotations

from pathlib import Path


def in_documents(name: str = "") -> str:
    """Return the documents' folder, or the file ``name`` in it; only the name when the system knows no such folder."""
    from PySide6.QtCore import QStandardPaths

    folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    if not folder or not Path(folder).is_dir():
        return name
    return str(Path(folder) / name) if name else folder
