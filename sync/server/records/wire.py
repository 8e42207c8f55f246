"""Records as they travel: rows made once when a record changes, and pages joined from them without reading them again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from operator import itemgetter
from typing import Any, Final

import orjson
from pydantic import JsonValue
from sqlalchemy import ColumnElement, Connection, Row, and_, select, union_all

from sync.protocol.entities import ENTITIES, ENVELOPE
from sync.server.database import tables
from sync.server.database.questions import Question, given
from sync.server.records.scope import EVERY_AREA, WIDE, Grant

COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    entity.name: (*ENVELOPE, *(name for name in entity.fields if name not in ENVELOPE)) for entity in ENTITIES.values()
}
"""For each entity its columns in a page, the envelope first."""
_KNOWN: Final = {name: frozenset(columns) for name, columns in COLUMNS.items()}
_WIDTH: Final = {name: len(columns) for name, columns in COLUMNS.items()}

_NAMES: Final = itemgetter(0, 1, 2)
"""What a row says first, and a record has: its id, its area and its number."""
ROW: Final = tuple(tables.record.c[name] for name in ("id", "area", "number", "entity", "wire", "carried"))
"""What is asked of a record to hand out its ready-made row."""

_CHUNK: Final = 200
_NOTHING: Final = len("null,")
_MOST_PARTS: Final = 8
"""Areas up to which a page is put together from them; more are looked for all at once."""
_HEAD: Final = Question(select(tables.counter.c.number).where(tables.counter.c.organisation == given("at_organisation")))


def row_text(entity: str, envelope: Sequence[JsonValue], fields: Mapping[str, JsonValue]) -> tuple[str, str | None]:
    """Return a record's row as JSON text, and apart from it the fields that this server does not know (None: it knows all).

    ``envelope`` has the values of what every record has before its own fields, in their order.
    """
    text = orjson.dumps([*envelope, *map(fields.get, COLUMNS[entity][len(ENVELOPE) :])]).decode()
    if fields.keys() <= _KNOWN[entity]:
        return text, None
    return text, orjson.dumps({name: value for name, value in fields.items() if name not in _KNOWN[entity]}).decode()


def is_readable(found: Any) -> bool:
    """Tell whether the ready-made row of a record is one of its kind, names this record itself, and its kind is known.

    ``found`` has what :data:`ROW` names. Among thousands, one that a failing disk altered must not take the page with it; nor may
    the row of a record be given to those whom another is for.
    """
    row = (found.id, found.area, found.number, found.entity, found.wire)
    return _are_readable([row]) and (found.carried is None or _is_carried(found.entity, found.carried))


def is_row(text: object, carried: str | None) -> bool:
    """Tell whether a ready-made row is one of any kind, such as of a version with other columns."""
    if not isinstance(text, str):
        return False
    try:
        row, unknown = orjson.loads(text), orjson.loads(carried) if carried is not None else {}
    except ValueError:
        return False
    return isinstance(row, list) and isinstance(unknown, dict)


def _is_carried(entity: str, carried: str) -> bool:
    try:
        unknown = orjson.loads(carried)
    except ValueError:
        return False
    return isinstance(unknown, dict) and unknown.keys().isdisjoint(_KNOWN[entity])


def _are_readable(rows: Sequence[Any]) -> bool:
    """Tell whether all of some ready-made rows, each behind its record's id, area, number and kind, are those of these records.

    Asked at once, which costs less than of each.
    """
    try:
        read = orjson.loads(f"[{','.join([row[4] for row in rows])}]")
    except (ValueError, TypeError):
        # the embedded file gives bytes where a cell is not marked as text any more
        return False
    # of all at once: for each of tens of thousands in turn it would be felt
    if not set(map(type, read)) <= {list} or list(map(len, read)) != [_WIDTH.get(row[3]) for row in rows]:
        return False
    return list(map(_NAMES, read)) == list(map(_NAMES, rows))


@dataclass(slots=True)
class Unknown:
    """The fields that this server does not know, of rows of one kind: each a further column, empty in other rows."""

    fields: dict[int, dict[str, JsonValue]] = field(default_factory=dict)
    """By the row's place."""
    names: set[str] = field(default_factory=set)

    def adds(self, carried: str | None, rows: int) -> int:
        """Return how many bytes come with a further row beside its own: for what it carries, and in all ``rows`` before it."""
        if carried is None:
            return _NOTHING * len(self.names)
        new = orjson.loads(carried).keys() - self.names
        return len(carried) + _NOTHING * len(self.names) + sum(len(name) + _NOTHING * (rows + 1) for name in new)

    def add(self, row: int, carried: str) -> None:
        """Keep what stands beside the row at this place (JSON)."""
        self.fields[row] = found = orjson.loads(carried)
        self.names |= found.keys()


@dataclass(slots=True)
class Rows:
    """Ready-made rows of one kind of record."""

    texts: list[str] = field(default_factory=list)
    unknown: Unknown = field(default_factory=Unknown)

    def add(self, text: str, carried: str | None) -> None:
        """Add a row, and the fields beside it that this server does not know (JSON)."""
        if carried is not None:
            self.unknown.add(len(self.texts), carried)
        self.texts.append(text)

    def adds(self, carried: str | None) -> int:
        """Return how many bytes come with a row beside its own, for fields that this server does not know."""
        return 0 if carried is None and not self.unknown.names else self.unknown.adds(carried, len(self.texts))

    def joined(self, columns: tuple[str, ...]) -> tuple[tuple[str, ...], str]:
        """Return the columns and the rows; fields unknown to this server stand as further columns."""
        extra = sorted(self.unknown.names)
        if not extra:
            return columns, ",".join(self.texts)
        texts = []
        for index, text in enumerate(self.texts):
            unknown = self.unknown.fields.get(index, {})
            tail = orjson.dumps([unknown.get(name) for name in extra]).decode()
            texts.append(text[:-1] + "," + tail[1:])
        return (*columns, *extra), ",".join(texts)


@dataclass(frozen=True, slots=True)
class WirePage:
    """One page, ready to travel: ``text`` is the JSON of :class:`sync.protocol.messages.Page`."""

    text: bytes
    first: int
    last: int
    rows: int
    unreadable: tuple[str, ...] = ()
    """Ids of records that were left out, because their rows are none."""
    after: int = 0
    """The number to ask for next."""


EMPTY: Final = WirePage(b'{"columns":{},"rows":{},"next":0,"more":true}', 0, 0, 0)
"""The page beside a snapshot: everything is there."""


def nothing(after: int) -> WirePage:
    """Return the page of a laptop that has everything up to ``after``."""
    return WirePage(page_text({}, after, more=False), 0, after, 0, after=after)


def read_page(
    connection: Connection, grant: Grant, cursor: int, room: int, page_bytes: int, own: frozenset[int], person: str | None = None
) -> WirePage:
    """Return the rows of the laptop's scope after ``cursor``: at most ``room``, and no more bytes than agreed.

    ``own`` holds the numbers of rows that stand on the laptop already exactly so; with ``person`` only what is about her comes.
    """
    # read before the rows: what is numbered meanwhile comes in the next page, never stepped over
    head = _HEAD.ask(connection, {"at_organisation": grant.organisation})[0].number
    groups: dict[str, Rows] = {}
    unreadable: list[str] = []
    taken, sent, size, last, first, more = 0, 0, 0, cursor, 0, False
    for chunk in _chunks(connection, grant, cursor, head, person):
        are_all = _are_readable([row for row in chunk if row[2] not in own])
        for row in chunk:
            id_, _, number, entity, text, carried = row
            if taken == room or size > page_bytes:
                more = True
                break
            is_sent = number not in own
            if is_sent and not (are_all and carried is None) and not is_readable(row):
                unreadable.append(id_)
                is_sent = False
            if is_sent:
                group = groups.get(entity) or Rows()
                further = group.adds(carried)
                if further and sent and size + len(text) + further > page_bytes:
                    more = True
                    break
                groups[entity] = group
                group.add(text, carried)
                size += len(text) + further
                sent += 1
                first = first or number
            taken += 1
            last = number
        if more:
            break
    after = last if more else max(last, head)
    return WirePage(page_text(groups, after, more=more), first, last if sent else cursor, sent, tuple(unreadable), after)


def _chunks(
    connection: Connection, grant: Grant, cursor: int, head: int, person: str | None
) -> Iterator[Sequence[Row[*tuple[Any, ...]]]]:
    """Yield the rows after ``cursor`` and up to ``head``, some at a time: a page is never in memory beyond its bytes."""
    is_embedded = connection.dialect.name == "sqlite"
    if grant.opened or person is not None:
        question = _question(grant, person, is_embedded=is_embedded)
    else:
        question = _scope_question(replace(grant, device="", worker=""), None, is_embedded=is_embedded)
    while cursor < head:
        chunk = question.ask(connection, {"after": cursor, "head": head, "most": _CHUNK})
        if chunk:
            yield chunk
        if len(chunk) < _CHUNK:
            return
        cursor = chunk[-1].number


def _question(grant: Grant, person: str | None, *, is_embedded: bool) -> Question:
    record = tables.record.c
    between = (record.number > given("after"), record.number <= given("head"))
    only = () if person is None else (record.person == person,)
    parts = [select(*ROW).where(part, *between, *only) for part in _parts(grant)]
    if len(parts) == 1:
        return Question(parts[0].order_by(record.number).limit(given("most")))
    if not is_embedded:
        # PostgreSQL would fetch all that is left of each part and sort it; the embedded file stops by itself when there is enough
        parts = [select(part.order_by(record.number).limit(given("most")).subquery()) for part in parts]
    return Question(union_all(*parts).order_by("number").limit(given("most")))


def _parts(grant: Grant) -> list[ColumnElement[bool]]:
    """Return the grant's clause in parts that share no row, each found in the order of numbers by an index of its own.

    For the clause as it is a database looks through the rows of all areas. It stays one where its parts would be many or overlap.
    """
    row, whole = tables.record.c, grant.clause()
    narrow = [str(c) for c in grant.classes if c not in WIDE]
    if grant.opened or len(grant.areas) > _MOST_PARTS or EVERY_AREA in grant.areas:
        return [whole]
    wide = [and_(whole, row.organisation == grant.organisation, row.sensitivity == str(c)) for c in grant.classes if c in WIDE]
    areas = [
        and_(whole, row.organisation == grant.organisation, row.area == area, row.sensitivity.in_(narrow))
        for area in sorted(set(grant.areas))
        if narrow
    ]
    return wide + areas or [whole]


# laptops of one scope ask the same
_scope_question: Final = lru_cache(maxsize=256)(_question)


def page_text(groups: Mapping[str, Rows], after: int, *, more: bool) -> bytes:
    """Return the JSON of a page: rows by kind of record, and the number to ask for next."""
    columns, parts = {}, []
    for entity in sorted(groups, key=list(COLUMNS).index):
        columns[entity], joined = groups[entity].joined(COLUMNS[entity])
        parts.append(f'"{entity}":[{joined}]')
    return (
        b'{"columns":%b,"rows":{%b},"next":%d,"more":%b}'
        % (orjson.dumps(columns), ",".join(parts).encode(), after, b"true" if more else b"false")
    )  # fmt: skip


def with_history(page: WirePage, told: list[list[JsonValue]]) -> WirePage:
    """Return the page with what others did to its records."""
    return replace(page, text=b'%b,"history":%b}' % (page.text[:-1], orjson.dumps(told))) if told else page
