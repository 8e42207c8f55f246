"""Counts the steps of a process, and kills it as a power cut would at the one that was chosen, before or after it is done."""

from __future__ import annotations

import os
import re
import signal
import sys
import threading
from collections.abc import Callable
from typing import Any

import psycopg
from sqlalchemy import Engine, event
from sqlalchemy.pool import Pool

_WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE|CREATE)\b(?:\s+OR\s+\w+)?(?:\s+INTO|\s+FROM|\s+TABLE)?\s+\"?(\w+)", re.IGNORECASE)
_CHANGES_A_FILE = frozenset({"os.rename", "os.remove", "os.truncate"})


class FatalSteps:
    """Ends this process with SIGKILL at step number ``last``, counted from 1, or sooner at the first called ``aim``.

    A step is the moment before or after a statement that writes (also one that is said among others), before a row that is
    handed to the driver itself, before and after the wait for statements that were sent one behind another, before a commit,
    before or after a message on the line, and before a file is opened for writing, renamed or
    removed. What only reads leaves nothing to lose between two such steps. Each name is told when it is first reached, and the
    fatal one once more at the end. The telling must be quick and outlive this process, as writing to a pipe does.
    """

    def __init__(self, last: int, aim: str, tell: Callable[[bytes], object]) -> None:
        self._left = last
        self._aim = aim
        self._tell = tell
        self._reached: set[str] = set()
        self._counting = threading.Lock()
        self._here = threading.local()

    def step(self, name: str) -> None:
        """Count one step, and die at the last."""
        with self._counting:
            if name not in self._reached:
                self._reached.add(name)
                self._tell(name.encode() + b"\n")
            self._left -= 1
            if self._left and name != self._aim:
                return
            self._tell(name.encode() + b"\n")
            os.kill(os.getpid(), signal.SIGKILL)

    def listen(self) -> None:
        """Count every statement and commit, and every file that is changed, from now on and in every thread."""
        event.listen(Pool, "connect", self._hear_rows)
        self._hear_pipelines()
        event.listen(Engine, "before_cursor_execute", self._before_statement)
        event.listen(Engine, "after_cursor_execute", self._after_statement)
        event.listen(Engine, "commit", lambda _connection: self.step("before commit"))
        sys.addaudithook(self._hear)

    def _before_statement(self, _connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        self._step_of("before", statement)
        self._here.is_told = True

    def _after_statement(self, _connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        self._here.is_told = False
        self._step_of("after", statement)

    def _hear_rows(self, connection: Any, _record: object) -> None:
        # rows from the server go past SQLAlchemy into the file: the file itself tells of them
        if hasattr(connection, "set_trace_callback"):
            connection.set_trace_callback(self._before_row)

    def _before_row(self, statement: str) -> None:
        if not getattr(self._here, "is_told", False):
            self._step_of("before a row of", statement)

    def _hear_pipelines(self) -> None:
        # what is sent one behind another is done when it is waited for, not when it is said
        wait, send = psycopg.Pipeline.__exit__, psycopg.Connection.execute

        def sending(line: psycopg.Connection[Any], statement: Any, *what: Any, **how: Any) -> Any:
            text = statement.decode() if isinstance(statement, bytes) else str(statement)
            self._step_of("before", text)
            sent = send(line, statement, *what, **how)
            self._step_of("after", text)
            return sent

        def stepping(pipeline: psycopg.Pipeline, *what: Any) -> None:
            self.step("before the wait for all")
            wait(pipeline, *what)
            self.step("after the wait for all")

        psycopg.Pipeline.__exit__ = stepping  # type: ignore[method-assign]
        psycopg.Connection.execute = sending  # type: ignore[assignment, method-assign]

    def _step_of(self, when: str, statement: str) -> None:
        name = name_of(statement)
        if name:
            self.step(f"{when} {name}")

    def _hear(self, what: str, arguments: tuple[Any, ...]) -> None:
        if what in _CHANGES_A_FILE or (what == "open" and _is_writing(arguments)):
            self.step(f"before {what}")


def _is_writing(arguments: tuple[Any, ...]) -> bool:
    flags = arguments[2] if len(arguments) > 2 and isinstance(arguments[2], int) else 0
    return bool(flags & (os.O_WRONLY | os.O_RDWR))


def name_of(statement: str) -> str:
    """Return what a statement does and to which table, without its values; nothing for one that only reads or begins."""
    found = _WRITES.match(statement)
    return f"{found[1].upper()} {found[2]}" if found else ""
