"""Watches over members who are on this laptop for a while only: for a few hours, or until words about them were saved."""

from __future__ import annotations

import logging
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

from ewb_desktop.storage.errors import StorageTrouble
from ewb_desktop.storage.holding.leaving import let_held_go, let_words_go
from ewb_desktop.storage.holding.opened import let_opened_go
from ewb_desktop.storage.store import Store
from ewb_desktop.ui.background import Background
from ewb_desktop.ui.idle import awake_seconds

LOOKS_EVERY_SECONDS = 30

log = logging.getLogger(__name__)


class OpenedWatch(QObject):
    """Counts by this laptop's own sense of time, not by its clock alone. ``left(people)`` follows when their time is over.

    ``finish_typing`` has every open page keep what was typed on it; it is called in the window's thread, before anybody leaves.
    """

    left = Signal(object)
    let_go_early = Signal(object)
    """Whom the worker let go herself before the time was over."""
    words_settled = Signal(object)
    """Members who were here for words alone, and have left now."""

    def __init__(
        self,
        store: Store,
        background: Background,
        parent: QObject | None = None,
        finish_typing: Callable[[], object] = lambda: None,
    ) -> None:
        super().__init__(parent)
        self._finish_typing = finish_typing
        self._store = store
        self._background = background
        self._looked_at = awake_seconds()
        self._is_working = False
        self._timer = QTimer(self)
        self._timer.setInterval(LOOKS_EVERY_SECONDS * 1000)
        self._timer.timeout.connect(self.look)

    def start(self) -> None:
        """Let go of those whose time ended while nobody worked here, before anything is shown; then watch."""
        try:
            let_opened_go(self._store)
            let_held_go(self._store)
        except StorageTrouble as trouble:
            log.warning("copies beside the file could not be renewed: %s", type(trouble).__name__)
        self._timer.start()

    def stop(self) -> None:
        """Watch no more: the file is about to be closed."""
        self._timer.stop()

    def look(self) -> None:
        """Count the time since the last look, and let go of those whose time is over."""
        if self._is_working:
            return
        now = awake_seconds()
        elapsed, self._looked_at = max(0.0, now - self._looked_at), now
        self._is_working = True
        self._finish_typing()
        self._background.run(
            lambda _job: (let_opened_go(self._store, elapsed), let_held_go(self._store)),
            owner=self, done=self._done, failed=self._failed, in_lane=False,
        )  # fmt: skip

    def let_go(self, person: str) -> None:
        """Let go of a member now, because the worker has no more need of her page. Words that were not saved hold her."""
        self._finish_typing()
        self._background.run(
            lambda _job: let_opened_go(self._store, now_already=(person,)),
            owner=self, done=self._has_let_go, failed=self._failed, in_lane=False,
        )  # fmt: skip

    def let_words_go(self, person: str) -> None:
        """Forget the words about a member who is here for them alone, because the worker says so; then she leaves."""
        self._finish_typing()

        def work(_job: object) -> tuple[tuple[str, ...], tuple[str, ...]]:
            let_words_go(self._store, person)
            return (), let_held_go(self._store)

        self._background.run(work, owner=self, done=self._tell, failed=self._failed, in_lane=False)

    def _has_let_go(self, people: object) -> None:
        if people:
            self.let_go_early.emit(people)

    def _done(self, found: tuple[tuple[str, ...], tuple[str, ...]]) -> None:
        self._is_working = False
        self._tell(found)

    def _tell(self, found: tuple[tuple[str, ...], tuple[str, ...]]) -> None:
        over, settled = found
        if over:
            self.left.emit(over)
        if settled:
            self.words_settled.emit(settled)

    def _failed(self, error: Exception) -> None:
        self._is_working = False
        log.warning("letting go was not finished: %s", type(error).__name__)
