"""Sockets to the server: kept for the next request, given up when the other end has, no answer whole that was cut short."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests
from urllib3.exceptions import HTTPError

from ewb_desktop.syncing.authorities import read_authority
from ewb_desktop.syncing.sockets import DirectAdapter, Lines, open_session, request_to
from tests.support.certificates import make_authority

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


class Desk:
    """A server that does on each socket what it is told, one after the other."""

    def __init__(self) -> None:
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self.listening.getsockname()[1]}"
        self.sockets = 0
        self.heard: list[bytes] = []
        self._thread: threading.Thread | None = None

    def serve(self, does: Callable[[socket.socket], None]) -> None:
        """Do this with every socket that is opened, then close it."""
        self._thread = threading.Thread(target=self._serve, args=(does,))
        self._thread.start()

    def hear(self, line: socket.socket) -> bytes:
        """Return what comes in one piece."""
        self.heard.append(line.recv(1 << 20))
        return self.heard[-1]

    def end(self) -> None:
        """Listen no more."""
        with contextlib.suppress(OSError):
            self.listening.shutdown(socket.SHUT_RDWR)
        self.listening.close()
        if self._thread is not None:
            self._thread.join(5)

    def _serve(self, does: Callable[[socket.socket], None]) -> None:
        while True:
            try:
                line, _who = self.listening.accept()
            except OSError:
                return
            self.sockets += 1
            with line:
                does(line)


@pytest.fixture
def desk() -> Iterator[Desk]:
    lent = Desk()
    yield lent
    lent.end()


@pytest.fixture
def session() -> Iterator[requests.Session]:
    lent = open_session(Lines(), "")
    yield lent
    lent.close()


def asked(session: requests.Session, desk: Desk, method: str = "POST", body: bytes = b"body") -> requests.Response:
    request = request_to(f"{desk.address}/v1/round", method, {"Content-Type": "a/b"}, body)
    return session.send(request, timeout=(5, 5), allow_redirects=False, stream=True, proxies={})


def read(session: requests.Session, desk: Desk, method: str = "POST", body: bytes = b"body") -> bytes:
    with asked(session, desk, method, body) as response:
        return response.content


def dial(session: requests.Session, address: str) -> None:
    adapter = session.get_adapter(address)
    assert isinstance(adapter, DirectAdapter)
    adapter.dial(request_to(f"{address}/v1/round", "POST", {}), 5, session.verify)


def answers_each(desk: Desk, said: bytes = OK) -> Callable[[socket.socket], None]:
    def does(line: socket.socket) -> None:
        while desk.hear(line):
            line.sendall(said)

    return does


def test_one_socket_does_for_all_requests(desk: Desk, session: requests.Session) -> None:
    desk.serve(answers_each(desk))
    assert [read(session, desk) for _ in range(3)] == [b"ok"] * 3
    assert desk.sockets == 1


def test_head_and_body_travel_in_one_piece_and_say_no_more_than_is_needed(desk: Desk, session: requests.Session) -> None:
    desk.serve(answers_each(desk))
    read(session, desk)
    head, body = desk.heard[0].decode().split("\r\n\r\n")
    assert body == "body"
    first, *lines = head.split("\r\n")
    assert first == "POST /v1/round HTTP/1.1"
    assert sorted(lines) == ["Content-Length: 4", "Content-Type: a/b", f"Host: {desk.address.removeprefix('http://')}"]


def test_one_request_leaves_nothing_in_the_next(desk: Desk, session: requests.Session) -> None:
    desk.serve(answers_each(desk))
    read(session, desk)
    session.send(request_to(f"{desk.address}/v1/round", "POST", {}, b"longer"), timeout=5, proxies={}).close()
    assert b"a/b" not in desk.heard[1]
    assert desk.heard[1].endswith(b"Content-Length: 6\r\n\r\nlonger")


def test_a_request_without_a_body_ends_with_its_head(desk: Desk, session: requests.Session) -> None:
    desk.serve(answers_each(desk))
    assert read(session, desk, "GET", b"") == b"ok"
    assert desk.heard[0].endswith(b"a/b\r\n\r\n")


def test_the_request_goes_on_the_socket_that_was_dialled(desk: Desk, session: requests.Session) -> None:
    desk.serve(answers_each(desk))
    dial(session, desk.address)
    dial(session, desk.address)
    assert read(session, desk) == b"ok"
    dial(session, desk.address)
    assert read(session, desk) == b"ok"
    assert desk.sockets == 1


def test_an_encrypted_socket_that_was_dialled_is_used_although_the_server_has_said_something_already(
    desk: Desk, tmp_path: Path
) -> None:
    authority = make_authority()
    pair = authority.certificate_for("127.0.0.1", tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pair.certificate, pair.key)
    has_greeted = threading.Event()

    def does(plain: socket.socket) -> None:
        with context.wrap_socket(plain, server_side=True) as line:
            has_greeted.set()
            if desk.hear(line):
                line.sendall(OK)

    desk.serve(does)
    desk.address = desk.address.replace("http://", "https://")
    vouched = read_authority(authority.write(tmp_path / "authority.pem").read_bytes()).behind
    with contextlib.closing(open_session(Lines(), vouched)) as session:
        dial(session, desk.address)
        assert has_greeted.wait(5)
        assert read(session, desk) == b"ok"
    assert desk.sockets == 1


def test_a_socket_that_the_server_closed_meanwhile_is_not_used_again(desk: Desk, session: requests.Session) -> None:
    is_closed = threading.Event()

    def once(line: socket.socket) -> None:
        desk.hear(line)
        line.sendall(OK)
        line.shutdown(socket.SHUT_RDWR)
        is_closed.set()

    desk.serve(once)
    assert read(session, desk) == b"ok"
    assert is_closed.wait(5)
    assert read(session, desk) == b"ok"
    assert desk.sockets == 2


def test_an_answer_that_is_not_read_to_its_end_takes_its_socket_with_it(desk: Desk, session: requests.Session) -> None:
    desk.serve(answers_each(desk))
    asked(session, desk).close()
    assert read(session, desk) == b"ok"
    assert desk.sockets == 2


@pytest.mark.parametrize(
    "said",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nok",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nok",
        b"",
    ],
)
def test_an_answer_that_is_cut_short_is_never_taken_for_whole(desk: Desk, session: requests.Session, said: bytes) -> None:
    def does(line: socket.socket) -> None:
        desk.hear(line)
        line.sendall(said)

    desk.serve(does)
    with pytest.raises((requests.RequestException, HTTPError)):
        assert read(session, desk) == b"nothing of it"


def test_a_server_that_answers_before_it_has_heard_all_is_heard(desk: Desk, session: requests.Session) -> None:
    def does(line: socket.socket) -> None:
        line.recv(10)
        line.sendall(b"HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno")
        line.shutdown(socket.SHUT_WR)
        while line.recv(1 << 20):
            continue

    desk.serve(does)
    assert read(session, desk, body=bytes(8 << 20)) == b"no"


def test_what_can_be_no_name_is_no_address() -> None:
    with contextlib.closing(open_session(Lines(), "")) as session, pytest.raises(requests.exceptions.InvalidURL):
        dial(session, "https://" + "a" * 70 + ".example.org")
