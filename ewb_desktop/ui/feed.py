"""Hands the store's announcements of what changed to the pages, always in the window's own thread."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, QThread, Signal


class Feed(QObject):
    """Give :meth:`announce` to the store as its listener; pages connect to :attr:`changed` and re-query.

    What is announced (the store's ``Changes``, with its initiator) passes through untouched. From another thread it is
    queued; from the window's thread it is handed over at once.
    """

    changed = Signal(object)
    _arrived = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        # a receiver that is a plain function would otherwise run in the thread that emits
        self._arrived.connect(self._pass_on, Qt.ConnectionType.QueuedConnection)

    def announce(self, changes: object) -> None:
        """Tell the pages; may be called from any thread."""
        if QThread.currentThread() is self.thread():
            self.changed.emit(changes)
        else:
            self._arrived.emit(changes)

    def _pass_on(self, changes: object) -> None:
        self.changed.emit(changes)
