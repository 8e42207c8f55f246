"""Holds the lines of the history against the audit, which has a sealed entry of its own of each change that a laptop sent.

No line is sealed, and who said something, from which laptop and when it came stands in three cells. The audit's entry was written
with the line and says the same; so where its chain is whole, what disagrees was altered in the line.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Connection, select

from sync.protocol.messages import VerdictKind
from sync.server.database import tables
from sync.server.pushing.ledger import ACTIONS
from sync.server.records.scope import SERVER

_CHUNK: Final = 1_000
_PARTS: Final = 4_096
"""What is known of so many parts of the history is held at once, whatever its length; only those that disagree are read again."""
_HASH: Final = 1 << 64
_MERGED: Final = VerdictKind.MERGED.value
_TAKEN: Final = {**{action: action for action in ACTIONS.values()}, _MERGED: _MERGED, VerdictKind.CONFLICT.value: "conflict"} | {
    "brought_back": _MERGED, "after_erasure": _MERGED,
}  # fmt: skip
"""The audit's words for a change that was taken, and what its line says of it."""
_Key = tuple[Any, ...]


@dataclass(slots=True)
class Unwitnessed:
    """``lines``: numbers of those of which the audit says otherwise. ``entries``: how many it has that are of no line."""

    lines: list[int] = field(default_factory=list)
    entries: int = 0


def look_at_witnesses(connection: Connection, organisation: str) -> Unwitnessed:
    """Return what the lines of an organisation's history and its audit, whose chain is whole, do not both say.

    The server's own lines are not among them: what it adds to a change has no entry of its own.
    """
    sums = [0] * _PARTS
    for key, _ in _lines(connection, organisation):
        sums[hash(key) % _PARTS] += hash(key)
    for key in _entries(connection, organisation):
        sums[hash(key) % _PARTS] -= hash(key)
    apart = {part for part, each in enumerate(sums) if each % _HASH}
    found = Unwitnessed()
    if not apart:
        return found
    entries = Counter(key for key in _entries(connection, organisation) if hash(key) % _PARTS in apart)
    for key, number in _lines(connection, organisation):
        if hash(key) % _PARTS in apart:
            if entries[key] > 0:
                entries[key] -= 1
            else:
                found.lines.append(number)
    found.entries = entries.total()
    return found


def _lines(connection: Connection, organisation: str) -> Iterator[tuple[_Key, int]]:
    row = tables.ledger.c
    query = select(
        row.number, row.kind, row.verdict, row.received_at, row.author, row.device, row.entity, row.record
    ).where(row.organisation == organisation, row.device != SERVER).order_by(row.number)  # fmt: skip
    with connection.execute(query.execution_options(yield_per=_CHUNK)) as found:
        for number, kind, verdict, *rest in found:
            # of what was taken as it came the audit says what it did
            said = ACTIONS.get(kind, kind) if verdict == VerdictKind.ACCEPTED else verdict
            yield (said, *rest), number


def _entries(connection: Connection, organisation: str) -> Iterator[_Key]:
    row = tables.audit.c
    query = select(row.action, row.at, row.worker, row.device, row.entity, row.record).where(
        row.organisation == organisation, row.device != SERVER, row.action.in_(sorted(_TAKEN))
    )
    with connection.execute(query.order_by(row.number).execution_options(yield_per=_CHUNK)) as found:
        for action, *rest in found:
            yield (_TAKEN[action], *rest)
