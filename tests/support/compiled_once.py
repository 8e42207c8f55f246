"""Statements written once for a whole run of tests: a program has one engine all day, but a test starts a server of its own.

SQLAlchemy keeps what it wrote of a statement for one engine and its dialect. Thousands of tests, each with a new engine, would
write the same few hundred statements anew: a fifth of the time of a test of the server.
"""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.util import LRUCache

_STATEMENTS = 3_000
"""Two dialects of the server, and the laptop's; an engine of its own keeps 500."""


def compile_once(patch: pytest.MonkeyPatch) -> None:
    """Let every engine use what another engine of the same kind and driver wrote of a statement, until ``patch`` is undone."""
    written: LRUCache[Any, Any] = LRUCache(_STATEMENTS)
    patch.setattr(Engine, "_compiled_cache", property(lambda _engine: written, lambda _engine, _own: None), raising=False)
    # the dialect is part of what a statement is found by; two of one kind and one driver write it alike
    patch.setattr(DefaultDialect, "__eq__", lambda one, other: _kind(one) == _kind(other))
    patch.setattr(DefaultDialect, "__hash__", lambda dialect: hash(_kind(dialect)))


def _kind(dialect: DefaultDialect) -> tuple[object, object]:
    return type(dialect), getattr(dialect, "dbapi", None)
