"""Waiting for a process that is another program: it tells nobody here that it is ready, so it is asked, and not for ever."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable
from typing import Final

_MOST: Final = 60
_BETWEEN: Final = 0.05


class NotReady(RuntimeError):
    """A process ended before it was ready, or did not become so within a minute."""


def wait_for(is_ready: Callable[[], bool], process: subprocess.Popen[bytes] | None, said: Callable[[], str]) -> None:
    """Return once ``is_ready``; raise :class:`NotReady` with what the process ``said`` otherwise."""
    until = time.monotonic() + _MOST
    while not is_ready():
        if process is not None and process.poll() is not None:
            raise NotReady(f"it ended before it was ready: {said()}")
        if time.monotonic() > until:
            raise NotReady(f"it was not ready within {_MOST} seconds: {said()}")
        time.sleep(_BETWEEN)
