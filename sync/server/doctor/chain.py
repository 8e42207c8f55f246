"""What the doctor says of the audit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import Connection

from sync.server import audit
from sync.server.doctor.finding import Finding


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
    anew = [str(tip.number) for tip in noted if not audit.holds(connection, organisation, tip)]
    if broken is not None:
        yield Finding("audit", False, f"broken at entry {broken}: somebody altered it outside this program")
    elif anew:
        yield Finding("audit", False, f"entry {', '.join(anew)} is not the one that was noted: the chain was written anew")
    else:
        tip = audit.tip(connection, organisation)
        yield Finding("audit", True, f"whole; note its tip elsewhere: {organisation}:{tip.number}:{tip.hash}")
