"""The real server, in this process or on a spare port, for tests that need one.

``InProcessAdapter`` lets a ``requests.Session`` speak to the real application without a socket::

    with running(sqlite_settings(tmp_path / "server.db")) as server:
        code = server.invite("Ada Okafor", "connector", ["stretford"])
        session = requests.Session()
        session.mount(server.url, server.adapter())        # adapter.is_unplugged = True pulls the plug
"""

from __future__ import annotations

import asyncio
import io
import os
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Coroutine, Iterator, Mapping, MutableMapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, TypeVar
from urllib.parse import urlsplit

import requests
from fastapi import FastAPI
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict
from sqlalchemy import Connection
from urllib3.response import HTTPResponse

from sync.server.admission.people import Invitation, change_worker, create_organisation, invite, revoke
from sync.server.app import create_app
from sync.server.database.engine import Database
from sync.server.settings import Settings
from tests.support.waiting import wait_for

ORGANISATION = "stretford"
IN_PROCESS_URL = "http://127.0.0.1:8461"
"""An address that work may be sent to without TLS; a session carries it here, so nothing ever listens there."""
T = TypeVar("T")


class Loop:
    """An event loop in a thread of its own, for as long as a server runs in this process."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="in-process-server", daemon=True)
        self._thread.start()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Wait for ``work`` and return what it returns."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout=60)

    def close(self) -> None:
        """End the loop and its thread."""
        self.run(self._loop.shutdown_default_executor())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


class Life:
    """Starts and ends an application as a server process does."""

    def __init__(self, app: FastAPI, loop: Loop) -> None:
        self._app = app
        self._loop = loop
        self._stack = app.router.lifespan_context(app)

    def start(self) -> None:
        """Run the application's start."""
        self._loop.run(self._enter())

    def end(self) -> None:
        """Run the application's end."""
        self._loop.run(self._exit())

    async def _enter(self) -> None:
        await self._stack.__aenter__()

    async def _exit(self) -> None:
        await self._stack.__aexit__(None, None, None)


class InProcessAdapter(BaseAdapter):
    """Carries a ``requests`` call straight into an ASGI application.

    While ``is_unplugged`` is true every call fails as without a line. ``loses_answer`` lets the server do the work and then
    loses its answer, once. ``calls`` counts the requests that reached the server.
    """

    def __init__(self, app: FastAPI, loop: Loop) -> None:
        super().__init__()
        self._app = app
        self._loop = loop
        self.is_unplugged = False
        self.loses_answer = False
        self.calls = 0

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,
        timeout: float | tuple[float, float] | tuple[float, None] | None = None,
        verify: bool | str = True,
        cert: bytes | str | tuple[bytes | str, bytes | str] | None = None,
        proxies: Mapping[str, str] | None = None,
    ) -> requests.Response:
        """Return the application's answer."""
        if self.is_unplugged:
            raise requests.ConnectionError("the plug is pulled", request=request)
        self.calls += 1
        status, headers, body = self._loop.run(_ask(self._app, request))
        if self.loses_answer:
            self.loses_answer = False
            raise requests.ConnectionError("the line broke before the answer", request=request)
        response = requests.Response()
        response.status_code = status
        response.headers = CaseInsensitiveDict(headers)
        response.raw = HTTPResponse(body=io.BytesIO(body), headers=headers, status=status, preload_content=False)
        response.url = request.url or ""
        response.request = request
        return response

    def close(self) -> None:
        """Nothing is held."""


async def _ask(app: FastAPI, request: requests.PreparedRequest) -> tuple[int, dict[str, str], bytes]:
    parts = urlsplit(request.url or "")
    body = request.body or b""
    if isinstance(body, str):
        body = body.encode()
    scope: dict[str, Any] = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": request.method, "scheme": parts.scheme,
        "path": parts.path, "raw_path": parts.path.encode(), "query_string": parts.query.encode(), "root_path": "",
        "headers": [(name.lower().encode(), value.encode()) for name, value in request.headers.items()],
        "client": ("127.0.0.1", 1), "server": (parts.hostname, parts.port or 80), "state": {},
    }  # fmt: skip
    incoming = [{"type": "http.request", "body": body, "more_body": False}]
    sent: list[MutableMapping[str, Any]] = []

    async def receive() -> MutableMapping[str, Any]:
        if not incoming:
            # who asked stays on the line until the answer is there
            await asyncio.Event().wait()
        return incoming.pop()

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    await app(scope, receive, send)
    headers = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return sent[0]["status"], headers, b"".join(message.get("body", b"") for message in sent[1:])


@dataclass(slots=True)
class RunningServer:
    """A server in this process. ``at`` is its time; a test may move it."""

    app: FastAPI
    loop: Loop
    settings: Settings
    url: str = IN_PROCESS_URL
    at: list[datetime] = field(default_factory=lambda: [datetime(2026, 11, 21, 14, 5, tzinfo=UTC)])

    @property
    def database(self) -> Database:
        """The server's own database, to look into or to act as its administrator."""
        database: Database = self.app.state.house.database
        return database

    def adapter(self) -> InProcessAdapter:
        """Return a new line to this server: one a laptop, each with a plug of its own."""
        return InProcessAdapter(self.app, self.loop)

    def session(self) -> requests.Session:
        """Return a session whose every call comes here."""
        session = requests.Session()
        session.mount(self.url, self.adapter())
        return session

    def invite(self, name: str, role: str, areas: list[str], organisation: str = ORGANISATION) -> Invitation:
        """Make a worker and return her one-time code."""
        return self.do(lambda connection: invite(connection, organisation, name, role, areas, self.at[0]))

    def change_worker(
        self, worker: str, *, role: str | None = None, areas: Sequence[str] | None = None, is_active: bool | None = None
    ) -> None:
        """Give a worker another role or other areas, or say that she has left."""
        at = self.at[0]
        self.do(lambda c: change_worker(c, ORGANISATION, worker, at, role=role, areas=areas, is_active=is_active))

    def revoke(self, device: str, organisation: str = ORGANISATION) -> None:
        """Sign a laptop off."""
        self.do(lambda connection: revoke(connection, organisation, device, self.at[0]))

    def do(self, work: Callable[[Connection], T]) -> T:
        """Do ``work`` in one transaction of the server's database."""
        with self.database.writing() as connection:
            return work(connection)


def sqlite_settings(file: Path) -> Settings:
    """Return settings for an embedded database in ``file``, with limits that a test does not meet by accident."""
    return settings_for(f"sqlite:///{file}")


def settings_for(url: str) -> Settings:
    """Return settings for a database, with limits that a test does not meet by accident."""
    return replace(Settings(database=url), burst=1_000_000, per_minute=1_000_000)


@contextmanager
def running(settings: Settings, *, organisation: str | None = ORGANISATION) -> Iterator[RunningServer]:
    """Run the real server in this process, with one made-up organisation; end it afterwards."""
    loop = Loop()
    at = [datetime(2026, 11, 21, 14, 5, tzinfo=UTC)]
    app = create_app(settings, clock=lambda: at[0])
    life = Life(app, loop)
    try:
        life.start()
        server = RunningServer(app, loop, settings, at=at)
        try:
            if organisation is not None:
                server.do(lambda c: create_organisation(c, organisation, "Stretford Wellbeing (made up)", at[0]))
            yield server
        finally:
            life.end()
    finally:
        loop.close()


def spare_port() -> int:
    """Return a loopback port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def serving(database: str, *options: str, path: str = "/v1/health", **told: str) -> Iterator[str]:
    """Run ``ewb-server serve`` as a process of its own; yield its address once it says yes at ``path``.

    ``told`` are settings of its environment, by their names.
    """
    # a pipe that nobody reads would fill with its log, and the server would stand still
    with tempfile.TemporaryFile() as log, listening(log, *options, EWB_DATABASE=database, **told) as (port, process):
        url = f"http://127.0.0.1:{port}"
        wait_for_answer(url, process, log, path=path)
        yield url


@contextmanager
def listening(log: IO[bytes], *options: str, **told: str) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """Let a server's process begin to listen on a spare loopback port, and stop it afterwards; what it says goes to ``log``."""
    port = spare_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "sync.server.cli", "serve", "--port", str(port), *options],
        env={**os.environ, **told},
        cwd=Path(__file__).parents[2],
        stdout=log,
        stderr=log,
    )
    try:
        yield port, process
    finally:
        process.terminate()
        process.wait(timeout=40)


def wait_for_answer(
    url: str, process: subprocess.Popen[bytes] | None = None, log: IO[bytes] | None = None, *, path: str = "/v1/health"
) -> None:
    """Wait until the server says yes at ``url``; raise :class:`tests.support.waiting.NotReady` with its ``log`` otherwise."""

    def answers() -> bool:
        try:
            return requests.get(f"{url}{path}", timeout=5).ok
        except (requests.ConnectionError, requests.Timeout):
            return False

    def said() -> str:
        if log is None:
            return ""
        log.seek(0)
        return log.read().decode()

    wait_for(answers, process, said)
