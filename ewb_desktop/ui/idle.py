"""When to lock: after some minutes without a key or a movement, and when the laptop wakes from sleep."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QTimer, Signal

from ewb_desktop.domain.time import Clock

WARNING_SECONDS = 20
"""How long before locking the worker is warned (WCAG 2.2.1: time to ask for more time)."""

SLEPT_SECONDS = 60
"""The clocks are read every second. If the clock on the wall went on by so much more than the laptop was awake, it slept."""

BUSY_SECONDS = 10
"""If the laptop was awake for longer than this between two readings, the window was busy and could notice nobody."""

MINUTES = range(1, 16)
"""The minutes a worker may choose from (domain notes 6.8)."""

STOOD_STILL_SECONDS = 2
"""If the last look is longer ago than this, the window stands still, and keys that were pressed since wait to be read."""

_LOOK_MILLISECONDS = 1000
_SIGNS_OF_LIFE = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
        QEvent.Type.TabletPress,
    }
)


def awake_seconds() -> float:
    """Return how long this computer has been awake, from any beginning: unlike the clock on the wall it stands still in sleep."""
    if sys.platform == "win32":
        import ctypes

        ticks = ctypes.c_ulonglong()
        # counts in steps of 100 nanoseconds, without sleep; Python's own monotonic clock counts sleep there
        ctypes.windll.kernel32.QueryUnbiasedInterruptTime(ctypes.byref(ticks))
        return ticks.value / 10_000_000
    return time.monotonic()


class IdleLock(QObject):
    """Counts the time in which nobody touches the laptop, and says when to warn and when to lock.

    It adds up the time between its looks, so that a clock that is put right (backwards) neither locks at once nor never.
    A window that was busy is not taken for sleep, and the time in which it could notice nobody is not counted. ``awake``
    returns the seconds for which the laptop has been awake.
    """

    warned = Signal(int)
    """The laptop locks in this many seconds unless somebody stays. Sent again at each second."""
    stayed = Signal()
    """Somebody is there after all."""
    locked = Signal()
    """Lock now. Sent once."""

    def __init__(
        self, clock: Clock, minutes: int, parent: QObject | None = None, *, awake: Callable[[], float] = awake_seconds
    ) -> None:
        super().__init__(parent)
        self._clock = clock
        self._awake = awake
        self._awake_at = awake()
        self._limit = _seconds(minutes)
        self._idle = 0.0
        self._key_at = float("-inf")
        self._pressed_at = float("-inf")
        self._is_counting = False
        self._may_keys_wait = False
        self._looked_at: datetime = clock.now()
        self._warned = False
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_MILLISECONDS)
        self._timer.timeout.connect(self.look)

    def start(self) -> None:
        """Begin to count, and to notice keys and movements anywhere in the program."""
        self._idle = 0.0
        self._looked_at, self._awake_at = self._clock.now(), self._awake()
        self._may_keys_wait = False
        application = QCoreApplication.instance()
        if application is not None:
            application.installEventFilter(self)
        self._timer.start()
        self._is_counting = True

    def stop(self) -> None:
        """Count no longer."""
        self._is_counting = False
        self._timer.stop()
        application = QCoreApplication.instance()
        if application is not None:
            application.removeEventFilter(self)

    def change_minutes(self, minutes: int) -> None:
        """Lock after this many minutes from now on. Values outside 1 to 15 are taken to the nearest of them."""
        self._limit = _seconds(minutes)
        self.stay()

    def stay(self) -> None:
        """Somebody is there: count from zero again."""
        self._idle = 0.0
        if self._warned:
            self._warned = False
            self.stayed.emit()

    def seconds_without_a_key(self) -> float:
        """Return for how long no key was pressed, by the laptop's own count; infinite before the first.

        Nothing while the window stands still, and until it has gone on for a look: keys that wait are read first.
        """
        return self._seconds_since(self._key_at)

    def seconds_without_a_press(self) -> float:
        """Return for how long nothing was pressed, touched or scrolled either; counted as :meth:`seconds_without_a_key` is."""
        return self._seconds_since(max(self._key_at, self._pressed_at))

    def _seconds_since(self, instant: float) -> float:
        now = self._awake()
        if self._is_counting and (self._may_keys_wait or now - self._awake_at > STOOD_STILL_SECONDS):
            return 0.0
        return now - instant

    def look(self) -> None:
        """Read the clocks: warn or lock if it is time."""
        now, awake = self._clock.now(), self._awake()
        passed, awake_for = (now - self._looked_at).total_seconds(), awake - self._awake_at
        self._looked_at, self._awake_at = now, awake
        self._may_keys_wait = awake_for > STOOD_STILL_SECONDS
        # who was there while the window was busy is known only after it: their keys wait behind this look
        self._idle += max(0.0, passed) if awake_for <= BUSY_SECONDS else 0.0
        if passed - awake_for > SLEPT_SECONDS or self._idle >= self._limit:
            self.stop()
            self.locked.emit()
        elif self._idle >= self._limit - WARNING_SECONDS:
            self._warned = True
            self.warned.emit(round(self._limit - self._idle))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: ARG002 - Qt's own signature
        """Notice a sign of life; take no event away."""
        kind = event.type()
        if kind in _SIGNS_OF_LIFE:
            if kind == QEvent.Type.KeyPress:
                self._key_at = self._awake()
            elif kind != QEvent.Type.MouseMove:
                self._pressed_at = self._awake()
            self.stay()
        return False


def _seconds(minutes: int) -> int:
    return min(max(minutes, MINUTES.start), MINUTES.stop - 1) * 60
