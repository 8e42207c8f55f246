"""Work comes over encrypted lines only, and only a named proxy is believed when it says where from."""

from __future__ import annotations

import asyncio
import ipaddress
from pathlib import Path
from typing import Any

import pytest

from sync.server.listening.proxies import EncryptedLines
from tests.support.servers import running, sqlite_settings

PROXY, FAR, LIAR = "10.0.0.2", "203.0.113.9", "198.51.100.7"
PROXIES = (ipaddress.ip_network("10.0.0.0/30"),)


def asked(peer: str, scheme: str = "http", path: str = "/v1/round", **headers: str) -> str | int:
    """Return the address that the application was told, or the status of an answer that it did not give."""
    told: list[str | int] = []

    async def app(scope: Any, _receive: Any, _send: Any) -> None:
        told.append(scope["client"][0])

    async def send(message: Any) -> None:
        if "status" in message:
            told.append(message["status"])

    async def receive() -> Any:
        return {}

    named = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "scheme": scheme, "path": path, "client": (peer, 1), "headers": named}
    asyncio.run(EncryptedLines(app, PROXIES)(scope, receive, send))
    return told[0]


@pytest.mark.parametrize("peer", ["127.0.0.1", "::1", "::ffff:127.0.0.1"])
def test_this_machine_may_speak_plainly(peer: str) -> None:
    assert asked(peer) == peer


def test_others_may_not() -> None:
    assert asked(FAR) == 403
    assert asked(FAR, "https") == FAR


def test_whoever_watches_the_machine_may_ask_plainly_whether_it_is_well() -> None:
    assert [asked(peer, path="/v1/health/ready") for peer in (FAR, PROXY)] == [FAR, PROXY]
    assert asked(FAR, path="/v1/health/ready/") == 403


def test_a_proxy_that_received_it_encrypted_may_pass_it_on() -> None:
    assert asked(PROXY, x_forwarded_proto="https", x_forwarded_for=FAR) == FAR


def test_a_proxy_that_received_it_plainly_may_not() -> None:
    assert asked(PROXY, x_forwarded_proto="http", x_forwarded_for=FAR) == 403
    assert asked(PROXY, x_forwarded_for=FAR) == 403
    assert asked(PROXY, x_forwarded_proto="https, http", x_forwarded_for=FAR) == 403


@pytest.mark.parametrize("peer", [PROXY, "127.0.0.1"])
def test_a_proxy_that_does_not_say_how_it_received_it_may_not(monkeypatch: pytest.MonkeyPatch, peer: str) -> None:
    monkeypatch.setattr(f"{__name__}.PROXIES", (*PROXIES, ipaddress.ip_network("127.0.0.1")))
    assert asked(peer) == 403
    assert asked(peer, x_forwarded_for=FAR) == 403
    # whoever watches the machine asks without one
    assert (asked(peer, path="/v1/health/ready"), asked("127.0.0.1", path="/metrics")) == (peer, "127.0.0.1")


def test_nobody_else_is_believed() -> None:
    assert asked(LIAR, x_forwarded_proto="https", x_forwarded_for="127.0.0.1") == 403
    assert asked(LIAR, "https", x_forwarded_for="127.0.0.1") == LIAR


def test_what_was_written_before_the_proxy_s_own_word_is_not_believed() -> None:
    assert asked(PROXY, x_forwarded_proto="https", x_forwarded_for=f"127.0.0.1, {FAR}") == FAR
    assert asked(PROXY, x_forwarded_proto="https", x_forwarded_for=f"127.0.0.1, {FAR}, 10.0.0.3") == FAR


@pytest.mark.parametrize(
    ("told", "address"),
    [
        (f"{FAR}:51234", FAR),
        ("[2001:db8::9]:51234", "2001:db8::9"),
        ("[2001:db8::9]", "2001:db8::9"),
        ("2001:db8::9", "2001:db8::9"),
        (f"{FAR}:51234, 10.0.0.3:443", FAR),
    ],
)
def test_the_port_that_a_proxy_writes_behind_an_address_makes_nobody_another_one(told: str, address: str) -> None:
    assert asked(PROXY, x_forwarded_proto="https", x_forwarded_for=told) == address


def test_a_proxy_that_says_nothing_is_not_taken_for_this_machine() -> None:
    assert asked(PROXY) == 403


def test_the_whole_server_takes_nothing_over_a_plain_line_from_elsewhere(tmp_path: Path) -> None:
    with running(sqlite_settings(tmp_path / "server.db")) as server:

        async def ask(peer: str, path: str) -> int:
            statuses: list[int] = []

            async def receive() -> Any:
                return {"type": "http.request", "body": b"", "more_body": False}

            async def send(message: Any) -> None:
                if "status" in message:
                    statuses.append(message["status"])

            scope = {
                "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "http",
                "path": path, "raw_path": path.encode(), "query_string": b"", "root_path": "", "headers": [],
                "client": (peer, 1), "server": ("127.0.0.1", 80), "state": {},
            }  # fmt: skip
            await server.app(scope, receive, send)
            return statuses[0]

        answers = [server.loop.run(ask(peer, "/metrics")) for peer in ("127.0.0.1", FAR)]
        assert answers == [200, 403]
        assert [server.loop.run(ask(FAR, f"/v1/health{each}")) for each in ("", "/live", "/ready")] == [200, 200, 200]
