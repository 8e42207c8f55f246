"""What stands in single fields of records, and at which number of the server: what the writer of a form had before her."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from ewb_desktop.storage.cards.conflicts import wire_value
from ewb_desktop.storage.tables import KINDS, table


class Spot(NamedTuple):
    """One field of one record."""

    entity: str
    record: str
    field: str


class Seen(NamedTuple):
    """What stood in a field, as JSON, and the server's number of the record at which it stood there."""

    value: Any
    number: int


def stands_in(connection: Connection, spots: Iterable[Spot]) -> dict[Spot, Seen]:
    """Return what stands in these fields now; those of records that are not in the file are left out."""
    fields: dict[tuple[str, str], list[str]] = {}
    for spot in spots:
        fields.setdefault((spot.entity, spot.record), []).append(spot.field)
    found: dict[Spot, Seen] = {}
    for (entity, record), names in fields.items():
        known = table(KINDS[entity]).c
        row = connection.execute(select(known.number, *(known[name] for name in names)).where(known.id == record)).first()
        if row is not None:
            number, *values = row
            found |= {
                Spot(entity, record, name): Seen(wire_value(value), number) for name, value in zip(names, values, strict=True)
            }
    return found
