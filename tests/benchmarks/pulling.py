"""The first pull beside the raw floor and beside a plain download, at two sizes; its memory."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import requests
import zstandard

from ewb_desktop.syncing.engine import Engine
from tests.benchmarks.centre import Centre, UsableWatch, credential_of, filled_centre, held
from tests.benchmarks.figures import Figure, both_seconds, milliseconds, seconds
from tests.benchmarks.floor import dump_of, floor
from tests.benchmarks.workload import Record

SIZES = (1_000, 5_000)
"""Members; each has nine records."""
RUNS = 5


@dataclass(frozen=True, slots=True)
class _Pull:
    """One first pull and the floor beside it; each as wall and processor seconds. ``log``: bringing in the log, afterwards."""

    floor: tuple[float, float]
    pull: tuple[float, float]
    download: float
    usable: float
    log: float


def measure() -> list[Figure]:
    """Return the figures; those of one size come from one run with the floor beside them."""
    figures: list[Figure] = []
    for members in SIZES:
        with filled_centre(members) as (house, folder, records):
            figures += _first_pulls(house, folder, records)
    return figures


def _first_pulls(house: Centre, folder: Path, records: list[Record]) -> list[Figure]:
    count, body = f"{len(records):,} records", dump_of(records)
    cold, _ = both_seconds(lambda: house.sync(house.join("first")))
    pairs = [_pair(house, folder, body, f"fresh{run}", len(records)) for run in range(RUNS)]
    walls = _middle(pairs, lambda each: each.pull[0] / each.floor[0])
    works = _middle(pairs, lambda each: each.pull[1] / each.floor[1])
    wall, work = walls.pull[0] / walls.floor[0], works.pull[1] / works.floor[1]
    floor_words = "decompress, decode, executemany, one commit; no search index"
    return [
        Figure(f"raw floor, {count}", milliseconds(walls.floor[0]), "", floor_words),
        Figure("plain download of the same rows", milliseconds(walls.download), "", f"{len(body) / 1000:,.0f} kB"),
        Figure(f"first pull, {count}", milliseconds(walls.pull[0]), "within 1.3x of the floor", f"{wall:.2f}x"),
        Figure("its processor time on the laptop", milliseconds(works.pull[1]), "", f"{work:.2f}x of the floor's"),
        Figure(
            "after the round the log comes into the file",
            milliseconds(median(p.log for p in pairs)),
            "",
            "within the floor's one commit; nobody waits for it",
        ),
        Figure(
            "usable after the first byte", milliseconds(median(p.usable for p in pairs)), "0.3 s", "directory and today's people"
        ),
        Figure("the scope's first laptop of all", milliseconds(cold), "", "the server makes the snapshot meanwhile"),
        Figure("peak memory of the laptop above idle", f"{_memory(house, folder):.0f} MB", "under 150 MB", ""),
    ]


def _pair(house: Centre, folder: Path, body: bytes, name: str, count: int) -> _Pull:
    # side by side, so that both meet the same load of the machine
    lowest = floor(folder / f"{name}-floor.ewb", body)
    download = seconds(lambda: _download(house, folder, body))
    fresh = house.join(name)
    watch = UsableWatch(fresh)
    engine = Engine(fresh.store, "bench", lambda _sealed: None, watch.open_wire)
    spent = both_seconds(engine.run)
    watch.stop()
    log = seconds(fresh.store.bring_in_log)
    if held(fresh) < count or watch.seconds is None:
        raise RuntimeError(f"only {held(fresh)} of {count} records arrived")
    return _Pull(lowest, spent, download, watch.seconds, log)


def _download(house: Centre, folder: Path, body: bytes) -> None:
    """Fetch the server's own file of the same rows and unpack the dump, as one who keeps nothing would."""
    (kept,) = folder.glob("server.db-snapshots/*.snapshot")
    address, credential = credential_of(house.laptops["first"])
    # its name is the scope's, its own id and the number that it comes to
    id_ = kept.stem.partition("-")[2].rpartition("-")[0]
    url, headers = f"{address}/v1/snapshot/{id_}", {"Authorization": f"Bearer {credential}"}
    with requests.Session() as session:
        if len(session.get(url, headers=headers).content) != kept.stat().st_size:
            raise RuntimeError("the plain download is not whole")
    zstandard.ZstdDecompressor().decompress(body)


def _middle(pairs: list[_Pull], key: Callable[[_Pull], float]) -> _Pull:
    return sorted(pairs, key=key)[len(pairs) // 2]


def _memory(house: Centre, folder: Path) -> float:
    """Return by how many MB a process of its own grows while it does a first pull."""
    lent = house.join(f"measured{len(house.laptops)}")
    lent.store.close()
    program = [sys.executable, "-m", "tests.benchmarks.alone", str(lent.path), lent.store.author, lent.store.device]
    done = subprocess.run(program, stdout=subprocess.PIPE, text=True, check=True, cwd=Path(__file__).parents[2])
    return float(json.loads(done.stdout)["megabytes"])
