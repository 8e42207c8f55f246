"""Notices of who opened a member, and why, that laptops still have and this server, put back from a backup, has lost.

Nothing but the server writes such a notice, and with the database went what the audit says of it. So the coordinator's laptop
brings it back. It is that laptop's word from then on: the audit says who brought it, and whether somebody has read of it is
believed of that laptop's worker alone.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import select

from sync.protocol.change import Change, ChangeKind
from sync.protocol.errors import Refusal
from sync.server.database import tables
from sync.server.pushing.folding import Folding
from sync.server.records.scope import SERVER

OPENING: Final = "opening"
NOTICE: Final = frozenset({"read_at", "read_by"})
"""What a worker writes of an opening: that she has read of it. Who opened what and why is the server's word."""
_WHOSE_WORD: Final = ("person", "worker", "opened_at", "until")


def refusal_of_opening(push: Folding, change: Change) -> Refusal | None:
    """Return why a notice that is not here is not taken from a laptop: whoever is said to have opened the member works here,
    and it was before the database was put back last. Where that never was, none is taken.
    """
    if not push.put_back_at:
        return Refusal.NOT_ALLOWED
    told = [change.fields.get(name) for name in _WHOSE_WORD]
    if not all(isinstance(each, str) for each in told):
        return Refusal.MALFORMED
    person, opener, opened_at, _ = map(str, told)
    if push.area_of(person) is None:
        return Refusal.MISSING_RECORD
    return None if opened_at <= push.put_back_at and _name_of(push, opener) else Refusal.NOT_ALLOWED


def as_brought(push: Folding, change: Change, *, is_here: bool) -> Change:
    """Return a notice with no more than the laptop that brings it may say; of one that is here again nothing but who read it."""
    has_read = change.fields.get("read_by") == push.grant.worker != change.fields.get("worker")
    said = {name: value for name, value in change.fields.items() if (has_read if name in NOTICE else not is_here)}
    if not is_here:
        said["worker_name"] = _name_of(push, str(change.fields["worker"]))
    return change.model_copy(update={"fields": said})


def is_brought(change: Change) -> bool:
    """Tell whether a laptop brings such a notice as a record of its own."""
    return change.entity == OPENING and change.kind is ChangeKind.CREATE and change.device != SERVER


def _name_of(push: Folding, worker: str) -> str | None:
    row = tables.worker.c
    query = select(row.name).where(row.organisation == push.grant.organisation, row.id == worker)
    name: str | None = push.connection.execute(query).scalar()
    return name
