"""Which records about a member have more of a history than that they were made: what the page of what changed is about."""

# ruff: noqa: S608 - the names in these statements come from the protocol and from this program, values are bound

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import orjson
from sqlalchemy import Connection, select

from ewb_desktop.domain.time import instant_told
from ewb_desktop.storage.cards.conflicts import wire_value
from ewb_desktop.storage.direct import fetch_all
from ewb_desktop.storage.exchange.remaking import REMADE
from ewb_desktop.storage.exchange.withdrawing import LET_GO
from ewb_desktop.storage.tables import KINDS, table
from sync.protocol.change import ChangeKind
from sync.protocol.entities import ENTITIES

ABOUT_MEMBERS: Final = tuple(entity.name for entity in ENTITIES.values() if entity.asks_of_removal)
"""The kinds of record that are written about a member, and her own. What the server writes about one is no edit of anybody."""

_OF_A_MEMBER: Final = " UNION ALL ".join(
    f'SELECT \'{name}\', id FROM "{name}" WHERE "{ENTITIES[name].person_field}" = ?' for name in ABOUT_MEMBERS
)
_AMONG: Final = "record IN (SELECT value FROM json_each(?))"
_CHANGES: Final = (
    f"SELECT record, at, 0 FROM heard WHERE {_AMONG} AND kind <> '{ChangeKind.CREATE}' "
    f"UNION ALL SELECT record, CASE verdict WHEN '{LET_GO}' THEN settled_at ELSE at END, verdict IS '{LET_GO}' FROM journal "
    f"WHERE {_AMONG} AND verdict IS NOT '{REMADE}' AND (kind <> '{ChangeKind.CREATE}' OR verdict IS '{LET_GO}') "
    f"UNION ALL SELECT record, coalesce(settled_at, found_at), 0 FROM conflict WHERE {_AMONG} AND gone = 0"
)


@dataclass(frozen=True, slots=True)
class ChangedRecord:
    """A record about a member that was changed, let go of or answered differently after it was made.

    ``at`` is when that was last, on the clock of whoever did it, None where no instant is told. ``is_let_go``: the last of it
    was that its author let go of what the server never took. ``says`` are its fields as they stand, also off the screens.
    """

    entity: str
    record: str
    at: datetime | None
    is_let_go: bool
    is_gone: bool
    says: Mapping[str, Any]


def changed_records(connection: Connection, person: str) -> list[ChangedRecord]:
    """Return the records about a member, her own among them, of which this laptop knows more than how they began: the latest
    change first."""
    kinds = {id_: entity for entity, id_ in fetch_all(connection, _OF_A_MEMBER, (person,) * len(ABOUT_MEMBERS))}
    ids = orjson.dumps(list(kinds)).decode()
    last: dict[str, tuple[str, bool]] = {}
    for record, at, is_let_go in fetch_all(connection, _CHANGES, (ids, ids, ids)):
        last[record] = max(last.get(record, ("", False)), (at or "", bool(is_let_go)))
    found = [
        ChangedRecord(entity, id_, instant_told(last[id_][0]), last[id_][1], is_gone, says)
        for entity in ABOUT_MEMBERS
        for id_, is_gone, says in _said(connection, entity, [id_ for id_ in last if kinds[id_] == entity])
    ]
    return sorted(found, key=lambda each: last[each.record][0], reverse=True)


def says_now(connection: Connection, entity: str, record: str) -> dict[str, Any]:
    """Return what one record says on this laptop, as edits write it; nothing where it is not here."""
    found = next(_said(connection, entity, [record]), None) if entity in KINDS else None
    return {field: wire_value(value) for field, value in found[2].items()} if found is not None else {}


def _said(connection: Connection, entity: str, ids: list[str]) -> Iterator[tuple[str, bool, dict[str, Any]]]:
    """Yield the records of one kind: id, whether it is off the screens, and its fields."""
    known = table(KINDS[entity])
    rows = connection.execute(select(known).where(known.c.id.in_(ids))).mappings() if ids else ()
    for row in rows:
        yield row["id"], bool(row["gone"]), {name: row[name] for name in ENTITIES[entity].fields}
