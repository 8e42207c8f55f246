"""Which lines work may come by: encrypted ones, those of this machine, and what a named proxy says that it received encrypted.

What a proxy says of where a request comes from (``X-Forwarded-For``, ``X-Forwarded-Proto``) is believed of named proxies only.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

from sync.server.logs import logger
from sync.server.settings import Network

_TOLD: Final = b"This server takes work over an encrypted line only: use https.\n"
_HEALTH: Final = frozenset({"/v1/health", "/v1/health/live", "/v1/health/ready"})
"""Where nothing of anybody is asked or told: a proxy, and whoever watches this machine, asks there without encryption."""
_FIGURES: Final = "/metrics"
_UNTOLD: Final = (
    b"The proxy in front of this server does not say by what line this came: let it set X-Forwarded-Proto and X-Forwarded-For.\n"
)


class EncryptedLines:
    """Passes on what came encrypted or from this machine, with the address that it came from; answers 403 to all work else."""

    def __init__(self, app: ASGIApp, proxies: tuple[Network, ...]) -> None:
        self._app = app
        self._proxies = proxies

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Look at one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        peer = scope["client"][0] if scope.get("client") else ""
        scheme, is_untold = scope["scheme"], False
        if _is_in(peer, self._proxies):
            headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]]
            # a proxy appends: what stands last is its own word
            told = _last(headers, "x-forwarded-proto")
            far = _farthest(headers, peer, self._proxies)
            scheme = told[-1].strip().lower() if told else scheme
            # also of one on this machine: what it passes on came from somewhere else
            is_untold = not told and scheme != "https" and scope["path"] != _FIGURES
            if told or far != peer:
                scope = {**scope, "scheme": scheme, "client": (far, 0)}
                peer = far
        if scheme != "https" and (is_untold or not _is_loopback(peer)) and scope["path"] not in _HEALTH:
            _note(scope)
            await _turn_away(send, _UNTOLD if is_untold else _TOLD)
            return
        await self._app(scope, receive, send)


def _last(headers: Iterable[tuple[str, str]], name: str) -> list[str]:
    return [part for found, value in headers if found == name for part in value.split(",")]


def _farthest(headers: Iterable[tuple[str, str]], peer: str, proxies: tuple[Network, ...]) -> str:
    """Return the address nearest to us that is no proxy of ours: what stands before it anybody may have written."""
    for address in reversed([peer, *_last(headers, "x-forwarded-for")][1:]):
        peer = _without_port(address.strip())
        if not _is_in(peer, proxies):
            break
    return peer


def _without_port(text: str) -> str:
    """Return an address as it stands for whoever asks: some proxies write the port behind it, which is another one each time."""
    bracketed, _, _ = text.removeprefix("[").partition("]")
    if text.startswith("["):
        return bracketed
    address, _, port = text.rpartition(":")
    return address if port.isdigit() and address.count(":") == 0 and address else text


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address


def _is_in(text: str, networks: tuple[Network, ...]) -> bool:
    address = _address(text)
    return address is not None and any(address in network for network in networks)


def _is_loopback(text: str) -> bool:
    address = _address(text)
    return address is not None and address.is_loopback


def _note(scope: Scope) -> None:
    """Log and count whom it turned away: not what was asked for, which may be anything that somebody typed."""
    logger.warning("turned away: not encrypted")
    app = scope.get("app")
    if app is not None:
        app.state.house.metrics.note("", "not encrypted", 0.0, {})


async def _turn_away(send: Send, words: bytes) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(words)).encode())]
    await send({"type": "http.response.start", "status": 403, "headers": headers})
    await send({"type": "http.response.body", "body": words})
