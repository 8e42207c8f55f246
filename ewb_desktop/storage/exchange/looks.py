"""Who looked at what on this laptop: kept in the encrypted file, also without a line, until the server's audit has it.

A page that is opened again within a quarter of an hour counts as one look; whatever is printed or exported counts each time.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

import orjson
from sqlalchemy import Connection

from ewb_desktop.domain.time import instant_text
from ewb_desktop.storage.direct import fetch_all
from ewb_desktop.storage.errors import WorkerCanAct
from ewb_desktop.storage.exchange.journal import KEPT_DAYS
from ewb_desktop.storage.ids import new_id
from ewb_desktop.storage.store import Store
from ewb_desktop.storage.writing import Writing
from sync.protocol.messages import Look, LookKind
from sync.protocol.version import LOOKS

ONE_LOOK = timedelta(minutes=15)
"""Going to and fro between a member's pages is one look; the audit says who knew what when, not how often somebody clicked."""

ALL_LOOKS: Final = -1
"""In place of a limit: however many there are."""

_REPEATING = (LookKind.VIEW, LookKind.HISTORY)

log = logging.getLogger(__name__)


def note_look(store: Store, kind: LookKind, entity: str, record: str) -> None:
    """Write down that this worker looked at a record now; never in the way of what she does.

    A full or failing disk keeps nobody from a member's page: the look is then missing, and the log says that one is.
    """
    try:
        if kind in _REPEATING:
            with store.read() as connection:
                if _is_same_look(connection, store.clock.now(), kind, record):
                    return
        with store.write() as writing:
            # two pages opened at one moment are noted by two threads
            if kind not in _REPEATING or not _is_same_look(writing.connection, store.clock.now(), kind, record):
                write_look(writing, kind, entity, record)
    except WorkerCanAct as trouble:
        log.warning("a look could not be written down: %s", type(trouble).__name__)


def write_look(writing: Writing, kind: LookKind, entity: str, record: str) -> None:
    """Write a look down in the caller's transaction, beside what belongs to it."""
    writing.connection.exec_driver_sql(
        "INSERT INTO look (id, kind, entity, record, at) VALUES (?, ?, ?, ?, ?)",
        (new_id(), kind, entity, record, instant_text(writing.clock.now())),
    )


def looks_to_tell(connection: Connection, limit: int = LOOKS) -> tuple[Look, ...]:
    """Return what the server has not said that it has, oldest first."""
    rows = fetch_all(
        connection, "SELECT id, kind, entity, record, at FROM look WHERE told_at IS NULL ORDER BY place LIMIT ?", (limit,)
    )
    # it was looked at when it was written: a row that is not as it should be must not stop a round
    return tuple(
        Look.model_construct(id=id_, kind=kind, entity=entity, record=record, at=at) for id_, kind, entity, record, at in rows
    )


def note_looks_told(writing: Writing, ids: Sequence[str]) -> int:
    """Note that exactly these looks stand in the server's audit; return how many were waiting."""
    if not ids:
        return 0
    return writing.connection.exec_driver_sql(
        "UPDATE look SET told_at = ? WHERE told_at IS NULL AND id IN (SELECT value FROM json_each(?))",
        (instant_text(writing.clock.now()), orjson.dumps(list(ids)).decode()),
    ).rowcount


def tell_looks_again(writing: Writing) -> None:
    """Offer again what was told: the server was restored from a backup, and its audit with it. Ids make it harmless."""
    writing.connection.exec_driver_sql("UPDATE look SET told_at = NULL WHERE told_at IS NOT NULL")


def forget_told(writing: Writing, server_time: datetime | None = None) -> None:
    """Drop what was told more than 90 days ago, by this laptop's clock and by the server's, as the journal does."""
    now = min(writing.clock.now(), server_time or writing.clock.now())
    with contextlib.suppress(OverflowError):
        before = instant_text(now - timedelta(days=KEPT_DAYS))
        writing.connection.exec_driver_sql("DELETE FROM look WHERE told_at < ?", (before,))


def _is_same_look(connection: Connection, now: datetime, kind: LookKind, record: str) -> bool:
    between = (instant_text(now - ONE_LOOK), instant_text(now))
    # a clock that was put back must not hide looks: what lies ahead is no earlier look
    found = connection.exec_driver_sql(
        "SELECT 1 FROM look WHERE record = ? AND kind = ? AND at > ? AND at <= ? LIMIT 1", (record, kind, *between)
    )
    return found.first() is not None
