"""Records as the server holds them: read in one question, written in two statements, however many a push touches."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, Final

import orjson
from pydantic import JsonValue
from sqlalchemy import Connection, select

from sync.protocol.entities import ENTITIES, Sensitivity, person_of
from sync.protocol.merge import Record
from sync.server import tables
from sync.server.bulk import Values, insert_rows, select_rows, update_rows
from sync.server.wire import row_text

_READ: Final = (
    "id", "entity", "sensitivity", "area", "number", "gone", "erased", "author", "made_at", "fields", "changed", "changed_by",
)  # fmt: skip
_CHANGING: Final = ("area", "number", "gone", "erased", "fields", "changed", "changed_by", "wire", "carried", "person")
_changing: Final = itemgetter(*_CHANGING, "id")
_in_columns: Final = itemgetter(*tables.record.columns.keys())


@dataclass(slots=True)
class Held:
    """One record while a push is folded in. ``is_stored`` says that the table has it already."""

    entity: str
    sensitivity: Sensitivity
    area: str
    author: str
    made_at: str
    record: Record
    is_erased: bool = False
    is_stored: bool = False


def load(connection: Connection, organisation: str, ids: Iterable[str]) -> dict[str, Held]:
    """Return those of the records that exist, by id."""
    return {
        found.id: Held(
            entity=found.entity,
            sensitivity=Sensitivity(found.sensitivity),
            area=found.area,
            author=found.author,
            made_at=found.made_at,
            record=Record(
                orjson.loads(found.fields),
                orjson.loads(found.changed),
                orjson.loads(found.changed_by),
                found.number,
                bool(found.gone),
            ),
            is_erased=bool(found.erased),
            is_stored=True,
        )
        for found in select_rows(connection, tables.record, _READ, organisation, "id", ids)
    }


def save(connection: Connection, organisation: str, touched: dict[str, Held]) -> None:
    """Write the records that a push touched, each with its row as it travels."""
    new: list[Values] = []
    old: list[Values] = []
    for id_, held in touched.items():
        values = _values(organisation, id_, held)
        if held.is_stored:
            old.append(_changing(values))
        else:
            new.append(_in_columns(values))
    insert_rows(connection, tables.record, new)
    # an erased record says nothing more, and is still about the same person
    update_rows(connection, tables.record, _CHANGING, organisation, old, kept=("person",))


def refresh_rows(connection: Connection, organisation: str, entities: Iterable[str]) -> None:
    """Make the ready-made rows of these entities again: their columns are not what they were."""
    row = tables.record.c
    for entity in entities:
        ids = connection.execute(
            select(row.id).where(row.organisation == organisation, row.entity == entity).order_by(row.id)
        ).scalars().all()  # fmt: skip
        for start in range(0, len(ids), 500):
            save(connection, organisation, load(connection, organisation, ids[start : start + 500]))


def _values(organisation: str, id_: str, held: Held) -> dict[str, Any]:
    record = held.record
    envelope: dict[str, JsonValue] = {
        "id": id_, "area": held.area, "number": record.number, "author": held.author, "made_at": held.made_at,
        "gone": int(record.gone),
    }  # fmt: skip
    wire, carried = row_text(held.entity, envelope, record.fields)
    return {
        "organisation": organisation,
        "id": id_,
        "entity": held.entity,
        "sensitivity": str(held.sensitivity),
        "area": held.area,
        "number": record.number,
        "gone": int(record.gone),
        "erased": int(held.is_erased),
        "author": held.author,
        "made_at": held.made_at,
        "fields": orjson.dumps(record.fields).decode(),
        "changed": orjson.dumps(record.changed).decode(),
        "changed_by": orjson.dumps(record.changed_by).decode(),
        "wire": wire,
        "carried": carried,
        "person": person_of(ENTITIES[held.entity], id_, record.fields),
    }


def class_of_conflict(entity: str) -> Sensitivity:
    """Return the class of a conflict about a record of ``entity``: care, unless the record itself is kept closer."""
    own = ENTITIES[entity].sensitivity
    return own if own in {Sensitivity.SAFEGUARDING, Sensitivity.EQUALITY} else Sensitivity.CARE
