"""From the passphrase to Today on 10,000 members, in a new process, without key derivation, which is named apart."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

from ewb_desktop.domain.time import SystemClock
from ewb_desktop.paths import paths
from ewb_desktop.storage.vaults import Vaults
from tests.benchmarks.figures import Figure, milliseconds
from tests.benchmarks.filled import lay
from tests.benchmarks.workload import people, services

MEMBERS, SERVICES = 10_000, 500
PASSPHRASE = "made up people drink green tea"

_PROBE = """
import json, os, sys, time
from tests.support.offscreen import use_offscreen_screen
use_offscreen_screen()
from pathlib import Path
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication
from ewb_desktop.app.ahead import load_ahead
from ewb_desktop.app.dialogs import system_dialogs
from ewb_desktop.app.program import Program, Surroundings
from ewb_desktop.domain.time import SystemClock
from ewb_desktop.paths import paths
application = QApplication(sys.argv[:1])
program = Program(application, Surroundings(paths=paths("", Path(sys.argv[1])), clock=SystemClock(), relaunch=lambda _p: None,
                  dialogs=system_dialogs()))
program.show()
for _ in range(20):
    application.processEvents()
doors = program._doors
key = doors.doors()[0].key
if sys.argv[3] == "ahead":
    load_ahead().join()
start, spent = time.perf_counter(), time.process_time()
vault = doors._vaults.vault(key)
asked, spent_asked = time.perf_counter(), time.process_time()
opened = vault.open(sys.argv[2])
derived, spent_derived = time.perf_counter() - asked, time.process_time() - spent_asked
unlocked = doors._entered(key, opened)
class Watch(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint and program.office is not None and watched is program.office.window.centralWidget():
            today, spent_today = time.perf_counter() - start - derived, time.process_time() - spent - spent_derived
            print(json.dumps([derived, today, spent_today]), flush=True)
            os._exit(0)
        return False
watch = Watch()
application.installEventFilter(watch)
program._enter(unlocked)
application.exec()
"""


def measure(runs: int = 5) -> list[Figure]:
    """Return the medians of ``runs`` new processes over one vault, and of as many in which nothing was loaded ahead.

    As it is used, the store and the pages are loaded while the passphrase is typed; the second is for who has typed it
    within the first second.
    """
    with tempfile.TemporaryDirectory() as name:
        data = Path(name) / "data"
        _make_vault(data)
        ahead = [_opened(data, "ahead") for _ in range(runs)]
        cold = [_opened(data, "nothing") for _ in range(runs)]
    key = median(key for key, _, _ in ahead + cold)
    wall, wall_cold = (milliseconds(median(today for _, today, _ in times)) for times in (ahead, cold))
    processor, processor_cold = (milliseconds(min(spent for _, _, spent in times)) for times in (ahead, cold))
    what = f"unlock to Today on {MEMBERS:,} people, without key derivation"
    return [
        Figure("key derivation (argon2id, 64 MiB)", milliseconds(key), "named apart"),
        Figure(what, wall, "under 1 s", f"nothing loaded ahead: {wall_cold}"),
        Figure("the same, processor time", processor, "", f"nothing loaded ahead: {processor_cold}"),
    ]


def _make_vault(data: Path) -> None:
    clock = SystemClock()
    opened, _ = Vaults(paths("", data).vaults, clock).create("Rowan Oak", PASSPHRASE)
    store = opened.store(clock)
    try:
        records = [record for nine in people(MEMBERS) for record in nine]
        for entity, _, fields in records:
            if entity == "person":
                fields["coordinator"] = store.author
            if entity == "follow_up":
                fields["owner"] = store.author
        lay(store, records)
        lay(store, list(services(SERVICES)))
    finally:
        store.close()


def _opened(data: Path, loaded: str) -> tuple[float, float, float]:
    done = subprocess.run(
        [sys.executable, "-c", _PROBE, str(data), PASSPHRASE, loaded],
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[2],
        check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    key, today, processor = json.loads(done.stdout.splitlines()[-1])
    return key, today, processor
