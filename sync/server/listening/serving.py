"""How the server listens: by uvicorn, with TLS where there is a certificate, and no line stays silent or half said for long."""

from __future__ import annotations

import asyncio
import gc
import http
import multiprocessing
import os
import shutil
import signal
import socket
import ssl
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.process import BaseProcess
from typing import Any, Final

import h11
import uvicorn
from uvicorn.config import STARTUP_FAILURE
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.supervisors import Multiprocess

from sync.server.listening.metrics import FOLDER
from sync.server.logs import logger
from sync.server.settings import Settings

HEAD_SECONDS: Final = 20
"""Longest that the head of a request may take; the rest has its own limit."""
TAKING_SECONDS: Final = 120
"""Longest for which the other end may take nothing to speak of: whoever reads less than about a kilobyte a second is cut."""
GOODBYE_SECONDS: Final = 2
"""Longest for which a line that ends is kept for the last of its answer and, encrypted, for the other end's goodbye."""
COME_AGAIN_SECONDS: Final = 30
"""After so long whoever was one too many is asked to come again."""
_HELD_BYTES: Final = 128 << 10
_HEAD_BYTES: Final = 16 << 10
_LAST_SECONDS: Final = 20
_BEFORE_ANEW: Final = 1
_MADE: Final = 5_000
"""Objects after which garbage is looked for: a day's push of 200 changes has 3,300 at a time."""


class TimedLine(H11Protocol):
    """A line that ends when no head of a request comes, or an answer is not taken: uvicorn itself would wait for ever.

    So does one whose request was answered before it had come to its end, and never comes to it. Whoever is one too many is
    asked to come again: uvicorn's own answer would not say when.
    """

    _patience: asyncio.TimerHandle | None = None
    _end: asyncio.TimerHandle | None = None
    _is_leaving = False

    def __init__(self, *made_with: Any, **more: Any) -> None:
        super().__init__(*made_with, **more)
        self._most, self.limit_concurrency = self.limit_concurrency, None
        self._own: Any = self.app

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for the first request."""
        super().connection_made(transport)
        _hold_little(transport)
        self._be_patient()

    def data_received(self, data: bytes) -> None:
        """Take what came, and wait for the rest of a head that is not whole, or of what was answered already."""
        is_one_too_many = self._most is not None and max(len(self.connections), len(self.tasks)) >= self._most
        self.app = come_again if is_one_too_many else self._own
        super().data_received(data)
        if self.conn.their_state is h11.IDLE or self._was_answered_early():
            self._be_patient()
        else:
            self._have_it()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no more."""
        self._have_it()
        self._end_no_more()
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        """Wait for the other end to take what it was sent, and not for ever."""
        super().pause_writing()
        if self._end is None:
            self._end = self.loop.call_later(TAKING_SECONDS, self.transport.abort)

    def resume_writing(self) -> None:
        """Wait no more: it took enough."""
        if not self._is_leaving:
            self._end_no_more()
        super().resume_writing()

    def shutdown(self) -> None:
        """Stop: an idle line ends at once, another with its answer. Encrypted, the other end need not say goodbye."""
        self._is_leaving = True
        super().shutdown()
        self._leave_soon()

    def on_response_complete(self) -> None:
        """Go on with the next request, or leave."""
        super().on_response_complete()
        if self._was_answered_early():
            self._be_patient()
        if self._is_leaving:
            self._leave_soon()

    def _was_answered_early(self) -> bool:
        """Tell whether the rest of a request is awaited that has its answer: its own limit of time ended with that."""
        return self.conn.our_state is h11.DONE and self.conn.their_state is h11.SEND_BODY

    def _leave_soon(self) -> None:
        if self.transport.is_closing():
            self._end_no_more()
            self._end = self.loop.call_later(GOODBYE_SECONDS, self.transport.abort)

    def _end_no_more(self) -> None:
        if self._end is not None:
            self._end.cancel()
            self._end = None

    def _be_patient(self) -> None:
        if self._patience is None:
            self._patience = self.loop.call_later(HEAD_SECONDS, self.transport.close)

    def _have_it(self) -> None:
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None


async def come_again(_scope: Any, _receive: Any, send: Any) -> None:
    """Answer that there are too many lines now, and after how many seconds to come again."""
    logger.warning("too many lines at once")
    told = str(COME_AGAIN_SECONDS).encode()
    headers = [(b"content-length", b"0"), (b"retry-after", told), (b"connection", b"close"), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": http.HTTPStatus.SERVICE_UNAVAILABLE, "headers": headers})
    await send({"type": "http.response.body", "body": b""})


def _hold_little(transport: asyncio.Transport) -> None:
    """Let the machine hold little of an answer for a line: what the other end takes is seen sooner."""
    line = transport.get_extra_info("socket")
    if line is not None:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _HELD_BYTES)


def rarely_look_for_garbage() -> None:
    """Never look for garbage in the program itself, which took a fifth of the time, and seldom while a request is worked on."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_MADE)


def leave_with_parent() -> None:
    """Stop this worker once the process that started it is gone, however it ended: nobody would start or stop it again.

    It would keep the port from a server that is started anew. Does nothing in a process that no other one watches over.
    """
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_leave_after, args=(parent,), name="leave-with-parent", daemon=True).start()


def _leave_after(parent: BaseProcess) -> None:
    parent.join()
    if folder := os.environ.get(FOLDER):
        # who made it can take it away no more
        shutil.rmtree(folder, ignore_errors=True)
    os.kill(os.getpid(), signal.SIGTERM)


def begin_again() -> None:
    """End this worker at once; the process that watches over it begins another in its place.

    Does nothing in a process that no other one watches over.
    """
    if multiprocessing.parent_process() is not None:
        time.sleep(_BEFORE_ANEW)
        # a worker that says by its ending that it cannot begin takes all others along
        os._exit(1)


def run(app: Any, settings: Settings, *, factory: bool = False, workers: int = 1) -> None:
    """Listen until told to stop; ``app`` is the application, or with ``factory`` the name of what makes it in each worker."""
    rarely_look_for_garbage()
    tls: dict[str, Any] = {}
    if settings.certificate is not None:
        tls = {"ssl_certfile": str(settings.certificate), "ssl_keyfile": str(settings.key), "ssl_context_factory": modern}
    config = uvicorn.Config(
        app,
        factory=factory,
        workers=workers,
        host=settings.host,
        port=settings.port,
        http=TimedLine,
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        # an empty round is smaller without; every answer tells the server's time itself
        date_header=False,
        # proxies.py believes named proxies only; uvicorn's own way would believe whoever is on this machine
        proxy_headers=False,
        limit_concurrency=settings.connections,
        timeout_keep_alive=HEAD_SECONDS,
        timeout_graceful_shutdown=_LAST_SECONDS,
        h11_max_incomplete_event_size=_HEAD_BYTES,
        **tls,
    )
    with suppress(KeyboardInterrupt):
        if workers > 1:
            watching = Multiprocess(config, [config.bind_socket()])
            watching.run()
            has_failed = any(each.exitcode == STARTUP_FAILURE for each in watching.processes)
        else:
            server = uvicorn.Server(config)
            server.run()
            has_failed = not server.started
        if has_failed:
            # so that whoever watches over this process begins it again
            sys.exit(STARTUP_FAILURE)


def modern(_config: uvicorn.Config, made: Callable[[], ssl.SSLContext]) -> ssl.SSLContext:
    """Return uvicorn's own context, for TLS 1.2 and later only, whatever the machine allows."""
    context = made()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context
