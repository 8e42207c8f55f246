"""Work that was not sent is taken over from a file that a backup took the place of, and what is to be told of such files.

Nothing in there is believed to be newer than what is here: what was written here since stays on top, and both are sent.
"""

from __future__ import annotations

import contextlib
import logging
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import JsonValue
from sqlalchemy import Connection

from ewb_desktop.domain.time import instant_text, parse_instant
from ewb_desktop.storage.asides.reading import Reader, read_work
from ewb_desktop.storage.asides.work import lay_work
from ewb_desktop.storage.errors import DamagedFile, NewerFile, WaitBeforeTrying, WrongPassphrase, WrongRecoveryKey
from ewb_desktop.storage.file.aside_files import AsideFile, discard, mark_taken, waiting_asides
from ewb_desktop.storage.file.header import header_at
from ewb_desktop.storage.file.key_slots import SlotKind, WrongSecret, open_slot
from ewb_desktop.storage.file.keyed import connect_keyed, translated
from ewb_desktop.storage.file.passphrase import secret
from ewb_desktop.storage.file.recovery_key import read_recovery_key
from ewb_desktop.storage.file.throttle import TRIES, Throttle
from ewb_desktop.storage.migrate import bring_up_to_date
from ewb_desktop.storage.migrations import STEPS
from ewb_desktop.storage.notes import read_note
from ewb_desktop.storage.store import Store
from ewb_desktop.storage.writing import Writing

_TOLD = "asides.taken"
_READING = "aside-reading"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Taken:
    """What was taken over from a file that was set aside at ``at``: changes that were not sent, and words that were no record."""

    at: datetime
    changes: int
    drafts: int = 0


def take_over(store: Store) -> tuple[Taken, ...]:
    """Take the unsent work of every file that was set aside for this one and that its key opens; keeps nobody out.

    A file that cannot be read stays as it is, and :func:`waiting_asides` names it.
    """
    taken = []
    # a cut may have left a copy of one
    shutil.rmtree(store.path.parent / _READING, ignore_errors=True)
    for aside in waiting_asides(store.path):
        try:
            with store.lent_key() as key:
                taken.append(take_one(store, aside, key))
        except Exception as trouble:  # noqa: BLE001 - whatever is in such a file, the worker gets to her own
            log.warning("a file that was set aside could not be read: %s", type(trouble).__name__)
    return tuple(taken)


def take_one(store: Store, aside: AsideFile, key: bytes | bytearray) -> Taken:
    """Take over what was not sent in one file, which ``key`` opens, and note that nothing is in it that is not here.

    Cut off at any place it can be done again: ids tell what is here. Raises ``DamagedFile`` for another key, or when some of it
    could not be read (what could be was taken over), ``NewerFile``, ``FullDisk``; the file stays as it is then.
    """
    with _opened(aside.path, key, store) as reader:
        work = read_work(reader)
    with store.write() as writing:
        done = lay_work(writing, work)
        taken = Taken(aside.at, done.changes, done.drafts)
        if done.changes or done.drafts:
            _note(writing, [*read_taken(writing.connection), taken])
    if not work.is_whole:
        raise DamagedFile("Some of the file that was set aside could not be read")
    mark_taken(aside)
    return taken


def take_with(store: Store, aside: AsideFile, typed: str) -> Taken:
    """Take over what was not sent in a file that has slots of its own, with the passphrase or the recovery key it had.

    Raises ``WaitBeforeTrying`` or ``WrongPassphrase``, one count with the vault's own, and what :func:`take_one` does.
    """
    throttle = Throttle(store.path.parent / TRIES, store.clock)
    wait = throttle.wait_seconds()
    if wait > 0:
        raise WaitBeforeTrying(wait)
    wait = throttle.count()
    key = _opens(aside, secret(typed), SlotKind.PASSPHRASE)
    if key is None:
        with contextlib.suppress(WrongRecoveryKey):
            key = _opens(aside, read_recovery_key(typed), SlotKind.RECOVERY)
    if key is None:
        raise WrongPassphrase(wait)
    throttle.forget()
    try:
        return take_one(store, aside, key)
    finally:
        key[:] = bytes(len(key))


def _opens(aside: AsideFile, typed: bytes, kind: SlotKind) -> bytearray | None:
    """Return the key of a file that has slots of its own, None when this secret opens none of them."""
    header = header_at(aside.slots)
    if header is None:
        return None
    for slot, kept in header.slots.items():
        if kept["kind"] == kind:
            with contextlib.suppress(WrongSecret):
                return open_slot(slot, kept, typed, header.database)
    return None


def let_aside_go(aside: AsideFile) -> None:
    """Destroy a file that was set aside, with what may be in it: a person was asked."""
    discard(aside)


def read_taken(connection: Connection) -> list[Taken]:
    """Return what was taken over and not yet read by the worker."""
    kept: Any = read_note(connection, _TOLD, [])
    return [Taken(parse_instant(each["at"]), each["changes"], each["drafts"]) for each in kept or ()]


def forget_told(writing: Writing) -> None:
    """The worker has read what was taken over."""
    _note(writing, [])


def _note(writing: Writing, taken: list[Taken]) -> None:
    kept: JsonValue = [{"at": instant_text(each.at), "changes": each.changes, "drafts": each.drafts} for each in taken]
    writing.note(_TOLD, kept or None)


@contextlib.contextmanager
def _opened(path: Path, key: bytes | bytearray, store: Store) -> Iterator[Reader]:
    """Open a file that was set aside, for reading; one of an older program is brought up to date in a copy."""

    def connect(found: Path) -> Any:
        connection = connect_keyed(found, key, pragmas=False)
        connection.execute("PRAGMA query_only = ON").fetchall()
        return connection

    with translated(), contextlib.ExitStack() as after:
        readable = path
        first = connect(path)
        try:
            version, newest = int(first.execute("PRAGMA user_version").fetchone()[0]), max(STEPS, default=1)
            if version > newest:
                raise NewerFile
            if version == 0:
                raise DamagedFile
            if version < newest:
                folder = path.parent / _READING
                shutil.rmtree(folder, ignore_errors=True)
                folder.mkdir(mode=0o700)
                after.callback(shutil.rmtree, folder, ignore_errors=True)
                readable = _brought_up(first, folder / path.name, key, store)
        finally:
            first.close()
        reader = Reader(lambda: connect(readable))
        after.callback(reader.close)
        yield reader


def _brought_up(connection: Any, path: Path, key: bytes | bytearray, store: Store) -> Path:
    copy = connect_keyed(path, key, pragmas=False)
    try:
        connection.backup(copy)
    finally:
        copy.close()
    bring_up_to_date(path, key, store.clock)
    return path
