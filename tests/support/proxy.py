"""A line that goes wrong on command: a TCP proxy on loopback that counts, delays, narrows, cuts, and does worse to requests.

    with proxied(server_url, Line(delay=0.1, rate=1_000_000)) as proxy:   # 200 ms there and back, 1 Mbit/s each way
        Wire(proxy.url, credential)                                       # instead of the server's own address
        proxy.line = Line(cut_down=50_000)                                # from now on; counted from the last proxy.reset()
        proxy.line = Line(fate=lambda number: Fate.DUPLICATE if number == 2 else Fate.PASS)
        proxy.heal()                                                      # everything passes again
        proxy.traffic()                                                   # bytes both ways, connections, turns, requests

Every connection shares one line: one bucket of bytes a direction. A new connection costs one turn more, as TCP's own
greeting does. TCP's slow start is not imitated.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import Enum
from urllib.parse import urlsplit

from tests.support.servers import Loop

_PIECE = 1 << 16
_SLOW_PIECE = 1 << 11
_HEAD = 1 << 16


class Fate(Enum):
    """What becomes of one request."""

    PASS = "pass"
    DROP_REQUEST = "drop_request"
    """It never reaches the server, and the laptop's connection breaks."""
    DROP_ANSWER = "drop_answer"
    """The server does its work, and the laptop's connection breaks before the answer."""
    DUPLICATE = "duplicate"
    """The server gets it twice, one after the other; the laptop hears the second answer."""
    LATE = "late"
    """The laptop's connection breaks; the server gets it after the next request was answered: the order is turned round."""


@dataclass(frozen=True, slots=True)
class Line:
    """How the line is. Numbers of bytes are counted from the last :meth:`Proxy.reset`, over all connections."""

    delay: float = 0.0
    """Seconds that each byte is under way, one way."""
    rate: float = 0.0
    """Bits a second, each way; 0 is as fast as the machine."""
    cut_up: int | None = None
    cut_down: int | None = None
    """After so many bytes every connection is reset, and new ones are too, until :meth:`Proxy.heal`."""
    truncate_down: int | None = None
    """After so many bytes of answers each connection is closed in good order, as if that were all; once."""
    swallow_down: int | None = None
    """From here on answers vanish while the connections stay open: a half-open line."""
    flip_down: int | None = None
    """This byte of the answers arrives with every bit turned; once."""
    repeat_down: int | None = None
    """The piece of an answer that holds this byte arrives twice; once."""
    swap_down: int | None = None
    """The piece of an answer that holds this byte arrives after the piece that follows it; once."""
    fate: Callable[[int], Fate] | None = None
    """Decides about each request, by its number from 1 on. Needs requests in plain HTTP with a stated length."""


@dataclass(frozen=True, slots=True)
class Traffic:
    """What passed since the last reset. ``turns`` counts how often the laptop had to speak again after the server spoke."""

    up: int = 0
    down: int = 0
    connections: int = 0
    turns: int = 0
    requests: int = 0


@dataclass(slots=True)
class _Bucket:
    free_at: float = 0.0

    async def take(self, size: int, rate: float) -> None:
        if rate:
            now = asyncio.get_running_loop().time()
            self.free_at = max(now, self.free_at) + size * 8 / rate
            await asyncio.sleep(self.free_at - now)


@dataclass(slots=True)
class _Counted:
    up: int = 0
    down: int = 0
    connections: int = 0
    turns: int = 0
    requests: int = 0
    was_down: bool = True
    used: set[str] = field(default_factory=set)


class Proxy:
    """The line between laptops and one server. ``line`` may be set, and every method called, from any thread."""

    def __init__(self, target: str, line: Line) -> None:
        parts = urlsplit(target)
        self._target = (parts.hostname or "127.0.0.1", parts.port or 80)
        self.line = line
        self.url = ""
        self.is_cut = False
        self._lock = threading.Lock()
        self._counted = _Counted()
        self._buckets = {"up": _Bucket(), "down": _Bucket()}
        self._open: set[asyncio.StreamWriter] = set()
        self._late: list[bytes] = []
        self._overtaken: list[bytes] = []

    def traffic(self) -> Traffic:
        """Return what passed since the last reset."""
        with self._lock:
            seen = self._counted
            return Traffic(seen.up, seen.down, seen.connections, seen.turns, seen.requests)

    def reset(self) -> None:
        """Count from nothing again."""
        with self._lock:
            self._counted = _Counted()

    def heal(self) -> None:
        """Let everything pass, as fast and as late as before."""
        self.line = Line(delay=self.line.delay, rate=self.line.rate)
        self.is_cut = False

    async def open(self) -> asyncio.Server:
        """Listen on a spare loopback port."""
        server = await asyncio.start_server(self._accept, "127.0.0.1", 0, limit=_HEAD)
        self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        return server

    async def close(self, server: asyncio.Server) -> None:
        """Stop listening and break what is open."""
        server.close()
        self._break_all()
        ending = asyncio.all_tasks() - {asyncio.current_task()}
        for task in ending:
            task.cancel()
        await asyncio.gather(*ending, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # asyncio complains of a connection's task that ends cancelled, as all do when the proxy closes
        with contextlib.suppress(asyncio.CancelledError):
            await self._carry(reader, writer)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.is_cut:
            _break(writer)
            return
        with self._lock:
            self._counted.connections += 1
        await asyncio.sleep(2 * self.line.delay)
        try:
            server_reader, server_writer = await asyncio.open_connection(*self._target)
        except OSError:
            _break(writer)
            return
        ends = (writer, server_writer)
        for end in ends:
            end.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._open.add(end)
        ways = [
            asyncio.ensure_future(self._pump(reader, server_writer, "up", writer)),
            asyncio.ensure_future(self._pump(server_reader, writer, "down", writer)),
        ]
        try:
            await asyncio.gather(*ways, return_exceptions=True)
        finally:
            for way in ways:
                way.cancel()
            for end in ends:
                self._open.discard(end)
                end.close()

    async def _pump(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, way: str, laptop: asyncio.StreamWriter
    ) -> None:
        under_way: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue(1024)
        arriving = asyncio.ensure_future(self._arrive(under_way, writer, way))
        clock = asyncio.get_running_loop().time
        try:
            while not arriving.done():
                if way == "up" and self.line.fate is not None:
                    piece = await self._request(reader, laptop)
                else:
                    piece = await reader.read(_SLOW_PIECE if self.line.rate else _PIECE)
                if piece:
                    await self._buckets[way].take(len(piece), self.line.rate)
                await under_way.put((clock() + self.line.delay, piece))
                if not piece:
                    break
            await arriving
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            await under_way.put((0.0, b""))
        finally:
            arriving.cancel()

    async def _arrive(self, under_way: asyncio.Queue[tuple[float, bytes]], writer: asyncio.StreamWriter, way: str) -> None:
        clock = asyncio.get_running_loop().time
        kept = b""
        while True:
            at, piece = await under_way.get()
            if at > clock():
                await asyncio.sleep(at - clock())
            if not piece or self.is_cut:
                if kept:
                    writer.write(kept)
                if writer.can_write_eof() and not writer.is_closing():
                    writer.write_eof()
                return
            passed = self._passed(piece, way)
            is_whole = len(passed) == len(piece)
            if way == "down":
                passed, kept = self._spoilt(passed, kept)
            writer.write(passed)
            await writer.drain()
            while way == "down" and self._overtaken:
                # the answer that overtook them has begun: its work is done
                await self._deliver(self._overtaken.pop())
            if not is_whole:
                # what was written last still has to leave before the connection breaks
                await asyncio.sleep(0.02)
                if self._ends_in_order(way):
                    self._open.discard(writer)
                    writer.close()
                elif not self._is_swallowing(way):
                    self.is_cut = True
                    self._break_all()
                    return

    def _passed(self, piece: bytes, way: str) -> bytes:
        """Count ``piece`` and return as much of it as the line lets through."""
        line = self.line
        limits = (line.cut_up,) if way == "up" else (line.cut_down, line.swallow_down, self._once("truncate", line.truncate_down))
        with self._lock:
            seen = self._counted
            before = seen.up if way == "up" else seen.down
            ends = [limit for limit in limits if limit is not None and limit < before + len(piece)]
            passed = piece[: max(0, min(ends) - before)] if ends else piece
            if way == "up":
                seen.up += len(passed)
                seen.turns += seen.was_down
            else:
                seen.down += len(passed)
            seen.was_down = way == "down"
        return passed

    def _spoilt(self, piece: bytes, kept: bytes) -> tuple[bytes, bytes]:
        """Return what arrives of ``piece``, and what is kept back to arrive after the next."""
        end = self.traffic().down
        start = end - len(piece)
        for name, place in (("flip", self.line.flip_down), ("repeat", self.line.repeat_down), ("swap", self.line.swap_down)):
            at = self._once(name, place)
            if at is None or not start <= at < end:
                continue
            self._counted.used.add(name)
            if name == "flip":
                piece = piece[: at - start] + bytes([piece[at - start] ^ 0xFF]) + piece[at - start + 1 :]
            elif name == "repeat":
                piece += piece
            else:
                return b"", piece
        return piece + kept, b""

    def _once(self, name: str, place: int | None) -> int | None:
        return None if name in self._counted.used else place

    def _ends_in_order(self, way: str) -> bool:
        place = self._once("truncate", self.line.truncate_down)
        if way == "up" or place is None or self.traffic().down < place:
            return False
        self._counted.used.add("truncate")
        return True

    def _is_swallowing(self, way: str) -> bool:
        place = self.line.swallow_down
        return way == "down" and place is not None and self.traffic().down >= place

    async def _request(self, reader: asyncio.StreamReader, laptop: asyncio.StreamWriter) -> bytes:
        """Read one request and return what goes on to the server, nothing when the connection broke for it."""
        try:
            head = await reader.readuntil(b"\r\n\r\n")
        except asyncio.IncompleteReadError:
            return b""
        lengths = [line.partition(b":")[2] for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
        request = head + await reader.readexactly(int(lengths[0]) if lengths else 0)
        with self._lock:
            self._counted.requests += 1
            number = self._counted.requests
        fate = self.line.fate(number) if self.line.fate is not None else Fate.PASS
        if fate in (Fate.DUPLICATE, Fate.DROP_ANSWER):
            await self._deliver(request)
        elif fate is Fate.LATE:
            self._late.append(request)
        else:
            self._overtaken, self._late = self._late, []
        if fate in (Fate.PASS, Fate.DUPLICATE):
            return request
        _break(laptop)
        return b""

    async def _deliver(self, request: bytes) -> None:
        """Let the server do the work of ``request`` on a connection of its own; nobody hears the answer."""
        reader, writer = await asyncio.open_connection(*self._target)
        head, _, body = request.partition(b"\r\n\r\n")
        lines = [line for line in head.split(b"\r\n") if not line.lower().startswith(b"connection:")]
        writer.write(b"\r\n".join([*lines, b"Connection: close"]) + b"\r\n\r\n" + body)
        await reader.read()
        writer.close()

    def _break_all(self) -> None:
        for writer in list(self._open):
            _break(writer)
        self._open.clear()


def _break(writer: asyncio.StreamWriter) -> None:
    """Reset the connection: what was sent and not read is lost at the other end too."""
    with contextlib.suppress(OSError):
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


@contextlib.contextmanager
def proxied(target: str, line: Line | None = None) -> Iterator[Proxy]:
    """Lend a proxy in front of the server at ``target`` (``http://127.0.0.1:PORT``), in a thread of its own."""
    loop = Loop()
    proxy = Proxy(target, line or Line())
    try:
        server = loop.run(proxy.open())
        try:
            yield proxy
        finally:
            loop.run(proxy.close(server))
    finally:
        loop.close()
