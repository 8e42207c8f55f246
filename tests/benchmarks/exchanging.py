"""A laptop and its server: the first pull beside the raw floor, a day's push, an idle round, memory; all in one run."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import requests
import zstandard

from ewb_desktop.storage.journal import pending
from ewb_desktop.storage.tables import Contact
from ewb_desktop.syncing.engine import Engine
from tests.benchmarks import lines
from tests.benchmarks.centre import Centre, UsableWatch, centre, credential_of, held
from tests.benchmarks.figures import Figure, both_seconds, milliseconds, seconds
from tests.benchmarks.floor import dump_of, floor, push_floor
from tests.benchmarks.workload import Record, people
from tests.support.laptops import Laptop
from tests.support.proxy import proxied

SIZES = (1_000, 5_000)
"""Members; each has nine records."""
PUSHED = 200
RUNS = 5


@dataclass(frozen=True, slots=True)
class _Pull:
    """One first pull and the floor beside it; each as wall and processor seconds."""

    floor: tuple[float, float]
    pull: tuple[float, float]
    download: float
    usable: float


def measure() -> list[Figure]:
    """Return every figure of the exchange, those of one size from one run with the floor beside them."""
    figures: list[Figure] = []
    for members in SIZES:
        records = [record for nine in people(members) for record in nine]
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            with centre(f"sqlite:///{folder / 'server.db'}", folder) as house:
                house.fill(records)
                figures += _first_pulls(house, folder, records)
                if members == SIZES[0]:
                    figures += _small_rounds(house, folder, records)
                    figures += lines.measure(house, records)
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
    if held(fresh) < count or watch.seconds is None:
        raise RuntimeError(f"only {held(fresh)} of {count} records arrived")
    return _Pull(lowest, spent, download, watch.seconds)


def _download(house: Centre, folder: Path, body: bytes) -> None:
    """Fetch the server's own file of the same rows and unpack the dump, as one who keeps nothing would."""
    (kept,) = folder.glob("server.db-snapshots/*.snapshot")
    address, credential = credential_of(house.laptops["first"])
    url, headers = f"{address}/v1/snapshot/{kept.stem.partition('-')[2]}", {"Authorization": f"Bearer {credential}"}
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


def _small_rounds(house: Centre, folder: Path, records: list[Record]) -> list[Figure]:
    contacts = [record for entity, record, _ in records if entity == "contact"][:PUSHED]
    pushes = [_push(house, folder, house.laptops[f"fresh{run}"], contacts, run) for run in range(RUNS)]
    wall, work, lowest = (median(column) for column in zip(*pushes, strict=True))
    with proxied(house.url) as proxy:
        mine = house.join("counted", proxy.url)
        house.sync(mine)
        house.sync(mine)
        proxy.reset()
        house.sync(mine)
        idle = proxy.traffic()
        _edit(mine, contacts, "counted")
        proxy.reset()
        house.sync(mine)
        pushed = proxy.traffic()
    push_bytes = f"{(pushed.up + pushed.down) / 1000:.1f} kB"
    return [
        Figure(
            f"push of {PUSHED} changes", milliseconds(wall), "18 ms (0.8x of the rival)", f"{wall / lowest:.2f}x of its floor"
        ),
        Figure("its processor time on the laptop", milliseconds(work), "under 20 ms", ""),
        Figure("its bytes both ways, its turns", f"{push_bytes}, {pushed.turns}", "under 35 kB, 1", ""),
        Figure("an idle round: bytes both ways, turns", f"{idle.up + idle.down} B, {idle.turns}", "under 500 B, 1", ""),
    ]


def _push(house: Centre, folder: Path, mine: Laptop, contacts: list[str], run: int) -> tuple[float, float, float]:
    _edit(mine, contacts, str(run))
    with mine.store.read() as connection:
        changes = [entry.change().model_dump(mode="json") for entry in pending(connection)]
    lowest, _ = push_floor(folder / f"push-floor{run}.ewb", house.url, changes)
    wall, work = both_seconds(lambda: house.sync(mine))
    return wall, work, lowest


def _edit(mine: Laptop, contacts: list[str], mark: str) -> None:
    with mine.store.write() as writing:
        for number, record in enumerate(contacts):
            writing.edit(Contact, record, note=f"rang again, {mark}, {number}")
