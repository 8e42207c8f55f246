"""Ends a line to PostgreSQL on which nothing comes any more: its own limits of time are no use while it stands still itself."""

from __future__ import annotations

import contextlib
import os
import socket
import threading
import time
from typing import Any, Final

_EVERY: Final = 0.5
"""Seconds between two looks."""


class Patience:
    """Watches lines in use, and cuts those that are for longer than ``seconds``; whoever waits on one hears of it at once.

    The thread that looks is there from the first line until :meth:`close`.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._lock = threading.Lock()
        self._until: dict[int, tuple[float, Any]] = {}
        self._is_over = threading.Event()
        self._thread: threading.Thread | None = None

    def begin(self, line: Any) -> None:
        """Watch a line (a connection of psycopg's) from now on."""
        with self._lock:
            self._until[id(line)] = (time.monotonic() + self._seconds, line)
            if self._thread is None and not self._is_over.is_set():
                self._thread = threading.Thread(target=self._look, name="lines to the database", daemon=True)
                self._thread.start()

    def end(self, line: Any) -> None:
        """Watch a line no more: it was given back, or may take as long as it needs."""
        with self._lock:
            self._until.pop(id(line), None)

    def close(self) -> None:
        """Watch nothing any more."""
        self._is_over.set()
        if self._thread is not None:
            self._thread.join()

    def _look(self) -> None:
        while not self._is_over.wait(_EVERY):
            now = time.monotonic()
            with self._lock:
                late = [line for until, line in self._until.values() if until < now]
                for line in late:
                    del self._until[id(line)]
                    # held meanwhile: given back, its number might be another file's already
                    _cut(line)


def _cut(line: Any) -> None:
    if line.closed:
        return
    with contextlib.suppress(OSError), socket.socket(fileno=os.dup(line.fileno())) as way:
        way.shutdown(socket.SHUT_RDWR)
