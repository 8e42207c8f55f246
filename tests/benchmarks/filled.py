"""A store filled with made-up records as a first pull would fill it."""

from __future__ import annotations

from pathlib import Path

from ewb_desktop.storage.exchange.arrivals import lay_rows
from ewb_desktop.storage.store import Store
from tests.benchmarks.workload import Record, as_pages, people, services
from tests.support.desks import GRACE, ROWAN
from tests.support.laptops import Laptop, laptop

CHUNK = 20_000


def lay(store: Store, records: list[Record]) -> None:
    """Lay records down as if a server had sent them."""
    for begin in range(0, len(records), CHUNK):
        with store.write() as writing:
            for entity, (columns, rows) in as_pages(records[begin : begin + CHUNK], ROWAN).items():
                lay_rows(writing, entity, columns, rows)


def filled_laptop(folder: Path, members: int, listed: int = 0, *, everything: bool = True) -> Laptop:
    """Return a laptop with so many members (with all that happened, or only who they are) and services."""
    lent = laptop(folder, f"filled-{members}-{listed}", worker=ROWAN)
    records = [
        record for nine in people(members) for record in (nine if everything else nine[:1])
    ]  # fmt: skip
    for number, (entity, _, fields) in enumerate(records):
        if entity == "person":
            fields["coordinator"] = ROWAN if number % 3 else GRACE
        if entity == "follow_up":
            fields["owner"] = ROWAN
    lay(lent.store, records)
    lay(lent.store, list(services(listed)))
    return lent
