"""Two hundred laptops at once: each pushes fifty changes and pulls, on SQLite and on PostgreSQL, let in, scoped and audited.

The laptops are lines of this process. What each sends is packed before, and what each receives is looked into after all have been
answered: the processor time spent here would otherwise be counted as the server's.
"""

from __future__ import annotations

import asyncio
import os
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import select
from uuid_utils import uuid7

from ewb_desktop.domain.time import SystemClock, instant_text
from sync.packing import MEDIA_TYPE, pack, unpack
from sync.protocol.change import Change, ChangeKind
from sync.protocol.messages import EnrolRequest, RoundRequest
from sync.protocol.version import PROTOCOL
from sync.server.admission.auth import enrol
from sync.server.admission.people import invite
from sync.server.database import tables
from sync.server.records.audit import first_broken
from tests.benchmarks.centre import Centre, centre
from tests.benchmarks.figures import Figure, milliseconds, percentile_95
from tests.support.postgres import cluster
from tests.support.servers import ORGANISATION

LAPTOPS, CHANGES, AREAS = 200, 50, 20
WORKERS = 2
"""Processes of the server on PostgreSQL: one for each core of the machine that the figures are for."""


@dataclass(frozen=True, slots=True)
class _Answer:
    """What one laptop received, and how long it waited from before its line was opened."""

    seconds: float
    area: str
    bytes: bytes


@dataclass(frozen=True, slots=True)
class _Told:
    """What stands in one answer."""

    is_right: bool
    """It has a verdict for each change, all of them taken, and no row of an area that is not the laptop's."""
    rows: int


@dataclass(frozen=True, slots=True)
class Crowd:
    """What became of two hundred laptops that came at one moment."""

    seconds: tuple[float, ...]
    """How long each waited from before its line was opened."""
    took: float
    rows: int
    """Rows that came back to all of them together."""
    wrong: int
    """Answers that were none, or lacked a verdict, or refused a change, or held a row of another's area."""
    numbers: int
    """Changes in the server's ledger, if its numbers have no gap; else 0."""
    broken: int | None
    """The first entry of the audit that does not follow from the one before, if any."""
    memory: float
    """The memory, in MB, that the server's processes hold when all have been answered."""
    spent: dict[str, float]
    """Processor seconds of the server and of its database."""
    own: float
    """Processor seconds of the two hundred lines."""


def measure() -> list[Figure]:
    """Return the figures on each kind of database."""
    with tempfile.TemporaryDirectory() as name:
        figures = _figures(come(f"sqlite:///{Path(name) / 'server.db'}", Path(name)), "SQLite")
    with tempfile.TemporaryDirectory() as name, cluster() as postgres, postgres.new_database() as url:
        # as it is deployed: PostgreSQL is there so that several processes can answer
        return figures + _figures(come(url, Path(name), WORKERS), f"PostgreSQL, {WORKERS} workers")


def come(database: str, folder: Path, workers: int = 1) -> Crowd:
    """Let two hundred laptops join a server of this database, and send and receive at one moment."""
    with centre(database, folder, EWB_WORKERS=str(workers)) as house:
        bodies = [_laptop(house, number) for number in range(LAPTOPS)]
        before, own, began = _spent(), time.process_time(), time.perf_counter()
        answers = asyncio.run(_all_at_once(house.url, bodies))
        took, own, spent = time.perf_counter() - began, time.process_time() - own, _spent()
        memory = _server_memory()
        with house.database.reading() as connection:
            broken = first_broken(connection, ORGANISATION)
            numbers = list(connection.scalars(select(tables.ledger.c.number).order_by(tables.ledger.c.number)))
    told = [_look_into(answer) for answer in answers]
    return Crowd(
        seconds=tuple(each.seconds for each in answers),
        took=took,
        rows=sum(each.rows for each in told),
        wrong=sum(not each.is_right for each in told),
        numbers=len(numbers) if numbers == list(range(1, len(numbers) + 1)) else 0,
        broken=broken,
        memory=memory,
        spent={name: spent[name] - before[name] for name in sorted(spent) if name in before},
        own=own,
    )


def _figures(crowd: Crowd, what: str) -> list[Figure]:
    errors = crowd.wrong + (crowd.broken is not None) + (crowd.numbers == 0)
    beside = f"all within {milliseconds(crowd.took)}; {crowd.rows:,} rows came back"
    shares = ", ".join(f"{name} {milliseconds(seconds)}" for name, seconds in crowd.spent.items())
    return [
        Figure(
            f"{LAPTOPS} laptops push {CHANGES} and pull at once, {what}: 95 of 100",
            milliseconds(percentile_95(list(crowd.seconds))), "under 2 s", beside,
        ),
        Figure(f"the same, {what}: errors, memory of the server", f"{errors}, {crowd.memory:.0f} MB", "0, under 300 MB", ""),
        Figure(f"the same, {what}: processor time", shares, "", f"the {LAPTOPS} lines {milliseconds(crowd.own)}"),
    ]  # fmt: skip


def _laptop(house: Centre, number: int) -> tuple[str, str, bytes]:
    """Let a laptop join, and return its area, its credential and the body of its round."""
    now, area, device = SystemClock().now(), f"area{number % AREAS}", str(uuid7())
    with house.database.writing() as connection:
        code = invite(connection, ORGANISATION, f"Worker {number}", "connector", [area], now).code
        joined = enrol(connection, EnrolRequest(protocol=PROTOCOL, code=code, device=device, device_name="bench"), now)
    changes = tuple(
        Change(
            id=str(uuid7()), entity="person", record=str(uuid7()), kind=ChangeKind.CREATE, area=area,
            fields={"preferred_name": f"Person {counter}", "contact_note": "rings on Thursdays " * 5}, base=0,
            author=joined.scope.worker, device=device, counter=counter, at=instant_text(now),
        )
        for counter in range(1, CHANGES + 1)
    )  # fmt: skip
    request = RoundRequest(
        protocol=PROTOCOL, program="bench", device_time=instant_text(now), epoch=joined.epoch, cursor=0, changes=changes
    )
    return area, joined.credential, pack(request)


async def _all_at_once(url: str, bodies: list[tuple[str, str, bytes]]) -> list[_Answer]:
    return await asyncio.gather(*(_round(url, *body) for body in bodies))


async def _round(url: str, area: str, credential: str, body: bytes) -> _Answer:
    parts, began = urlsplit(url), time.perf_counter()
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    writer.write(
        b"POST /v1/round HTTP/1.1\r\nHost: server\r\nConnection: close\r\nContent-Type: %b\r\nAuthorization: Bearer %b\r\n"
        b"Content-Length: %d\r\n\r\n%b" % (MEDIA_TYPE.encode(), credential.encode(), len(body), body)
    )
    received = await reader.read()
    writer.close()
    return _Answer(time.perf_counter() - began, area, received)


def _look_into(answer: _Answer) -> _Told:
    head, _, body = answer.bytes.partition(b"\r\n\r\n")
    if int(head.split()[1]) != 200:
        return _Told(is_right=False, rows=0)
    reply = unpack(body, 64 << 20)
    taken = sum(verdict["kind"] == "accepted" for verdict in reply["verdicts"])
    rows = [row for entity, found in reply["page"]["rows"].items() if entity != "worker" for row in found]
    return _Told(taken == CHANGES and all(row[1] == answer.area for row in rows), len(rows))


def _server_memory() -> float:
    """Return the memory, in MB, that the processes of a server which this one started hold after the crowd, added up.

    A page that several of them share, such as a library's code, counts once: each has its share of it (``Pss``).
    """
    return sum(each.pss for each in _started() if each.name == "server") / 1024


def _spent() -> dict[str, float]:
    """Return the processor seconds so far of the server, and of its database where that is a program of its own."""
    spent: dict[str, float] = {}
    for each in _started():
        spent[each.name] = spent.get(each.name, 0.0) + each.seconds
    return spent


@dataclass(frozen=True, slots=True)
class _Process:
    name: str
    parent: int
    pss: int
    """Kilobytes of memory, shared pages by its share."""
    seconds: float


def _started() -> list[_Process]:
    """Return the processes that this one started, and those that they started."""
    found: dict[int, _Process] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            status = dict(line.split(":", 1) for line in (folder / "status").read_text().splitlines() if ":" in line)
            line = (folder / "cmdline").read_bytes()
            # its workers are started by Python's own multiprocessing
            name = "server" if b"sync.server.cli" in line or b"multiprocessing" in line else status["Name"].strip()
            ticks = (folder / "stat").read_text().rpartition(")")[2].split()[11:13]
            pss = next(line.split()[1] for line in (folder / "smaps_rollup").read_text().splitlines() if line.startswith("Pss:"))
        except (OSError, StopIteration):
            continue
        seconds = sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")
        found[int(folder.name)] = _Process(name, int(status["PPid"]), int(pss), seconds)
    mine = {pid for pid, each in found.items() if each.parent == os.getpid()}
    return [each for pid, each in found.items() if pid in mine or each.parent in mine]
