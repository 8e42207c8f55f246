"""Laptops for tests: a real encrypted file in a temporary folder, with a clock that the test moves."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from uuid_utils import uuid7

from ewb_desktop.storage.file.key_slots import Cost
from ewb_desktop.storage.migrate import bring_up_to_date
from ewb_desktop.storage.store import Store, open_store
from ewb_desktop.storage.vault import Opened
from ewb_desktop.storage.vaults import Vaults
from tests.support.clock import HandClock

AREA = "sale"
CHEAP = Cost(memory=64, passes=1, lanes=1)
"""A derivation that costs nothing: for tests only."""
_KEY = bytes(range(32))
PASSPHRASE = "purple otter ladder Stockport"
"""A passphrase that is strong enough."""


@dataclass(frozen=True, slots=True)
class Laptop:
    """One worker's open file on one laptop."""

    store: Store
    clock: HandClock
    path: Path
    key: bytes
    area: str = AREA

    @property
    def worker(self) -> str:
        """The id of the worker whose file it is."""
        return self.store.author

    def reopen(self) -> Laptop:
        """Close the file and open it again, as after a restart."""
        self.store.close()
        store = open_store(self.path, self.key, author=self.store.author, device=self.store.device, clock=self.clock)
        return Laptop(store, self.clock, self.path, self.key, self.area)


def laptop(
    folder: Path, name: str = "laptop", *, worker: str | None = None, area: str = AREA, clock: HandClock | None = None
) -> Laptop:
    """Make a laptop with an empty encrypted file in ``folder``; close its store at the end of the test."""
    clock = clock or HandClock()
    path = folder / name / "records.ewb"
    path.parent.mkdir(mode=0o700, parents=True)
    path.touch(mode=0o600)
    path.write_bytes(_empty_file())
    store = open_store(path, _KEY, author=worker or str(uuid7()), device=str(uuid7()), clock=clock)
    return Laptop(store, clock, path, _KEY, area)


@cache
def _empty_file() -> bytes:
    """Return an encrypted file with its tables and nothing in them: made once, for most of the time of making one goes there."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "records.ewb"
        bring_up_to_date(path, _KEY, HandClock(), create=True)
        return path.read_bytes()


def vaults(folder: Path, clock: HandClock | None = None) -> Vaults:
    """Return an empty folder of vaults whose keys are derived in no time."""
    return Vaults(folder / "workers", clock or HandClock(), CHEAP)


@contextmanager
def open_laptop(
    folder: Path, name: str = "laptop", *, worker: str | None = None, area: str = AREA, clock: HandClock | None = None
) -> Iterator[Laptop]:
    """Lend a laptop and close it afterwards."""
    lent = laptop(folder, name, worker=worker, area=area, clock=clock)
    try:
        yield lent
    finally:
        lent.store.close()


def names(opened: Opened, clock: HandClock) -> list[str]:
    """Return how the members in an opened vault like to be called."""
    store = opened.store(clock)
    with store.read() as connection:
        found = [str(name) for name in connection.exec_driver_sql("SELECT preferred_name FROM person").scalars()]
    store.close()
    return found
