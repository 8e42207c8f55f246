"""The real process, listening with its own certificate: real laptops trust it or say why not, and its log names nobody."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import orjson
import pytest
import requests
import uvicorn

from ewb_desktop.storage.tables import Person
from ewb_desktop.syncing.engine import Engine, OpenWire
from ewb_desktop.syncing.enrol import enrol
from ewb_desktop.syncing.troubles import RoundFailed, UntrustedServer
from ewb_desktop.syncing.wire import Wire
from sync.server.cli import main
from sync.server.listening import serving
from sync.server.listening.serving import TimedLine
from tests.support.certificates import Authority, make_authority
from tests.support.encrypted import encrypted
from tests.support.laptops import open_laptop


@pytest.fixture
def authority() -> Authority:
    return make_authority()


@pytest.fixture
def database(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'server.db'}"


@pytest.fixture
def code(database: str, capsys: pytest.CaptureFixture[str]) -> str:
    """Make an organisation and a worker, and return her code."""
    assert main(["--database", database, "organisation", "stretford", "--name", "Made up"]) == 0
    capsys.readouterr()
    words = ["invite", "stretford", "--name", "Ada Okafor", "--role", "connector", "--areas", "sale"]
    assert main(["--database", database, *words]) == 0
    return capsys.readouterr().out.split()[1]


def trusting(trusted: str) -> OpenWire:
    """Return how a laptop opens its line when it knows who signs certificates here."""

    def open_wire(address: str, credential: str | None) -> Wire:
        session = requests.Session()
        session.trust_env = False
        session.verify = trusted
        return Wire(address, credential, session)

    return open_wire


def test_a_laptop_that_trusts_the_certificate_works_and_another_refuses(
    tmp_path: Path, authority: Authority, database: str, code: str
) -> None:
    pair = authority.certificate_for("127.0.0.1", tmp_path)
    trusted = str(authority.write(tmp_path / "authority.pem"))
    line = trusting(trusted)
    options = ("--certificate", str(pair.certificate), "--key", str(pair.key))
    with encrypted(tmp_path, *options, EWB_DATABASE=database) as server, open_laptop(tmp_path, "ada") as laptop:
        with pytest.raises(UntrustedServer):
            enrol(laptop.store, server.url, code, "Blue laptop")
        joined = enrol(laptop.store, server.url, code, "Blue laptop", line)
        with laptop.store.write() as writing:
            person = writing.add(Person(area="sale", preferred_name="Zuleika", telephone="0161 496 0002"))
        assert Engine(laptop.store, "0.1.0", lambda _credential: None, line).run().sent == 1
        # the same laptop with the line that it would open by itself: it does not know who signed this
        assert isinstance(Engine(laptop.store, "0.1.0", lambda _credential: None).run().trouble, UntrustedServer)
        for path in ("/v1/Zuleika", "/v1/snapshot/Zuleika", "/v1/health?name=Zuleika", "/v1/round?person=Zuleika"):
            for method in ("GET", "POST"):
                requests.request(method, server.url + path, data=b"Zuleika", verify=trusted, timeout=20)
        with socket.create_connection(("127.0.0.1", server.port), timeout=20) as plain:
            plain.sendall(b"GET /v1/health?name=Zuleika HTTP/1.1\r\nHost: x\r\n\r\n")
            assert b"200" not in plain.recv(1000)
    said = server.log.read_text()
    assert all(orjson.loads(each) for each in said.splitlines())
    assert "/v1/round" in said
    for secret in ("Zuleika", "Okafor", "0161", "stretford", joined.worker, person, laptop.store.device, code):
        assert secret not in said


def test_a_certificate_for_another_host_is_refused(tmp_path: Path, authority: Authority, database: str, code: str) -> None:
    pair = authority.certificate_for("10.0.0.1", tmp_path)
    line = trusting(str(authority.write(tmp_path / "authority.pem")))
    options = ("--certificate", str(pair.certificate), "--key", str(pair.key))
    with encrypted(tmp_path, *options, EWB_DATABASE=database) as server, open_laptop(tmp_path, "ada") as laptop:
        with pytest.raises(RoundFailed) as refused:
            enrol(laptop.store, server.url, code, "Blue laptop", line)
        assert isinstance(refused.value, UntrustedServer)


def test_half_a_configuration_does_not_listen_and_says_what_is_missing(database: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--database", database, "serve", "--host", "0.0.0.0"]) == 2  # noqa: S104
    assert "EWB_TLS_CERTIFICATE and EWB_TLS_KEY are missing" in capsys.readouterr().err


def test_it_stops_soon_although_an_encrypted_line_is_idle(tmp_path: Path, authority: Authority, database: str) -> None:
    pair = authority.certificate_for("127.0.0.1", tmp_path)
    options = ("--certificate", str(pair.certificate), "--key", str(pair.key))
    trust = ssl.create_default_context(cafile=authority.write(tmp_path / "authority.pem"))
    with ExitStack() as idle:
        with encrypted(tmp_path, *options, EWB_DATABASE=database) as server:
            plain = idle.enter_context(socket.create_connection(("127.0.0.1", server.port), timeout=30))
            line = idle.enter_context(trust.wrap_socket(plain, server_hostname="127.0.0.1"))
            line.sendall(b"GET /v1/health/live HTTP/1.1\r\nHost: x\r\n\r\n")
            assert line.recv(1000).startswith(b"HTTP/1.1 200")
            # it says no goodbye: whoever waits for one is killed by `encrypted`, or says in the log that time was up
        assert b"timeout graceful shutdown exceeded" not in server.log.read_bytes()


@pytest.mark.parametrize("sent", [b"", b"GET /v1/health HTTP/1.1\r\nHost: "])
def test_a_line_on_which_no_request_comes_is_closed(monkeypatch: pytest.MonkeyPatch, sent: bytes) -> None:
    monkeypatch.setattr(serving, "HEAD_SECONDS", 0.1)

    async def nothing(_scope: object, _receive: object, _send: object) -> None:
        """Answer nothing."""

    with answering(nothing) as address, socket.create_connection(address, timeout=30) as line:
        line.sendall(sent)
        assert line.recv(1000) == b""


@pytest.mark.parametrize("more", [(), (b"a",), (b"a", b"b")])
def test_a_line_whose_request_was_answered_before_its_end_is_closed(
    monkeypatch: pytest.MonkeyPatch, more: tuple[bytes, ...]
) -> None:
    monkeypatch.setattr(serving, "HEAD_SECONDS", 0.3)

    async def at_once(_scope: object, _receive: object, send: Callable[[dict[str, object]], Awaitable[None]]) -> None:
        """Answer without reading what comes."""
        await send({"type": "http.response.start", "status": 404, "headers": [(b"content-length", b"0")]})
        await send({"type": "http.response.body", "body": b""})

    with answering(at_once) as address, socket.create_connection(address, timeout=30) as line:
        line.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n")
        assert line.recv(1000).startswith(b"HTTP/1.1 404")
        for piece in more:
            line.sendall(piece)
        assert line.recv(1000) == b""


def test_the_end_of_a_request_that_was_answered_early_leaves_the_line_to_the_next_one() -> None:
    async def at_once(_scope: object, _receive: object, send: Callable[[dict[str, object]], Awaitable[None]]) -> None:
        """Answer without reading what comes."""
        await send({"type": "http.response.start", "status": 404, "headers": [(b"content-length", b"0")]})
        await send({"type": "http.response.body", "body": b""})

    with answering(at_once) as address, socket.create_connection(address, timeout=30) as line:
        for _ in range(2):
            line.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nab")
            assert line.recv(1000).startswith(b"HTTP/1.1 404")
            line.sendall(b"cd")


def test_whoever_is_one_too_many_is_told_when_to_come_again() -> None:
    async def nothing(_scope: object, _receive: object, _send: object) -> None:
        """Answer nothing."""

    with answering(nothing, limit_concurrency=1) as address, socket.create_connection(address, timeout=30) as line:
        line.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        told = line.recv(1000)
        assert told.startswith(b"HTTP/1.1 503")
        assert b"retry-after: 30\r\n" in told


def test_whoever_does_not_take_an_answer_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "TAKING_SECONDS", 0.1)
    is_over = threading.Event()

    async def much(_scope: object, _receive: object, send: Callable[[dict[str, object]], Awaitable[None]]) -> None:
        """Answer with more than any line holds."""
        await send({"type": "http.response.start", "status": 200, "headers": []})
        for _ in range(64):
            await send({"type": "http.response.body", "body": bytes(1 << 20), "more_body": True})
        is_over.set()

    with answering(much) as address, socket.create_connection(address, timeout=30) as line:
        line.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        assert is_over.wait(30)


@contextmanager
def answering(app: Callable[..., Awaitable[None]], **options: Any) -> Iterator[tuple[str, int]]:
    """Let ``app`` answer on lines of the server's kind, in a thread; yield where."""
    listener = uvicorn.Server(uvicorn.Config(app, port=0, http=TimedLine, ws="none", lifespan="off", log_config=None, **options))
    at = socket.create_server(("127.0.0.1", 0))
    thread = threading.Thread(target=listener.run, kwargs={"sockets": [at]})
    thread.start()
    try:
        yield at.getsockname()
    finally:
        listener.should_exit = True
        thread.join()
        at.close()
