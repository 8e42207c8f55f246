"""What is sent in one round, and what its verdicts do: exactly the ids that the server names are settled, and no other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from ewb_desktop.storage.exchange.brought import BroughtEntry, settle_brought
from ewb_desktop.storage.exchange.journal import Place, acknowledge
from ewb_desktop.storage.exchange.loads import Load, take_load
from ewb_desktop.storage.store import Store
from ewb_desktop.storage.writing import Writing
from ewb_desktop.syncing.hello import HELLO_BYTES
from sync.protocol.errors import Refusal
from sync.protocol.messages import Verdict, VerdictKind
from sync.protocol.version import PUSH_BYTES


@dataclass(frozen=True, slots=True)
class Settled:
    """What a round's verdicts did: how many changes were taken, and how many went into quarantine."""

    taken: int
    held: int


NOTHING_SENT: Final = Settled(0, 0)


def gather(store: Store, after: int, limit: int) -> Load:
    """Return the next entries to send after the counter ``after``, marked in the file before they go."""
    with store.write() as writing:
        return take_load(writing, limit, PUSH_BYTES - HELLO_BYTES, after)


def settle(writing: Writing, sent: Sequence[Place], verdicts: Sequence[Verdict], server_time: datetime | None = None) -> Settled:
    """Write what the server said about the entries that were ``sent``, by id; one that it did not name goes on waiting."""
    asked = {id_ for id_, *_ in sent}
    named = {verdict.id: verdict for verdict in verdicts if verdict.id in asked}
    acknowledge(writing, list(named.values()), server_time, sent)
    held = sum(verdict.kind is VerdictKind.REFUSED for verdict in named.values())
    return Settled(len(named) - held, held)


def hidden_after(sent: Iterable[Place], verdicts: Iterable[Verdict], cursor: int) -> int | None:
    """Return after which number rows have to come again; None where none has.

    What the server knew already, of a push whose answer was lost, lay over the rows that came since: what others said later than
    it is hidden beneath it here. Nothing was to come between, but for a colleague's changes, which go first.
    """
    own = {id_ for id_, *_ in sent}
    known = (verdict.number for verdict in verdicts if verdict.kind is VerdictKind.KNOWN and verdict.id in own)
    return min((number for number in known if 0 < number < cursor), default=None)


def settle_carried(writing: Writing, sent: Iterable[BroughtEntry], verdicts: Sequence[Verdict]) -> None:
    """Write what the server said about the carried changes that were ``sent``; one that it did not name goes on waiting."""
    asked = {entry.carried.id for entry in sent}
    settle_brought(writing, [verdict for verdict in verdicts if verdict.id in asked])


def hold_back_brought(store: Store, entry: BroughtEntry, reason: Refusal) -> None:
    """Carry a change no further that the server cannot even read; its own laptop still has it."""
    with store.write() as writing:
        settle_brought(writing, [Verdict(id=entry.carried.id, kind=VerdictKind.REFUSED, reason=reason)])


def hold_back(store: Store, id_: str, reason: Refusal) -> None:
    """Put an entry into quarantine that the server cannot even read, so that all others go on."""
    with store.write() as writing:
        acknowledge(writing, [Verdict(id=id_, kind=VerdictKind.REFUSED, reason=reason)])
