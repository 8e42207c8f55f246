"""The whole program in a test: real vaults with cheap keys, a clock moved by hand, and a restart in the same process."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from ewb_desktop.app.dialogs import Dialogs
from ewb_desktop.app.office import Office
from ewb_desktop.app.program import Program, Surroundings
from ewb_desktop.paths import paths
from ewb_desktop.storage.file.key_slots import Cost
from ewb_desktop.syncing.engine import OpenWire
from ewb_desktop.syncing.wire import Wire
from ewb_desktop.ui.firstrun.page import FirstRunPage
from ewb_desktop.ui.firstrun.welcome import WelcomePage
from ewb_desktop.ui.lock.page import LockPage
from ewb_desktop.ui.window import MainWindow
from tests.support.clock import HandClock
from tests.support.leaflet_desk import PaperTray

PASSPHRASE = "violet otter kettle harbour"
PageKind = TypeVar("PageKind", bound=QWidget)
CHEAP = Cost(memory=64, passes=1, lanes=1)
PATIENCE = 20_000
"""Milliseconds to wait for work beside the window; only a test that fails waits so long."""


@dataclass
class Seat:
    """Somebody in front of the program. ``program`` is the one that runs now: a lock puts another in its place."""

    qtbot: QtBot
    folder: Path
    practice: bool = False
    clock: HandClock = field(default_factory=HandClock)
    chosen_file: str = ""
    chosen_folder: str = ""
    restarts: list[bool] = field(default_factory=list)
    recovery_key: str = ""
    open_wire: OpenWire = Wire
    tray: PaperTray = field(init=False)

    def __post_init__(self) -> None:
        self.tray = PaperTray(self.folder)
        self.program = self._start(practice=self.practice)

    def _start(self, *, practice: bool) -> Program:
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        program = Program(
            application,
            Surroundings(
                paths=paths("practice" if practice else "", self.folder),
                clock=self.clock,
                relaunch=self._relaunch,
                dialogs=Dialogs(
                    open_file=lambda _parent, _title, _kind: self.chosen_file,
                    open_files=lambda _parent, _title: [self.chosen_file] if self.chosen_file else [],
                    save_file=lambda _parent, _title, _name: self.chosen_file,
                    choose_folder=lambda _parent, _title: self.chosen_folder,
                ),
                practice=practice,
                open_wire=lambda: self.open_wire,
                printing=lambda: self.tray,
                cost=CHEAP,
            ),
        )
        program.show()
        return program

    def _relaunch(self, practice: bool) -> None:
        self.restarts.append(practice)
        self.program = self._start(practice=practice)

    def start_again(self) -> None:
        """Start the program once more after it ended."""
        self.program = self._start(practice=False)

    def leave(self) -> None:
        """Close whatever is open, at the end of a test."""
        program = self.program
        if program.office is not None:
            program.office.close()
            program.office = None
        program.end()

    @property
    def page(self) -> QWidget:
        """The page that the gate shows."""
        assert self.program.gate is not None
        page = self.program.gate.page
        assert page is not None
        return page

    @property
    def lock_page(self) -> LockPage:
        """The lock screen, which is shown."""
        page = self.page
        assert isinstance(page, LockPage)
        return page

    @property
    def office(self) -> Office:
        """The office, once it is open."""
        self.qtbot.waitUntil(lambda: self.program.office is not None, timeout=PATIENCE)
        assert self.program.office is not None
        return self.program.office

    def set_up(self, name: str = "Rowan Okafor", passphrase: str = PASSPHRASE, role: str = "connector") -> Office:
        """Go through the first start, or add a worker from the lock screen, and return the open office."""
        form = self.show_recovery_key(name, passphrase, role)
        groups = form.key.words.text().split()
        self.recovery_key = "-".join(groups)
        form.key.first.value = groups[2]
        form.key.second.value = groups[5].lower()
        form.key.confirm_button.click()
        return self.office

    def show_recovery_key(
        self, name: str = "Rowan Okafor", passphrase: str = PASSPHRASE, role: str = "connector"
    ) -> FirstRunPage:
        """Go through the first start as far as the recovery key, and return its page."""
        if isinstance(self.page, LockPage):
            self.page.new_worker_button.click()
        welcome = self.page
        assert isinstance(welcome, WelcomePage)
        welcome.set_up_button.click()
        form = self.page
        assert isinstance(form, FirstRunPage)
        form.name.value = name
        form.role.value = role
        form.passphrase.line.setText(passphrase)
        form.again.line.setText(passphrase)
        form.make_button.click()
        self.qtbot.waitUntil(lambda: bool(form.key.words.text()), timeout=PATIENCE)
        return form

    def type_passphrase(self, passphrase: str) -> None:
        """Type a passphrase at the lock screen and press Unlock."""
        page = self.lock_page
        page.passphrase.line.setText(passphrase)
        page.unlock_button.click()

    def unlock(self, passphrase: str = PASSPHRASE) -> Office:
        """Unlock, and return the open office."""
        self.type_passphrase(passphrase)
        return self.office


def shown(window: MainWindow, kind: type[PageKind]) -> PageKind:
    """Return the page of the window, which is of this kind."""
    page = window.page
    assert isinstance(page, kind)
    return page
