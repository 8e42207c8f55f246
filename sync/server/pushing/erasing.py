"""Destroys a record as the law asks: what it said goes from it, from its history and from what the server says about it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Final

import uuid_utils
from sqlalchemy import Connection, and_, or_, select, update

from sync.protocol.change import Change, ChangeKind
from sync.protocol.entities import ENTITIES
from sync.protocol.merge import Record
from sync.protocol.messages import Verdict, VerdictKind
from sync.server.database import tables
from sync.server.pushing.folding import Folding
from sync.server.records.rows import Held
from sync.server.records.scope import SERVER

_ABOUT: Final = {"conflict": "record", "opening": "person"}
"""What the server itself writes about a record, and in which field it says of which."""


def erase(push: Folding, change: Change) -> None:
    """Destroy the record of ``change``, the questions about it and, with a member, who opened her and why: a line for each."""
    push.held[change.record].is_erased = True
    push.erased.append(change.record)
    push.forget_words(change.record)
    row = tables.record.c
    about = select(row.id).where(
        row.organisation == push.grant.organisation, row.entity.in_(_ABOUT), row.fields.contains(change.record)
    )
    ids = {*push.connection.execute(about).scalars(), *(i for i, h in push.held.items() if h.entity in _ABOUT)}
    push.fetch(ids)
    for id_ in sorted(ids):
        held = push.held[id_]
        if held.record.fields.get(_ABOUT.get(held.entity, "")) != change.record:
            continue
        number = push.next_number()
        held.record = Record({}, {}, {}, number, gone=True)
        held.is_erased = True
        push.touched[id_] = held
        push.erased.append(id_)
        push.write_line(push.of_server(change, id_, ChangeKind.ERASE, {}), number, VerdictKind.ACCEPTED, {})


def answer_after_erasure(push: Folding, change: Change, number: int, area: str) -> Verdict:
    """Answer a change of a record that was destroyed, or a new one about a member who was: nothing of it is kept.

    The laptop hears that it is gone. Of what is new about her nobody could see it, or ask for it to be destroyed.
    """
    held = push.held.get(change.record)
    push.write_line(change.model_copy(update={"fields": {}}), number, VerdictKind.MERGED, {}, held.area if held else area)
    if held is not None:
        held.record = replace(held.record, number=number)
    else:
        held = push.held[change.record] = _destroyed_at_once(push, change, area)
    push.touched[change.record] = held
    push.note("after_erasure", change.entity, change.record, "")
    return Verdict(id=change.id, kind=VerdictKind.MERGED, number=number)


def _destroyed_at_once(push: Folding, change: Change, area: str) -> Held:
    number = push.next_number()
    told = {"id": str(uuid_utils.uuid7()), "kind": ChangeKind.ERASE, "fields": {}, "device": SERVER, "counter": 1, "at": push.now}
    push.write_line(change.model_copy(update=told), number, VerdictKind.ACCEPTED, {}, area)
    gone = Record({}, {}, {}, number, gone=True)
    return Held(change.entity, ENTITIES[change.entity].sensitivity, area, change.author, change.at, gone, is_erased=True)


def forget_history(push: Folding) -> None:
    """Take what was said out of the ledger's lines of what was destroyed; that something was said stays."""
    if not push.erased:
        return
    row = tables.ledger.c
    push.connection.execute(
        update(tables.ledger)
        .where(row.organisation == push.grant.organisation, row.record.in_(push.erased))
        .values(fields="{}", overtaken=None)
    )
    _forget_openings(push.connection, push.grant.organisation, push.erased)


def _forget_openings(connection: Connection, organisation: str, people: Collection[str]) -> None:
    """Take out why members were opened by somebody from outside their area; that they were, by whom and when stays."""
    given = tables.opened.c
    theirs = (given.organisation == organisation) & given.person.in_(people)
    connection.execute(update(tables.opened).where(theirs).values(reason="", words=""))


def with_words_left(connection: Connection, organisations: Collection[str]) -> list[tuple[str, str]]:
    """Return organisation and id of what is destroyed by law, as its record and its history say, and of which words are left.

    An index that a failing disk altered passes over lines when they are to be forgotten.
    """
    line, record, erasing = tables.ledger.c, tables.record.c, tables.ledger.alias().c
    told = select(erasing.number).where(
        erasing.organisation == record.organisation, erasing.record == record.id, erasing.kind == ChangeKind.ERASE
    )
    query = (
        select(record.organisation, record.id)
        .join_from(tables.record, tables.ledger, and_(line.organisation == record.organisation, line.record == record.id))
        .where(record.organisation.in_(organisations), record.erased == 1, record.fields == "{}", told.exists())
        .where(or_(line.fields != "{}", line.overtaken != "{}"))
        .distinct()
    )
    return [(each.organisation, each.id) for each in connection.execute(query)]


def forget_what_is_left(connection: Connection, organisations: Collection[str]) -> int:
    """Take the words out of the history of what is destroyed by law, where any are left; return of how many records."""
    row, record = tables.ledger.c, tables.record.c
    for organisation in organisations:
        # an earlier version left these
        erased = select(record.id).where(record.organisation == organisation, record.entity == "person", record.erased == 1)
        _forget_openings(connection, organisation, connection.execute(erased).scalars().all())
    left = with_words_left(connection, organisations)
    for organisation, id_ in left:
        mine = (row.organisation == organisation) & (row.record == id_)
        connection.execute(update(tables.ledger).where(mine).values(fields="{}", overtaken=None))
    return len(left)
