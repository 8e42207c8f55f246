"""Sockets to the server: kept for the next request, given up when the other end has, no answer whole that was cut short."""

from __future__ import annotations

import contextlib
import http.client
import socket
import threading
from collections.abc import Callable, Iterator

import pytest

from ewb_desktop.syncing.sockets import DirectLine, Line, Lines

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
def line(desk: Desk) -> Iterator[Line]:
    lent = DirectLine(Lines(), desk.address, "", 5)
    yield lent
    lent.close()


def read(line: Line, method: str = "POST", body: bytes = b"body") -> bytes:
    answer = line.ask(method, "/v1/round", {"Content-Type": "a/b"}, body, 5)
    with contextlib.closing(answer):
        return b"".join(iter(lambda: answer.read(100), b""))


def answers_each(desk: Desk, said: bytes = OK) -> Callable[[socket.socket], None]:
    def does(line: socket.socket) -> None:
        while desk.hear(line):
            line.sendall(said)

    return does


def test_one_socket_does_for_all_requests(desk: Desk, line: Line) -> None:
    desk.serve(answers_each(desk))
    assert [read(line) for _ in range(3)] == [b"ok"] * 3
    assert desk.sockets == 1


def test_head_and_body_travel_in_one_piece_and_say_no_more_than_is_needed(desk: Desk, line: Line) -> None:
    desk.serve(answers_each(desk))
    read(line)
    host = desk.address.removeprefix("http://")
    assert (
        desk.heard[0].decode() == f"POST /v1/round HTTP/1.1\r\nHost: {host}\r\nContent-Type: a/b\r\nContent-Length: 4\r\n\r\nbody"
    )


def test_a_request_without_a_body_ends_with_its_head(desk: Desk, line: Line) -> None:
    desk.serve(answers_each(desk))
    assert read(line, "GET", b"") == b"ok"
    assert desk.heard[0].endswith(b"a/b\r\n\r\n")


def test_a_line_that_is_dialled_is_the_one_on_which_the_request_goes(desk: Desk, line: Line) -> None:
    desk.serve(answers_each(desk))
    line.dial()
    line.dial()
    assert read(line) == b"ok"
    assert desk.sockets == 1


def test_a_socket_that_the_server_closed_meanwhile_is_not_used_again(desk: Desk, line: Line) -> None:
    is_closed = threading.Event()

    def once(socket_: socket.socket) -> None:
        desk.hear(socket_)
        socket_.sendall(OK)
        socket_.shutdown(socket.SHUT_RDWR)
        is_closed.set()

    desk.serve(once)
    assert read(line) == b"ok"
    assert is_closed.wait(5)
    assert read(line) == b"ok"
    assert desk.sockets == 2


def test_an_answer_that_is_not_read_to_its_end_takes_its_socket_with_it(desk: Desk, line: Line) -> None:
    desk.serve(answers_each(desk))
    line.ask("POST", "/v1/round", {}, b"body", 5).close()
    assert read(line) == b"ok"
    assert desk.sockets == 2


@pytest.mark.parametrize(
    "said",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nok",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nok",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n",
        b"",
    ],
)
def test_an_answer_that_is_cut_short_is_never_taken_for_whole(desk: Desk, line: Line, said: bytes) -> None:
    def does(socket_: socket.socket) -> None:
        desk.hear(socket_)
        socket_.sendall(said)

    desk.serve(does)
    with pytest.raises((OSError, http.client.HTTPException)):
        assert read(line) == b"nothing of it"


def test_an_answer_in_chunks_comes_whole_and_keeps_its_socket(desk: Desk, line: Line) -> None:
    desk.serve(answers_each(desk, b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\no\r\n1\r\nk\r\n0\r\n\r\n"))
    assert [read(line), read(line)] == [b"ok", b"ok"]
    assert desk.sockets == 1


def test_a_server_that_answers_before_it_has_heard_all_is_heard(desk: Desk, line: Line) -> None:
    def does(socket_: socket.socket) -> None:
        socket_.recv(10)
        socket_.sendall(b"HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno")
        socket_.shutdown(socket.SHUT_WR)
        while socket_.recv(1 << 20):
            continue

    desk.serve(does)
    assert read(line, body=bytes(8 << 20)) == b"no"


@pytest.mark.parametrize("host", ["a" * 70 + ".example.org", "sync..example.org"])
def test_what_can_be_no_name_is_no_address(host: str) -> None:
    with pytest.raises(http.client.InvalidURL):
        DirectLine(Lines(), f"https://{host}", "", 5).dial()


def test_a_credential_that_no_header_can_hold_is_not_sent(desk: Desk, line: Line) -> None:
    desk.serve(answers_each(desk))
    with pytest.raises(http.client.HTTPException):
        line.ask("POST", "/v1/round", {"Authorization": "Bearer a\r\nX: b"}, b"body", 5)
    assert not any(desk.heard)
