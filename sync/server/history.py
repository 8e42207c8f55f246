"""The history of a record: every change that was taken, in the server's order, and what each of them did to its fields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import orjson
from pydantic import JsonValue
from sqlalchemy import Connection, select

from sync.protocol.change import Change, ChangeKind
from sync.protocol.merge import replay
from sync.server import tables


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a record's history. ``overtaken`` holds the values that gave way."""

    number: int
    change_id: str
    entity: str
    record: str
    kind: str
    area: str
    author: str
    device: str
    counter: int
    base: int
    at: str
    fields: Mapping[str, JsonValue]
    overtaken: Mapping[str, JsonValue]

    def change(self) -> Change:
        """Return the change as it was taken."""
        # it was looked at when it was taken: looking again would only cost
        return Change.model_construct(
            id=self.change_id, entity=self.entity, record=self.record, kind=ChangeKind(self.kind), area=self.area,
            fields=dict(self.fields), base=self.base, author=self.author, device=self.device, counter=self.counter, at=self.at,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Step:
    """What one line did: for each field that it named the value before, what it said, and the value that stood afterwards."""

    line: Line
    fields: Mapping[str, tuple[JsonValue, JsonValue, JsonValue]]


def history(connection: Connection, organisation: str, record: str) -> list[Line]:
    """Return everything that was ever said of a record, oldest first, with the values that gave way."""
    row = tables.ledger.c
    query = select(tables.ledger).where(row.organisation == organisation, row.record == record).order_by(row.number)
    return [
        Line(
            found.number, found.change_id, found.entity, found.record, found.kind, found.area, found.author, found.device,
            found.counter, found.base, found.at, orjson.loads(found.fields), orjson.loads(found.overtaken or "{}"),
        )
        for found in connection.execute(query)
    ]  # fmt: skip


def steps(connection: Connection, organisation: str, record: str) -> list[Step]:
    """Return what each change did to a record, oldest first."""
    lines = history(connection, organisation, record)
    made: list[Step] = []
    before: Mapping[str, JsonValue] = {}
    for line, merged in zip(lines, replay([(line.number, line.change()) for line in lines]), strict=True):
        after = merged.record.fields
        made.append(Step(line, {name: (before.get(name), said, after.get(name)) for name, said in line.fields.items()}))
        before = after
    return made
