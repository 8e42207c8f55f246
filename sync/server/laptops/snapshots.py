"""Snapshots: a scope made ready once, sealed in a file, and given to every laptop of that scope until it is too old.

The file holds nothing that can be read without its key. The key is in this process's memory only; it travels once to each laptop
in the answer of a round. A file without its key (after a restart) can still be fetched by the laptops that have it.
"""

from __future__ import annotations

import contextlib
import hashlib
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Final

import orjson
import uuid_utils
from sqlalchemy import Connection, select

from sync.blocks import Seal, new_key
from sync.protocol.change import ChangeKind
from sync.protocol.messages import Snapshot
from sync.protocol.version import SNAPSHOT_ROWS
from sync.server.admission.auth import Admitted
from sync.server.database import tables
from sync.server.database.questions import Question, given
from sync.server.laptops.snapshot_rows import blocks
from sync.server.own_files import new_file
from sync.server.pushing.checking import is_id
from sync.server.records.scope import Grant

KEPT_SECONDS: Final = 24 * 3600
"""A snapshot is never older than this: the day's people are its beginning."""
MOST_BEHIND: Final = 5_000
"""When more rows than these came after it, another one is made."""
FOLDER_BYTES: Final = 2 << 30
"""Most bytes of all files together; the oldest go first."""
_ENDING: Final = ".snapshot"
_ERASED: Final = Question(
    select(tables.record.c.id)
    .where(
        tables.record.c.organisation == given("at_organisation"),
        tables.record.c.number > given("after"),
        tables.record.c.erased == 1,
    )
    .limit(1)
)
"""A record that was destroyed by law and has a number after one; it may be that of a late edit, of which nothing was kept."""
_ERASURE: Final = Question(
    select(tables.ledger.c.number)
    .where(
        tables.ledger.c.organisation == given("at_organisation"),
        tables.ledger.c.number > given("after"),
        tables.ledger.c.kind == str(ChangeKind.ERASE),
    )
    .limit(1)
)
"""An erasure after a number: asked only where there is such a record, because all lines since are looked through for it."""


@dataclass(frozen=True, slots=True)
class _Made:
    told: Snapshot
    path: Path
    at: float


class Snapshots:
    """The files in one folder. Safe to use from several threads; several processes may share the folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._made: dict[str, _Made] = {}
        self._making: dict[str, threading.Lock] = {}
        self._lock = threading.Lock()

    def offer(self, connection: Connection, admitted: Admitted, now: datetime) -> Snapshot | None:
        """Return the snapshot of this laptop's scope, made now if there is none; None where pages do as well.

        Raises ``OSError`` when the folder cannot be written.
        """
        grant, scope = admitted.grant, _scope(admitted)
        if scope not in self._made and not _has_more_rows(connection, grant, 0, SNAPSHOT_ROWS):
            return None
        with self._lock:
            making = self._making.setdefault(scope, threading.Lock())
        # whoever comes while it is being made gets the same one
        with making:
            made = self._made.get(scope)
            if made is None or not self._serves(connection, grant, made):
                made = self._make(connection, grant, scope, now)
                with self._lock:
                    self._made[scope] = made
        return made.told

    def keeps(self, connection: Connection, admitted: Admitted, id: str) -> bool:
        """Tell whether the snapshot ``id`` is here, and may still be given to this laptop."""
        return self.find(connection, admitted, id) is not None

    def find(self, connection: Connection, admitted: Admitted, id: str) -> Path | None:
        """Return the file of the snapshot ``id`` when it is of this laptop's scope as it is today.

        One that may hold what was destroyed by law since is not here any more, however far a laptop has come with it.
        """
        if not is_id(id):
            return None
        # its name says up to which number: a process that began later knows nothing else of it
        for path in self._folder.glob(f"{_scope(admitted)}-{id}-*{_ENDING}"):
            number = path.stem.rpartition("-")[2]
            if number.isdigit() and _is_recent(path) and not _is_destroyed(connection, admitted.grant, int(number), path):
                return path
        return None

    def _serves(self, connection: Connection, grant: Grant, made: _Made) -> bool:
        if _age(made.at) >= KEPT_SECONDS or not made.path.is_file():
            return False
        number = made.told.number
        return not (_is_destroyed(connection, grant, number, made.path) or _has_more_rows(connection, grant, number, MOST_BEHIND))

    def _make(self, connection: Connection, grant: Grant, scope: str, now: datetime) -> _Made:
        self._tidy()
        counter = tables.counter.c
        # read before the rows: what is numbered meanwhile comes in the rounds that follow
        head = connection.execute(select(counter.number).where(counter.organisation == grant.organisation)).scalar_one()
        id_, key = str(uuid_utils.uuid7()), new_key()
        path = self._folder / f"{scope}-{id_}-{head}{_ENDING}"
        beside = path.with_suffix(".new")
        seal = Seal(id_, key)
        count = first = records = size = 0
        try:
            with new_file(beside) as file:
                for block in blocks(connection, grant, head, now.date().isoformat()):
                    size += file.write(seal.sealed(count, block.content))
                    count += 1
                    records += block.rows
                    first += block.is_first
            beside.replace(path)
        except BaseException:
            beside.unlink(missing_ok=True)
            raise
        told = Snapshot(id=id_, key=key.hex(), number=head, records=records, blocks=count, first=first, size=size)
        return _Made(told, path, time.time())

    def _tidy(self) -> None:
        """Take away what is too old, or too much."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        left = FOLDER_BYTES
        for path, taken, age in sorted(self._files(), key=lambda found: found[2]):
            left -= taken
            if left < 0 or age > 2 * KEPT_SECONDS:
                path.unlink(missing_ok=True)

    def _files(self) -> Iterator[tuple[Path, int, float]]:
        for path in self._folder.iterdir():
            # another process may take it away at this moment
            with contextlib.suppress(FileNotFoundError):
                told = path.stat()
                yield path, told.st_size, _age(told.st_mtime)


def _scope(admitted: Admitted) -> str:
    """Return what two laptops have in common when they may hold the same, in a name that tells nothing."""
    grant = admitted.grant
    said = [grant.organisation, admitted.epoch, [str(each) for each in grant.classes], sorted(grant.areas)]
    if grant.is_matched_only:
        said.append(sorted(grant.matched))
    return hashlib.sha256(orjson.dumps(said)).hexdigest()[:32]


def _age(at: float) -> float:
    """Return the seconds between then and now: what was made while the clock was ahead is old once it was set right."""
    return abs(time.time() - at)


def _is_recent(path: Path) -> bool:
    try:
        return _age(path.stat().st_mtime) < 2 * KEPT_SECONDS
    except FileNotFoundError:
        return False


def _is_destroyed(connection: Connection, grant: Grant, number: int, path: Path) -> bool:
    """Destroy a snapshot up to ``number`` when any record of its organisation was destroyed by law since; tell whether it was.

    Whom it held is not known here, and she may have left its areas before: nobody begins to be given her again until her
    erasure follows. Where the file is on its way already, that is noticed within a second (``routes/snapshot.py``).
    """
    since: dict[str, str | int] = {"at_organisation": grant.organisation, "after": number}
    if not (_ERASED.ask(connection, since) and _ERASURE.ask(connection, since)):
        return False
    path.unlink(missing_ok=True)
    return True


def _has_more_rows(connection: Connection, grant: Grant, after: int, count: int) -> bool:
    question = _rows_after(replace(grant, device="", worker=""))
    return bool(question.ask(connection, {"after": after, "skipped": count}))


# laptops of one scope ask the same
@lru_cache(maxsize=256)
def _rows_after(grant: Grant) -> Question:
    record = tables.record.c
    query = select(record.number).where(grant.clause(), record.number > given("after"))
    return Question(query.order_by(record.number).offset(given("skipped")).limit(1))
