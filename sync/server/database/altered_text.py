"""Text that a failing disk altered is read as it is: every byte that no text has can be told from text, and stops nothing else.

What is read so is no JSON, and cannot be written anywhere as text by mistake.
"""

from __future__ import annotations

import threading
from functools import partial
from typing import Any, Final

import psycopg
from psycopg.adapt import Buffer, Loader
from sqlalchemy import Engine, event

_HOW: Final = "surrogateescape"

as_it_is: Final = partial(str, encoding="utf-8", errors=_HOW)
"""Reads a text of the embedded file, for hardly more than the driver's own way costs."""


class _AsItIs(Loader):
    def load(self, data: Buffer) -> str:
        return as_it_is(bytes(data))


def read_as_it_is(line: Any) -> None:
    """Let a line to PostgreSQL read text as it is; nothing changes on a line to the embedded file, which does so always."""
    if isinstance(line, psycopg.Connection):
        for kind in ("text", "varchar"):
            line.adapters.register_loader(kind, _AsItIs)


def read_as_it_is_once_needed(engine: Engine) -> None:
    """Let an engine of PostgreSQL read text as it is from the first time on that a text could not be read.

    The driver's own way is faster by half. So one request fails in each process of the server; its laptop asks again.
    """
    needed = threading.Event()

    @event.listens_for(engine, "handle_error")
    def note(context: Any) -> None:
        if isinstance(context.original_exception, UnicodeDecodeError):
            needed.set()

    @event.listens_for(engine, "checkout")
    def prepare(line: Any, _record: object, _proxy: object) -> None:
        if needed.is_set():
            read_as_it_is(line)
