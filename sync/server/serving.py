"""How the server listens: by uvicorn, with TLS where there is a certificate, and no line stays silent or half said for long."""

from __future__ import annotations

import asyncio
import gc
import ssl
from collections.abc import Callable
from typing import Any, Final

import h11
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from sync.server.settings import Settings

HEAD_SECONDS: Final = 20
"""Longest that the head of a request may take; the rest has its own limit."""
_HEAD_BYTES: Final = 16 << 10
_LAST_SECONDS: Final = 20
_MADE: Final = 5_000
"""Objects after which garbage is looked for: a day's push of 200 changes has 3,300 at a time."""


class TimedLine(H11Protocol):
    """A line that is closed when the head of a request does not come: uvicorn itself would wait for ever."""

    _patience: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for the first request."""
        super().connection_made(transport)
        self._be_patient()

    def data_received(self, data: bytes) -> None:
        """Take what came, and wait for the rest of a head that is not whole."""
        super().data_received(data)
        if self.conn.their_state is h11.IDLE:
            self._be_patient()
        else:
            self._have_it()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no more."""
        self._have_it()
        super().connection_lost(exc)

    def _be_patient(self) -> None:
        if self._patience is None:
            self._patience = self.loop.call_later(HEAD_SECONDS, self.transport.close)

    def _have_it(self) -> None:
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None


def rarely_look_for_garbage() -> None:
    """Never look for garbage in the program itself, which took a fifth of the time, and seldom while a request is worked on."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_MADE)


def run(app: Any, settings: Settings, *, factory: bool = False, workers: int = 1) -> None:
    """Listen until told to stop; ``app`` is the application, or with ``factory`` the name of what makes it in each worker."""
    rarely_look_for_garbage()
    tls: dict[str, Any] = {}
    if settings.certificate is not None:
        tls = {"ssl_certfile": str(settings.certificate), "ssl_keyfile": str(settings.key), "ssl_context_factory": modern}
    uvicorn.run(
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


def modern(_config: uvicorn.Config, made: Callable[[], ssl.SSLContext]) -> ssl.SSLContext:
    """Return uvicorn's own context, for TLS 1.2 and later only, whatever the machine allows."""
    context = made()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context
