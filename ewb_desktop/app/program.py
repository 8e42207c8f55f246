"""The composition root: shows the lock screen, opens a worker's window, locks it again. Everything is handed; nobody else builds.

Before the lock screen is painted nothing heavy is loaded: the office (pages, store, network) is imported when a door was opened.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QClipboard
from PySide6.QtWidgets import QApplication, QWidget

from ewb_desktop.app.dialogs import Dialogs
from ewb_desktop.app.doors import Doors, Unlocked
from ewb_desktop.app.failed_save import withdraw_once_saved
from ewb_desktop.app.file_choices import FileChoices
from ewb_desktop.app.gone import forget_gone, tell_gone
from ewb_desktop.domain.time import Clock
from ewb_desktop.paths import Paths
from ewb_desktop.settings import Settings, SettingsFile
from ewb_desktop.storage.errors import MissingRecord, StorageTrouble, WorkerCanAct
from ewb_desktop.storage.file.disk import disk_trouble
from ewb_desktop.storage.vaults import Vaults
from ewb_desktop.ui import theme
from ewb_desktop.ui.background import Background
from ewb_desktop.ui.collector import Collector
from ewb_desktop.ui.gate import GateWindow
from ewb_desktop.ui.leaflets.edge import TO_VIEW, forget_viewed
from ewb_desktop.ui.lock.page import LockPage
from ewb_desktop.ui.lock.page import build as build_lock
from ewb_desktop.ui.page import Page
from ewb_desktop.ui.widgets.look import Scheme
from ewb_desktop.ui.window_place import place_of, put_window

if TYPE_CHECKING:
    from ewb_desktop.app.office import Office
    from ewb_desktop.storage.file.key_slots import Cost
    from ewb_desktop.syncing.engine import OpenWire
    from ewb_desktop.ui.leaflets.edge import Printing

log = logging.getLogger(__name__)


def system_printing() -> Printing:
    """Return the way to this computer's printers."""
    from ewb_desktop.ui.leaflets.printer import SystemPrinting

    return SystemPrinting()


def system_wire() -> OpenWire:
    """Return what opens a line to a server; the only way to the network."""
    from ewb_desktop.syncing.wire import Wire

    return Wire


def size_for_now(text_size: int) -> int:
    """Return the size nearest to the one that was asked for on the command line."""
    return min(max(text_size, theme.LEAST_PERCENT), theme.MOST_PERCENT)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Everything from outside that the program needs, handed in: a test hands other things than the desktop does.

    ``relaunch`` starts the program again at the lock screen, in the practice profile or not; it is called when every file is
    closed and every key overwritten. ``open_wire`` returns what opens a line to a server. ``cost`` is how
    hard keys are to derive.
    """

    paths: Paths
    clock: Clock
    relaunch: Callable[[bool], None]
    dialogs: Dialogs
    practice: bool = False
    device_name: str = "A laptop"
    open_wire: Callable[[], OpenWire] = system_wire
    printing: Callable[[], Printing] = system_printing
    cost: Cost | None = None
    resources: Path = theme.RESOURCES


class Program(QObject):
    """One profile's program: a gate, and behind it one worker's office at a time."""

    opened = Signal()
    """A worker's window is there."""
    locked = Signal()
    """The worker's window is gone, every file is closed."""
    _fault = Signal(str, bool)
    _missing = Signal()

    def __init__(self, application: QApplication, surroundings: Surroundings) -> None:
        super().__init__()
        self._application = application
        self._collector = Collector(self)
        self._around = surroundings
        self._settings_file = SettingsFile(surroundings.paths.settings)
        self._settings = self._settings_file.load()
        vaults = Vaults(surroundings.paths.vaults, surroundings.clock, surroundings.cost)
        self._doors = Doors(vaults, surroundings.clock, device_name=surroundings.device_name, open_wire=surroundings.open_wire)
        self._vaults = vaults
        self._background: Background | None = None
        self.gate: GateWindow | None = None
        self.office: Office | None = None
        self._end_wait: Callable[[], None] = lambda: None
        self._fault.connect(self._say_fault, Qt.ConnectionType.QueuedConnection)
        self._missing.connect(self._say_missing, Qt.ConnectionType.QueuedConnection)

    # -- settings

    @property
    def settings(self) -> Settings:
        """What was chosen on this laptop."""
        return self._settings

    def change_settings(self, settings: Settings) -> None:
        """Keep other settings and wear them at once."""
        self._settings = settings
        with contextlib.suppress(OSError):
            # a full disk must not keep anyone from reading at the size they need
            self._settings_file.save(settings)
        self.wear()
        if self.office is not None:
            self.office.idle.change_minutes(settings.idle_minutes)

    def wear_for_now(self, scheme: str | None, text_size: int | None) -> None:
        """Wear other colours or another size without keeping them. Sizes outside 100 to 200 are taken to the nearest."""
        size = size_for_now(text_size) if text_size else self._settings.text_size
        self._settings = replace(self._settings, scheme=scheme or self._settings.scheme, text_size=size)

    def _note_window(self, window: QWidget) -> None:
        """Keep where the window stands: a lock starts the program again, and it comes back there."""
        place = place_of(window)
        if place != self._settings.window:
            self._settings = replace(self._settings, window=place)
            with contextlib.suppress(OSError):
                # not what is worn for this time only
                self._settings_file.save(replace(self._settings_file.load(), window=place))

    def wear(self) -> None:
        """Put on the colours and the text size that were chosen."""
        chosen = self._settings
        scheme = None if chosen.scheme == "system" else Scheme(chosen.scheme)
        theme.apply(
            self._application, scheme, chosen.text_size,
            right_to_left=self._application.layoutDirection() == Qt.LayoutDirection.RightToLeft,
        )  # fmt: skip

    # -- the gate

    def _build_crisis(self) -> Page:
        from ewb_desktop.ui.crisis.page import build as build_crisis

        page = build_crisis(self._around.resources)
        page.print_asked.connect(lambda: self._show_leaflets(page, "crisis"))
        return page

    def _make_gate(self) -> GateWindow:
        gate = GateWindow(self._build_crisis, practice=self._around.practice)
        # queued: it is taken down by this, and has to be out of its own closing first
        gate.closing.connect(self.end, Qt.ConnectionType.QueuedConnection)
        return gate

    def show(self) -> None:
        """Show the lock screen, or the first start when nobody has a part of this laptop yet."""
        # what a power cut left of the leaflets that were opened in a viewer
        forget_viewed(self._around.paths.data / TO_VIEW)
        self.wear()
        self._background = Background()
        gate = self.gate = self._make_gate()
        tell_gone(gate, self._around, self._vaults.folder, self._run)
        put_window(gate, self._settings.window)
        if self._around.practice:
            self._show_practice()
        elif self._vaults.workers():
            self.show_lock()
        else:
            self._show_welcome()
        gate.show()

    def come_forward(self) -> None:
        """Bring the window that is there before all others."""
        window: QWidget | None = self.office.window if self.office is not None else self.gate
        if window is not None:
            window.show()
            window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
            window.raise_()
            window.activateWindow()

    def _run(self, work: Callable[[], object], done: Callable[[object], None], failed: Callable[[Exception], None]) -> None:
        if self._background is not None:
            self._background.run(lambda _job: work(), done=done, failed=failed, owner=self.gate, in_lane=False)

    def show_lock(self) -> LockPage:
        """Show who is on this laptop."""
        page = build_lock(self._doors, self._run, self._enter)
        page.recover_asked.connect(lambda: self._show_recover(page, page.presenter.chosen, page.who.combo.currentText()))
        page.crisis_asked.connect(self._gate.show_crisis)
        page.leaflet_asked.connect(lambda: self._show_leaflets(page))
        page.new_worker_asked.connect(self._show_welcome)
        if self._around.practice:
            from ewb_desktop.app.practice import PASSPHRASE

            page.passphrase.set_hint(self.tr("For practice it is: {0}").format(PASSPHRASE))
        self._gate.show_page(page)
        return page

    @property
    def _gate(self) -> GateWindow:
        if self.gate is None:
            raise RuntimeError("the gate is not there while a worker's window is open")
        return self.gate

    def _show_recover(self, before: Page, key: str = "", name: str = "") -> None:
        """Show the ways back in to the vault ``key``; without one, how to bring a backup to this laptop."""
        from ewb_desktop.ui.lock.presenter import not_sent_words
        from ewb_desktop.ui.lock.recover_page import build_recover

        kind = self.tr("Backups (*.backup)")
        page = build_recover(
            self._doors, self._run, self._enter,
            lambda: self._around.dialogs.open_file(self.gate, self.tr("Choose a backup"), kind),
            anew=not key,
        )  # fmt: skip
        page.presenter.chosen = key
        page.show_worker(name, not_sent_words(next((door.to_send for door in self._doors.doors() if door.key == key), None)))
        page.back.connect(lambda: self._gate.show_page(before))
        self._gate.show_page(page)

    def _show_welcome(self) -> None:
        from ewb_desktop.ui.firstrun.welcome import WelcomePage

        page = WelcomePage(
            self._settings.scheme,
            self._settings.text_size,
            practice=self._around.practice,
            can_go_back=bool(self._vaults.workers()),
        )
        page.look_chosen.connect(self._change_look)
        page.set_up_asked.connect(lambda: self._show_first_run(page, enrol=False))
        page.enrol_asked.connect(lambda: self._show_first_run(page, enrol=True))
        page.practice_asked.connect(lambda: self._leave_gate(practice=True))
        page.bring_back_asked.connect(lambda: self._show_recover(page))
        page.crisis_asked.connect(self._gate.show_crisis)
        page.back.connect(self.show_lock)
        self._gate.show_page(page)

    def _change_look(self, scheme: str, text_size: int) -> None:
        self.change_settings(replace(self._settings, scheme=scheme, text_size=text_size))

    def _show_first_run(self, welcome: Page, *, enrol: bool) -> None:
        from ewb_desktop.library import open_library
        from ewb_desktop.ui.firstrun.page import build as build_first_run

        page = build_first_run(
            self._doors, self._run, self._enter_with_key,
            lambda: self._around.dialogs.save_file(self.gate, self.tr("Save the recovery key"), "recovery-key.txt"),
            self._print_key, open_library(self._around.resources).lists.get("roles"),
            enrol=enrol, choose_authority=FileChoices(self._around.dialogs, self).authority,
        )  # fmt: skip
        page.back.connect(lambda: self._gate.show_page(welcome))
        self._gate.show_page(page)

    def _enter_with_key(self, unlocked: object) -> None:
        """The recovery key was typed back: open the window of the worker who has it."""
        if isinstance(unlocked, Unlocked):
            self._vaults.vault(unlocked.vault).note_key_kept()
        self._enter(unlocked)

    def _print_key(self, recovery_key: str) -> str:
        from ewb_desktop.app.key_paper import print_key

        return print_key(self._around.resources, self._around.printing(), self._around.clock, recovery_key)

    def _show_leaflets(self, before: Page, topic: str = "") -> None:
        """Show leaflets over the page ``before``, to which leaving them goes back."""
        from ewb_desktop.app.leaflet_edge import make_edge
        from ewb_desktop.library import open_library
        from ewb_desktop.ui.destinations import ToLeaflets
        from ewb_desktop.ui.leaflets.page import build as build_leaflets
        from ewb_desktop.ui.leaflets.studio import Studio

        around = self._around
        page = build_leaflets(
            None, open_library(around.resources), around.clock, Studio(around.resources), self._run,
            make_edge(around, lambda: self.gate, lambda: self.settings),
        )  # fmt: skip
        page.act(self.tr("Back to where you were"), "Esc", page.back.emit, "leaflets-leave")
        page.back.connect(lambda: self._gate.show_page(before))
        if before is self._gate.crisis:
            self._gate.show_from_crisis(page)
        else:
            self._gate.show_page(page)
        page.opened(ToLeaflets(topic=topic))

    def _show_practice(self) -> None:
        from ewb_desktop.app.practice import SERVICE_NAME, SERVICE_TELEPHONE, WaitPage, set_up_practice

        if self._vaults.workers():
            self.show_lock()
            return
        page = WaitPage()
        self._gate.show_page(page)

        def failed(error: Exception) -> None:
            log.error("practice could not be set up: %s", type(error).__name__)
            page.show_trouble(str(error) if isinstance(error, StorageTrouble) else "")

        def enter(unlocked: object) -> None:
            self.change_settings(replace(self._settings, service_name=SERVICE_NAME, service_telephone=SERVICE_TELEPHONE))
            self._enter(unlocked)

        around = self._around
        self._run(lambda: set_up_practice(self._doors, around.clock, around.resources, page.stepped.emit), enter, failed)

    def _leave_gate(self, *, practice: bool) -> None:
        self._shut_gate()
        self._around.relaunch(practice)

    def _shut_gate(self) -> None:
        if self._background is not None:
            self._background.shutdown()
            self._background = None
        if self.gate is not None:
            self._note_window(self.gate)
            self.gate.hide()
            self.gate.deleteLater()
            self.gate = None

    # -- the office

    def _enter(self, unlocked: object) -> None:
        """Open the worker's window in the place of the gate."""
        from ewb_desktop.app.office import Office

        if not isinstance(unlocked, Unlocked):
            raise TypeError("a door was opened and nothing was behind it")
        forget_gone(self._around.paths.data)
        self.office = Office(self, unlocked, self._doors, self._vaults, self._around)
        self.office.window.lock_asked.connect(self.lock)
        self.office.window.closing.connect(self.end)
        self._note_window(self._gate)
        put_window(self.office.window, self._settings.window)
        self.office.open()
        self._shut_gate()
        self.opened.emit()

    def lock(self) -> None:
        """Close everything and start again at the lock screen: only that clears what the process held in memory."""
        if self._close_office():
            self.locked.emit()
            self._around.relaunch(self._around.practice)

    def renew_key(self, passphrase: str) -> None:
        """Close the office, encrypt its file anew, show the new recovery key, and start again at the lock screen."""
        from ewb_desktop.ui.firstrun.renewal import RenewalPage

        if self.office is None:
            return
        vault = self.office.vault
        self._close_office()
        self._background = Background()
        self.gate = self._make_gate()
        put_window(self.gate, self._settings.window)
        page = RenewalPage(
            lambda: self._around.dialogs.save_file(self.gate, self.tr("Save the recovery key"), "recovery-key.txt"),
            self._doors.keep_key, self._print_key,
        )  # fmt: skip
        page.kept.connect(vault.note_key_kept)
        page.finished.connect(lambda: self._leave_gate(practice=self._around.practice))
        self.gate.show_page(page)
        self.gate.show()
        self._run(lambda: vault.change_key(passphrase), page.show_key, page.show_failure)

    def change_profile(self, *, practice: bool) -> None:
        """Close everything and start again in practice, or leave practice."""
        self._close_office()
        self._around.relaunch(practice)

    def end(self) -> None:
        """Close everything; the program ends."""
        self._close_office()
        self._shut_gate()
        self._application.quit()

    def _close_office(self) -> bool:
        office, self.office = self.office, None
        if office is None:
            return False
        self._note_window(office.window)
        office.close()
        clipboard = QApplication.clipboard()
        for mode in (QClipboard.Mode.Clipboard, QClipboard.Mode.Selection):
            if mode is QClipboard.Mode.Clipboard or clipboard.supportsSelection():
                clipboard.clear(mode)
        return True

    # -- faults

    def tell_fault(self, error: BaseException) -> None:
        """Say what the worker can do about an error that nobody caught, or that it was no fault of hers; from any thread."""
        from ewb_desktop.library import BrokenFile

        if isinstance(error, MissingRecord):
            self._missing.emit()
            return
        trouble = disk_trouble(error) or error
        kept = self.tr("{0} What you typed is still on this page.").format(trouble) if isinstance(trouble, WorkerCanAct) else ""
        self._fault.emit(str(error) if isinstance(error, BrokenFile) else kept, bool(kept))

    def _say_missing(self) -> None:
        """Something was written about what is not here: members leave while somebody writes, and are told of as that."""
        if self.office is None or not self.office.departing.page_has_left():
            self._say_fault("")

    def _say_fault(self, sentence: str, is_not_saved: bool = False) -> None:
        title = self.tr("This did not work")
        if self.office is None:
            if self.gate is not None and sentence:
                self.gate.tell(title, sentence)
        elif sentence:
            self.office.window.trouble.tell(title, sentence)
            self.office.window.foot.claim_saved(False)
            if is_not_saved:
                self._end_wait()
                self._end_wait = withdraw_once_saved(self.office.desk.store, self.office.window, title)
        else:
            self.office.window.foot.say(
                self.tr("Something went wrong in the program. It was not your fault, and your work is kept. You can go on.")
            )
