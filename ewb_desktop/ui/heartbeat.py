"""The beat of sync: rounds after a save, now and then, and when asked for; in a thread, and never two at once."""

from __future__ import annotations

import logging
import random
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from PySide6.QtCore import QObject, QTimer, Signal

from ewb_desktop.storage.changes import Changes
from ewb_desktop.storage.errors import DamagedFile, StorageTrouble, WorkerCanAct
from ewb_desktop.storage.store import Store
from ewb_desktop.syncing.engine import Engine
from ewb_desktop.syncing.report import SyncStatus, file_words, read_status
from ewb_desktop.syncing.rounds import Outcome
from ewb_desktop.syncing.troubles import AskedToWait, NeedsSomebody, RoundFailed
from ewb_desktop.ui.background import Background, Job

AFTER_SAVE_SECONDS = 3.0
"""A round waits so long after the last save, so that a form saved field by field is one push."""
BETWEEN_SECONDS = 300.0
FIRST_WAIT_SECONDS = 15.0
LONGEST_WAIT_SECONDS = 900.0
JITTER = 0.2
"""Waits differ by up to a fifth either way: a hundred laptops in one hall must not ask in the same second."""

_LOOK_MILLISECONDS = 500
"""How often it is looked what has come of a first pull."""

log = logging.getLogger(__name__)


class Heartbeat(QObject):
    """Begins rounds and tells how things stand.

    ``told(SyncStatus)`` follows everything that changes what the foot of the window says; ``ended(Outcome)`` each run.
    Connect the feed's ``changed`` to :meth:`hear`. Everything here belongs to the window's thread.
    """

    told = Signal(object)
    ended = Signal(object)

    def __init__(
        self,
        store: Store,
        engine: Engine,
        background: Background,
        chance: Callable[[], float] = random.random,
        parent: QObject | None = None,
        *,
        is_practice: bool = False,
    ) -> None:
        super().__init__(parent)
        self._store = store
        self._engine = engine
        self._background = background
        self._chance = chance
        self._is_practice = is_practice
        self._job: Job | None = None
        self._again = False
        self._failures = 0
        self._file_trouble: WorkerCanAct | None = None
        self._known = SyncStatus(is_practice=is_practice)
        self._stopped = False
        self._next_try: datetime | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.ask)
        self._arrival = QTimer(self)
        self._arrival.setInterval(_LOOK_MILLISECONDS)
        self._arrival.timeout.connect(self._look_what_arrives)
        self._received: float | None = None

    @property
    def is_working(self) -> bool:
        """Whether a round is under way."""
        return self._job is not None

    @property
    def wait_seconds(self) -> float:
        """How long it is until the next round by itself; 0 when none is planned."""
        return self._timer.remainingTime() / 1000 if self._timer.isActive() else 0.0

    def start(self) -> None:
        """Tell how things stand and do a first round soon."""
        self._plan(AFTER_SAVE_SECONDS)
        self._tell()

    def hear(self, changes: Changes) -> None:
        """Hear of what was written: a round follows when there is something to send."""
        if self._stopped or not changes:
            return
        status = self._tell()
        if status.to_send and status.is_enrolled and not self.is_working:
            self._sooner(AFTER_SAVE_SECONDS)
        elif status.to_send and self.is_working:
            self._again = True

    def ask(self) -> None:
        """Do a round now; one that is under way is followed by another."""
        if self._stopped:
            return
        if self._job is not None:
            self._again = True
            return
        self._timer.stop()
        self._again = False
        # not in the lane: a slow line must not keep an import or a backup waiting, and the store has one pen anyway
        self._job = self._background.run(
            lambda _job: self._engine.run(), owner=self, done=self._done, failed=self._failed, in_lane=False
        )
        self._arrival.start()
        self._tell()

    def stop(self) -> None:
        """Break off what is under way and begin nothing more; called before a lock and before the program ends."""
        self._stopped = True
        self._timer.stop()
        self._arrival.stop()
        self._engine.stop()
        if self._job is not None:
            self._job.cancel()
            self._job = None

    def status(self) -> SyncStatus:
        """Return how things stand now; of a file that cannot be read, how they stood last."""
        try:
            self._known = read_status(self._store, is_practice=self._is_practice)
        except WorkerCanAct as trouble:
            self._file_trouble = trouble
        words = file_words(self._file_trouble) if self._file_trouble is not None else ""
        planned = self._next_try if self._timer.isActive() else None
        soon = planned is not None and planned - self._store.clock.now() < timedelta(minutes=1)
        known = replace(self._known, is_working=self.is_working, file_trouble=words, next_try=planned, tries_soon=soon)
        # what comes down the line now is the proof that nothing is in its way any more
        return known if self._received is None else replace(known, received=self._received, trouble=None, trouble_since=None)

    def _look_what_arrives(self) -> None:
        received = self._engine.received
        if received != self._received:
            self._received = received
            self._tell()

    def _end_of_job(self) -> None:
        self._job, self._received = None, None
        self._arrival.stop()

    def _done(self, outcome: Outcome) -> None:
        self._end_of_job()
        if self._stopped:
            return
        trouble = outcome.trouble
        if not isinstance(self._file_trouble, DamagedFile):
            # a round that met no damaged page does not mend it
            self._file_trouble = None
        self._failures = self._failures + 1 if trouble is not None else 0
        # planned before it is told: the foot says when it tries again
        self._plan(self._wait_after(trouble))
        self._tell()
        self.ended.emit(outcome)
        if self._store.has_long_log:
            # the worker has been told already: neither she nor what she saves waits for it
            self._background.run(lambda _job: self._store.bring_in_log())

    def _wait_after(self, trouble: RoundFailed | None) -> float:
        if self._again and trouble is None:
            return AFTER_SAVE_SECONDS
        if isinstance(trouble, AskedToWait) and trouble.wait_seconds is not None:
            # a server or a page between may ask for nothing or for years
            return min(max(trouble.wait_seconds, FIRST_WAIT_SECONDS), LONGEST_WAIT_SECONDS)
        if isinstance(trouble, NeedsSomebody):
            return LONGEST_WAIT_SECONDS
        return BETWEEN_SECONDS if trouble is None else self._back_off()

    def _failed(self, error: Exception) -> None:
        self._end_of_job()
        if self._stopped:
            return
        if isinstance(error, WorkerCanAct):
            self._file_trouble = error
        log.log(
            logging.INFO if isinstance(error, StorageTrouble) else logging.ERROR, "a round ended with %s", type(error).__name__
        )
        self._failures += 1
        self._plan(self._back_off())
        self._tell()

    def _back_off(self) -> float:
        doubled = FIRST_WAIT_SECONDS * 2 ** min(self._failures - 1, 10)
        return float(min(doubled, LONGEST_WAIT_SECONDS))

    def _plan(self, seconds: float) -> None:
        spread = 1 + JITTER * (2 * self._chance() - 1)
        self._next_try = self._store.clock.now() + timedelta(seconds=seconds * spread)
        self._timer.start(round(seconds * spread * 1000))

    def _sooner(self, seconds: float) -> None:
        # while the line is down a save must not undo the back-off
        if self._failures == 0 or not self._timer.isActive():
            self._plan(seconds)

    def _tell(self) -> SyncStatus:
        status = self.status()
        self.told.emit(status)
        return status
