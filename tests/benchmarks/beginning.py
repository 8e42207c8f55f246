"""How long the program takes until the lock screen is painted, and what it has loaded by then."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

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


def measure(runs: int = 7) -> list[Figure]:
    """Return wall and processor time to the first paint, medians of ``runs`` new processes."""
    found: list[list[float]] = []
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(runs):
            done = subprocess.run(
                [sys.executable, "-c", _PROBE, str(Path(folder) / "data")], capture_output=True, text=True, check=True,
                cwd=Path(__file__).parents[2],
            )  # fmt: skip
            found.append(json.loads(done.stdout.splitlines()[-1]))
    wall, processor, qt, modules = (sorted(column)[len(column) // 2] for column in zip(*found, strict=True))
    return [
        Figure("first paint, processor time", milliseconds(processor), "under 250 ms", f"importing Qt alone: {milliseconds(qt)}"),
        Figure("first paint, wall time", milliseconds(wall), "under a third of Anki's 1.1 s", f"{modules:.0f} modules loaded"),
    ]
