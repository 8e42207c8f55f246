"""Records as the server holds them: read in one question, written in a few statements, however many a push touches."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import orjson
from pydantic import JsonValue
from sqlalchemy import Connection, select

from sync.protocol.entities import ENTITIES, Sensitivity, person_of
from sync.protocol.merge import Record
from sync.server.database import tables
from sync.server.database.bulk import Answer, Values, ask_rows, put_rows
from sync.server.database.cells import read_object
from sync.server.records.wire import row_text

_READ: Final = (
    "id", "entity", "sensitivity", "area", "number", "gone", "erased", "author", "made_at", "fields", "changed", "changed_by",
    "person",
)  # fmt: skip
_ROW_AGREES: Final = "substr(wire, 42, length(area) + 1) = area || '\"'"
"""Whether a record's ready-made row names its area behind its id: asked of the database, so that the row need not be read."""
PLACE: Final = ("id", "area", "gone", "erased", _ROW_AGREES)
_READ_TO_CHANGE: Final = (*_READ, _ROW_AGREES)
_ONCE: Final = frozenset({"entity", "sensitivity", "author", "made_at"})
_STAYS: Final = _ONCE | {"person"}


@dataclass(slots=True)
class Held:
    """One record while a push is folded in. ``is_stored`` says that the table has it already, as one about ``person``.

    ``row_agrees``: its ready-made row says the same area, as far as that was asked.
    """

    entity: str
    sensitivity: Sensitivity
    area: str
    author: str
    made_at: str
    record: Record
    is_erased: bool = False
    is_stored: bool = False
    person: str | None = None
    row_agrees: bool = True


class RecordUnreadable(ValueError):
    """A record cannot be read, because a failing disk altered it; ``id`` is its own."""

    def __init__(self, id_: str) -> None:
        self.id = id_
        super().__init__("a record cannot be read")


def load(connection: Connection, organisation: str, ids: Iterable[str]) -> dict[str, Held]:
    """Return those of the records that exist, by id."""
    return read_held(ask_held(connection, organisation, ids))


def ask_held(connection: Connection, organisation: str, ids: Iterable[str], *, to_change: bool = False) -> Answer:
    """Ask for the records, as :func:`sync.server.database.bulk.ask_rows` does; :func:`read_held` makes records of the answer.

    ``to_change``: also whether their ready-made rows say the same area; an edit must not make true what one cell says.
    """
    return ask_rows(connection, tables.record, _READ_TO_CHANGE if to_change else _READ, organisation, "id", ids)


def read_held(answer: Answer) -> dict[str, Held]:
    """Return the records that were asked for and exist, by id; raise :class:`RecordUnreadable` where one cannot be read."""
    return {row[0]: _held(*row) for row in answer()}


def _held(
    id_: str, entity: str, sensitivity: str, area: str, number: int, gone: int, erased: int, author: str, made_at: str,
    fields: str, changed: str, changed_by: str, person: str | None, row_agrees: object = True,
) -> Held:  # fmt: skip
    try:
        record = Record(read_object(fields), read_object(changed), read_object(changed_by), number, bool(gone))
        held = Held(
            entity, Sensitivity(sensitivity), area, author, made_at, record,
            is_erased=bool(erased), is_stored=True, person=person, row_agrees=bool(row_agrees),
        )  # fmt: skip
    except ValueError as fault:
        raise RecordUnreadable(id_) from fault
    if entity not in ENTITIES:
        raise RecordUnreadable(id_)
    return held


def save(connection: Connection, organisation: str, touched: Mapping[str, Held]) -> None:
    """Write the records that a push touched, each with its row as it travels."""
    stay: list[Values] = []
    others: list[Values] = []
    for id_, held in touched.items():
        row = _values(organisation, id_, held)
        # an erased record says nothing more, and is still about the same person
        is_of_same = held.is_stored and (held.is_erased or row[-1] == held.person)
        (stay if is_of_same else others).append(row)
    # whom a record is about hardly ever changes: said again for each edit, it would be looked up in its index again
    put_rows(connection, tables.record, stay, once=_STAYS)
    put_rows(connection, tables.record, others, once=_ONCE)


def refresh_rows(connection: Connection, organisation: str, entities: Iterable[str]) -> None:
    """Make the ready-made rows of these entities again: their columns are not what they were."""
    row = tables.record.c
    for entity in entities:
        ids = connection.execute(
            select(row.id).where(row.organisation == organisation, row.entity == entity).order_by(row.id)
        ).scalars().all()  # fmt: skip
        for start in range(0, len(ids), 500):
            save(connection, organisation, load_readable(connection, organisation, set(ids[start : start + 500])))


def load_readable(connection: Connection, organisation: str, ids: set[str]) -> dict[str, Held]:
    """Return those of the records that can be read: the others are made again when a laptop asks for them."""
    while True:
        try:
            return load(connection, organisation, ids)
        except RecordUnreadable as unreadable:
            ids = ids - {unreadable.id}


def _values(organisation: str, id_: str, held: Held) -> Values:
    """Return the values of a record's columns, in the table's order."""
    record = held.record
    gone = int(record.gone)
    wire, carried = row_text(held.entity, (id_, held.area, record.number, held.author, held.made_at, gone), record.fields)
    return (
        organisation, id_, held.entity, str(held.sensitivity), held.area, record.number, gone, int(held.is_erased), held.author,
        held.made_at, _text(record.fields), _text(record.changed), _text(record.changed_by), wire, carried,
        person_of(ENTITIES[held.entity], id_, record.fields),
    )  # fmt: skip


def _text(fields: Mapping[str, JsonValue]) -> str:
    return orjson.dumps(fields).decode()


def class_of_conflict(entity: str) -> Sensitivity:
    """Return the class of a conflict about a record of ``entity``: care, unless the record itself is kept closer."""
    own = ENTITIES[entity].sensitivity
    return own if own in {Sensitivity.SAFEGUARDING, Sensitivity.EQUALITY} else Sensitivity.CARE
