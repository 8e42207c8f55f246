"""Which members are opened to a laptop outside its areas: while an opening lasts to read, and for a while after it to send."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Select, and_, select

from sync.server import tables
from sync.server.clock import instant_text
from sync.server.questions import Question, given
from sync.server.scope import Grant

SENT_WITHIN: Final = timedelta(days=30)
"""So long after an opening has ended its edits are still taken: a laptop may have been without a line. Nothing is read then."""


def _asked() -> Select[Any]:
    opened, record = tables.opened.c, tables.record.c
    return (
        select(opened.id, opened.person, record.area)
        .join_from(tables.opened, tables.record, and_(record.organisation == opened.organisation, record.id == opened.person))
        .where(
            opened.organisation == given("at_organisation"), opened.device == given("at_device"),
            opened.worker == given("at_worker"),
        )
    )  # fmt: skip


_SENDABLE: Final = Question(_asked().where(tables.opened.c.until > given("moment")))
_LASTING: Final = Question(_asked().where(tables.opened.c.until > given("moment"), tables.opened.c.opened_at <= given("moment")))


def with_opened(connection: Connection, grant: Grant, now: datetime, named: Collection[str] | None = None) -> Grant:
    """Return the grant with the members that are opened to this laptop now: all, or those of the openings it ``named``.

    A laptop names what it still holds: what it let go of by its own clock does not come back to it.
    """
    if not grant.may_open or (named is not None and not named):
        return grant
    return _widened(connection, grant, _LASTING, now, named)


def with_sendable(connection: Connection, grant: Grant, moment: str) -> Grant:
    """Return the grant with the members about whom this laptop may send what was written while they were opened."""
    if not grant.may_open:
        return grant
    return _widened(connection, grant, _SENDABLE, datetime.fromisoformat(moment) - SENT_WITHIN)


def _widened(
    connection: Connection, grant: Grant, question: Question, moment: datetime, named: Collection[str] | None = None
) -> Grant:
    asked = {
        "at_organisation": grant.organisation, "at_device": grant.device, "at_worker": grant.worker,
        "moment": instant_text(moment),
    }  # fmt: skip
    found = question.ask(connection, asked)
    opened = {each.person: each.area for each in found if named is None or each.id in named}
    return replace(grant, opened={**grant.opened, **opened}) if opened else grant
