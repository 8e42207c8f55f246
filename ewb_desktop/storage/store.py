"""One open encrypted file: one transaction at a time writes, any number of snapshots read, and each commit is announced once."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

from pydantic import JsonValue
from sqlalchemy import Connection, Engine

from ewb_desktop.domain.time import Clock
from ewb_desktop.storage import engine as engines
from ewb_desktop.storage.changes import Changes
from ewb_desktop.storage.errors import ClosedFile, NestedWriting, WorkerCanAct
from ewb_desktop.storage.file.keyed import translated
from ewb_desktop.storage.migrate import bring_up_to_date
from ewb_desktop.storage.typed_lines import Say, as_kept
from ewb_desktop.storage.writing import Writing

Hear = Callable[[Changes, object | None], None]


class Store:
    """One open encrypted file, which belongs to one worker on one laptop."""

    def __init__(self, engine: Engine, path: Path, key: bytearray, *, author: str, device: str, clock: Clock) -> None:
        self.engine = engine
        self._key = key
        self.path = path
        self.author = author
        self.device = device
        self.clock = clock
        self._pen = threading.Lock()
        self._log_in_hand = threading.Lock()
        self._holder: int | None = None
        self._is_closed = False
        self._listeners: list[Hear] = []
        self.say: Say = as_kept
        """How what was typed and not saved is said to colleagues: set by whoever has the lists of words."""
        self.unkept: dict[str, JsonValue] = {}
        """Drafts that could not be written, by key; see ``drafts``."""

    @contextlib.contextmanager
    def write(
        self, initiator: object | None = None, *, relaxed: bool = False, meanwhile: Callable[[], object] | None = None
    ) -> Iterator[Writing]:
        """Open the one transaction that may write; commit it at the end, or leave no trace of it if anything is raised.

        Afterwards, in this thread, everyone who listens hears one :class:`Changes` with its ``initiator``. Raises
        :class:`NestedWriting` inside another writing of this thread, ``FullDisk`` or ``BusyFile`` when nothing could be saved,
        ``ClosedFile`` after :meth:`close`.

        ``relaxed`` does not wait for the disk: a power cut may undo such a writing as a whole. It is only for what can be had
        again from elsewhere, never for what a worker wrote.

        ``meanwhile`` is called when only the commit is left, which enciphers pages and waits for the disk and lets other threads
        work: it may begin something in one of them, and raises nothing.
        """
        if self._holder == threading.get_ident():
            raise NestedWriting("this thread is writing already")
        with self._pen:
            self._ask_open()
            self._holder = threading.get_ident()
            try:
                changes = yield from self._transaction(relaxed, meanwhile)
            finally:
                self._holder = None
        if changes:
            for hear in list(self._listeners):
                hear(changes, initiator)

    def _transaction(self, relaxed: bool, meanwhile: Callable[[], object] | None) -> Generator[Writing, None, Changes]:
        with translated(), engines.writing(self.engine) as connection:
            with engines.relaxed(connection) if relaxed else contextlib.nullcontext(), connection.begin():
                writing = Writing(connection, self.author, self.device, self.clock, self.say)
                yield writing
                changes = writing.changes()
                if meanwhile is not None:
                    meanwhile()
            return changes

    @contextlib.contextmanager
    def read(self) -> Iterator[Connection]:
        """Give a connection on which everything read belongs to one moment. Raises ``ClosedFile`` after :meth:`close`."""
        self._ask_open()
        with translated(), engines.reading(self.engine) as connection:
            connection.begin()
            yield connection

    def _ask_open(self) -> None:
        # the key is overwritten: another connection would call the whole file damaged
        if self._is_closed:
            raise ClosedFile("the file was closed; nothing in it was changed")

    def listen(self, hear: Hear) -> Callable[[], None]:
        """Call ``hear(changes, initiator)`` after each commit, in the thread that wrote; return what stops it."""
        self._listeners.append(hear)

        def stop() -> None:
            with contextlib.suppress(ValueError):
                self._listeners.remove(hear)

        return stop

    @contextlib.contextmanager
    def lent_key(self) -> Iterator[bytearray]:
        """Lend a key of one's own for a copy of the file, overwritten afterwards. Raises ``ClosedFile`` after :meth:`close`."""
        with self._pen:
            self._ask_open()
            own = bytearray(self._key)
        try:
            yield own
        finally:
            own[:] = bytes(len(own))

    @property
    def has_long_log(self) -> bool:
        """Whether so much stands in the log beside the file that it is worth bringing in."""
        log = self.path.with_name(self.path.name + "-wal")
        return log.exists() and log.stat().st_size > engines.LONG_LOG_BYTES

    def bring_in_log(self) -> None:
        """Bring the log into the file, in a thread for which nobody waits; others read and write meanwhile.

        What was saved is as safe in the log as in the file: when the disk does not take it, it stays there until another time.
        """
        with self._log_in_hand, contextlib.suppress(WorkerCanAct):
            if not self._is_closed:
                with translated(), engines.reading(self.engine) as connection:
                    engines.bring_in_log(connection)

    def close(self) -> None:
        """Close every connection and wipe the key; waits for the writing that is under way."""
        with self._log_in_hand, self._pen:
            self._is_closed = True
            self._listeners.clear()
            self.unkept.clear()
            self.engine.dispose()
            self._key[:] = bytes(len(self._key))


def open_store(path: Path, key: bytes | bytearray, *, author: str, device: str, clock: Clock, create: bool = False) -> Store:
    """Open the file at ``path``, migrated if need be, for the worker ``author`` on the laptop ``device``.

    Only with ``create`` is a file made that is not there. Raises ``DamagedFile``, ``NewerFile``, ``FullDisk``.
    """
    bring_up_to_date(path, key, clock, create=create)
    own = bytearray(key)
    engine = engines.open_engine(path, own, clock)
    with translated(), engines.writing(engine) as connection, connection.begin():
        connection.exec_driver_sql(
            "INSERT INTO pen (one, author, device) VALUES (1, ?, ?) "
            # nothing is written when nothing differs: a full disk keeps nobody out
            "ON CONFLICT DO UPDATE SET author = excluded.author, device = excluded.device, echo = 0 "
            "WHERE (author, device, echo) IS NOT (excluded.author, excluded.device, 0)",
            (author, device),
        )
    return Store(engine, path, own, author=author, device=device, clock=clock)
