"""What the doctor says of the audit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from sqlalchemy import Connection

from sync.server.doctor.finding import Finding
from sync.server.records import audit

_TOLD_AGAIN: Final = (
    "The server tells it again by the last entry when a laptop sends something, and `ewb-server restore` when it puts a backup "
    "back: look again after a day. No record is lost"
)


def is_kept(connection: Connection) -> Finding:
    """Tell whether the database itself lets the audit only grow."""
    kept = audit.is_kept(connection)
    return Finding(
        "audit",
        kept,
        "the database lets it only grow" if kept else "its triggers are gone: somebody who owns the database took them",
    )


def chain(connection: Connection, organisation: str, noted: Sequence[audit.Tip]) -> Iterator[Finding]:
    """Tell whether the chain is whole, and runs through the tips that were ``noted`` earlier."""
    broken = audit.first_broken(connection, organisation)
    end = audit.tip(connection, organisation)
    if not audit.is_end(end.number, end.hash):
        last = audit.end_by_entries(connection, organisation).number
        words = f"where it ends cannot be read in the counter. {_TOLD_AGAIN}"
        if broken != last + 1:
            words = f"broken at entry {broken}: somebody, or the disk, altered it outside this program; and {words}"
        yield Finding("audit", False, words)
        return
    anew = [str(tip.number) for tip in noted if not audit.holds(connection, organisation, tip)]
    if broken is not None:
        yield Finding("audit", False, f"broken at entry {broken}: somebody altered it outside this program")
    elif anew:
        yield Finding("audit", False, f"entry {', '.join(anew)} is not the one that was noted: the chain was written anew")
    else:
        tip = audit.tip(connection, organisation)
        yield Finding("audit", True, f"whole; note its tip elsewhere: {organisation}:{tip.number}:{tip.hash}")
