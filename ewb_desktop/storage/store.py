"""One open encrypted file: one transaction at a time writes, any number of snapshots read, and each commit is announced once."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

from sqlalchemy import Connection, Engine

from ewb_desktop.domain.time import Clock
from ewb_desktop.storage import engine as engines
from ewb_desktop.storage.changes import Changes
from ewb_desktop.storage.errors import NestedWriting
from ewb_desktop.storage.migrate import bring_up_to_date
from ewb_desktop.storage.writing import Writing

Hear = Callable[[Changes, object | None], None]


class Store:
    """One open encrypted file, which belongs to one worker on one laptop."""

    def __init__(self, engine: Engine, path: Path, author: str, device: str, clock: Clock) -> None:
        self.engine = engine
        self.path = path
        self.author = author
        self.device = device
        self.clock = clock
        self._pen = threading.Lock()
        self._holder: int | None = None
        self._listeners: list[Hear] = []

    @contextlib.contextmanager
    def write(self, initiator: object | None = None) -> Iterator[Writing]:
        """Open the one transaction that may write; commit it at the end, or leave no trace of it if anything is raised.

        Afterwards, in this thread, everyone who listens hears one :class:`Changes` with its ``initiator``. Raises
        :class:`NestedWriting` inside another writing of this thread, and ``FullDisk`` or ``BusyFile`` when nothing could be saved.
        """
        if self._holder == threading.get_ident():
            raise NestedWriting("this thread is writing already")
        with self._pen:
            self._holder = threading.get_ident()
            try:
                changes = yield from self._transaction()
            finally:
                self._holder = None
        if changes:
            for hear in list(self._listeners):
                hear(changes, initiator)

    def _transaction(self) -> Iterator[Writing]:
        with engines.translated(), engines.writing(self.engine) as connection:
            with connection.begin():
                writing = Writing(connection, self.author, self.device, self.clock)
                yield writing
                changes = writing.changes()
            return changes

    @contextlib.contextmanager
    def read(self) -> Iterator[Connection]:
        """Give a connection on which everything read belongs to one moment."""
        with engines.translated(), engines.reading(self.engine) as connection:
            yield connection

    def listen(self, hear: Hear) -> Callable[[], None]:
        """Call ``hear(changes, initiator)`` after each commit, in the thread that wrote; return what stops it."""
        self._listeners.append(hear)

        def stop() -> None:
            with contextlib.suppress(ValueError):
                self._listeners.remove(hear)

        return stop

    def close(self) -> None:
        """Close every connection; waits for the writing that is under way."""
        with self._pen:
            self._listeners.clear()
            self.engine.dispose()


def open_store(path: Path, key: bytes | bytearray, *, author: str, device: str, clock: Clock) -> Store:
    """Open the file at ``path``, made or migrated if need be, for the worker ``author`` on the laptop ``device``."""
    bring_up_to_date(path, key, clock)
    engine = engines.open_engine(path, key, clock)
    with engines.translated(), engines.writing(engine) as connection, connection.begin():
        connection.exec_driver_sql(
            "INSERT INTO pen (one, author, device) VALUES (1, ?, ?) "
            "ON CONFLICT DO UPDATE SET author = excluded.author, device = excluded.device, echo = 0",
            (author, device),
        )
    return Store(engine, path, author, device, clock)
