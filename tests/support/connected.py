"""Laptops that are enrolled at a real server in this process, each with a line whose plug a test can pull."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import requests
from urllib3.response import HTTPResponse

from ewb_desktop.storage.store import Store
from ewb_desktop.syncing.engine import Engine
from ewb_desktop.syncing.enrol import enrol
from ewb_desktop.syncing.rounds import Outcome
from ewb_desktop.syncing.wire import Wire
from tests.support.clock import HandClock
from tests.support.laptops import Laptop, laptop
from tests.support.ready_databases import put_ready_file
from tests.support.servers import IN_PROCESS_URL, InProcessAdapter, RunningServer, running, settings_for

AREA = "stretford"
ADDRESS = "http://127.0.0.1:8461"
"""An address that work may be sent to; the session carries it to the server in this process."""


class TappedLine(InProcessAdapter):
    """Keeps every byte that travelled, both ways. In a block ``with line.held_up():`` nothing reaches the server."""

    def __init__(self, inner: InProcessAdapter) -> None:
        self.__dict__.update(inner.__dict__)
        self.bytes_sent: list[bytes] = []
        self.bytes_received: list[bytes] = []
        self._is_free = threading.Event()
        self._is_free.set()

    @contextmanager
    def held_up(self) -> Iterator[None]:
        """Hold up what is asked from now on, until the block ends."""
        self._is_free.clear()
        try:
            yield
        finally:
            self._is_free.set()

    def send(self, request: requests.PreparedRequest, *arguments: Any, **named: Any) -> requests.Response:
        """Return the server's answer."""
        self._is_free.wait()
        self.bytes_sent.append(request.body if isinstance(request.body, bytes) else b"")
        response = super().send(request, *arguments, **named)
        # read here: what was read is kept by the response for whoever asks next, as a whole or piece by piece
        received = response.content
        self.bytes_received.append(received)
        response.raw = HTTPResponse(body=io.BytesIO(received), preload_content=False)
        return response


@dataclass(slots=True)
class Connected:
    """One worker's laptop with its line, its clock and what it was told when it was signed off."""

    laptop: Laptop
    line: TappedLine
    signed_off: list[bytes | None] = field(default_factory=list)
    engine: Engine = field(init=False)

    def __post_init__(self) -> None:
        self.engine = Engine(self.store, "0.1.0", self.signed_off.append, self.open_wire)

    @property
    def store(self) -> Store:
        """The open encrypted file."""
        return self.laptop.store

    @property
    def clock(self) -> HandClock:
        """The laptop's own clock."""
        return self.laptop.clock

    def sync(self) -> Outcome:
        """Do rounds until there is nothing more; what was in the way fails the test."""
        outcome = self.engine.run()
        if outcome.trouble is not None:
            raise outcome.trouble
        return outcome

    def open_wire(self, address: str, credential: str | None) -> Wire:
        """Open the line to the server in this process."""
        session = requests.Session()
        session.trust_env = False
        session.mount(address, self.line)
        return Wire(address, credential, session)


@dataclass(slots=True)
class House:
    """The server and those who are connected to it."""

    folder: Path
    server: RunningServer
    ending: ExitStack

    def newcomer(self, name: str) -> Connected:
        """Lend a laptop with an empty file that has not joined."""
        lent = laptop(self.folder, name.split()[0].lower(), area=AREA, clock=HandClock(self.server.at[0]))
        self.ending.callback(lent.store.close)
        return Connected(lent, TappedLine(self.server.adapter()))

    def join(self, name: str, role: str = "connector", areas: tuple[str, ...] = (AREA,)) -> Connected:
        """Invite a worker and enrol her laptop, which is empty."""
        connected = self.newcomer(name)
        code = self.server.invite(name, role, list(areas)).code
        enrol(connected.store, ADDRESS, code, f"{name}'s laptop", connected.open_wire)
        return connected


@contextmanager
def house(folder: Path, database: str = "", *, page_rows: int | None = None, page_bytes: int | None = None) -> Iterator[House]:
    """Run a server on ``database`` (else on an embedded file in ``folder``) and lend the house around it.

    ``page_rows`` and ``page_bytes`` are the most that one of its answers holds, else as much as a server in use gives.
    """
    settings = settings_for(database or put_ready_file(folder / "server.db"))
    if page_rows is not None:
        settings = replace(settings, page_rows=page_rows)
    if page_bytes is not None:
        settings = replace(settings, page_bytes=page_bytes)
    with running(settings) as server, ExitStack() as ending:
        assert server.url == IN_PROCESS_URL
        yield House(folder, server, ending)
