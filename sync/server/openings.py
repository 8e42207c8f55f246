"""Which members are opened to a laptop outside its areas: while an opening lasts to read, and for a while after it to send."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Select, and_, bindparam, select

from sync.server import tables
from sync.server.clock import instant_text
from sync.server.scope import Grant

SENT_WITHIN: Final = timedelta(days=30)
"""So long after an opening has ended its edits are still taken: a laptop may have been without a line. Nothing is read then."""


def _asked() -> Select[Any]:
    given, record = tables.opened.c, tables.record.c
    return (
        select(given.person, record.area)
        .join_from(tables.opened, tables.record, and_(record.organisation == given.organisation, record.id == given.person))
        .where(
            given.organisation == bindparam("at_organisation"), given.device == bindparam("at_device"),
            given.worker == bindparam("at_worker"),
        )
    )  # fmt: skip


# made once: every push asks
_SENDABLE: Final = _asked().where(tables.opened.c.until > bindparam("earliest"))
_LASTING: Final = _asked().where(tables.opened.c.until > bindparam("moment"), tables.opened.c.opened_at <= bindparam("moment"))


def with_opened(connection: Connection, grant: Grant, now: datetime, named: Collection[str] | None = None) -> Grant:
    """Return the grant with the members that are opened to this laptop now: all, or those of the openings it ``named``.

    A laptop names what it still holds: what it let go of by its own clock does not come back to it.
    """
    if not grant.may_open or (named is not None and not named):
        return grant
    given = tables.opened.c
    query = _LASTING if named is None else _LASTING.where(given.id.in_(sorted(named)))
    return _widened(connection, grant, query, {"moment": instant_text(now)})


def with_sendable(connection: Connection, grant: Grant, moment: str) -> Grant:
    """Return the grant with the members about whom this laptop may send what was written while they were opened."""
    if not grant.may_open:
        return grant
    earliest = instant_text(datetime.fromisoformat(moment) - SENT_WITHIN)
    return _widened(connection, grant, _SENDABLE, {"earliest": earliest})


def _widened(connection: Connection, grant: Grant, query: Select[Any], told: Mapping[str, str]) -> Grant:
    asked = {"at_organisation": grant.organisation, "at_device": grant.device, "at_worker": grant.worker, **told}
    opened = {found.person: found.area for found in connection.execute(query, asked)}
    return replace(grant, opened=opened) if opened else grant
