"""One first pull in a process of its own, for its memory: python -m tests.benchmarks.alone FILE AUTHOR DEVICE."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from ewb_desktop.domain.time import SystemClock
from ewb_desktop.storage.exchange.sync_state import read_enrolment
from ewb_desktop.storage.store import open_store
from ewb_desktop.syncing.engine import Engine
from tests.benchmarks.floor import KEY


def main(path: str, author: str, device: str) -> None:
    """Pull, and print by how much the process grew."""
    store = open_store(Path(path), KEY, author=author, device=device, clock=SystemClock())
    with store.read() as connection:
        read_enrolment(connection)
    idle = _peak()
    outcome = Engine(store, "bench", lambda _sealed: None).run()
    if outcome.trouble is not None:
        raise outcome.trouble
    print(json.dumps({"megabytes": _peak() - idle}))
    store.close()


def _peak() -> float:
    """Return the most memory that this program has had, in MB; the kernel's other counter begins with that of who started it."""
    told = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return int(told["VmHWM"].split()[0]) / 1024


if __name__ == "__main__":
    main(*sys.argv[1:])
