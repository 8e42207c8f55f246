"""Reads a page again in a moment: once for many changes, and soon enough for whoever waits for them."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer


class ReadingAgain(QTimer):
    """Rings once, a moment after it was first asked; ``timeout`` is the ring."""

    AFTER_MS = 150

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent, singleShot=True, interval=self.AFTER_MS)

    def ask(self) -> None:
        """Ring in a moment; who has asked already puts nothing off."""
        if not self.isActive():
            self.start()
