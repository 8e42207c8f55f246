"""Holds what decides who is given a record against what the record, its history and the members' records say.

A column that was altered outside the program lets a laptop receive what is not for it, and no word of any record is another.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import orjson
from pydantic import JsonValue
from sqlalchemy import Connection, and_, select

from sync.protocol.entities import ENTITIES, Sensitivity, person_of
from sync.server.admission.laptop_keys import LAPTOP
from sync.server.database import tables
from sync.server.database.cells import object_in
from sync.server.pushing.clashes import CONFLICT
from sync.server.records.following import MEMBER, matches_of
from sync.server.records.rows import class_of_conflict

_CHUNK: Final = 500
_WORKER: Final = "worker"
_ASSESSMENT: Final = "assessment"
_ANSWER: Final = "answer"


@dataclass(slots=True)
class Reach:
    """What was found in one organisation: ``records`` by a number of its ledger, ``workers`` by id, ``members`` by number.

    ``records`` stand where they would be given to others; ``workers`` may do or see other than what was typed about them;
    of ``members`` other workers are matched to them than their own records say; ``laptops`` (by id) count as another worker's.
    """

    records: list[int] = field(default_factory=list)
    workers: list[str] = field(default_factory=list)
    members: list[int] = field(default_factory=list)
    laptops: list[str] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    """Answers, by number, that are about another member than the questionnaire to which they belong."""


def look_at_reach(connection: Connection, organisation: str) -> Reach:
    """Read what decides who is given each record. What cannot be read is left to :mod:`sync.server.damage.altered`."""
    found = Reach()
    elsewhere = {*_moved(connection, organisation)}
    told: dict[str, Mapping[str, JsonValue]] = {}
    owners: dict[str, JsonValue] = {}
    matched: dict[str, tuple[int, frozenset[str]]] = {}
    for each in _records(connection, organisation):
        fields = object_in(each.fields)
        if fields is None:
            continue
        # what was destroyed by law says nothing, also not whom it was about
        if not (each.erased and not fields) and not _is_in_place(each, fields):
            elsewhere.add(each.number)
        if each.entity == _WORKER:
            told[each.id] = fields
        elif each.entity == LAPTOP:
            owners[each.id] = fields.get("worker")
        elif each.entity == MEMBER:
            matched[each.id] = (each.number, matches_of(fields))
    found.records = sorted(elsewhere)
    found.answers = sorted(_apart(connection, organisation))
    found.workers = sorted(_otherwise(connection, organisation, told))
    found.members = sorted(_mismatched(connection, organisation, matched))
    found.laptops = sorted(_anothers(connection, organisation, owners))
    return found


def _records(connection: Connection, organisation: str) -> Iterator[Any]:
    row = tables.record.c
    query = select(row.id, row.entity, row.sensitivity, row.number, row.person, row.fields, row.erased).where(
        row.organisation == organisation, row.entity.in_(sorted(ENTITIES))
    )
    with connection.execute(query.execution_options(yield_per=_CHUNK)) as found:
        yield from found


def _is_in_place(found: Any, fields: Mapping[str, JsonValue]) -> bool:
    stands: tuple[str, str | None] = (found.sensitivity, found.person)
    return stands == (_class_of(found.entity, fields), person_of(ENTITIES[found.entity], found.id, fields))


def _class_of(entity: str, fields: Mapping[str, JsonValue]) -> Sensitivity:
    if entity != CONFLICT:
        return ENTITIES[entity].sensitivity
    about = fields.get("entity")
    return class_of_conflict(about) if isinstance(about, str) and about in ENTITIES else ENTITIES[CONFLICT].sensitivity


def _apart(connection: Connection, organisation: str) -> Iterator[int]:
    """Yield answers that are about another member than their questionnaire, where neither was destroyed by law."""
    row = tables.record.c
    mine = (row.organisation == organisation) & (row.erased == 0)
    query = select(row.id, row.person).where(mine, row.entity == _ASSESSMENT)
    about = {each.id: each.person for each in connection.execute(query)}
    if not about:
        return
    told = select(row.number, row.person, row.fields).where(mine, row.entity == _ANSWER)
    with connection.execute(told.execution_options(yield_per=_CHUNK)) as answers:
        for number, person, cell in answers:
            assessment = (object_in(cell) or {}).get(_ASSESSMENT)
            # of one that is not here yet nothing is known
            if isinstance(assessment, str) and about.get(assessment, person) != person:
                yield number


def _moved(connection: Connection, organisation: str) -> Iterator[int]:
    """Yield the numbers of records that stand in another area than the change that wrote them last put them in."""
    record, line = tables.record.c, tables.ledger.c
    same = and_(line.organisation == record.organisation, line.number == record.number)
    query = (
        select(record.number)
        .join_from(tables.record, tables.ledger, same)
        .where(record.organisation == organisation, record.area != line.area)
    )
    yield from connection.execute(query).scalars()


def _otherwise(connection: Connection, organisation: str, told: Mapping[str, Mapping[str, JsonValue]]) -> Iterator[str]:
    row = tables.worker.c
    query = select(row.id, row.role, row.areas, row.active).where(row.organisation == organisation)
    for worker in connection.execute(query).all():
        said = told.get(worker.id, {})
        if (worker.role, _list(worker.areas), worker.active) != (said.get("role"), said.get("areas"), said.get("active")):
            yield worker.id


def _anothers(connection: Connection, organisation: str, owners: Mapping[str, JsonValue]) -> Iterator[str]:
    """Yield laptops that would be given what another worker's are; one that never told its keys has said nothing."""
    row = tables.device.c
    for id_, worker in connection.execute(select(row.id, row.worker).where(row.organisation == organisation)).all():
        if owners.get(id_, worker) != worker:
            yield id_


def _mismatched(connection: Connection, organisation: str, matched: Mapping[str, tuple[int, frozenset[str]]]) -> Iterator[int]:
    row = tables.matched.c
    kept: dict[str, set[str]] = {}
    for person, worker in connection.execute(select(row.person, row.worker).where(row.organisation == organisation)):
        kept.setdefault(person, set()).add(worker)
    for person in kept.keys() | matched.keys():
        number, workers = matched.get(person, (0, frozenset()))
        if kept.get(person, set()) != workers:
            yield number


def _list(text: str) -> JsonValue:
    try:
        return orjson.loads(text)  # type: ignore[no-any-return]
    except ValueError:
        return None
