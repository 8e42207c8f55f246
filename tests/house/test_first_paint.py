"""Nothing heavy is loaded before the lock screen is painted."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HEAVY = {
    "sqlmodel", "sqlalchemy", "sqlcipher3", "reportlab", "requests", "fastapi", "pydantic", "cryptography", "zxcvbn",
    "socket", "ssl", "http.client", "logging.handlers", "multiprocessing", "zoneinfo", "asyncio", "sqlite3",
    "PySide6.QtNetwork", "PySide6.QtPrintSupport", "PySide6.QtPdf",
    "ewb_desktop.app.office", "ewb_desktop.app.pages", "ewb_desktop.app.practice", "ewb_desktop.library",
    "ewb_desktop.storage.store", "ewb_desktop.storage.vault", "ewb_desktop.ui.crisis.page", "ewb_desktop.ui.destinations",
    "ewb_desktop.ui.leaflets.page", "ewb_desktop.ui.lock.recover_view", "ewb_desktop.ui.firstrun.page",
}  # fmt: skip
OF_THE_WELCOME = {"ewb_desktop.ui.firstrun.welcome", "ewb_desktop.ui.firstrun.presenter"}
UNUSED = {"QWizard", "QMdiArea", "QTableView", "QFileDialog", "QAccessible", "QTextCursor", "QDirIterator"}
"""Classes of Qt that the window does not need: the binding makes each ready, with its enumerations, when it is first touched."""

PAINT = """
import json, os, sys
from ewb_desktop.__main__ import main

def watch(application):
    from PySide6 import QtCore, QtGui, QtWidgets

    class Watch(QtCore.QObject):
        def eventFilter(self, watched, event):
            if event.type() == QtCore.QEvent.Type.Paint:
                ready = [name for room in (QtCore, QtGui, QtWidgets) for name in vars(room)]
                loaded = list(sys.modules)
                shown = [widget.objectName() for widget in QtWidgets.QApplication.allWidgets() if widget.isVisible()]
                print(json.dumps([shown, loaded, ready]), flush=True)
                os._exit(0)
            return False

    application.watch = Watch()
    application.installEventFilter(application.watch)

main(["--data", sys.argv[1]], watch)
"""


@dataclass(frozen=True, slots=True)
class Painted:
    """What there was when the first widget was painted."""

    shown: set[str]
    loaded: set[str]
    ready: set[str]


def painted(folder: Path) -> Painted:
    """Run the program in a process of its own until it paints."""
    done = subprocess.run(
        [sys.executable, "-c", PAINT, str(folder)], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    )
    return Painted(*(set(names) for names in json.loads(done.stdout.splitlines()[-1])))


@pytest.fixture(scope="module")
def lock_screen(tmp_path_factory: pytest.TempPathFactory) -> Painted:
    from ewb_desktop.domain.time import SystemClock
    from ewb_desktop.paths import paths
    from ewb_desktop.storage.file.key_slots import Cost
    from ewb_desktop.storage.vaults import Vaults

    folder = tmp_path_factory.mktemp("laptop")
    vaults = Vaults(paths("", folder).vaults, SystemClock(), Cost(64, 1, 1))
    for name in ("Rowan Okafor", "Mina Sale"):
        opened, _ = vaults.create(name, "violet otter kettle harbour")
        opened.wipe()
    return painted(folder)


def test_the_lock_screen_is_painted_with_qt_and_light_modules_only(lock_screen: Painted) -> None:
    assert "lock" in lock_screen.shown
    assert lock_screen.loaded & (HEAVY | OF_THE_WELCOME) == set()


def test_the_lock_screen_is_painted_without_touching_what_it_does_not_show(lock_screen: Painted) -> None:
    assert lock_screen.ready & UNUSED == set()


def test_the_welcome_is_painted_with_qt_and_light_modules_only(tmp_path: Path) -> None:
    first = painted(tmp_path)
    assert "welcome" in first.shown
    assert first.loaded & HEAVY == set()
