"""How far this file has come with its server: who the laptop is there, the last number it holds, and what went wrong last."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from ewb_desktop.domain.time import instant_text, parse_instant
from ewb_desktop.storage.notes import PROGRESS, read_note
from ewb_desktop.storage.writing import Writing

_ENROLMENT, _TROUBLE, _SEALED = "sync.enrolment", "sync.trouble", "sync.sealed"
_ARRIVING, _SPOKEN = "sync.arriving", "sync.spoken"


@dataclass(frozen=True, slots=True)
class Enrolment:
    """Which server this file belongs to, and the laptop's credential there, which never leaves the encrypted file."""

    address: str
    credential: str = field(repr=False)
    worker: str
    worker_name: str
    organisation_name: str
    laptop_name: str = ""
    """What this laptop was called when it joined: the server's own list of laptops comes later, and not to every role."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the exchange has come. ``cursor`` is the last number of the server in this file, 0 before the first page.

    ``is_more_told``: whether there is more was told by the server; after a snapshot nobody knows before it is asked.
    ``restored_epoch`` is the epoch of a server that came back from a backup, while it is offered again what it lost.
    ``clock_off_minutes`` is by how much this laptop's clock was ahead of the server's at the last exchange.
    ``server_time`` is what the server's clock said then.
    ``mark`` is said again to the server as it told it last: by it the server knows when its database was put back unsaid.
    ``scope_changed``: there may be records in the file that its worker may no longer hold.
    """

    epoch: str | None = None
    restored_epoch: str | None = None
    cursor: int = 0
    role: str = ""
    areas: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    more_to_receive: bool = False
    is_more_told: bool = True
    last_exchange: datetime | None = None
    last_sent: datetime | None = None
    clock_off_minutes: int = 0
    server_time: datetime | None = None
    scope_changed: bool = False
    mark: str | None = None


@dataclass(frozen=True, slots=True)
class Arriving:
    """A snapshot that has begun to arrive, and how much of it is in this file.

    ``number`` is the server's number that it brings the file to. Of its ``records`` so many are ``laid``; of its ``blocks`` so
    many, and the next begins at the byte ``place`` of ``size``. The first ``first`` blocks hold what is needed at once.
    """

    id: str
    key: str = field(repr=False)
    number: int
    records: int
    blocks: int
    first: int
    size: int
    laid: int = 0
    laid_blocks: int = 0
    place: int = 0


@dataclass(frozen=True, slots=True)
class LastTrouble:
    """Why the last round did not come about: a name of :mod:`ewb_desktop.syncing.troubles`, and since when."""

    name: str
    since: datetime


def read_enrolment(connection: Connection) -> Enrolment | None:
    """Return where this file is enrolled, or None."""
    kept = read_note(connection, _ENROLMENT)
    return Enrolment(**kept) if isinstance(kept, dict) else None  # type: ignore[arg-type]


def note_enrolment(writing: Writing, enrolment: Enrolment) -> None:
    """Keep the credential; what was known of another server is forgotten, so that everything is asked for again."""
    writing.note(_ENROLMENT, {name: getattr(enrolment, name) for name in Enrolment.__slots__})
    writing.note(PROGRESS, None)
    writing.note(_TROUBLE, None)
    writing.note(_ARRIVING, None)
    writing.note(_SPOKEN, None)


def read_spoken(connection: Connection) -> int | None:
    """Return the protocol number of an older server, in which it is spoken to; None for the highest."""
    kept = read_note(connection, _SPOKEN)
    return kept if isinstance(kept, int) else None


def note_spoken(writing: Writing, number: int | None) -> None:
    """Keep the protocol number of an older server, so that each round need not ask for it; None when it was updated."""
    writing.note(_SPOKEN, number)


def read_progress(connection: Connection) -> Progress:
    """Return how far the exchange has come."""
    kept: Any = read_note(connection, PROGRESS)
    if not isinstance(kept, dict):
        return Progress()
    known = {name: value for name, value in kept.items() if name in Progress.__slots__}
    for name in ("last_exchange", "last_sent", "server_time"):
        known[name] = parse_instant(known[name]) if known.get(name) else None
    for name in ("areas", "classes"):
        known[name] = tuple(known.get(name) or ())
    return Progress(**known)


def note_progress(writing: Writing, progress: Progress) -> None:
    """Keep how far the exchange has come, in the same transaction as what came."""
    kept: dict[str, Any] = {name: getattr(progress, name) for name in Progress.__slots__}
    for name in ("last_exchange", "last_sent", "server_time"):
        kept[name] = instant_text(kept[name]) if kept[name] is not None else None
    for name in ("areas", "classes"):
        kept[name] = list(kept[name])
    writing.note(PROGRESS, kept)


def read_arriving(connection: Connection) -> Arriving | None:
    """Return the snapshot that has begun to arrive, or None."""
    kept: Any = read_note(connection, _ARRIVING)
    return Arriving(**kept) if isinstance(kept, dict) else None


def are_records_coming(connection: Connection) -> bool:
    """Say whether this laptop belongs to a server and does not yet hold all that is its own: what is missing may be coming."""
    progress = read_progress(connection)
    is_whole = progress.epoch is not None and not progress.more_to_receive and read_arriving(connection) is None
    return not is_whole and read_enrolment(connection) is not None


def is_settled(connection: Connection) -> bool:
    """Say whether the file holds all that the server has told: before that, what is missing is on its way."""
    progress = read_progress(connection)
    is_whole = progress.epoch is not None and progress.restored_epoch is None and not progress.more_to_receive
    return is_whole and progress.cursor > 0 and not progress.scope_changed


def note_arriving(writing: Writing, arriving: Arriving | None) -> None:
    """Keep how much of a snapshot is in the file, in one transaction with its rows; None when it is all there or let go of."""
    writing.note(_ARRIVING, None if arriving is None else {name: getattr(arriving, name) for name in Arriving.__slots__})


def note_sealed_file(writing: Writing, path: Path) -> None:
    """Remember where work was sealed that only the administrator can bring to the server."""
    writing.note(_SEALED, [*(str(kept) for kept in read_sealed_files(writing.connection)), str(path)])


def read_sealed_files(connection: Connection) -> tuple[Path, ...]:
    """Return the sealed files of this worker that are still where they were written."""
    kept: Any = read_note(connection, _SEALED, [])
    return tuple(path for path in map(Path, kept) if path.exists())


def read_trouble(connection: Connection) -> LastTrouble | None:
    """Return what was in the way of the last round, or None when it came about."""
    kept: Any = read_note(connection, _TROUBLE)
    return LastTrouble(kept["name"], parse_instant(kept["since"])) if isinstance(kept, dict) else None


def note_trouble(writing: Writing, name: str | None) -> None:
    """Keep what was in the way of the last round (None: nothing); the same trouble keeps its beginning."""
    before = read_trouble(writing.connection)
    if name is None:
        if before is not None:
            writing.note(_TROUBLE, None)
    elif before is None or before.name != name:
        writing.note(_TROUBLE, {"name": name, "since": instant_text(writing.clock.now())})
