"""Holds what a record notes of each field, at which number and by which laptop it last changed, against its history.

These cells decide whether two edits are a question for somebody: one altered bit asks for nothing, or passes over an answer.
They never travel, so they are put right where they stand: no laptop receives the record again for it.
"""

from __future__ import annotations

from collections.abc import Collection, Generator, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import groupby, islice
from operator import attrgetter
from typing import Any, Final

import orjson
from sqlalchemy import Connection, select, update

from sync.protocol.change import Change
from sync.protocol.entities import ENTITIES
from sync.protocol.merge import NOBODY, Record, replay
from sync.server.database import tables
from sync.server.database.cells import is_text, object_in
from sync.server.pushing.clashes import CONFLICT
from sync.server.pushing.mending import MEND
from sync.server.pushing.numbers import is_whole
from sync.server.records import audit
from sync.server.records.following import AREA, MEMBER
from sync.server.records.history import Line, histories, line_in
from sync.server.records.scope import SERVER
from sync.server.records.standing import moves_of

_CHUNK: Final = 500
_AT_ONCE: Final = 200
_MARK: Final = "@"


@dataclass(frozen=True, slots=True)
class Stamped:
    """A record of which the stamps are not as its history tells. ``changed`` and ``changed_by`` are what it tells."""

    id: str
    entity: str
    number: int
    changed: Mapping[str, int]
    changed_by: Mapping[str, str]


def look_at_stamps(connection: Connection, organisation: str) -> Iterator[Stamped]:
    """Yield every record that notes other than its history when, or by which laptop, a field last changed.

    Lines are read one by one: neither the ledger nor a long history is ever in memory. What cannot be read, or says other than
    its history in what it says, is told elsewhere (:mod:`sync.server.damage.altered`); so is what was destroyed by law.
    """
    asked = _questions(connection, organisation)
    with closing(_told(connection, organisation)) as told:
        while some := dict(islice(told, _AT_ONCE)):
            yield from _among(connection, organisation, some, asked)


def put_stamps_right(connection: Connection, organisation: str, now: str) -> int:
    """Write the stamps of every record as its history tells; return of how many they were others.

    Nothing is written where the ledger has gaps, or by the name of a laptop that is not known: then a line was altered, or lost.
    """
    if next(look_at_stamps(connection, organisation), None) is None:
        return 0
    after = audit.held_tip(connection, organisation)
    if not is_whole(connection, organisation):
        return 0
    device, row = tables.device.c, tables.record.c
    known = {*connection.execute(select(device.id).where(device.organisation == organisation)).scalars(), SERVER, NOBODY}
    # read to its end before the first is written: they are few
    found = [each for each in look_at_stamps(connection, organisation) if known.issuperset(_laptops(each.changed_by))]
    for each in found:
        mine = (row.organisation == organisation) & (row.id == each.id)
        stamps = {"changed": orjson.dumps(each.changed).decode(), "changed_by": orjson.dumps(each.changed_by).decode()}
        connection.execute(update(tables.record).where(mine).values(stamps))
    entries = [audit.Entry(SERVER, SERVER, MEND, each.entity, each.id, "stamps") for each in found]
    audit.write(connection, organisation, now, entries, after)
    return len(found)


def _laptops(changed_by: Mapping[str, str]) -> set[str]:
    return {laptop for name, laptop in changed_by.items() if not name.startswith(_MARK)}


def _told(connection: Connection, organisation: str) -> Generator[tuple[str, Record]]:
    """Yield each record's id and what its history makes of it, where every line can be read and none destroyed it."""
    row = tables.ledger.c
    query = select(tables.ledger).where(row.organisation == organisation).order_by(row.record, row.number)
    with connection.execute(query.execution_options(yield_per=_CHUNK)) as found:
        for id_, lines in groupby(found, attrgetter("record")):
            record: Record | None = None
            try:
                for merged in replay(map(_change, lines)):
                    record = merged.record
            except (ValueError, TypeError, AttributeError):
                # the rest of it is passed over by ``groupby``
                continue
            if record is not None and is_text(id_):
                yield id_, record


def _change(found: Any) -> tuple[int, Change]:
    line = line_in(found)
    return line.number, line.change()


def _among(
    connection: Connection, organisation: str, told: Mapping[str, Record], asked: Mapping[str, Mapping[str, str]]
) -> Iterator[Stamped]:
    row = tables.record.c
    query = select(row.id, row.entity, row.number, row.fields, row.changed, row.changed_by).where(
        row.organisation == organisation, row.id.in_(told), row.entity.in_(sorted(ENTITIES)), row.erased == 0
    )
    moves = moves_of(connection, organisation, told)
    for found in connection.execute(query.order_by(row.number)).all():
        fields, changed, changed_by = (object_in(cell) for cell in (found.fields, found.changed, found.changed_by))
        if fields is None or changed is None or changed_by is None:
            continue
        by_history, noted = told[found.id], _Stamps(changed, changed_by)
        questions = asked.get(found.id, {})
        about = {*questions.values(), *noted.questions()}
        # where somebody was asked, what stands depends on what was answered and on who had heard of it
        names = (fields.keys() | by_history.fields.keys()) - about
        if any(fields.get(name) != by_history.fields.get(name) for name in names):
            continue
        right = _Stamps(dict(by_history.changed), dict(by_history.changed_by))
        if about or AREA in changed or found.id in moves:
            lines = histories(connection, organisation, [found.id]).get(found.id, [])
            right.note_move(noted, lines, moves.get(found.id, set()) if found.entity == MEMBER else set())
            right.note_answers(noted, lines, about)
            right.note_questions(noted, questions, _with_history(connection, organisation, noted.asked()))
        if not right.agree(noted):
            yield Stamped(found.id, found.entity, found.number, right.changed, right.changed_by)


@dataclass(slots=True)
class _Stamps:
    """What a record notes of its fields, or should note: at which number and by which laptop each last changed."""

    changed: dict[str, Any]
    changed_by: dict[str, Any]

    def agree(self, other: _Stamps) -> bool:
        """Tell whether these note the same; in which order questions stand is no matter."""
        return (self.changed, self._apart()) == (other.changed, other._apart())

    def questions(self) -> dict[str, frozenset[str]]:
        """Return by field the questions that are noted."""
        marked = {name: said for name, said in self.changed_by.items() if name.startswith(_MARK)}
        return {name[1:]: frozenset(str(said).split()) for name, said in marked.items()}

    def asked(self) -> set[str]:
        """Return all questions that are noted."""
        return {id_ for ids in self.questions().values() for id_ in ids}

    def note_move(self, noted: _Stamps, lines: Sequence[Line], moves: Collection[int]) -> None:
        """Note where a member was moved last: it stands beside her record too, and only one of her lines can have done it."""
        own, mark = {line.number for line in lines}, noted.changed.get(AREA)
        moved = max(own.intersection(moves), default=mark if mark in own else None)
        if moved is not None:
            self.changed[AREA] = moved

    def note_answers(self, noted: _Stamps, lines: Sequence[Line], about: Collection[str]) -> None:
        """Take what is noted of a field about which somebody was asked, where a line can have made it.

        Where none can, the next edit of it is asked about: once too often is better than passed over.
        """
        for name in self.changed.keys() & set(about):
            number, laptop = noted.changed.get(name), noted.changed_by.get(name)
            made = {(line.number, each) for line in lines if name in line.fields for each in (line.device, NOBODY)}
            if (number, laptop) in made:
                self.changed[name], self.changed_by[name] = number, laptop
            else:
                self.changed_by[name] = NOBODY

    def note_questions(self, noted: _Stamps, questions: Mapping[str, str], known: Collection[str]) -> None:
        """Note the ``questions``, by id with the field of each, and of others that are noted those that are ``known`` at all."""
        by_field: dict[str, set[str]] = {}
        for id_, name in questions.items():
            by_field.setdefault(name, set()).add(id_)
        for name, ids in noted.questions().items():
            by_field.setdefault(name, set()).update(ids.intersection(known) - questions.keys())
        self.changed_by |= {_MARK + name: " ".join(sorted(ids)) for name, ids in by_field.items() if ids}

    def _apart(self) -> dict[str, Any]:
        return self.changed_by | {_MARK + name: ids for name, ids in self.questions().items()}


def _questions(connection: Connection, organisation: str) -> dict[str, dict[str, str]]:
    """Return by record the questions about it, each with its field, as their own histories tell: they are few."""
    row = tables.ledger.c
    query = select(row.record, row.fields).where(row.organisation == organisation, row.entity == CONFLICT)
    found: dict[str, dict[str, str]] = {}
    with connection.execute(query.execution_options(yield_per=_CHUNK)) as result:
        for id_, cell in result:
            fields = object_in(cell) or {}
            record, name = fields.get("record"), fields.get("field")
            if isinstance(record, str) and isinstance(name, str) and is_text(id_):
                found.setdefault(record, {})[id_] = name
    return found


def _with_history(connection: Connection, organisation: str, ids: Collection[str]) -> set[str]:
    row = tables.ledger.c
    named = sorted(filter(is_text, ids))
    query = select(row.record).where(row.organisation == organisation, row.record.in_(named)).distinct()
    return set(connection.execute(query).scalars())
