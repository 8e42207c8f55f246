"""Pictures of widgets and windows for people to look at."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication, QWidget


def settle(widget: QWidget, rounds: int = 4) -> None:
    """Let fonts, size hints and layouts come to rest."""
    for _ in range(rounds):
        QApplication.processEvents()
        layout = widget.layout()
        if layout is not None:
            layout.activate()


def shoot(widget: QWidget, path: Path, size: QSize | None = None) -> Path:
    """Show ``widget``, at ``size`` if given, save a picture of it at ``path`` and return the path."""
    if size is not None:
        widget.resize(size)
    widget.show()
    settle(widget)
    path.parent.mkdir(parents=True, exist_ok=True)
    widget.grab().save(str(path))
    return path
