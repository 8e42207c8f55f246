"""The proxy does to a line what it says, and counts what passed."""

from __future__ import annotations

import http.server
import random
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
import requests

from tests.support.proxy import Fate, Line, Proxy, Traffic, proxied

BODY = random.Random(1).randbytes(500_000)


@dataclass
class Origin:
    """A server that answers every request with the same bytes and remembers what it was sent."""

    url: str = ""
    heard: list[bytes] = field(default_factory=list)
    was_heard: threading.Condition = field(default_factory=threading.Condition)

    def hears(self, count: int) -> list[bytes]:
        with self.was_heard:
            self.was_heard.wait_for(lambda: len(self.heard) >= count, timeout=10)
            return list(self.heard)


@pytest.fixture(scope="module")
def origin() -> Iterator[Origin]:
    found = Origin()

    class Answer(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            said = self.rfile.read(int(self.headers["Content-Length"]))
            with found.was_heard:
                found.heard.append(said)
                found.was_heard.notify_all()
            self.send_response(200)
            self.send_header("Content-Length", str(len(BODY)))
            self.end_headers()
            self.wfile.write(BODY)

        def log_message(self, *arguments: object) -> None:
            pass

        def handle(self) -> None:
            try:
                super().handle()
            except ConnectionError:
                self.close_connection = True

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    found.url = f"http://127.0.0.1:{server.server_address[1]}"
    yield found
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def proxy(origin: Origin) -> Iterator[Proxy]:
    origin.heard.clear()
    with proxied(origin.url) as lent:
        yield lent


def ask(proxy: Proxy, said: bytes = b"a") -> bytes:
    with requests.Session() as session:
        session.trust_env = False
        return session.post(proxy.url, data=said, timeout=5).content


def test_a_good_line_changes_nothing_and_counts_everything(proxy: Proxy) -> None:
    assert ask(proxy) == BODY
    seen = proxy.traffic()
    assert seen.down > len(BODY)
    assert seen.up > 0
    assert (seen.connections, seen.turns) == (1, 1)


def test_a_reset_counts_from_nothing(proxy: Proxy) -> None:
    ask(proxy)
    proxy.reset()
    assert proxy.traffic() == Traffic()


def test_a_cut_line_stays_cut_until_it_is_healed(proxy: Proxy) -> None:
    proxy.line = Line(cut_down=10_000)
    for _ in range(2):
        with pytest.raises(requests.RequestException):
            ask(proxy)
    assert proxy.traffic().down == 10_000
    proxy.heal()
    assert ask(proxy) == BODY


def test_a_request_that_is_cut_does_not_arrive_whole(proxy: Proxy, origin: Origin) -> None:
    proxy.line = Line(cut_up=100)
    with pytest.raises(requests.RequestException):
        ask(proxy, bytes(10_000))
    assert origin.heard == []


def test_a_truncated_answer_ends_in_good_order_once(proxy: Proxy) -> None:
    proxy.line = Line(truncate_down=10_000)
    with pytest.raises(requests.RequestException):
        ask(proxy)
    assert ask(proxy) == BODY


def test_a_half_open_line_never_answers(proxy: Proxy) -> None:
    proxy.line = Line(swallow_down=0)
    with requests.Session() as session, pytest.raises(requests.Timeout):
        session.post(proxy.url, data=b"a", timeout=0.2)


def test_one_byte_arrives_turned(proxy: Proxy) -> None:
    proxy.line = Line(flip_down=100_000)
    heard = ask(proxy)
    assert sum(a != b for a, b in zip(heard, BODY, strict=True)) == 1
    assert ask(proxy) == BODY


@pytest.mark.parametrize("line", [Line(repeat_down=100_000), Line(swap_down=100_000)])
def test_pieces_arrive_twice_or_in_another_order(proxy: Proxy, line: Line) -> None:
    # pieces of a few thousand bytes, so that one follows another
    proxy.line = Line(rate=400_000_000, repeat_down=line.repeat_down, swap_down=line.swap_down)
    heard = ask(proxy)
    assert len(heard) == len(BODY)
    assert heard != BODY


def test_a_request_is_dropped_before_the_server_or_its_answer_after(proxy: Proxy, origin: Origin) -> None:
    fates = {1: Fate.DROP_REQUEST, 2: Fate.DROP_ANSWER}
    proxy.line = Line(fate=lambda number: fates.get(number, Fate.PASS))
    for said in (b"one", b"two"):
        with pytest.raises(requests.RequestException):
            ask(proxy, said)
    assert ask(proxy, b"three") == BODY
    assert origin.heard == [b"two", b"three"]


def test_a_request_reaches_the_server_twice(proxy: Proxy, origin: Origin) -> None:
    proxy.line = Line(fate=lambda _number: Fate.DUPLICATE)
    assert ask(proxy) == BODY
    assert origin.heard == [b"a", b"a"]


def test_a_late_request_arrives_after_the_one_that_followed_it(proxy: Proxy, origin: Origin) -> None:
    proxy.line = Line(fate=lambda number: Fate.LATE if number == 1 else Fate.PASS)
    with pytest.raises(requests.RequestException):
        ask(proxy, b"first")
    assert ask(proxy, b"second") == BODY
    assert origin.hears(2) == [b"second", b"first"]
