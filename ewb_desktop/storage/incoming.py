"""Before rows of the server are laid into the file every value is looked at; a row that cannot be read is set aside."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import orjson
from pydantic import JsonValue
from sqlalchemy import Connection

from ewb_desktop.storage import arrivals
from ewb_desktop.storage.journal import unsent_fields
from ewb_desktop.storage.writing import Writing
from sync.protocol.entities import ENTITIES, ENVELOPE, Kind

_WIDEST = 1 << 63
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", re.ASCII)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
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
    return int(connection.exec_driver_sql("SELECT count(*) FROM carried_row").scalar() or 0)


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


def _lay_group(writing: Writing, entity: str, columns: tuple[str, ...], group: Rows) -> Laid:
    try:
        checked = group if entity not in ENTITIES else _checked(entity, columns, group)
    except Unfit:
        if len(group) == 1:
            _set_aside(writing, entity, columns, group[0])
            return Laid(0, 1)
        # halves find a few bad rows among 2,000 in a few dozen steps
        middle = len(group) // 2
        return _lay_group(writing, entity, columns, group[:middle]) + _lay_group(writing, entity, columns, group[middle:])
    if entity not in ENTITIES:
        for row in group:
            _set_aside(writing, entity, columns, row)
        return Laid(0, len(group))
    unseen = _unseen(writing.connection, entity, columns, checked)
    left = arrivals.lay_rows(writing, entity, columns, checked)
    if unseen:
        writing.connection.exec_driver_sql(f'UPDATE "{entity}" SET number = ? WHERE id = ?', unseen)  # noqa: S608
    return Laid(len(group) - len(left), len(left))


def _unseen(connection: Connection, entity: str, columns: Sequence[str], group: Rows) -> list[tuple[int, str]]:
    """Return the present numbers of the records of which a value now lies hidden beneath the worker's own words.

    She has not seen that value, so her next edit must not claim that she has: the record keeps its number until hers is sent.
    """
    unsent = unsent_fields(connection, entity, [str(row[0]) for row in group])
    hidden = [record for record, edits in unsent.items() if any(not fields.keys().isdisjoint(columns) for fields in edits)]
    return [(number, record) for record in hidden if (number := _number_in_file(connection, entity, record)) >= 0]


def _set_aside(writing: Writing, entity: str, columns: Sequence[str], row: Sequence[JsonValue]) -> None:
    kept = dict(zip(columns, row, strict=False))
    writing.connection.exec_driver_sql(
        "INSERT INTO carried_row (entity, id, row) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET row = excluded.row",
        (entity, str(kept.get("id")), orjson.dumps(kept).decode()),
    )


def _number_in_file(connection: Connection, entity: str, record: str) -> int:
    found = connection.exec_driver_sql(f'SELECT number FROM "{entity}" WHERE id = ?', (record,)).scalar()  # noqa: S608
    return -1 if found is None else int(found)


def _whole(value: JsonValue) -> int:
    return value if isinstance(value, int) else 0


def _checked(entity: str, columns: tuple[str, ...], group: Rows) -> Rows:
    """Return the rows as they came; raises :class:`Unfit` if a value is of another kind."""
    if columns[: len(ENVELOPE)] != ENVELOPE or len(set(columns)) != len(columns):
        raise Unfit("the columns do not begin with the envelope")
    if any(len(row) != len(columns) for row in group):
        raise Unfit("a row has more or fewer values than columns")
    kinds = {name: field.kind for name, field in ENTITIES[entity].fields.items()} | _ENVELOPE_KINDS
    for at, name in enumerate(columns):
        column = [row[at] for row in group]
        if name in kinds and not _fits(kinds[name], column):
            raise Unfit(f"a value is not of the kind that {name} holds")
        if name in ("id", "area", "number", "author", "gone") and None in column:
            raise Unfit(f"a row has no {name}")
    return group


def _fits(kind: Kind, column: Sequence[Any]) -> bool:
    """Tell whether the values are of this kind; whole columns are looked at, because a first page has 100,000 values."""
    kinds = set(map(type, column))
    types = kinds - {type(None)}
    match kind:
        case Kind.JSON:
            return True
        case Kind.LIST:
            return types <= {list} and all(isinstance(word, str) for value in column for word in value or ())
        case Kind.INTEGER:
            numbers = [value for value in column if value is not None] if type(None) in kinds else column
            return types <= {int} and (not numbers or (min(numbers) >= -_WIDEST and max(numbers) < _WIDEST))
        case Kind.REAL:
            return types <= {int, float}
        case Kind.FLAG:
            return types <= {int, bool} and set(column) <= {0, 1, None}
        case Kind.TEXT:
            return types <= {str}
        case _:
            return types <= {str} and all(_is_time(kind, value) for value in set(column) - {None})


def _is_time(kind: Kind, text: str) -> bool:
    pattern = _DAY if kind is Kind.DAY else _INSTANT
    if not pattern.fullmatch(text):
        return False
    try:
        datetime.fromisoformat(text) if kind is Kind.INSTANT else date.fromisoformat(text)
    except ValueError:
        return False
    return True
