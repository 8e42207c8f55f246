"""What is sent in one round, and what its verdicts do: exactly the ids that the server names are settled, and no other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from ewb_desktop.storage.brought import BroughtEntry, settle_brought, waiting
from ewb_desktop.storage.journal import JournalEntry, acknowledge, mark_offered, pending
from ewb_desktop.storage.store import Store
from ewb_desktop.storage.writing import Writing
from sync.protocol.errors import Refusal
from sync.protocol.messages import Verdict, VerdictKind
from sync.protocol.version import PUSH_BYTES, PUSH_CHANGES

_HELLO_BYTES = 128 << 10
"""Room for the rest of a request beside its changes: 500 looks take most of it."""


@dataclass(frozen=True, slots=True)
class Settled:
    """What a round's verdicts did: how many changes were taken, and how many went into quarantine."""

    taken: int
    held: int


def gather(store: Store, after: int, limit: int = PUSH_CHANGES) -> list[JournalEntry]:
    """Return the next entries to send after the counter ``after`` and mark them: from here on they are never altered."""
    if limit <= 0:
        return []
    with store.read() as connection:
        if not pending(connection, 1, after=after):
            return []
    with store.write() as writing:
        entries = pending(writing.connection, limit, PUSH_BYTES - _HELLO_BYTES, after)
        mark_offered(writing, [entry.id for entry in entries])
    return entries


def gather_brought(store: Store, after: int, limit: int = PUSH_CHANGES) -> list[BroughtEntry]:
    """Return the next changes to carry for colleagues after the place ``after``; they never alter."""
    with store.read() as connection:
        return waiting(connection, limit, PUSH_BYTES - _HELLO_BYTES, after)


def settle(
    writing: Writing, sent: Sequence[JournalEntry], verdicts: Sequence[Verdict], server_time: datetime | None = None
) -> Settled:
    """Write what the server said about the entries that were ``sent``; one that it did not name goes on waiting."""
    asked = {entry.id for entry in sent}
    named = {verdict.id: verdict for verdict in verdicts if verdict.id in asked}
    acknowledge(writing, list(named.values()), server_time)
    held = sum(verdict.kind is VerdictKind.REFUSED for verdict in named.values())
    return Settled(len(named) - held, held)


def settle_carried(writing: Writing, sent: Sequence[BroughtEntry], verdicts: Sequence[Verdict]) -> None:
    """Write what the server said about the carried changes that were ``sent``; one that it did not name goes on waiting."""
    asked = {entry.carried.id for entry in sent}
    settle_brought(writing, [verdict for verdict in verdicts if verdict.id in asked])


def hold_back_brought(store: Store, entry: BroughtEntry, reason: Refusal) -> None:
    """Carry a change no further that the server cannot even read; its own laptop still has it."""
    with store.write() as writing:
        settle_brought(writing, [Verdict(id=entry.carried.id, kind=VerdictKind.REFUSED, reason=reason)])


def hold_back(store: Store, entry: JournalEntry, reason: Refusal) -> None:
    """Put an entry into quarantine that the server cannot even read, so that all others go on."""
    with store.write() as writing:
        acknowledge(writing, [Verdict(id=entry.id, kind=VerdictKind.REFUSED, reason=reason)])
