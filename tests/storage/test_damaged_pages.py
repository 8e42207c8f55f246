"""Rows laid into a file of which one page was altered: the file is blamed and never a row, and nothing is passed over."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ewb_desktop.storage.errors import DamagedFile, FailingDisk
from ewb_desktop.storage.exchange.arrivals import lay_rows
from ewb_desktop.storage.exchange.incoming import count_aside
from ewb_desktop.storage.store import open_store
from ewb_desktop.storage.tables import Person
from sync.protocol.entities import ENVELOPE
from tests.support.laptops import AREA, Laptop, open_laptop

PEOPLE = 60
PAGE = 4096
EVERY = 3
"""Each third page is tried: enough of each kind."""


@pytest.fixture
def lent(tmp_path: Path) -> Iterator[Laptop]:
    with open_laptop(tmp_path) as laptop:
        yield laptop


def altered(whole: bytes, page: int) -> bytes:
    place = page * PAGE + 1_000
    return whole[:place] + bytes(255 - byte for byte in whole[place : place + 100]) + whole[place + 100 :]


def test_whichever_page_is_damaged_no_row_is_set_aside_for_it(lent: Laptop) -> None:
    with lent.store.write() as writing, writing.echo():
        ids = [writing.add(Person(area=AREA, preferred_name=f"Person {number}" * 20)) for number in range(PEOPLE)]
    author, device = lent.store.author, lent.store.device
    lent.store.close()
    whole = lent.path.read_bytes()
    rows = [[id_, AREA, 7, author, None, 0, "Amina", "0161 496 0000"] for id_ in ids]
    told = laid = 0
    for page in range(1, len(whole) // PAGE, EVERY):
        # a file of its own: what an error still holds of the last one must not meet it
        path = lent.path.with_name(f"page-{page}.ewb")
        path.write_bytes(altered(whole, page))
        try:
            store = open_store(path, lent.key, author=author, device=device, clock=lent.clock)
        except DamagedFile:
            continue
        try:
            with store.write() as writing:
                left = lay_rows(writing, "person", [*ENVELOPE, "preferred_name", "telephone"], rows)
                assert (left, count_aside(writing.connection)) == ([], 0)
            laid += 1
        except (DamagedFile, FailingDisk):
            told += 1
        finally:
            store.close()
    assert told > 3
    assert laid > 3
