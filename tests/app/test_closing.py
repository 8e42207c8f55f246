"""Closing the window before anybody is unlocked: the process goes, and the next start finds the profile free."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from PySide6.QtCore import Qt

from tests.support.programs import Seat

_CLOSED = """
import sys
from PySide6.QtCore import QTimer
from ewb_desktop.__main__ import main

def close(application):
    gate = next(window for window in application.topLevelWidgets() if window.objectName() == "gate")
    QTimer.singleShot(0, gate.close)

sys.exit(main(["--data", sys.argv[1]], close))
"""


def test_the_process_ends_when_the_first_page_is_closed(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _CLOSED, str(tmp_path)], capture_output=True, text=True, timeout=200, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_closing_the_page_of_the_recovery_key_ends_the_program(seat: Seat) -> None:
    seat.show_recovery_key()
    gate = seat.program.gate
    assert gate is not None
    gate.close()
    seat.qtbot.waitUntil(lambda: seat.program.gate is None)


def test_closing_the_lock_page_ends_the_program(seat: Seat) -> None:
    seat.set_up()
    seat.office.window.lock()
    gate = seat.program.gate
    assert gate is not None
    gate.close()
    seat.qtbot.waitUntil(lambda: seat.program.gate is None)


def test_a_window_that_is_only_minimised_comes_forward_at_a_second_start(seat: Seat) -> None:
    gate = seat.program.gate
    assert gate is not None
    gate.showMinimized()
    seat.program.come_forward()
    assert not gate.windowState() & Qt.WindowState.WindowMinimized
