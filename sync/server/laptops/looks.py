"""Who looked at what: what laptops tell goes into the audit, once each, and the administrator reads it by record or by member."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from pydantic import ValidationError
from sqlalchemy import Connection, and_, or_, select

from sync.protocol.messages import Look, LookKind
from sync.server.admission.people import NotPossible, must_exist
from sync.server.clock import instant_text
from sync.server.database import tables
from sync.server.database.bulk import insert_rows, lock_counter, select_rows
from sync.server.database.cells import shown
from sync.server.laptops.giving import GIVE
from sync.server.records import audit
from sync.server.records.scope import ADMINISTRATOR, SERVER, Grant

UNREADABLE: Final = "look_unreadable"
"""In the place of a look that cannot be read: that there was one is kept, and the laptop need not tell it for ever."""

_KINDS: Final = frozenset(kind.value for kind in LookKind)
_LOOKS: Final = (*_KINDS, "view_denied")
_OTHER: Final = "look_"
"""Stands before a kind of look that is not known here: the audit's other words are the server's own, and it believes them."""


@dataclass(frozen=True, slots=True)
class Looked:
    """One line of the audit for people to read. ``worker`` and ``laptop`` are names where they are known."""

    at: str
    worker: str
    laptop: str
    action: str
    entity: str
    record: str
    detail: str


def keep_looks(connection: Connection, grant: Grant, told: Sequence[Mapping[str, Any]], now: str) -> list[str]:
    """Append what a laptop tells to the audit; return the ids of all that stand in it now. Telling it again adds nothing.

    One that cannot be read stops no other: its place in the chain says that it was there.
    """
    if not told:
        return []
    # two requests with the same look are taken one after the other
    lock_counter(connection, grant.organisation)
    ids = list(dict.fromkeys(each["id"] for each in told))
    known = {row.id for row in select_rows(connection, tables.look, ("id",), grant.organisation, "id", ids)}
    fresh = {each["id"]: each for each in told if each["id"] not in known}
    insert_rows(connection, tables.look, [(grant.organisation, id_, grant.device) for id_ in fresh])
    audit.write(connection, grant.organisation, now, [_entry(grant, each) for each in fresh.values()])
    return ids


def _entry(grant: Grant, told: Mapping[str, Any]) -> audit.Entry:
    try:
        look = Look.model_validate(told)
    except ValidationError:
        return audit.Entry(grant.worker, grant.device, UNREADABLE)
    kind = look.kind if look.kind in _KINDS else f"{_OTHER}{look.kind}"
    return audit.Entry(grant.worker, grant.device, kind, look.entity, look.record, f"on the laptop at {look.at}")


def who_looked(
    connection: Connection, organisation: str, record: str, now: datetime, *, with_changes: bool = False
) -> Sequence[Looked]:
    """Return who looked at a record, or at anything about a member, oldest first; ``with_changes`` also who wrote what.

    The asking is written into the audit itself. Raises :class:`NotPossible` without such an organisation, or such a record.
    """
    must_exist(connection, organisation)
    row, entry = tables.record.c, tables.audit.c
    about = select(row.id).where(row.organisation == organisation, or_(row.id == record, row.person == record))
    if connection.execute(about.limit(1)).first() is None:
        raise NotPossible(f"there is no record {record!r}: give the id of a member or of any other record")
    worker, device = tables.worker, tables.device
    query = (
        select(
            entry.at, entry.worker, entry.device, entry.action, entry.entity, entry.record, entry.detail,
            worker.c.name.label("who"), device.c.name.label("laptop"),
        )
        .select_from(tables.audit)
        .outerjoin(worker, and_(worker.c.organisation == entry.organisation, worker.c.id == entry.worker))
        .outerjoin(device, and_(device.c.organisation == entry.organisation, device.c.id == entry.device))
        .where(entry.organisation == organisation, entry.record.in_(about))
        .order_by(entry.number)
    )  # fmt: skip
    if not with_changes:
        query = query.where(
            or_(
                entry.action.in_(_LOOKS),
                entry.action.startswith(_OTHER, autoescape=True),
                entry.action == GIVE,
                entry.action.startswith("break-glass"),
            )
        )
    found = [
        Looked(
            shown(each.at),
            shown(each.who or each.worker),
            shown(each.laptop or each.device),
            shown(each.action),
            shown(each.entity),
            shown(each.record),
            shown(each.detail),
        )
        for each in connection.execute(query)
    ]
    asked = audit.Entry(ADMINISTRATOR, SERVER, "list", "", record, "who looked")
    audit.write(connection, organisation, instant_text(now), [asked])
    return found


def readable(looked: Iterable[Looked]) -> Iterable[str]:
    """Return lines for the administrator's screen."""
    return (
        "  ".join(each for each in (line.at, line.worker, line.laptop, line.action, f"{line.entity} {line.record}", line.detail))
        for line in looked
    )
