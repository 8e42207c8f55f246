"""Sockets to the one server: they can be broken off from another thread, and it is the server that its certificate says."""

from __future__ import annotations

import socket
import ssl
from typing import Any, Final
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.util import SKIP_HEADER

from ewb_desktop.syncing.authorities import certificates_of, is_authority
from sync.fingerprint import fingerprint_of

_ASKED_SECONDS: Final = 1.0
"""A plain address is on this machine: what listens there answers at once, and a lock must not wait for more."""


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

    class Plain(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            line = super()._new_conn()
            lines.opened(line)
            return line

    class Secured(HTTPSConnection):
        def __init__(self, *arguments: Any, **named_arguments: Any) -> None:
            super().__init__(*arguments, **named_arguments)
            if authority:
                # in place of the list that comes with the program, not beside it
                self.ca_certs = self.ca_cert_dir = None
                self.ca_cert_data = authority

        def _new_conn(self) -> socket.socket:
            line = super()._new_conn()
            lines.opened(line)
            return line

        def connect(self) -> None:
            super().connect()
            # nothing was sent yet
            if fingerprint:
                _check_certificate(self, fingerprint)

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class SecuredPool(HTTPSConnectionPool):
        ConnectionCls = Secured

    class Adapter(HTTPAdapter):
        def init_poolmanager(self, *arguments: Any, **named_arguments: Any) -> None:
            super().init_poolmanager(*arguments, **named_arguments)
            self.poolmanager.pool_classes_by_scheme = {"http": PlainPool, "https": SecuredPool}

    session = requests.Session()
    # an idle round is small: what the libraries say of themselves would be a third of it. Nothing is ever encoded on the way
    session.headers.clear()
    session.headers.update({"Accept-Encoding": SKIP_HEADER, "User-Agent": SKIP_HEADER})
    # proxies, netrc and certificate bundles of the environment would be a second configuration
    session.trust_env = False
    session.verify = not fingerprint
    session.mount("https://", Adapter(max_retries=0))
    session.mount("http://", Adapter(max_retries=0))
    return session


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


def _check_certificate(line: HTTPSConnection, fingerprint: str) -> None:
    shown = line.sock.getpeercert(binary_form=True) if isinstance(line.sock, ssl.SSLSocket) else None
    if shown is None or fingerprint_of(shown) != fingerprint:
        line.close()
        raise OtherFingerprint("the certificate is not the one whose fingerprint was typed")
    line.is_verified = True
