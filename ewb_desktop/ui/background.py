"""Work off the window's thread: one lane in order for what touches the store, a small pool for the rest."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QCoreApplication, QObject, QRunnable, Qt, QThreadPool, Signal
from shiboken6 import isValid

from ewb_desktop.ui.running import RunAside

Result = TypeVar("Result")

log = logging.getLogger(__name__)


class Job(QObject):
    """One piece of work. Inside the work look at :attr:`cancelled` and call :meth:`report`; outside, :meth:`cancel`."""

    progressed = Signal(int, int, str)
    _done = Signal(object)
    _failed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._stop = threading.Event()

    def cancel(self) -> None:
        """Ask the work to stop; its result is dropped."""
        self._stop.set()

    @property
    def cancelled(self) -> bool:
        """Whether the work was asked to stop."""
        return self._stop.is_set()

    def report(self, done: int, total: int, text: str = "") -> None:
        """Say how far the work is; ``total`` 0 means not known. Called from the work's thread."""
        if isValid(self):
            self.progressed.emit(done, total, text)

    def finish(self, result: object) -> None:
        """Hand the result to the window's thread; one of work that was cancelled is dropped there."""
        if isValid(self):
            self._done.emit(result)

    def fail(self, error: Exception) -> None:
        """Hand the error to the window's thread."""
        if isValid(self):
            self._failed.emit(error)


class _Task(QRunnable, Generic[Result]):
    """What a pool's thread runs."""

    def __init__(self, job: Job, work: Callable[[Job], Result]) -> None:
        super().__init__()
        self._job = job
        self._work = work

    def run(self) -> None:
        """Do the work; an exception that left here would be printed and lost."""
        if self._job.cancelled:
            # who waits is let go all the same: callbacks hold the page they belong to
            self._job.finish(None)
            return
        try:
            result = self._work(self._job)
        except Exception as error:  # noqa: BLE001  # handed on to whoever asked
            self._job.fail(error)
        else:
            self._job.finish(result)


class _Callbacks(QObject):
    """Runs the callbacks of one job in the window's thread, unless their owner is gone."""

    def __init__(
        self,
        job: Job,
        owner: QObject | None,
        done: Callable[[Any], None] | None,
        failed: Callable[[Exception], None] | None,
        ended: Callable[[_Callbacks], None],
    ) -> None:
        super().__init__()
        self.job = job
        self._owned = owner is not None
        self._owner = owner
        self._done = done
        self._failed = failed
        self._ended = ended
        job._done.connect(self._on_done, Qt.ConnectionType.QueuedConnection)  # noqa: SLF001  # same subject
        job._failed.connect(self._on_failed, Qt.ConnectionType.QueuedConnection)  # noqa: SLF001

    def _wanted(self) -> bool:
        return not self._owned or (self._owner is not None and isValid(self._owner))

    def _end(self) -> None:
        self._ended(self)
        # these are in their own slot now, and must outlive it
        self.job.deleteLater()
        self.deleteLater()

    def _on_done(self, result: object) -> None:
        self._end()
        if self._done is not None and self._wanted() and not self.job.cancelled:
            self._done(result)

    def _on_failed(self, error: Exception) -> None:
        self._end()
        if not self._wanted():
            return
        if self._failed is not None:
            self._failed(error)
        else:
            log.error("background work failed: %s", type(error).__name__)


class Background:
    """The program's threads. Made once by the composition root, which calls :meth:`shutdown` at the end."""

    def __init__(self, threads: int = 2) -> None:
        self._lane = QThreadPool()
        self._lane.setMaxThreadCount(1)
        # the lane's thread keeps its own connection to the store: it must not be replaced when it was idle
        self._lane.setExpiryTimeout(-1)
        self._pool = QThreadPool()
        self._pool.setMaxThreadCount(threads)
        self._running: set[_Callbacks] = set()
        # jobs and callbacks are its children: the last reference to one may go in a pool's thread, or inside a slot of its own,
        # and no object of Qt may die there
        self._nest = QObject(QCoreApplication.instance())

    def run(
        self,
        work: Callable[[Job], Result],
        *,
        owner: QObject | None = None,
        done: Callable[[Result], None] | None = None,
        failed: Callable[[Exception], None] | None = None,
        in_lane: bool = True,
    ) -> Job:
        """Begin ``work(job)`` in another thread and return its job at once.

        ``done(result)`` or ``failed(error)`` follows in the window's thread, and neither when ``owner`` is gone or the
        job was cancelled. Work that touches the store goes ``in_lane``, one after the other.
        """
        job = Job()
        job.setParent(self._nest)
        callbacks = _Callbacks(job, owner, done, failed, self._running.discard)
        callbacks.setParent(self._nest)
        self._running.add(callbacks)
        if owner is not None:
            owner.destroyed.connect(job.cancel)
        (self._lane if in_lane else self._pool).start(_Task(job, work))
        return job

    def aside_for(self, owner: QObject) -> RunAside:
        """Return the way in which what belongs to ``owner`` has work done that waits for no other work, such as a slow line."""

        def run_aside(work: Callable[[], Any], done: Callable[[Any], None], failed: Callable[[Exception], None]) -> None:
            self.run(lambda _job: work(), owner=owner, done=done, failed=failed, in_lane=False)

        return run_aside

    @property
    def busy(self) -> bool:
        """Whether any work has not ended."""
        return self._lane.activeThreadCount() + self._pool.activeThreadCount() > 0

    def shutdown(self, milliseconds: int = 3000) -> bool:
        """Ask all work to stop and wait; False when some did not stop in time."""
        for callbacks in list(self._running):
            callbacks.job.cancel()
        self._lane.clear()
        self._pool.clear()
        stopped = self._lane.waitForDone(milliseconds) and self._pool.waitForDone(milliseconds)
        if stopped:
            # what the pools let go of before it began says no end of its own
            for callbacks in self._running:
                callbacks.job.deleteLater()
                callbacks.deleteLater()
            self._running.clear()
        return stopped
