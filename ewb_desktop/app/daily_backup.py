"""The backup of every day: made beside the window after unlocking when the newest is older than a day; it stops nobody."""

from __future__ import annotations

import logging

from PySide6.QtCore import QObject, Signal

from ewb_desktop.domain.time import Clock
from ewb_desktop.storage.errors import FullDisk
from ewb_desktop.storage.file.aside_files import waiting_asides
from ewb_desktop.storage.file.backups import is_due, newest_at
from ewb_desktop.storage.vault import Vault
from ewb_desktop.syncing.report import when_words
from ewb_desktop.ui.background import Background

_ASIDE = "A file that was set aside may hold work that was not sent: Send and receive tells more."

log = logging.getLogger(__name__)


class DailyBackup(QObject):
    """Keeps the newest backup beside the file younger than a day. A backup is no work to send: the journal never hears of it."""

    failed = Signal(str)
    """A backup could not be made: why, and what to do, in words."""

    def __init__(self, vault: Vault, key: bytearray, clock: Clock, background: Background, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._vault = vault
        self._key = key
        self._clock = clock
        self._background = background
        self._is_working = False
        self._trouble = ""

    def ask(self) -> None:
        """Make a backup in the background lane if one is due and none is being made."""
        if self._is_working or not is_due(self._vault.backups, self._clock):
            return
        self._is_working = True
        # a lock overwrites the key of the door; a copy that is being checked then still needs its own
        own = bytearray(self._key)

        def work(_job: object) -> None:
            try:
                self._vault.back_up(own)
            finally:
                own[:] = bytes(len(own))

        self._background.run(work, owner=self, done=self._done, failed=self._failed)

    def words(self) -> str:
        """Say when the newest backup was made, and what was in the way of the last one if anything was."""
        made = newest_at(self._vault.backups)
        told = (
            f"The program makes one itself each day and keeps seven. The newest was made {when_words(made, self._clock.today())}."
            if made is not None
            else "The program makes one itself each day and keeps seven. There is none yet."
        )
        aside = _ASIDE if waiting_asides(self._vault.path) else ""
        return " ".join(part for part in (told, self._trouble, aside) if part)

    def _done(self, _nothing: object) -> None:
        self._is_working = False
        self._trouble = ""

    def _failed(self, error: Exception) -> None:
        self._is_working = False
        log.warning("the backup of the day was not made: %s", type(error).__name__)
        self._trouble = _trouble_words(error)
        self.failed.emit(self._trouble)


def _trouble_words(error: Exception) -> str:
    if isinstance(error, FullDisk):
        return (
            "Today's backup could not be made: the disk is full. Your work itself is saved. Make some room, then lock and unlock."
        )
    return (
        "Today's backup could not be made. Your work itself is saved. "
        "Make one on a memory stick in Settings, and tell whoever looks after this laptop."
    )
