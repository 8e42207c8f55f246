"""Sockets to the one server: they can be broken off from another thread, and it is the server that its certificate says."""

from __future__ import annotations

import functools
import socket
import ssl
import time
from collections.abc import Mapping
from functools import partial
from typing import Any, Final
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import LocationValueError
from urllib3.util import SKIP_HEADER

from ewb_desktop.syncing.authorities import certificates_of, is_authority
from sync.fingerprint import fingerprint_of

ASKED_SECONDS: Final = 1.0
"""A plain address is on this machine: what listens there answers at once, and a lock must not wait for more."""

_FRESH_SECONDS: Final = 5.0
"""How long a line that was opened before there was anything to say is taken to be open still."""


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


def open_session(lines: Lines, vouched: str) -> requests.Session:
    """Return a session whose sockets stand in ``lines``. ``vouched`` is what stands behind the ``#`` of the server's address.

    With a fingerprint a server's certificate counts when it is exactly that one, whoever signed it. With an authority it counts
    when this one, and no other, signed it for the server's name; with nothing, when an authority of the program's list did.
    """
    authority = certificates_of(vouched) if is_authority(vouched) else b""
    fingerprint = "" if authority else vouched
    session = requests.Session()
    session.headers.clear()
    # proxies, netrc and certificate bundles of the environment would be a second configuration
    session.trust_env = False
    session.verify = not fingerprint
    adapter = DirectAdapter(lines, authority, fingerprint)
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    return session


def request_to(address: str, method: str, headers: Mapping[str, str], body: bytes = b"") -> requests.PreparedRequest:
    """Return a request that says ``headers`` and no more than these."""
    request = _addressed(address, method).copy()
    request.headers.update(headers)
    if body:
        request.prepare_body(body, None)
    return request


@functools.lru_cache(maxsize=8)
def _addressed(address: str, method: str) -> requests.PreparedRequest:
    """Taking an address apart costs more than all else of a request, and it is the same every time."""
    # an idle round is small: what the libraries say of themselves would be a third of it. Nothing is ever encoded on the way
    return requests.Request(method, address, {"Accept-Encoding": SKIP_HEADER, "User-Agent": SKIP_HEADER}).prepare()


class DirectAdapter(HTTPAdapter):
    """Carries requests over sockets that stand in ``lines``; ``authority`` and ``fingerprint`` say whom to trust."""

    def __init__(self, lines: Lines, authority: bytes, fingerprint: str) -> None:
        self._known = lines, authority, fingerprint
        super().__init__(max_retries=0)

    def init_poolmanager(self, *arguments: Any, **named_arguments: Any) -> None:
        """Use our own kinds of sockets."""
        super().init_poolmanager(*arguments, **named_arguments)
        pools = {"http": _PlainPool, "https": _SecuredPool}
        self.poolmanager.pool_classes_by_scheme = {scheme: partial(pool, self._known) for scheme, pool in pools.items()}

    def dial(self, request: requests.PreparedRequest, seconds: float, verify: bool | str | None) -> None:
        """Open a socket for ``request``, which follows at once, unless one is open; raises what sending would raise."""
        pool: Any = self.get_connection_with_tls_context(request, verify)
        self.cert_verify(pool, request.url, verify, None)  # type: ignore[no-untyped-call]
        try:
            pool.dial(seconds)
        except LocationValueError as error:
            raise requests.exceptions.InvalidURL(error, request=request) from error


class _Line(HTTPConnection):
    """A socket that another thread can break off."""

    lines: Lines
    authority: bytes
    fingerprint: str
    _said: bytearray | None = None
    _fresh_until = 0.0

    def _new_conn(self) -> socket.socket:
        line = super()._new_conn()
        self.lines.opened(line)
        return line

    def dial(self, seconds: float) -> None:
        """Open it for a request that follows at once; ``seconds`` is the longest that this may take."""
        self.timeout = seconds
        self.connect()
        self._fresh_until = time.monotonic() + _FRESH_SECONDS

    @property
    def is_connected(self) -> bool:
        """Say whether it can be used: what is silent between two requests is open, as far as can be seen."""
        # the first that comes on a new encrypted line are the other end's tickets, and no end
        return self.sock is not None and (time.monotonic() < self._fresh_until or super().is_connected)

    def request(self, *arguments: Any, **named_arguments: Any) -> None:
        """Send head and body in one piece: of two the server would wake up twice."""
        self._fresh_until, self._said = 0.0, bytearray()
        try:
            super().request(*arguments, **named_arguments)
        finally:
            said, self._said = self._said, None
        self.send(said)

    def send(self, data: Any) -> None:
        """Send it, or keep it until the rest of the request is there."""
        if self._said is None:
            super().send(data)
        else:
            self._said += data


class _SecuredLine(_Line, HTTPSConnection):
    """The same, encrypted, to the server that its certificate says."""

    def connect(self) -> None:
        """Open it, and look at the certificate; nothing was sent yet."""
        if self.authority:
            # in place of the list that comes with the program, not beside it
            self.ca_certs = self.ca_cert_dir = None
            self.ca_cert_data = self.authority
        super().connect()
        if self.fingerprint:
            _check_certificate(self, self.fingerprint)


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _Line

    def __init__(self, known: tuple[Lines, bytes, str], *arguments: Any, **named_arguments: Any) -> None:
        super().__init__(*arguments, **named_arguments)
        self._known = known

    def _new_conn(self) -> Any:
        line: Any = super()._new_conn()
        line.lines, line.authority, line.fingerprint = self._known
        return line

    def dial(self, seconds: float) -> None:
        """Open a socket for the next request, unless one is open; ``seconds`` is the longest that this may take."""
        line: Any = self._get_conn()
        try:
            if line.is_closed:
                line.dial(seconds)
        except BaseException:
            line.close()
            raise
        finally:
            self._put_conn(line)


class _SecuredPool(_PlainPool, HTTPSConnectionPool):
    ConnectionCls = _SecuredLine


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
        places = socket.getaddrinfo(parts.hostname, parts.port or 80, type=socket.SOCK_STREAM)
    except OSError:
        return False
    return any(_shakes_hands(context, parts.hostname, place) for place in places)


def _shakes_hands(context: ssl.SSLContext, name: str, place: tuple[Any, ...]) -> bool:
    family, kind, number, _, address = place
    try:
        # wrapped before it is connected: a line that breaks within the wrapping would be left open
        with context.wrap_socket(socket.socket(family, kind, number), server_hostname=name) as encrypted:
            encrypted.settimeout(ASKED_SECONDS)
            encrypted.connect(address)
            return True
    except OSError:
        return False


class OtherFingerprint(ssl.SSLCertVerificationError):
    """A certificate was shown whose fingerprint is not the one that was typed."""


def _check_certificate(line: HTTPSConnection, fingerprint: str) -> None:
    shown = line.sock.getpeercert(binary_form=True) if isinstance(line.sock, ssl.SSLSocket) else None
    if shown is None or fingerprint_of(shown) != fingerprint:
        line.close()
        raise OtherFingerprint("the certificate is not the one whose fingerprint was typed")
    line.is_verified = True
