"""Waits until hands rest: nothing is taken away under somebody who types, and nothing is built again under her hands."""

from __future__ import annotations

import math

from PySide6.QtCore import QObject, QTimer, Signal

from ewb_desktop.ui.idle import IdleLock

REST_SECONDS = 5.0
"""Hands rest when nothing was pressed, touched or scrolled for so long."""
_MOMENT_MS = 150
"""So long keys that were pressed just now have to be read before it is said that hands rest."""


class Rest(QObject):
    """Belongs to the window's thread; :meth:`nobody_types` and :meth:`ask` may be called from any."""

    came = Signal()
    """Hands rest, and somebody had asked for that."""
    _asked = Signal()

    def __init__(self, idle: IdleLock, parent: QObject) -> None:
        super().__init__(parent)
        self._idle = idle
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._look)
        self._was_rest = False
        self._asked.connect(self._wait)

    def nobody_types(self) -> bool:
        """Say whether nobody types now; what was pressed a moment ago, such as “Send and receive now”, is no reason to wait."""
        return self._idle.seconds_without_a_key() >= REST_SECONDS

    def ask(self) -> None:
        """Have ``came`` sent once when hands rest, not before the window's next turn."""
        self._asked.emit()

    def stop(self) -> None:
        """Nobody waits any more."""
        self._timer.stop()

    def _wait(self) -> None:
        self._was_rest = False
        left = REST_SECONDS - self._idle.seconds_without_a_press()
        self._timer.start(math.ceil(max(0.0, left) * 1000))

    def _look(self) -> None:
        if self._idle.seconds_without_a_press() < REST_SECONDS:
            self._wait()
        elif not self._was_rest:
            # this may come before a key that waits: it is read in the turns until then
            self._was_rest = True
            self._timer.start(_MOMENT_MS)
        else:
            self._was_rest = False
            self.came.emit()
