"""A server that says what a test tells it to: whatever may answer in the place of the real one."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

from sync.packing import MEDIA_TYPE


def answer(body: bytes, status: str = "200 OK", media: str = MEDIA_TYPE, more: str = "", length: int | None = None) -> bytes:
    size = len(body) if length is None else length
    head = f"HTTP/1.1 {status}\r\nContent-Type: {media}\r\nContent-Length: {size}\r\nConnection: close\r\n{more}\r\n"
    return head.encode() + body


@dataclass
class ScriptedServer:
    """Answers each connection with the bytes it was given, and keeps what was asked."""

    answer: bytes | None
    heard: list[bytes] = field(default_factory=list)
    address: str = ""
    connected: threading.Event = field(default_factory=threading.Event)
    let_go: threading.Event = field(default_factory=threading.Event)

    def serve(self, listening: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                line, _who = listening.accept()
                with line:
                    self.heard.append(line.recv(1 << 16))
                    self.connected.set()
                    if self.answer is None:
                        self.let_go.wait(20)
                        return
                    line.sendall(self.answer)


@contextlib.contextmanager
def scripted(said: bytes | None) -> Iterator[ScriptedServer]:
    """Run a server on a spare loopback port that gives this answer to everyone, or with None never gives one."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = ScriptedServer(said, address=f"http://127.0.0.1:{listening.getsockname()[1]}")
        thread = threading.Thread(target=server.serve, args=(listening,))
        thread.start()
        try:
            yield server
        finally:
            server.let_go.set()
            with contextlib.suppress(OSError):
                listening.shutdown(socket.SHUT_RDWR)
            listening.close()
            thread.join(5)
            assert not thread.is_alive()
