"""Nothing heavy is loaded before the lock screen is painted."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HEAVY = ("sqlmodel", "sqlalchemy", "sqlcipher3", "reportlab", "requests", "fastapi", "pydantic", "cryptography", "zxcvbn")

PAINT = """
import json, sys
from pathlib import Path
from PySide6.QtWidgets import QApplication
from ewb_desktop.__main__ import read_arguments
from ewb_desktop.app.program import Program, Surroundings, system_dialogs
from ewb_desktop.domain.time import SystemClock
from ewb_desktop.paths import paths

application = QApplication([])
folder = Path(sys.argv[1])
program = Program(application, Surroundings(paths("", folder), SystemClock(), lambda practice: None, system_dialogs()))
program.show()
application.processEvents()
assert not program.gate.grab().isNull()
print(json.dumps([program.gate.page.objectName(), sorted({name.partition(".")[0] for name in sys.modules})]))
"""


def painted(folder: Path) -> tuple[str, set[str]]:
    """Paint the first window in a process of its own; return the page and the packages that were loaded."""
    done = subprocess.run(
        [sys.executable, "-c", PAINT, str(folder)], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    )
    page, modules = json.loads(done.stdout.splitlines()[-1])
    return page, set(modules)


@pytest.fixture
def laptop_of_two(tmp_path: Path) -> Path:
    from ewb_desktop.domain.time import SystemClock
    from ewb_desktop.paths import paths
    from ewb_desktop.storage.key_slots import Cost
    from ewb_desktop.storage.vaults import Vaults

    vaults = Vaults(paths("", tmp_path).vaults, SystemClock(), Cost(64, 1, 1))
    for name in ("Rowan Okafor", "Mina Sale"):
        opened, _ = vaults.create(name, "violet otter kettle harbour")
        opened.wipe()
    return tmp_path


def test_the_lock_screen_is_painted_with_qt_and_light_modules_only(laptop_of_two: Path) -> None:
    page, modules = painted(laptop_of_two)
    assert page == "lock"
    assert modules.isdisjoint(HEAVY)


def test_the_welcome_is_painted_with_qt_and_light_modules_only(tmp_path: Path) -> None:
    page, modules = painted(tmp_path)
    assert page == "welcome"
    assert modules.isdisjoint(HEAVY)
