"""Sockets to the one server: they can be broken off from another thread, and it is the server that its certificate says."""

from __future__ import annotations

import contextlib
import functools
import http.client
import selectors
import socket
import ssl
import time
from collections.abc import Mapping
from typing import Any, Final, Protocol
from urllib.parse import quote, urlsplit

import certifi

from ewb_desktop.syncing.authorities import certificates_of, is_authority
from sync.fingerprint import fingerprint_of

_ASKED_SECONDS: Final = 1.0
"""A plain address is on this machine: what listens there answers at once, and a lock must not wait for more."""
_FRESH_SECONDS: Final = 5.0
"""How long a line that was opened before there was anything to say is taken to be open still."""
_SAFE: Final = "/%:@!$&'()*+,;=~"
_SAID_BYTES: Final = 1 << 16
"""Most bytes that are said in one piece: the other end may be silent for so long, not for a whole push."""


class Answer(Protocol):
    """The answer to one request, read as it comes. Reading raises ``OSError`` or ``HTTPException`` when it is cut short."""

    @property
    def status(self) -> int:
        """The number of its status."""

    def header(self, name: str) -> str:
        """Return what a header says, nothing when there is none."""

    def read(self, most: int) -> bytes:
        """Wait for what comes next and return it, at most so many bytes; nothing at the end."""

    def close(self) -> None:
        """Read no more."""


class Line(Protocol):
    """The way to one server; one request at a time. What goes wrong raises ``OSError`` or ``HTTPException``."""

    def dial(self) -> None:
        """Get ready for a request that will follow at once: both ends can do something else meanwhile."""

    def ask(self, method: str, path: str, headers: Mapping[str, str], body: bytes, silence: float) -> Answer:
        """Send a request and return its answer; ``silence`` is the longest wait for the next byte, in seconds."""

    def close(self) -> None:
        """Give the sockets back."""


class Lines:
    """The sockets that are open, so that another thread can break them off."""

    def __init__(self) -> None:
        self._open: set[socket.socket] = set()
        self.is_shut = False

    def opened(self, line: socket.socket | None) -> None:
        """Keep a socket that was opened."""
        if line is not None:
            self._open = {known for known in self._open if known.fileno() >= 0} | {line}

    def shut(self) -> None:
        """Break all of them off."""
        self.is_shut = True
        for line in self._open:
            try:
                line.shutdown(socket.SHUT_RDWR)
            except OSError:
                # closed already
                continue


class DirectLine:
    """A :class:`Line` by HTTP/1.1, straight to the address: no redirects, no proxies, nothing from the environment.

    ``vouched`` is what stands behind the ``#`` of the server's address. With a fingerprint a server's certificate counts when it
    is exactly that one, whoever signed it. With an authority it counts when this one, and no other, signed it for the server's
    name; with nothing, when an authority of the program's list did. ``patience``: the longest that dialling may take, in seconds.
    """

    def __init__(self, lines: Lines, address: str, vouched: str, patience: float) -> None:
        parts = urlsplit(address)
        self._lines = lines
        self._host, self._port = parts.hostname or "", parts.port
        self._below = parts.path
        self._is_encrypted = parts.scheme == "https"
        self._vouched = vouched
        self._patience = patience
        self._idle: list[_Plain] = []

    def dial(self) -> None:
        """Open a socket, unless one is open."""
        if not self._idle:
            self._idle.append(self._opened())

    def ask(self, method: str, path: str, headers: Mapping[str, str], body: bytes, silence: float) -> Answer:
        """Send a request on a socket that is open or a new one."""
        line = self._idle.pop() if self._idle else None
        if line is not None and not line.is_ready():
            line.close()
            line = None
        line = line or self._opened()
        try:
            return _Answer(line, line.asked(method, quote(self._below + path, safe=_SAFE), headers, body, silence), self._idle)
        except BaseException:
            line.close()
            raise

    def close(self) -> None:
        """Close what is open and not in use."""
        while self._idle:
            self._idle.pop().close()

    def _opened(self) -> _Plain:
        line: _Plain
        if self._is_encrypted:
            line = _Secured(self._lines, self._host, self._port, self._patience, self._vouched)
        else:
            line = _Plain(self._lines, self._host, self._port, self._patience)
        try:
            line.connect()
        except UnicodeError as error:
            # no name of the network is written so
            raise http.client.InvalidURL(str(error)) from error
        except BaseException:
            line.close()
            raise
        return line


class _Plain(http.client.HTTPConnection):
    """One socket that is kept for the next request."""

    def __init__(self, lines: Lines, host: str, port: int | None, patience: float) -> None:
        super().__init__(host, port or self.default_port, timeout=patience)
        self._lines = lines
        self._said = bytearray()
        self._fresh_until = 0.0

    def connect(self) -> None:
        """Open the socket."""
        super().connect()
        self._lines.opened(self.sock)
        self._fresh_until = time.monotonic() + _FRESH_SECONDS

    def is_ready(self) -> bool:
        """Say whether it still is open, as far as can be seen: what is silent between two requests is."""
        # the first that comes on a new encrypted line are the other end's tickets, and no end
        return time.monotonic() < self._fresh_until or _is_silent(self.sock)

    def asked(self, method: str, path: str, headers: Mapping[str, str], body: bytes, silence: float) -> http.client.HTTPResponse:
        """Send a request and return its answer, of which the head is read."""
        self._fresh_until = 0.0
        self.sock.settimeout(silence)
        try:
            self.putrequest(method, path, skip_accept_encoding=True)
            for name, value in headers.items():
                self.putheader(name, value)
            if body:
                self.putheader("Content-Length", str(len(body)))
        except ValueError as error:
            # a path or a credential that no header can hold
            raise http.client.HTTPException("this cannot be said") from error
        self.endheaders(body or None)
        said, self._said = bytes(self._said), bytearray()
        # who has heard enough answers and hangs up before all is said
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            for start in range(0, len(said), _SAID_BYTES):
                self.sock.sendall(said[start : start + _SAID_BYTES])
        return self.getresponse()

    def send(self, data: Any) -> None:
        """Keep what is to be said: with head and body in one piece the server wakes up once."""
        self._said += data


class _Secured(_Plain):
    """The same, encrypted, to the server that its certificate says."""

    default_port = http.client.HTTPS_PORT

    def __init__(self, lines: Lines, host: str, port: int | None, patience: float, vouched: str) -> None:
        super().__init__(lines, host, port, patience)
        self._vouched = vouched

    def connect(self) -> None:
        """Open the socket and look at the certificate; nothing of ours was sent yet."""
        super().connect()
        context = _trusting(self._vouched)
        line = context.wrap_socket(self.sock, server_hostname=self.host, do_handshake_on_connect=False)
        self.sock = line
        # before the greeting: that can be broken off too
        self._lines.opened(line)
        line.do_handshake()
        if not context.check_hostname and fingerprint_of(line.getpeercert(binary_form=True) or b"") != self._vouched:
            raise OtherFingerprint("the certificate is not the one whose fingerprint was typed")


class _Answer:
    """An answer on a socket, which goes back to ``idle`` with the last byte."""

    def __init__(self, line: _Plain, response: http.client.HTTPResponse, idle: list[_Plain]) -> None:
        self._line: _Plain | None = line
        self._response = response
        self._idle = idle
        self._end_if_whole()

    @property
    def status(self) -> int:
        """The number of its status."""
        return self._response.status

    def header(self, name: str) -> str:
        """Return what a header says, nothing when there is none."""
        return self._response.headers.get(name, "")

    def read(self, most: int) -> bytes:
        """Wait for what comes next and return it, at most so many bytes; nothing at the end."""
        if self._line is None:
            return b""
        piece = self._response.read1(most)
        if not piece and self._response.length:
            raise http.client.IncompleteRead(piece, self._response.length)
        self._end_if_whole()
        return piece

    def close(self) -> None:
        """Read no more; a socket on which something would still come is of no use any more."""
        line, self._line = self._line, None
        self._response.close()
        if line is not None:
            line.close()

    def _end_if_whole(self) -> None:
        if self._line is not None and (self._response.length == 0 or self._response.isclosed()):
            line, self._line = self._line, None
            self._response.close()
            if self._response.will_close:
                line.close()
            else:
                self._idle.append(line)


def _trusting(vouched: str) -> ssl.SSLContext:
    if is_authority(vouched):
        # in place of the list that comes with the program, not beside it
        return ssl.create_default_context(cadata=certificates_of(vouched))
    if vouched:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        return context
    return trusting_listed(certifi.where())


def _is_silent(line: socket.socket) -> bool:
    with selectors.DefaultSelector() as watching:
        watching.register(line, selectors.EVENT_READ)
        return not watching.select(0)


@functools.cache
def trusting_listed(list_: str) -> ssl.SSLContext:
    """Return what trusts the authorities in a file; read once, because it takes longer than a round."""
    return ssl.create_default_context(cafile=list_)


def speaks_encrypted(address: str) -> bool:
    """Say whether the server at a plain address answers over an encrypted line; nothing is sent on it.

    Whose certificate it shows does not matter here: it is only asked in order to say what is wrong with the address.
    """
    parts = urlsplit(address)
    if parts.scheme != "http" or parts.hostname is None:
        return False
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    try:
        with (
            socket.create_connection((parts.hostname, parts.port or 80), timeout=_ASKED_SECONDS) as line,
            # the handshake by itself: one that breaks within the wrapping would leave its line open
            context.wrap_socket(line, server_hostname=parts.hostname, do_handshake_on_connect=False) as encrypted,
        ):
            encrypted.do_handshake()
            return True
    except OSError:
        return False


class OtherFingerprint(ssl.SSLCertVerificationError):
    """A certificate was shown whose fingerprint is not the one that was typed."""
