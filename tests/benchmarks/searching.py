"""Keystrokes to results, among 100,000 members and 5,000 services."""

from __future__ import annotations

import random
import tempfile
from pathlib import Path

from ewb_desktop.storage.cards.search import find_people, find_services
from ewb_desktop.storage.store import Store
from tests.benchmarks.figures import Figure, milliseconds, percentile_95, seconds
from tests.benchmarks.filled import filled_laptop
from tests.benchmarks.workload import FAMILY, GIVEN

MEMBERS, SERVICES = 100_000, 5_000
KINDS = ("debt advice", "walking group", "food bank", "art class", "housing help", "choir")


def keystrokes(words: list[str]) -> list[str]:
    """Return what stands in the box after each key."""
    return [word[:length] for word in words for length in range(1, len(word) + 1)]


def measure() -> list[Figure]:
    """Return the 95th percentile over all keys of made-up names and kinds of service."""
    chance = random.Random(3)
    names = [f"{chance.choice(GIVEN)} {chance.choice(FAMILY)}".lower() for _ in range(15)]
    with tempfile.TemporaryDirectory() as folder:
        lent = filled_laptop(Path(folder), MEMBERS, SERVICES, everything=False)
        try:
            among_people = _timed(lent.store, keystrokes([*names, "07700 900123", "m32 0"]), people=True)
            among_services = _timed(lent.store, keystrokes(list(KINDS)), people=False)
        finally:
            lent.store.close()
    return [
        Figure(f"a key, {MEMBERS:,} members, 95th percentile", milliseconds(percentile_95(among_people)), "under 50 ms",
               f"{len(among_people)} keys, median {milliseconds(sorted(among_people)[len(among_people) // 2])}"),
        Figure(f"a key, {SERVICES:,} services, 95th percentile", milliseconds(percentile_95(among_services)), "under 50 ms",
               f"{len(among_services)} keys, median {milliseconds(sorted(among_services)[len(among_services) // 2])}"),
    ]  # fmt: skip


def _timed(store: Store, typed: list[str], *, people: bool) -> list[float]:
    def find(text: str) -> None:
        with store.read() as connection:
            if people:
                find_people(connection, text)
            else:
                find_services(connection, text)

    find("a")
    return [seconds(lambda text=text: find(text)) for text in typed]  # type: ignore[misc]
