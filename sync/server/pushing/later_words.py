"""Tells of what a laptop spoke later than in a change that has only now arrived: its own old words never pass over its new ones.

A laptop sends in the order in which it wrote. What it sealed in a file, or gave to a colleague to carry, may come behind that.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import func, select

from sync.protocol.change import Change
from sync.protocol.merge import is_of_server
from sync.server.database import tables
from sync.server.pushing.folding import Folding
from sync.server.records.rows import Held


@dataclass(slots=True)
class LaterWords:
    """How far a laptop has come, by its own count, in what it said of the records of a push."""

    first_from: int | None = None
    """From this count on the laptop offers its changes for the first time; None where none of them is."""
    counted: dict[str, int] = field(default_factory=dict)
    before: dict[str, int] = field(default_factory=dict)
    """The same, before this push."""

    def look(self, push: Folding, changes: Sequence[Change]) -> None:
        """Ask about the records that stand at a number which a change has not heard; hardly any push has such a one."""
        behind = [
            change
            for change in changes
            if (held := push.held.get(change.record)) is not None and held.record.number > change.base
        ]
        if not behind:
            return
        line = tables.ledger.c
        query = select(line.record, func.max(line.counter)).where(
            line.organisation == push.grant.organisation,
            line.record.in_(sorted({change.record for change in behind})),
            line.number > min(change.base for change in behind),
            line.device == push.grant.device,
        )
        for record, counter in push.connection.execute(query.group_by(line.record)):
            # one that a failing disk altered counts for nothing
            if isinstance(counter, int):
                self.counted[record] = self.before[record] = counter

    def counted_on(self, change: Change) -> Change:
        """Return ``change`` with the next count where its laptop was put back: it was never sent, and its count is long past.

        A laptop sends in the order in which it wrote: what it offers for the first time is newer than all that it ever sent.
        A count that says otherwise was reached before, by a file in whose place an older one stands now.
        """
        if self.first_from is None or not self.first_from <= change.counter < self.before.get(change.record, 0):
            return change
        return change.model_copy(update={"counter": self.counted[change.record] + 1})

    def since(self, push: Folding, change: Change, held: Held | None) -> frozenset[str]:
        """Return of what the laptop spoke later than in ``change``; the history is read only where its count says so."""
        counted = self.counted.get(change.record, 0)
        if change.counter >= counted:
            self.counted[change.record] = change.counter
            return frozenset()
        if held is None or held.is_erased or is_of_server(change.entity):
            return frozenset()
        return push.past_of(change.record).retold().said_since(change)
