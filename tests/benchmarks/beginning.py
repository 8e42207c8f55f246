"""How long the program takes until the lock screen is painted, and what it has loaded by then."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

from ewb_desktop.domain.time import SystemClock
from ewb_desktop.paths import paths
from ewb_desktop.settings import Settings, SettingsFile
from ewb_desktop.storage.file.key_slots import Cost
from ewb_desktop.storage.vaults import Vaults
from tests.benchmarks.figures import Figure, milliseconds

_PROBE = """
import os, sys, time
start, spent = time.perf_counter(), time.process_time()
os.environ["QT_QPA_PLATFORM"] = "offscreen"
from ewb_desktop.__main__ import main

def watch(application):
    from PySide6.QtCore import QEvent, QObject
    class Watch(QObject):
        def eventFilter(self, watched, event):
            if event.type() == QEvent.Type.Paint:
                print(time.perf_counter() - start, time.process_time() - spent, len(sys.modules), flush=True)
                os._exit(0)
            return False
    application.watch = Watch()
    application.installEventFilter(application.watch)

main(["--data", sys.argv[1]], watch)
"""

_QT_ALONE = """
import time
start, spent = time.perf_counter(), time.process_time()
from PySide6.QtWidgets import QApplication, QWidget
from PySide6.QtCore import Qt
print(time.perf_counter() - start, time.process_time() - spent, 0)
"""


def measure(runs: int = 9) -> list[Figure]:
    """Return the times to the first paint over ``runs`` new processes after one that only warms up.

    Processor time is the least of them (whatever else runs here only adds to it), wall time the median. The program's own
    ``main`` is measured as it is installed, with its compiled modules beside it, settings that were kept, and a worker who
    has a part of the laptop, so that the lock screen is what is painted.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        around = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
        around["PYTHONPYCACHEPREFIX"] = str(folder / "compiled")
        places = paths("", folder / "data")
        SettingsFile(places.settings).save(Settings())
        opened, _ = Vaults(places.vaults, SystemClock(), Cost(64, 1, 1)).create("Rowan Oak", "made up green tea")
        opened.wipe()
        painted = [_ran(_PROBE, folder / "data", around) for _ in range(runs + 1)][1:]
        alone = [_ran(_QT_ALONE, folder / "data", around) for _ in range(runs)]
    walls, processor, modules = zip(*painted, strict=True)
    qt = min(processor for _, processor, _ in alone)
    return [
        Figure("first paint, processor time", milliseconds(min(processor)), "under 250 ms", f"Qt alone: {milliseconds(qt)}"),
        Figure(
            "first paint, wall time", milliseconds(median(walls)), "under a third of Anki's 1.1 s", f"{modules[0]:.0f} modules"
        ),
    ]


def _ran(code: str, data: Path, around: dict[str, str]) -> tuple[float, float, float]:
    done = subprocess.run(
        [sys.executable, "-c", code, str(data)], capture_output=True, text=True, check=True, env=around,
        cwd=Path(__file__).parents[2],
    )  # fmt: skip
    wall, processor, modules = (float(word) for word in done.stdout.split())
    return wall, processor, modules
