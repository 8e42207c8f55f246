"""What a round tells of this laptop beside its changes, and whether any wait to go with it: one look at one moment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from ewb_desktop.domain.time import instant_text
from ewb_desktop.storage.exchange.brought import BroughtEntry, waiting
from ewb_desktop.storage.exchange.journal import has_pending
from ewb_desktop.storage.exchange.laptops import handed_to_tell, keys_to_tell
from ewb_desktop.storage.exchange.loads import Load
from ewb_desktop.storage.exchange.looks import looks_to_tell
from ewb_desktop.storage.exchange.sync_state import Progress, read_arriving, read_progress
from ewb_desktop.storage.holding.opened import read_opened
from ewb_desktop.storage.store import Store
from ewb_desktop.storage.writing import Writing
from sync.protocol.messages import Handed, Look, PublicKeys, RoundRequest
from sync.protocol.version import LONG_PULL_ROWS, PAGE_ROWS, PROTOCOL, PUSH_BYTES

HELLO_BYTES = 128 << 10
"""Room for the rest of a request beside its changes: 500 looks take most of it."""


@dataclass(frozen=True, slots=True)
class Sent:
    """How far one run has come with what it sends: the last ``counter`` of its own entries, the last ``place`` of carried ones.

    Each goes once in a run: one that the server did not name waits for the next.
    """

    counter: int = 0
    place: int = 0

    def after(self, load: Load, brought: Sequence[BroughtEntry]) -> Sent:
        """Return how far it is once these went too."""
        return Sent(load.last or self.counter, brought[-1].place if brought else self.place)


@dataclass(frozen=True, slots=True)
class Hello:
    """How far this file is, what is told of it, and what goes with the request.

    ``snapshot`` is the one that has begun to arrive. ``brought`` are colleagues' changes to carry, at most as many as were
    asked for; ``has_own`` says that this worker's own changes wait.
    """

    progress: Progress
    snapshot: str | None
    opened: tuple[str, ...]
    keys: PublicKeys | None
    handed: Handed | None
    looks: tuple[Look, ...]
    brought: tuple[BroughtEntry, ...]
    has_own: bool

    def request(
        self, program: str, now: datetime, *, takes_snapshot: bool, room: int = PAGE_ROWS, first_from: int | None = None
    ) -> RoundRequest:
        """Return the request of a round without this worker's own changes, of which it says ``first_from``.

        ``room`` is the most rows that it asks for.
        """
        return RoundRequest(
            protocol=PROTOCOL, program=program, device_time=instant_text(now), epoch=self.progress.epoch,
            cursor=self.progress.cursor, room=room, snapshot=self._snapshot() if takes_snapshot else None,
            carried=tuple(entry.carried for entry in self.brought), keys=self.keys, handed=self.handed, opened=self.opened,
            looks=self.looks, offers_for=self.progress.restored_epoch, mark=self.progress.mark,
            first_from=first_from,
        )  # fmt: skip

    def request_ahead(
        self, program: str, now: datetime, epoch: str | None, cursor: int, room: int = LONG_PULL_ROWS
    ) -> RoundRequest:
        """Return the request for what comes after ``cursor``: a long page, and nothing told that would have to be noted."""
        next_one = replace(
            self, progress=replace(self.progress, epoch=epoch, cursor=cursor), keys=None, handed=None, looks=(), brought=()
        )
        return next_one.request(program, now, takes_snapshot=False, room=room)

    def _snapshot(self) -> str | None:
        """Return what is said of snapshots: one is welcome where there is nothing yet; one that has begun is named."""
        if self.progress.cursor or self.progress.restored_epoch is not None:
            return None
        return self.snapshot or ""


def read_hello(store: Store, sent: Sent, limit: int) -> Hello:
    """Read what the next request says, after what a run has ``sent``; at most ``limit`` changes are carried."""
    with store.read() as connection:
        progress, arriving = read_progress(connection), read_arriving(connection)
        keys = keys_to_tell(connection, progress.epoch)
        return Hello(
            progress=progress,
            snapshot=arriving.id if arriving is not None else None,
            opened=tuple(one.opening for one in read_opened(connection)),
            keys=keys.public if keys is not None else None,
            handed=handed_to_tell(connection),
            looks=looks_to_tell(connection),
            brought=tuple(waiting(connection, limit, PUSH_BYTES - HELLO_BYTES, sent.place)),
            has_own=has_pending(connection, sent.counter),
        )


def has_to_send(writing: Writing, sent: Sent) -> bool:
    """Say whether anything has to go after what a run has ``sent``: this worker's own, or a colleague's."""
    connection = writing.connection
    return has_pending(connection, sent.counter) or bool(waiting(connection, 1, 0, sent.place))
