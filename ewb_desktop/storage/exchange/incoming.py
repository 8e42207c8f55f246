"""Before rows of the server are laid into the file every value is looked at; a row that cannot be read is set aside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import repeat
from operator import itemgetter
from typing import Any

import orjson
from pydantic import JsonValue
from sqlalchemy import Connection

from ewb_desktop.storage.direct import fetch_first
from ewb_desktop.storage.exchange import arrivals
from ewb_desktop.storage.exchange.arrivals import Additions, Columns
from ewb_desktop.storage.exchange.brought import lay_held_again
from ewb_desktop.storage.exchange.journal import JournalEntry, has_unsent, unsent_entries
from ewb_desktop.storage.writing import Writing
from sync.protocol.change import ChangeKind
from sync.protocol.entities import ENTITIES, ENVELOPE, Kind

_WIDEST = 1 << 63
_INSTANT = b"0000-00-00T00:00:00.000Z"
_DAY = b"0000-00-00"
_DIGITS_AS_NOUGHTS = bytes.maketrans(b"123456789", b"000000000")
_DAY_OF = itemgetter(slice(len(_DAY)))
_NEVER_NONE = frozenset({"id", "area", "number", "author", "gone"})
_ENVELOPE_KINDS = {
    "id": Kind.TEXT,
    "area": Kind.TEXT,
    "number": Kind.INTEGER,
    "author": Kind.TEXT,
    "made_at": Kind.INSTANT,
    "gone": Kind.INTEGER,
}

Rows = Sequence[Sequence[JsonValue]]


@dataclass(frozen=True, slots=True)
class Laid:
    """What became of rows: how many are in the file, and how many could not be read and were set aside."""

    rows: int = 0
    set_aside: int = 0

    def __add__(self, other: Laid) -> Laid:
        return Laid(self.rows + other.rows, self.set_aside + other.set_aside)


@dataclass(frozen=True, slots=True)
class Group:
    """Rows of one entity from a snapshot; ``additions`` are the same, ready for the file, when every one of them can be read."""

    entity: str
    columns: dict[str, Any]
    additions: Additions | None


class Unfit(ValueError):
    """A value that is not of the kind that its column holds; its text names the column and never the value."""


def lay_page(writing: Writing, columns: Mapping[str, Sequence[str]], rows: Mapping[str, Rows]) -> Laid:
    """Lay rows of the server, given as arrays under the names in ``columns``, into the open transaction.

    A worker's unsent edits stay on top. A row that cannot be read, or whose kind this program does not know, is kept
    aside in the file, and the rest goes on.
    """
    laid = Laid()
    for entity in sorted(rows, key=_order):
        laid += _lay_group(writing, entity, tuple(columns.get(entity, ())), rows[entity])
    return laid


def count_aside(connection: Connection) -> int:
    """Return how many rows of the server are set aside because this program could not read them."""
    found = fetch_first(connection, "SELECT count(*) FROM carried_row")
    return int(found[0]) if found else 0


def try_aside_again(writing: Writing) -> Laid:
    """Try again to lay the rows that were set aside, for instance after an update of the program."""
    found = writing.connection.exec_driver_sql("SELECT entity, id, row FROM carried_row").all()
    laid = Laid()
    for entity, id_, text in found:
        if entity not in ENTITIES:
            continue
        row = orjson.loads(text)
        writing.connection.exec_driver_sql("DELETE FROM carried_row WHERE entity = ? AND id = ?", (entity, id_))
        if _number_in_file(writing.connection, entity, id_) < _whole(row.get("number")):
            laid += lay_page(writing, {entity: list(row)}, {entity: [list(row.values())]})
    return laid


def _order(entity: str) -> int:
    return list(ENTITIES).index(entity) if entity in ENTITIES else len(ENTITIES)


def read_block(content: Any) -> list[Group]:
    """Look at every value of a block of a snapshot and make it ready for :func:`lay_block`; no file is needed for that.

    A block holds for each entity its name, its columns' names, these, and names of columns without a value. Raises
    :class:`Unfit` when it is none at all; a single row that cannot be read is left to the laying.
    """
    groups = content.get("groups") if isinstance(content, dict) else None
    if not isinstance(groups, list):
        raise Unfit("a block of a snapshot that is none")
    return [_ready(*_read_group(group)) for group in groups]


def lay_block(writing: Writing, groups: Sequence[Group], newer: frozenset[str]) -> Laid:
    """Lay what :func:`read_block` made ready; otherwise as :func:`lay_page`.

    Records in ``newer`` stay as they are: this file has them from a later moment.
    """
    laid = Laid()
    is_all_sent = not has_unsent(writing.connection)
    with writing.echo(bulk=True):
        for group in groups:
            entity, columns = group.entity, group.columns
            if not newer.isdisjoint(columns["id"]):
                kept = [at for at, id_ in enumerate(columns["id"]) if id_ not in newer]
                columns = {name: column and [column[at] for at in kept] for name, column in columns.items()}
                group = _ready(entity, columns)
            if columns["id"]:
                laid += _lay_columns(writing, entity, columns, group.additions, is_all_sent=is_all_sent)
    return laid


def _ready(entity: str, columns: dict[str, Any]) -> Group:
    try:
        _check(entity, columns)
    except Unfit:
        return Group(entity, columns, None)
    return Group(entity, columns, arrivals.as_additions(entity, columns) if columns["id"] else None)


def _read_group(group: Sequence[Any]) -> tuple[str, dict[str, Any]]:
    try:
        entity, names, values, empty = group
        columns: dict[str, Any] = dict(zip(names, values, strict=True))
        rows = len(columns["id"])
        if not isinstance(entity, str) or any(len(column) != rows for column in values):
            raise Unfit("columns of a group differ in length")
        return entity, {**columns, **dict.fromkeys(empty)}
    except (KeyError, TypeError, ValueError) as error:
        raise Unfit("a block of a snapshot that is none") from error


def _lay_group(writing: Writing, entity: str, names: tuple[str, ...], group: Rows) -> Laid:
    if not group:
        return Laid()
    if len(set(names)) == len(names) and all(len(row) == len(names) for row in group):
        return _lay_columns(writing, entity, arrivals.as_columns(names, group))
    if len(group) == 1:
        _set_aside(writing, entity, dict(zip(names, group[0], strict=False)))
        return Laid(0, 1)
    middle = len(group) // 2
    return _lay_group(writing, entity, names, group[:middle]) + _lay_group(writing, entity, names, group[middle:])


def _lay_columns(
    writing: Writing, entity: str, columns: Columns, additions: Additions | None = None, *, is_all_sent: bool = False
) -> Laid:
    """Lay rows of one entity; whatever comes with ``additions`` was looked at already."""
    count = len(columns.get("id") or ())
    try:
        if additions is None:
            _check(entity, columns)
    except Unfit:
        if count <= 1 or entity not in ENTITIES:
            filled = {name: values for name, values in columns.items() if values is not None}
            for row in zip(*filled.values(), strict=True):
                _set_aside(writing, entity, dict(zip(filled, row, strict=True)))
            return Laid(0, max(count, 1))
        # halves find a few bad rows among 2,000 in a few dozen steps
        halves = ((0, count // 2), (count // 2, count))
        first, second = ({name: v and v[begin:end] for name, v in columns.items()} for begin, end in halves)
        return _lay_columns(writing, entity, first) + _lay_columns(writing, entity, second)
    unsent = {} if is_all_sent else unsent_entries(writing.connection, entity, columns["id"] or ())
    unseen = _unseen(writing.connection, entity, columns, unsent) if unsent else []
    left = arrivals.lay_columns(writing, entity, columns, unsent, None if unsent else additions)
    lay_held_again(writing, entity, columns["id"] or ())
    if unseen:
        writing.connection.exec_driver_sql(f'UPDATE "{entity}" SET number = ? WHERE id = ?', unseen)  # noqa: S608
    return Laid(count - len(left), len(left))


def _hides(edits: Sequence[JournalEntry], columns: Columns, there: tuple[Any, bool]) -> bool:
    shown = (edits[-1].area, edits[-1].kind == ChangeKind.TOMBSTONE)
    return shown != there or any(not edit.fields.keys().isdisjoint(columns) for edit in edits)


def _unseen(
    connection: Connection, entity: str, columns: Columns, unsent: Mapping[str, Sequence[JournalEntry]]
) -> list[tuple[int, str]]:
    """Return the present numbers of the records of which something now lies hidden beneath the worker's own words.

    She has not seen that, so her next edit must not claim that she has: the record keeps its number until hers is sent. Where it
    stands, and whether it is on the screens, is hidden as a value is.
    """
    places = zip(columns["id"] or (), columns["area"] or (), columns["gone"] or repeat(0), strict=False)
    there = {str(id_): (area, bool(gone)) for id_, area, gone in places if id_ in unsent}
    hidden = [record for record, edits in unsent.items() if _hides(edits, columns, there[record])]
    return [(number, record) for record in hidden if (number := _number_in_file(connection, entity, record)) >= 0]


def _set_aside(writing: Writing, entity: str, row: Mapping[str, JsonValue]) -> None:
    writing.connection.exec_driver_sql(
        "INSERT INTO carried_row (entity, id, row) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET row = excluded.row",
        (entity, str(row.get("id")), orjson.dumps(row).decode()),
    )


def _number_in_file(connection: Connection, entity: str, record: str) -> int:
    found = connection.exec_driver_sql(f'SELECT number FROM "{entity}" WHERE id = ?', (record,)).scalar()  # noqa: S608
    return -1 if found is None else int(found)


def _whole(value: JsonValue) -> int:
    return value if isinstance(value, int) else 0


def _check(entity: str, columns: Columns) -> None:
    """Raise :class:`Unfit` if a value is of another kind than its column, or nobody here knows such records."""
    if entity not in ENTITIES:
        raise Unfit("this program does not know such records")
    if tuple(columns)[: len(ENVELOPE)] != ENVELOPE:
        raise Unfit("the columns do not begin with the envelope")
    kinds = {name: field.kind for name, field in ENTITIES[entity].fields.items()} | _ENVELOPE_KINDS
    for name, column in columns.items():
        if name not in kinds:
            continue
        found = {type(None)} if column is None else set(map(type, column))
        if name in _NEVER_NONE and type(None) in found:
            raise Unfit(f"a row has no {name}")
        if column is not None and not _fits(kinds[name], column, found):
            raise Unfit(f"a value is not of the kind that {name} holds")


def _fits(kind: Kind, column: Sequence[Any], found: set[type]) -> bool:
    """Tell whether the values, of the types ``found``, are of this kind; by whole columns, because a first pull has a million."""
    types = found - {type(None)}
    match kind:
        case Kind.JSON:
            return True
        case Kind.LIST:
            return types <= {list} and all(isinstance(word, str) for value in column for word in value or ())
        case Kind.INTEGER:
            numbers = [value for value in column if value is not None] if type(None) in found else column
            return types <= {int} and (not numbers or (min(numbers) >= -_WIDEST and max(numbers) < _WIDEST))
        case Kind.REAL:
            return types <= {int, float}
        case Kind.FLAG:
            return types <= {int, bool} and set(column) <= {0, 1, None}
        case Kind.TEXT:
            return types <= {str}
        case _:
            texts = [value for value in column if value is not None] if type(None) in found else column
            return types <= {str} and (not texts or _are_times(kind, texts))


def _are_times(kind: Kind, texts: Sequence[str]) -> bool:
    """Tell whether all are days, or all instants; one by one it would take longer than writing them into the file."""
    shape = _DAY if kind is Kind.DAY else _INSTANT
    joined = "".join(texts).encode(errors="replace")
    # the marks of one stand where the marks of the next would not, so lengths cannot make up for each other
    if joined.translate(_DIGITS_AS_NOUGHTS) != shape * len(texts):
        return False
    try:
        for day in set(map(_DAY_OF, texts)):
            date.fromisoformat(day)
    except ValueError:
        return False
    if kind is Kind.DAY:
        return True
    step = len(shape)
    hours, minutes, seconds = joined[11::step], joined[14::step], joined[17::step]
    is_late = bool(hours.translate(None, b"01"))
    return not (minutes + seconds).translate(None, b"012345") and not (
        is_late and max(zip(hours, joined[12::step], strict=True)) > tuple(b"23")
    )
