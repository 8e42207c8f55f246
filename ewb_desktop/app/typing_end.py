"""Has every open page keep what was typed on it, asked from any thread: nobody's records leave before that."""

from __future__ import annotations

import logging
import threading

from PySide6.QtCore import QObject, QThread, Signal, Slot
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from ewb_desktop.storage.errors import StorageTrouble
from ewb_desktop.ui.draft_timer import DraftTimer

PATIENCE_SECONDS = 2.0
"""So long another thread waits for the window; words that it does not keep by then are found afterwards."""

log = logging.getLogger(__name__)


class TypingEnd(QObject):
    """Belongs to the window's thread. ``watch`` names the window whose pages are meant."""

    _asked = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._window: QWidget | None = None
        self._is_stopped = False
        self._asked.connect(self._answer)

    def watch(self, window: QWidget) -> None:
        """From now on the pages of ``window`` are meant."""
        self._window = window

    def stop(self) -> None:
        """The window goes: it has kept everything, and nobody waits for it any more."""
        self._is_stopped = True

    def finish(self) -> None:
        """Return once everything that was typed has been kept as drafts, or cannot be."""
        if QThread.currentThread() is self.thread():
            self._keep()
        elif not self._is_stopped:
            done = threading.Event()
            self._asked.emit(done)
            done.wait(PATIENCE_SECONDS)

    @Slot(object)
    def _answer(self, done: threading.Event) -> None:
        try:
            self._keep()
        finally:
            done.set()

    def _keep(self) -> None:
        if self._is_stopped or self._window is None or not isValid(self._window):
            return
        for timer in self._window.findChildren(DraftTimer):
            try:
                timer.flush()
            except (StorageTrouble, LookupError) as trouble:
                # the words stay in memory, and go in with the next that can be written; a record that has gone takes none
                log.warning("a draft could not be kept: %s", type(trouble).__name__)
