"""Says when what is being typed is to be kept: a moment after the last key, and at the latest every few seconds."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal


class DraftTimer(QObject):
    """Connect a form's ``edited`` to :meth:`touch` and keep the draft on :attr:`due`; :meth:`flush` when leaving."""

    due = Signal()
    AFTER_MS = 800
    """How long typing has to rest."""
    LATEST_MS = 5_000
    """How long typing without a rest may go unkept."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        # whether something waits is said here and not by the timers: one that has just rung no longer counts as running
        self._waits = False
        self._rest = QTimer(self, singleShot=True, interval=self.AFTER_MS)
        self._latest = QTimer(self, singleShot=True, interval=self.LATEST_MS)
        self._rest.timeout.connect(self.flush)
        self._latest.timeout.connect(self.flush)

    def touch(self) -> None:
        """Hear that something was typed."""
        self._rest.start()
        if not self._waits:
            self._waits = True
            self._latest.start()

    def flush(self) -> None:
        """Ask for the draft now, if something was typed since it was last kept."""
        if self._waits:
            self.forget()
            self.due.emit()

    def forget(self) -> None:
        """Stop waiting: what was typed has been saved for good, or given up."""
        self._waits = False
        self._rest.stop()
        self._latest.stop()
