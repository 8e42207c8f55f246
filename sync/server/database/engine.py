"""The server's database: one engine, transactions that say whether they write, and its migrations."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, Final

import psycopg
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import DisconnectionError

from sync.server.database.altered_text import as_it_is, read_as_it_is, read_as_it_is_once_needed
from sync.server.database.joining import NotKept, Writers, left_clean
from sync.server.database.patience import Patience
from sync.server.settings import Settings

MIGRATIONS: Final = Path(__file__).parent / "migrations"
_OWNER_ONLY: Final = 0o600
_ANSWERED: Final = "answered"
_TRUSTED: Final = 5
"""Seconds for which a line to PostgreSQL that answered is taken to be there still."""
_PATIENCE: Final = 4
"""So many times the limit of one question a request may use a line to PostgreSQL; then the line is cut from this end."""
_MIGRATION_LOCK: Final = 0x455742  # "EWB": any number that every process of this server agrees on


class NewerDatabase(ValueError):
    """The database was brought up to date by a newer version of this program: this one does not know its tables."""

    def __init__(self) -> None:
        super().__init__("The database is newer than this program: update the program. Nothing was changed.")


class FileMoved(NotKept):
    """Another file, or none, stands where the embedded one was opened: what is written would go where nobody looks for it."""


class Database:
    """Opens transactions on the embedded file or on PostgreSQL; both run the same code.

    Whoever asks while the embedded file is put aside, or another was put in its place, meets :class:`FileMoved`.
    """

    def __init__(self, settings: Settings) -> None:
        self.is_embedded = settings.is_embedded
        self.address = settings.database
        self._file = settings.file
        self._opened: tuple[int, int] | None = None
        self._patience = Patience(settings.seconds * _PATIENCE)
        self._engine = _embedded(settings) if settings.is_embedded else _postgres(settings, self._patience)
        self._writer = self._engine.execution_options(ewb_writes=True)
        # PostgreSQL lets several write at once, and joins their commits itself
        self._writers = Writers(self._writer) if settings.is_embedded else None

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One transaction that only reads."""
        self._must_be_here()
        with self._engine.connect() as connection, left_clean(connection), connection.begin():
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction that writes: all of it is kept, or none."""
        self._must_be_here()
        with self._writers.alone() if self._writers is not None else self._writer.begin() as connection:
            yield connection

    @contextmanager
    def joining(self) -> Iterator[Connection]:
        """The same, and on the embedded file those that wait to write share one commit: it is kept once the block has ended."""
        self._must_be_here()
        with self._writers.joined() if self._writers is not None else self._writer.begin() as connection:
            yield connection

    @contextmanager
    def copying(self) -> Iterator[Connection]:
        """One transaction that sees everything as it stood at one moment, however long it reads; others go on meanwhile."""
        # the embedded file's own readers see one moment anyway
        engine = self._engine if self.is_embedded else self._engine.execution_options(isolation_level="REPEATABLE READ")
        with engine.connect() as connection, left_clean(connection), connection.begin() as transaction:
            self._take_time(connection)
            read_as_it_is(connection.connection.driver_connection)
            yield connection
            # nothing was written; and of a file in which a page is none SQLite keeps no transaction that has met that page
            transaction.rollback()

    @contextmanager
    def refilling(self) -> Iterator[Connection]:
        """One transaction that writes as long as it needs, while nobody else migrates."""
        with self.writing() as connection:
            self._take_time(connection)
            self._hold_migrations(connection)
            yield connection

    def migrate(self) -> None:
        """Bring the tables to this program's version; processes that start together wait for the first.

        Raises :class:`NewerDatabase` when they are those of a later one.
        """
        with self.refilling() as connection:
            revision, known = revision_of(connection), known_revisions()
            if revision not in (None, *known):
                raise NewerDatabase
            # every command opens the database, and hardly ever is there anything to do
            if revision != known[-1]:
                upgrade(connection)

    def _hold_migrations(self, connection: Connection) -> None:
        if not self.is_embedded:
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _MIGRATION_LOCK})

    def _take_time(self, connection: Connection) -> None:
        """Let the limit of time that a laptop's request has not hold for an administrator's long work."""
        if not self.is_embedded:
            connection.execute(text("SET LOCAL statement_timeout = 0"))
            connection.execute(text("SET LOCAL lock_timeout = 0"))
            self._patience.end(connection.connection.driver_connection)

    def _must_be_here(self) -> None:
        """Raise :class:`FileMoved` unless the embedded file is the one that was met first."""
        if self._file is None:
            return
        try:
            told = self._file.stat()
        except FileNotFoundError as fault:
            raise FileMoved from fault
        found = told.st_dev, told.st_ino
        if self._opened is None:
            self._opened = found
        elif self._opened != found:
            raise FileMoved

    def tidy(self) -> None:
        """Write the embedded file anew, without the pages that nothing uses."""
        with contextlib.closing(self._engine.raw_connection()) as line:
            # no transaction may be open for it
            line.cursor().execute("VACUUM")

    def close(self) -> None:
        """Give back every connection."""
        self._engine.dispose()
        self._patience.close()


def upgrade(connection: Connection, revision: str = "head") -> None:
    """Bring the tables to ``revision`` in the transaction of ``connection``."""
    config = _migrations()
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def revision_of(connection: Connection) -> str | None:
    """Return the version of the tables; None when there are none."""
    revision: str | None = MigrationContext.configure(connection).get_current_revision()
    return revision


@cache
def known_revisions() -> tuple[str, ...]:
    """Return the versions of the tables that this program knows, the oldest first."""
    return tuple(reversed([script.revision for script in ScriptDirectory.from_config(_migrations()).walk_revisions()]))


def _migrations() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config


_BEGINS: Final = b"SQLite format 3\0"
"""How a database begins; one that was just made is empty (https://www.sqlite.org/fileformat.html, "Magic Header String")."""


def _make_private(file: Path) -> None:
    """Make the file, if it is not there, for this account alone: everybody's records stand in it.

    SQLite's own files take after it. One that is there and that others may read is closed to them; what is no database, and was
    named by mistake, stays as it is.
    """
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.close(os.open(file, os.O_RDWR | os.O_CREAT, _OWNER_ONLY))
    with file.open("rb") as opened:
        begins = opened.read(len(_BEGINS))
    if begins not in (b"", _BEGINS):
        return
    for each in (file, *(file.with_name(file.name + end) for end in ("-wal", "-shm"))):
        # another account's file stays as that account has it
        with contextlib.suppress(FileNotFoundError, PermissionError):
            if each.stat().st_mode & 0o077:
                each.chmod(_OWNER_ONLY)


def _embedded(settings: Settings) -> Engine:
    url = make_url(settings.database)
    if settings.file is not None:
        _make_private(settings.file)
    engine = create_engine(url, pool_size=settings.threads, max_overflow=2, connect_args={"timeout": settings.seconds})

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: object) -> None:
        # a byte that a failing disk altered must not stop a whole page: its cell cannot be read as JSON, and is mended
        connection.text_factory = as_it_is
        # the driver's own idea of when a transaction begins would let two writers start as readers and then fail
        connection.isolation_level = None
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "cache_size=-16384",
            "temp_store=MEMORY",
            # every thousand pages, as is usual, a crowd waits for them to be carried over again and again
            "wal_autocheckpoint=8000",
        ):
            connection.execute(f"PRAGMA {pragma}").close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("ewb_writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _postgres(settings: Settings, patience: Patience) -> Engine:
    milliseconds = settings.seconds * 1000
    engine = create_engine(
        settings.database,
        pool_size=settings.threads,
        max_overflow=2,
        pool_timeout=settings.seconds,
        connect_args={
            "options": f"-c statement_timeout={milliseconds} -c lock_timeout={milliseconds}",
            "connect_timeout": min(10, settings.seconds),
            # a machine that went without a word is noticed as soon as a question would have ended
            "keepalives": 1,
            "keepalives_idle": settings.seconds,
            "keepalives_interval": max(1, settings.seconds // 3),
            "keepalives_count": 3,
            "tcp_user_timeout": milliseconds,
        },
    )

    @event.listens_for(engine, "checkin")
    def note(connection: Any, record: Any) -> None:
        patience.end(connection)
        record.info[_ANSWERED] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def see(connection: Any, record: Any, _proxy: object) -> None:
        patience.begin(connection)
        # asked each time, a request would wait twice for nothing more than that
        if time.monotonic() - record.info.get(_ANSWERED, 0.0) < _TRUSTED:
            return
        try:
            connection.execute("SELECT 1")
            connection.rollback()
        except psycopg.Error as gone:
            # the pool makes a new one in its place
            raise DisconnectionError from gone

    read_as_it_is_once_needed(engine)
    return engine
