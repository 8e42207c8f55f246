"""How long the program takes until the lock screen is painted, and what it has loaded by then."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from ewb_desktop.domain.time import SystemClock
from ewb_desktop.paths import paths
from ewb_desktop.storage.key_slots import Cost
from ewb_desktop.storage.vaults import Vaults
from tests.benchmarks.figures import Figure, milliseconds

_PROBE = """
import json, os, sys, time
start, spent = time.perf_counter(), time.process_time()
os.environ["QT_QPA_PLATFORM"] = "offscreen"
from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication
qt = time.process_time() - spent
from ewb_desktop.__main__ import Program, Surroundings, SystemClock, system_dialogs
from ewb_desktop.paths import paths
from pathlib import Path
application = QApplication(sys.argv[:1])
program = Program(application, Surroundings(paths=paths("", Path(sys.argv[1])), clock=SystemClock(), relaunch=lambda _p: None,
                  dialogs=system_dialogs()))
program.show()
class Watch(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint:
            print(json.dumps([time.perf_counter() - start, time.process_time() - spent, qt, len(sys.modules)]), flush=True)
            os._exit(0)
        return False
watch = Watch()
application.installEventFilter(watch)
application.exec()
"""


def measure(runs: int = 9) -> list[Figure]:
    """Return wall and processor time to the first paint, medians of ``runs`` new processes after one that only warms up.

    The program is measured as it is installed, with its compiled modules beside it, and with a worker who has a part of the
    laptop, so that the lock screen is what is painted.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        around = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
        around["PYTHONPYCACHEPREFIX"] = str(folder / "compiled")
        opened, _ = Vaults(paths("", folder / "data").vaults, SystemClock(), Cost(64, 1, 1)).create(
            "Rowan Oak", "made up green tea"
        )
        opened.wipe()
        found = [_painted(folder / "data", around) for _ in range(runs + 1)][1:]
    wall, processor, qt, modules = (sorted(column)[len(column) // 2] for column in zip(*found, strict=True))
    return [
        Figure("first paint, processor time", milliseconds(processor), "under 250 ms", f"importing Qt alone: {milliseconds(qt)}"),
        Figure("first paint, wall time", milliseconds(wall), "under a third of Anki's 1.1 s", f"{modules:.0f} modules loaded"),
    ]


def _painted(data: Path, around: dict[str, str]) -> list[float]:
    done = subprocess.run(
        [sys.executable, "-c", _PROBE, str(data)], capture_output=True, text=True, check=True, env=around,
        cwd=Path(__file__).parents[2],
    )  # fmt: skip
    found: list[float] = json.loads(done.stdout.splitlines()[-1])
    return found
