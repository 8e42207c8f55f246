"""Which members are opened to a laptop outside its areas: while an opening lasts to read, and for a while after it to send."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, Connection, and_, select

from sync.server import tables
from sync.server.clock import instant_text
from sync.server.scope import Grant

SENT_WITHIN: Final = timedelta(days=30)
"""So long after an opening has ended its edits are still taken: a laptop may have been without a line. Nothing is read then."""


def with_opened(connection: Connection, grant: Grant, now: datetime, named: Collection[str] | None = None) -> Grant:
    """Return the grant with the members that are opened to this laptop now: all, or those of the openings it ``named``.

    A laptop names what it still holds: what it let go of by its own clock does not come back to it.
    """
    if not grant.may_open or (named is not None and not named):
        return grant
    given = tables.opened.c
    query = and_(given.until > instant_text(now), given.opened_at <= instant_text(now))
    return _widened(connection, grant, and_(query, given.id.in_(sorted(named))) if named is not None else query)


def with_sendable(connection: Connection, grant: Grant, moment: str) -> Grant:
    """Return the grant with the members about whom this laptop may send what was written while they were opened."""
    if not grant.may_open:
        return grant
    earliest = instant_text(datetime.fromisoformat(moment) - SENT_WITHIN)
    return _widened(connection, grant, tables.opened.c.until > earliest)


def _widened(connection: Connection, grant: Grant, chosen: ColumnElement[bool]) -> Grant:
    given, record = tables.opened.c, tables.record.c
    query = (
        select(given.person, record.area)
        .join_from(tables.opened, tables.record, and_(record.organisation == given.organisation, record.id == given.person))
        .where(given.organisation == grant.organisation, given.device == grant.device, given.worker == grant.worker, chosen)
    )
    opened = {found.person: found.area for found in connection.execute(query)}
    return replace(grant, opened=opened) if opened else grant
