"""Writers of the embedded file in this process: one after another, and those that wait meanwhile share one commit.

Every commit waits for the disk: two hundred laptops that come at once would wait two hundred times, one behind another. So a
round that is done hands the open transaction to the next one in line, and none of them is answered before all are kept.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import Connection, Engine, RootTransaction

from sync.server.database.bulk import undoable
from sync.server.trouble import RoundRefused

_SPOILED: Final = "spoiled"


class NotKept(RuntimeError):
    """What several requests wrote could not be kept: none of them has happened."""


@dataclass(slots=True)
class _Joint:
    """One transaction that several requests write in, each behind a savepoint of its own."""

    connection: Connection
    transaction: RootTransaction
    ended: threading.Event = field(default_factory=threading.Event)
    fault: Exception | None = None

    def is_open(self) -> bool:
        """Tell whether the database still has it: on a full disk it may have ended the transaction of its own accord."""
        driver = self.connection.connection.dbapi_connection
        return bool(driver is not None and driver.in_transaction)


@contextmanager
def left_clean(connection: Connection) -> Iterator[None]:
    """Let nobody else use a line to the embedded file on which something failed.

    What was not read to its end there holds on to a moment that is over: whoever came next could not write over that line.
    Its transaction must have ended before: a line that is closed within one keeps the file held.
    """
    try:
        yield
    except Exception as fault:
        if connection.dialect.name == "sqlite" and _spoils(fault):
            connection.invalidate(fault)
        raise


def spoil(connection: Connection) -> None:
    """Let nobody else use the line of a transaction that others share, once it has ended: something failed on it."""
    connection.info[_SPOILED] = True


def _spoils(fault: Exception) -> bool:
    """Tell whether something may have been left half read: what is refused in words is read before."""
    return not isinstance(fault, RoundRefused)


class Writers:
    """Lets one writer at a time into the file. Nobody may write within a transaction of its own thread."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._turn = threading.Lock()
        self._count = threading.Lock()
        self._waiting = 0
        self._joint: _Joint | None = None

    @contextmanager
    def alone(self) -> Iterator[Connection]:
        """One transaction, kept when the block ends."""
        with self._in_turn():
            self._end()
            with self._engine.connect() as connection, left_clean(connection), connection.begin():
                yield connection

    @contextmanager
    def joined(self) -> Iterator[Connection]:
        """A part of a transaction that others may go on with; the block's end returns once all of it is kept.

        What fails in the block is undone alone. Raises :class:`NotKept` when the transaction could not be kept.
        """
        with self._in_turn():
            if self._joint is None:
                connection = self._engine.connect()
                try:
                    self._joint = _Joint(connection, connection.begin())
                except BaseException:
                    connection.close()
                    raise
            joint = self._joint
            try:
                with undoable(joint.connection, "request"):
                    yield joint.connection
            except Exception as fault:
                if _spoils(fault):
                    spoil(joint.connection)
                raise
            finally:
                # whoever waits takes it over, always: a wait for a turn has no other end
                if not (self._waiting and joint.is_open()):
                    self._end()
        joint.ended.wait()
        if joint.fault is not None:
            raise NotKept from joint.fault

    @contextmanager
    def _in_turn(self) -> Iterator[None]:
        with self._count:
            self._waiting += 1
        with self._turn:
            with self._count:
                self._waiting -= 1
            yield

    def _end(self) -> None:
        joint, self._joint = self._joint, None
        if joint is None:
            return
        try:
            if not joint.is_open():
                raise NotKept
            joint.transaction.commit()
        except Exception as fault:  # noqa: BLE001 - each that wrote in it hears of it
            joint.fault = fault
        finally:
            if _SPOILED in joint.connection.info:
                joint.transaction.close()
                joint.connection.invalidate()
            joint.connection.close()
            joint.ended.set()
