"""Which members are opened to a laptop outside its areas: while an opening lasts to read, and for a while after it to send."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Select, and_, select

from sync.server.clock import instant_text
from sync.server.database import tables
from sync.server.database.questions import Question, given
from sync.server.records.lately import lately
from sync.server.records.scope import Grant


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


_BEFORE: Final = select(tables.ledger.c.number).where(
    tables.ledger.c.organisation == tables.opened.c.organisation,
    tables.ledger.c.record == tables.opened.c.id,
    tables.ledger.c.number <= given("older"),
    # one that was lasting at that moment stands before it rightly
    tables.opened.c.opened_at > given("moment"),
)
"""What the ledger, which has each opening as a record, has of one whose time was noted while the clock was ahead."""

_SENDABLE: Final = Question(_asked().where(tables.opened.c.until > given("moment"), ~_BEFORE.exists()))
_LASTING: Final = Question(_asked().where(tables.opened.c.until > given("moment"), tables.opened.c.opened_at <= given("moment")))


def with_opened(connection: Connection, grant: Grant, now: datetime, named: Collection[str] | None = None) -> Grant:
    """Return the grant with the members that are opened to this laptop now: all, or those of the openings it ``named``.

    A laptop names what it still holds: what it let go of by its own clock does not come back to it.
    """
    if not grant.may_open or (named is not None and not named):
        return grant
    return _widened(connection, grant, _LASTING, {"moment": instant_text(now)}, named)


def with_sendable(connection: Connection, grant: Grant, moment: str) -> Grant:
    """Return the grant with the members about whom this laptop may send what was written while they were opened."""
    if not grant.may_open:
        return grant
    recent = lately(connection, grant.organisation, moment)
    return _widened(connection, grant, _SENDABLE, {"moment": recent.earliest, "older": recent.older})


def _widened(
    connection: Connection, grant: Grant, question: Question, when: Mapping[str, str | int], named: Collection[str] | None = None
) -> Grant:
    whose = {"at_organisation": grant.organisation, "at_device": grant.device, "at_worker": grant.worker}
    found = question.ask(connection, {**whose, **when})
    opened = {each.person: each.area for each in found if named is None or each.id in named}
    return replace(grant, opened={**grant.opened, **opened}) if opened else grant
