"""Collects Python's garbage in the window's own thread only.

Python collects in whatever thread happens to allocate. A widget that is part of a cycle would then be destroyed in a thread
that works beside the window, which Qt does not allow: the process ends without a word.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer


class Collector(QObject):
    """Switches the automatic collection off, and looks every second whether it is time for one, as Python itself would."""

    EVERY_MS = 1_000

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        gc.disable()
        self._timer = QTimer(self, interval=self.EVERY_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()

    def look(self) -> None:
        """Collect what is young; what is older when it is due."""
        counts, most = gc.get_count(), gc.get_threshold()
        gc.collect(max((generation for generation in (1, 2) if counts[generation] > most[generation]), default=0))

    def stop(self) -> None:
        """Leave the collecting to Python again."""
        self._timer.stop()
        gc.enable()
