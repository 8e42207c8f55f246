"""What was typed last and found no room on the disk: it is kept before the window goes, or the window stays and says so once."""

from __future__ import annotations

import contextlib
import logging
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer

from ewb_desktop.storage.drafts import keep_at_last
from ewb_desktop.storage.errors import StorageTrouble
from ewb_desktop.storage.file.reserve import Reserve
from ewb_desktop.syncing.report import when_words

if TYPE_CHECKING:
    from pydantic import JsonValue

    from ewb_desktop.app.office import Office

_LOOK_MS: Final = 500

log = logging.getLogger(__name__)


class LastWords(QObject):
    """Belongs to an office; asked in the window's thread."""

    def __init__(self, office: Office) -> None:
        super().__init__(office)
        self._office = office
        self._told: dict[str, JsonValue] = {}
        self._title = self.tr("What you typed last would be lost")
        self._look_again = QTimer(self, interval=_LOOK_MS)
        self._look_again.timeout.connect(self._look)

    def keep_room(self) -> None:
        """Keep room on the disk for what will be typed last; where there is none, the window will say so in time."""
        with contextlib.suppress(StorageTrouble):
            Reserve(self._office.unlocked.store.path).keep()

    def tell_of_lost(self) -> None:
        """Say at the opening what the last lock, which waited for nobody, could not keep."""
        lost = Reserve(self._office.unlocked.store.path).last_lost()
        if lost is None:
            return
        today = self._office.desk.clock.today()
        self._office.window.trouble.tell(
            self.tr("What you typed last is lost"),
            self.tr(
                "The disk of this laptop was full when it locked or closed, {0}: what stood on the page then, and was not saved, "
                "is not in your file. Everything that was saved before is safe. Think of whom you had open, and write it again."
            ).format(when_words(lost, today)),
            has_to_be_read=True,
        )

    def may_go(self) -> bool:
        """Say whether the window may lock or close as the worker asks: not before she was told what would be lost by it."""
        office, store = self._office, self._office.unlocked.store
        office.typing_end.finish()
        if keep_at_last(store) or store.unkept == self._told:
            return True
        self._told = dict(store.unkept)
        # what the page itself says of its draft comes first, and would cover this
        QTimer.singleShot(0, self, self._tell)
        return False

    def _tell(self) -> None:
        window = self._office.window
        window.foot.claim_saved(False)
        window.trouble.tell(
            self._title,
            self.tr(
                "The disk of this laptop is full: it is on this page and not in your file. Everything that was saved before is "
                "safe. Make some room (empty the bin, delete large files), then lock or close again. If you cannot, write it "
                "on paper first: the next time, the window locks or closes without it."
            ),
        )
        self._look_again.start()

    def _look(self) -> None:
        """Take back what was said once the words are in the file: there is room again."""
        if not self._office.unlocked.store.unkept:
            self._look_again.stop()
            self._office.window.trouble.withdraw(self._title)
            self._office.window.foot.claim_saved(True)

    def keep(self) -> None:
        """Keep what can be kept as the window goes, whoever asked for that."""
        self._look_again.stop()
        if not keep_at_last(self._office.unlocked.store):
            log.warning("there was no room for what was typed last")
            Reserve(self._office.unlocked.store.path).note_lost()
