"""A scope in blocks of columns, what a worker needs first in front; rows run through, they are never all in memory."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import orjson
from pydantic import JsonValue
from sqlalchemy import ColumnElement, Connection, select

from sync.protocol.entities import ENTITIES, ENVELOPE, Sensitivity
from sync.server.database import tables
from sync.server.database.cells import object_in
from sync.server.records.scope import WIDE, Grant
from sync.server.records.wire import COLUMNS, ROW, Unknown, is_readable

BLOCK_BYTES: Final = 2 << 20
"""Bytes of rows in one block: a laptop lays each in one commit and opens the next meanwhile, so it has two in memory."""
_AT_A_TIME: Final = 500
_MOST_TODAY: Final = 500
"""Most members whose open work comes first: more do not fit on anybody's day."""

_OPEN_WORK: Final = {"follow_up": "done_at", "safety_talk": "closed_at", "handover": "answered_at"}
"""What is open about a member, by the field that is empty until it is done."""
_FIRST: Final = tuple(entity.name for entity in ENTITIES.values() if entity.sensitivity in WIDE)
_WHO: Final = tuple(entity.name for entity in ENTITIES.values() if entity.sensitivity is Sensitivity.CONTACT)


@dataclass(frozen=True, slots=True)
class Block:
    """Rows of several entities, ready to be sealed. ``is_first``: a worker needs it before the rest."""

    content: dict[str, Any]
    rows: int
    is_first: bool


@dataclass(slots=True)
class _Filling:
    groups: dict[str, list[list[JsonValue]]] = field(default_factory=dict)
    unknown: dict[str, Unknown] = field(default_factory=dict)
    size: int = 0
    rows: int = 0

    def takes(self, entity: str, wire: str, carried: str | None) -> bool:
        """Tell whether a row fits, with the columns that its fields unknown here would add to all others."""
        further = self._adds(entity, carried)
        return not (self.rows and further) or self.size + len(wire) + further <= BLOCK_BYTES

    def add(self, entity: str, wire: str, carried: str | None) -> None:
        self.size += len(wire) + self._adds(entity, carried)
        self.rows += 1
        group = self.groups.setdefault(entity, [])
        if carried is not None:
            self.unknown.setdefault(entity, Unknown()).add(len(group), carried)
        group.append(orjson.loads(wire))

    def _adds(self, entity: str, carried: str | None) -> int:
        if carried is None and entity not in self.unknown:
            return 0
        return self.unknown.get(entity, Unknown()).adds(carried, len(self.groups.get(entity, ())))

    def block(self, *, is_first: bool) -> Block:
        order = sorted(self.groups, key=list(COLUMNS).index)
        return Block({"groups": [self._group(entity) for entity in order]}, self.rows, is_first)

    def _group(self, entity: str) -> list[Any]:
        """Return the entity, the names of its columns, these, and the names of those without a value in any row."""
        names, columns = list(COLUMNS[entity]), [list(column) for column in zip(*self.groups[entity], strict=True)]
        unknown = self.unknown.get(entity, Unknown())
        for name in sorted(unknown.names):
            names.append(name)
            columns.append([unknown.fields.get(index, {}).get(name) for index in range(len(self.groups[entity]))])
        empty = {at for at, name in enumerate(names) if name not in ENVELOPE and columns[at].count(None) == len(columns[at])}
        kept = [at for at in range(len(names)) if at not in empty]
        return [entity, [names[at] for at in kept], [columns[at] for at in kept], [names[at] for at in sorted(empty)]]


def blocks(connection: Connection, grant: Grant, head: int, today: str) -> Iterator[Block]:
    """Give everything that ``grant`` covers up to the number ``head``; ``today`` (a day) says whose open work comes first."""
    record = tables.record.c
    waiting = _open_work(connection, grant, head, today)
    first = [record.entity.in_(_FIRST)]
    filling = _Filling()
    for found in _rows(connection, grant, head, first):
        yield from _take(filling, found, is_first=True)
    for ids in _pieces(sorted(waiting)):
        for found in _rows(connection, grant, head, [record.id.in_(ids), record.entity.not_in(_FIRST)]):
            yield from _take(filling, found, is_first=True)
    if filling.rows:
        yield _emptied(filling, is_first=True)
    who, rest = record.entity.in_(_WHO), record.entity.not_in(_FIRST + _WHO)
    for chosen in (who, rest):
        for found in _rows(connection, grant, head, [chosen]):
            if found.id not in waiting:
                yield from _take(filling, found, is_first=False)
    if filling.rows:
        yield _emptied(filling, is_first=False)


def _take(filling: _Filling, found: Any, *, is_first: bool) -> Iterator[Block]:
    if not is_readable(found):
        # the daily comparison of the two ends finds that it is missing, and has it mended
        return
    if not filling.takes(found.entity, found.wire, found.carried):
        yield _emptied(filling, is_first=is_first)
    filling.add(found.entity, found.wire, found.carried)
    if filling.size >= BLOCK_BYTES:
        yield _emptied(filling, is_first=is_first)


def _emptied(filling: _Filling, *, is_first: bool) -> Block:
    block = filling.block(is_first=is_first)
    filling.groups, filling.unknown, filling.size, filling.rows = {}, {}, 0, 0
    return block


def _rows(connection: Connection, grant: Grant, head: int, chosen: Sequence[ColumnElement[bool]]) -> Iterator[Any]:
    record = tables.record.c
    query = (
        # by id: on the laptop each row then comes after the one before, which is where a tree grows most cheaply
        select(*ROW)
        .where(grant.clause(), record.number <= head, *chosen)
        .order_by(record.id)
        .execution_options(yield_per=_AT_A_TIME)
    )
    with connection.execute(query) as result:
        yield from result


def _open_work(connection: Connection, grant: Grant, head: int, today: str) -> Collection[str]:
    """Return the ids of the members with open work nearest to ``today``, and of that work."""
    record = tables.record.c
    query = (
        select(record.id, record.entity, record.fields)
        .where(grant.clause(), record.number <= head, record.gone == 0, record.entity.in_(_OPEN_WORK))
        .execution_options(yield_per=_AT_A_TIME)
    )
    found: list[tuple[str, str, str]] = []
    with connection.execute(query) as result:
        for id_, entity, text in result:
            # where the disk altered it, it comes with the rest, if at all
            fields = object_in(text) or {}
            due, person = fields.get("due_on") if entity == "follow_up" else today, fields.get("person")
            if fields.get(_OPEN_WORK[entity]) is None and isinstance(person, str) and isinstance(due, str) and due <= today:
                found.append((due, person, id_))
    found.sort(reverse=True)
    chosen: set[str] = set()
    members: set[str] = set()
    for _due, person, id_ in found:
        if person in members or len(members) < _MOST_TODAY:
            members.add(person)
            chosen |= {person, id_}
    return chosen


def _pieces(ids: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(ids), _AT_A_TIME):
        yield ids[start : start + _AT_A_TIME]
