"""A fresh laptop's first pull and a day's push, beside the raw floor: decompress and executemany into the same encrypted file."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson
import zstandard

from ewb_desktop.domain.time import SystemClock
from ewb_desktop.storage.engine import register_functions
from ewb_desktop.storage.keyed import connect_keyed
from ewb_desktop.storage.schema import index_statements, table_statement
from ewb_desktop.storage.tables import KINDS, METADATA
from ewb_desktop.syncing.engine import Engine
from ewb_desktop.syncing.enrol import enrol
from ewb_desktop.syncing.wire import Wire
from sync.protocol.entities import ENTITIES, Kind
from sync.server.app import open_database
from sync.server.people import create_organisation, invite
from tests.benchmarks.figures import Figure, both_seconds, milliseconds, seconds
from tests.benchmarks.workload import AREA, Record, as_pages, people
from tests.support.clock import HandClock
from tests.support.laptops import Laptop, laptop
from tests.support.servers import ORGANISATION, serving, settings_for

MEMBERS = 5_000
PUSHED = 200
KEY = bytes(range(32))


def measure(runs: int = 3) -> list[Figure]:
    """Return the pull of 45,000 records and the push of 200 changes, each with its ratio to the floor of the same run."""
    records = [record for nine in people(MEMBERS) for record in nine]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        database = f"sqlite:///{folder / 'server.db'}"
        with _house(database, folder) as house:
            house.fill(records)
            # side by side, so that both meet the same load of the machine
            pairs = [(floor(folder / f"floor{run}.ewb", records), house.pull(f"fresh{run}", len(records))) for run in range(runs)]
            pushes = sorted(house.push(f"fresh{run}", records) for run in range(runs))
    (lowest, least_work), (pull, work) = sorted(pairs, key=lambda pair: pair[1][0] / pair[0][0])[runs // 2]
    push = pushes[runs // 2]
    beside = f"{work / least_work:.2f}x of the floor's {milliseconds(least_work)}"
    return [
        Figure(f"raw floor, {len(records):,} records", milliseconds(lowest), "", "decompress, decode, executemany, one commit"),
        Figure(f"first pull, {len(records):,} records", milliseconds(pull), "within 3x of the floor", f"{pull / lowest:.2f}x"),
        Figure("the same, processor time of the laptop alone", milliseconds(work), "", beside),
        Figure(f"push of {PUSHED} changes", milliseconds(push), "", f"{push / lowest:.3f}x of the floor above, one turn"),
    ]


def floor(path: Path, records: list[Record]) -> tuple[float, float]:
    """Return the seconds in which the same rows, compressed, come into an encrypted file with the same tables and indexes.

    Wall time first, then processor time.
    """
    pages = as_pages(records, "0" * 36)
    body = zstandard.ZstdCompressor(level=3).compress(orjson.dumps(pages))
    connection = connect_keyed(path, KEY)
    register_functions(connection, SystemClock())
    for name in ENTITIES:
        connection.execute(table_statement(METADATA.tables[name]))
    for statement in index_statements():
        connection.execute(statement)
    connection.execute("PRAGMA synchronous = NORMAL")

    def load() -> None:
        plain = orjson.loads(zstandard.ZstdDecompressor().decompress(body))
        connection.execute("BEGIN IMMEDIATE")
        for entity, (columns, rows) in plain.items():
            listed = ", ".join(f'"{column}"' for column in columns)
            places = ", ".join("?" * len(columns))
            connection.executemany(f"INSERT INTO {entity} ({listed}) VALUES ({places})", _bindable(entity, columns, rows))
        connection.execute("COMMIT")

    try:
        return both_seconds(load)
    finally:
        connection.close()


def _bindable(entity: str, columns: list[str], rows: list[list[Any]]) -> list[list[Any]]:
    fields = ENTITIES[entity].fields
    nested = [at for at, name in enumerate(columns) if name in fields and fields[name].kind in (Kind.LIST, Kind.JSON)]
    for row in rows if nested else ():
        for at in nested:
            row[at] = orjson.dumps(row[at]).decode()
    return rows


class _House:
    """A real server on a loopback port, and the laptops that join it."""

    def __init__(self, url: str, database: str, folder: Path) -> None:
        self._url, self._database, self._folder = url, database, folder
        self._laptops: dict[str, Laptop] = {}

    def fill(self, records: list[Record]) -> None:
        """Send all records to the server from a first laptop."""
        first = self._join("first")
        for begin in range(0, len(records), 5_000):
            with first.store.write() as writing:
                for entity, record, fields in records[begin : begin + 5_000]:
                    writing.add(KINDS[entity].model_validate({"id": record, "area": AREA, **fields}))
        self._sync(first)

    def pull(self, name: str, count: int) -> tuple[float, float]:
        """Return the seconds, of the wall and of the processor, in which a fresh laptop has everything."""
        fresh = self._join(name)
        spent = both_seconds(lambda: self._sync(fresh))
        with fresh.store.read() as connection:
            held = sum(
                connection.exec_driver_sql(f"SELECT count(*) FROM {entity}").scalar_one() for entity in ENTITIES
            )  # fmt: skip
        if held < count:
            raise RuntimeError(f"only {held} of {count} records arrived")
        return spent

    def push(self, name: str, records: list[Record]) -> float:
        """Return the seconds in which a day's changes are sent and acknowledged."""
        mine = self._laptops[name]
        ids = [record for entity, record, _ in records if entity == "contact"][:PUSHED]
        with mine.store.write() as writing:
            for number, record in enumerate(ids):
                writing.edit(KINDS["contact"], record, note=f"rang again, {name}, {number}")
        return seconds(lambda: self._sync(mine))

    def close(self) -> None:
        """Close every laptop's file."""
        for lent in self._laptops.values():
            lent.store.close()

    def _join(self, name: str) -> Laptop:
        server = open_database(settings_for(self._database))
        clock = SystemClock()
        with server.writing() as connection:
            code = invite(connection, ORGANISATION, name, "connector", [AREA], clock.now()).code
        lent = laptop(self._folder, name, clock=HandClock(clock.now()))
        self._laptops[name] = lent
        enrol(lent.store, self._url, code, name, Wire)
        return lent

    def _sync(self, lent: Laptop) -> None:
        outcome = Engine(lent.store, "bench", lambda _sealed: None).run()
        if outcome.trouble is not None:
            raise outcome.trouble


@contextmanager
def _house(database: str, folder: Path) -> Iterator[_House]:
    server = open_database(settings_for(database))
    with server.writing() as connection:
        create_organisation(connection, ORGANISATION, "Stretford Wellbeing (made up)", SystemClock().now())
    with serving(database) as url:
        house = _House(url, database, folder)
        try:
            yield house
        finally:
            house.close()
