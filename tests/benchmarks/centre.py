"""A real server in a process of its own, filled with made-up records, and the laptops that join it."""

from __future__ import annotations

import gc
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter

from uuid_utils import uuid7

from ewb_desktop.domain.time import SystemClock, instant_text
from ewb_desktop.storage.exchange.sync_state import read_arriving, read_enrolment
from ewb_desktop.syncing.engine import Engine
from ewb_desktop.syncing.enrol import enrol
from ewb_desktop.syncing.rounds import Outcome
from ewb_desktop.syncing.wire import Wire
from sync.protocol.change import Change, ChangeKind
from sync.protocol.entities import ENTITIES
from sync.server.admission.opened import open_database
from sync.server.admission.people import create_organisation, invite
from sync.server.database.engine import Database
from sync.server.pushing.ledger import take
from sync.server.records.scope import Grant
from tests.benchmarks.workload import AREA, Record, people
from tests.support.clock import HandClock
from tests.support.laptops import Laptop, laptop
from tests.support.servers import ORGANISATION, serving, settings_for

_AT_ONCE = 2_000


class Centre:
    """The server, and every laptop that joined it."""

    def __init__(self, url: str, database: Database, folder: Path) -> None:
        self.url, self.database, self._folder = url, database, folder
        self.laptops: dict[str, Laptop] = {}

    def fill(self, records: list[Record]) -> None:
        """Put all records on the server, as a worker's laptop would have sent them."""
        clock = SystemClock()
        with self.database.writing() as connection:
            worker = invite(connection, ORGANISATION, "Writer", "connector", [AREA], clock.now()).worker
        device, now = str(uuid7()), instant_text(clock.now())
        grant = Grant(ORGANISATION, device, worker, "connector", (AREA,))
        for begin in range(0, len(records), _AT_ONCE):
            changes = [
                Change(
                    id=str(uuid7()), entity=entity, record=record, kind=ChangeKind.CREATE, area=AREA,
                    fields=fields if entity != "signpost" else {k: v for k, v in fields.items() if k != "made_at"},
                    base=0, author=worker, device=device, counter=counter, at=now,
                )
                for counter, (entity, record, fields) in enumerate(records[begin : begin + _AT_ONCE], begin + 1)
            ]  # fmt: skip
            with self.database.writing() as connection:
                verdicts = take(connection, grant, changes, now).verdicts.values()
            refused = [verdict for verdict in verdicts if verdict.reason is not None]
            if refused:
                raise RuntimeError(f"the server did not take {len(refused)} records: {refused[0].reason}")

    def join(self, name: str, url: str | None = None) -> Laptop:
        """Return an empty laptop that has joined, by ``url`` if it goes through a proxy."""
        clock = SystemClock()
        with self.database.writing() as connection:
            code = invite(connection, ORGANISATION, name, "connector", [AREA], clock.now()).code
        lent = laptop(self._folder, name, clock=HandClock(clock.now()))
        self.laptops[name] = lent
        enrol(lent.store, url or self.url, code, name, Wire)
        return lent

    def sync(self, lent: Laptop, *, may_fail: bool = False) -> Outcome:
        """Do rounds until there is nothing more."""
        outcome = Engine(lent.store, "bench", lambda _sealed: None).run()
        if outcome.trouble is not None and not may_fail:
            raise outcome.trouble
        return outcome

    def close(self) -> None:
        """Close every laptop's file."""
        for lent in self.laptops.values():
            lent.store.close()
        self.database.close()


@contextmanager
def centre(database: str, folder: Path, **told: str) -> Iterator[Centre]:
    """Run a server on ``database``; ``told`` are settings of its environment, by their names."""
    opened = open_database(settings_for(database))
    with opened.writing() as connection:
        create_organisation(connection, ORGANISATION, "Stretford Wellbeing (made up)", SystemClock().now())
    with serving(database, **told) as url:
        lent = Centre(url, opened, folder)
        try:
            yield lent
        finally:
            lent.close()


@contextmanager
def filled_centre(members: int) -> Iterator[tuple[Centre, Path, list[Record]]]:
    """Run a server on SQLite that holds nine records for each of ``members``; give it, its folder and the records."""
    records = [record for nine in people(members) for record in nine]
    # no laptop has them all as objects: without this every collection of garbage, ours and the floor's, looks through them
    gc.collect()
    gc.freeze()
    try:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            with centre(f"sqlite:///{folder / 'server.db'}", folder) as house:
                house.fill(records)
                yield house, folder, records
    finally:
        gc.unfreeze()


def held(lent: Laptop) -> int:
    """Return how many records are in the laptop's file."""
    with lent.store.read() as connection:
        return sum(connection.exec_driver_sql(f"SELECT count(*) FROM {entity}").scalar_one() for entity in ENTITIES)


class UsableWatch:
    """Notes when the first byte of a snapshot came, and when what is needed first was in the file."""

    def __init__(self, lent: Laptop) -> None:
        self._store = lent.store
        self._began: float | None = None
        self.seconds: float | None = None
        self.stop: Callable[[], None] = lent.store.listen(lambda _changes, _initiator: self._look())

    def open_wire(self, address: str, credential: str | None) -> Wire:
        """Open a line that is watched."""
        watch = self

        class Watched(Wire):
            def fetch(self, snapshot: str, place: int) -> Iterator[bytes]:
                for piece in super().fetch(snapshot, place):
                    if watch._began is None:
                        watch._began = perf_counter()
                    yield piece

        return Watched(address, credential)

    def _look(self) -> None:
        if self._began is None or self.seconds is not None:
            return
        with self._store.read() as connection:
            arriving = read_arriving(connection)
        if arriving is None or arriving.laid_blocks >= arriving.first:
            self.seconds = perf_counter() - self._began


def credential_of(lent: Laptop) -> tuple[str, str]:
    """Return the address and the credential with which the laptop speaks to its server."""
    with lent.store.read() as connection:
        enrolment = read_enrolment(connection)
    if enrolment is None:
        raise RuntimeError("the laptop has not joined")
    return enrolment.address, enrolment.credential
