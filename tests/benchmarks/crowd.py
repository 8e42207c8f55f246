"""Two hundred laptops at once: each pushes fifty changes and pulls, on SQLite and on PostgreSQL, let in, scoped and audited."""

from __future__ import annotations

import asyncio
import os
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from uuid_utils import uuid7

from ewb_desktop.domain.time import SystemClock, instant_text
from sync.packing import MEDIA_TYPE, pack, unpack
from sync.protocol.change import Change, ChangeKind
from sync.protocol.messages import EnrolRequest, RoundRequest
from sync.protocol.version import PROTOCOL
from sync.server.audit import first_broken
from sync.server.auth import enrol
from sync.server.people import invite
from tests.benchmarks.centre import Centre, centre
from tests.benchmarks.figures import Figure, milliseconds, percentile_95
from tests.support.postgres import cluster
from tests.support.servers import ORGANISATION

LAPTOPS, CHANGES, AREAS = 200, 50, 20


@dataclass(frozen=True, slots=True)
class _Answer:
    seconds: float
    status: int
    taken: int
    rows: int
    strange: int
    """Rows of an area that is not the laptop's."""


def measure() -> list[Figure]:
    """Return the figures on each kind of database."""
    with tempfile.TemporaryDirectory() as name:
        figures = _on(f"sqlite:///{Path(name) / 'server.db'}", Path(name), "SQLite")
    with tempfile.TemporaryDirectory() as name, cluster() as postgres, postgres.new_database() as url:
        return figures + _on(url, Path(name), "PostgreSQL")


def _on(database: str, folder: Path, what: str) -> list[Figure]:
    with centre(database, folder) as house:
        bodies = [_laptop(house, number) for number in range(LAPTOPS)]
        began = time.perf_counter()
        answers = asyncio.run(_all_at_once(house.url, bodies))
        took = time.perf_counter() - began
        memory = _server_memory()
        with house.database.reading() as connection:
            broken = first_broken(connection, ORGANISATION)
    errors = sum(each.status != 200 or each.taken != CHANGES or each.strange > 0 for each in answers)
    errors += broken is not None
    slowest = percentile_95([each.seconds for each in answers])
    beside = f"all within {milliseconds(took)}; {sum(each.rows for each in answers):,} rows came back"
    return [
        Figure(
            f"{LAPTOPS} laptops push {CHANGES} and pull at once, {what}: 95 of 100", milliseconds(slowest), "under 2 s", beside
        ),
        Figure(f"the same, {what}: errors, memory of the server", f"{errors}, {memory:.0f} MB", "0, under 300 MB", ""),
    ]


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
    head, _, answer = (await reader.read()).partition(b"\r\n\r\n")
    took = time.perf_counter() - began
    writer.close()
    status = int(head.split()[1])
    if status != 200:
        return _Answer(took, status, 0, 0, 0)
    reply = unpack(answer, 64 << 20)
    taken = sum(verdict["kind"] == "accepted" for verdict in reply["verdicts"])
    rows = [row for entity, found in reply["page"]["rows"].items() if entity != "worker" for row in found]
    return _Answer(took, status, taken, len(rows), sum(row[1] != area for row in rows))


def _server_memory() -> float:
    """Return the most memory, in MB, that a server which this process started has had."""
    found = 0.0
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            told = dict(line.split(":", 1) for line in (folder / "status").read_text().splitlines() if ":" in line)
            is_server = b"sync.server.cli" in (folder / "cmdline").read_bytes()
        except OSError:
            continue
        if is_server and int(told["PPid"]) == os.getpid():
            found += int(told["VmHWM"].split()[0]) / 1024
    return found
