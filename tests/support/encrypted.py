"""A server of its own process whose lines are encrypted, for tests of who trusts it and of what it writes down."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.support.servers import listening
from tests.support.waiting import wait_for


@dataclass(frozen=True, slots=True)
class Listening:
    """A server's process: its port and the file of its log."""

    port: int
    log: Path

    @property
    def url(self) -> str:
        """Its address, encrypted."""
        return f"https://127.0.0.1:{self.port}"

    def answers(self) -> bool:
        """Tell whether a line to it can be opened."""
        try:
            socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
        except OSError:
            return False
        return True


@contextmanager
def encrypted(folder: Path, *options: str, **environment: str) -> Iterator[Listening]:
    """Run ``ewb-server serve`` until the block ends; what it writes goes to a file."""
    log = folder / "server.log"
    with log.open("wb") as lines, listening(lines, *options, **environment) as (port, process):
        server = Listening(port, log)
        wait_for(server.answers, process, log.read_text)
        yield server
