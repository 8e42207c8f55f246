"""Asked from outside the server that serves: whether something can listen there, and whether it answers."""

from __future__ import annotations

import http.client
import os
import socket
import ssl
from contextlib import closing
from typing import Final

from sync.server.settings import Settings

_READY_SECONDS: Final = 8
_REACHED_AT: Final = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - where it listens, not where it is asked


def can_listen(host: str, port: int) -> str:
    """Return why nothing can listen there, such as that something does; empty when it can."""
    try:
        for family, kind, number, _name, at in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE):
            with socket.socket(family, kind, number) as line:
                if os.name == "posix":
                    # as the server itself: what a stopped one left behind is no hindrance
                    line.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                line.bind(at)
    except OSError as fault:
        return fault.strerror or str(fault)
    return ""


def is_ready(settings: Settings) -> bool:
    """Ask the server of ``settings`` on this machine whether it can answer laptops; False also when nothing answers."""
    try:
        host = _REACHED_AT.get(settings.host, settings.host)
        if settings.certificate is None:
            line = http.client.HTTPConnection(host, settings.port, timeout=_READY_SECONDS)
        else:
            # it is this machine: whose certificate it is does not matter
            trust = ssl.create_default_context()
            trust.check_hostname, trust.verify_mode = False, ssl.CERT_NONE
            line = http.client.HTTPSConnection(host, settings.port, timeout=_READY_SECONDS, context=trust)
        with closing(line):
            line.request("GET", "/v1/health/ready")
            return line.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
