"""A day's work sent in one round, beside the least that such a round can be; and a round with nothing to say."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from statistics import median

from ewb_desktop.storage.exchange.journal import pending
from tests.benchmarks.centre import Centre, filled_centre
from tests.benchmarks.day import CHANGES, work_a_day
from tests.benchmarks.figures import Figure, both_seconds, milliseconds
from tests.benchmarks.floor import push_floor
from tests.benchmarks.workload import Record
from tests.support.laptops import Laptop
from tests.support.proxy import proxied

MEMBERS = 1_000
RUNS = 9


@dataclass(frozen=True, slots=True)
class _Push:
    """One push; wall and processor seconds of the laptop, and the wall seconds of the floor."""

    wall: float
    work: float
    floor: float


def measure() -> list[Figure]:
    """Return the figures; the pushes are days that follow each other on one laptop, as in the rivals' measure."""
    with filled_centre(MEMBERS) as (house, folder, records):
        return [*_pushes(house, folder, records), *_bytes(house, records)]


def _pushes(house: Centre, folder: Path, records: list[Record]) -> list[Figure]:
    mine = house.join("pushing")
    house.sync(mine)
    house.sync(mine)
    first = _push(house, folder, mine, records, 0)
    days = [_push(house, folder, mine, records, day) for day in range(1, RUNS + 1)]
    wall, work, lowest = median(d.wall for d in days), median(d.work for d in days), median(d.floor for d in days)
    return [
        Figure(
            f"push of a day's {CHANGES} changes, {len(records):,} records", milliseconds(wall), "18 ms (0.8x of the rival)",
            f"{wall / lowest:.2f}x of its floor",
        ),
        Figure("its processor time on the laptop", milliseconds(work), "under 20 ms", ""),
        Figure("the first day of all", milliseconds(first.wall), "", f"on the laptop {milliseconds(first.work)}"),
    ]  # fmt: skip


def _push(house: Centre, folder: Path, mine: Laptop, records: list[Record], day: int) -> _Push:
    work_a_day(mine.store, records, day)
    with mine.store.read() as connection:
        changes = [entry.change().model_dump(mode="json") for entry in pending(connection)]
    if len(changes) != CHANGES:
        raise RuntimeError(f"a day has {len(changes)} changes")
    lowest, _ = push_floor(folder / f"push-floor{day}.ewb", house.url, changes)
    wall, work = both_seconds(lambda: house.sync(mine))
    with mine.store.read() as connection:
        if pending(connection, 1):
            raise RuntimeError("a day's changes were not all taken")
    return _Push(wall, work, lowest)


def _bytes(house: Centre, records: list[Record]) -> list[Figure]:
    with proxied(house.url) as proxy:
        mine = house.join("counted", proxy.url)
        house.sync(mine)
        house.sync(mine)
        proxy.reset()
        house.sync(mine)
        idle = proxy.traffic()
        work_a_day(mine.store, records, RUNS + 1)
        proxy.reset()
        house.sync(mine)
        pushed = proxy.traffic()
    push_bytes = f"{(pushed.up + pushed.down) / 1000:.1f} kB"
    return [
        Figure("its bytes both ways, its turns", f"{push_bytes}, {pushed.turns}", "under 35 kB, 1", ""),
        Figure("an idle round: bytes both ways, turns", f"{idle.up + idle.down} B, {idle.turns}", "under 500 B, 1", ""),
    ]
