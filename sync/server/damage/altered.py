"""Looks for records and lines of history that cannot be read, and for records that say other than their history."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from random import SystemRandom
from typing import Any, Final

import orjson
from sqlalchemy import Connection, func, select

from sync.protocol.change import KINDS, ChangeKind
from sync.protocol.entities import ENTITIES
from sync.protocol.merge import replay
from sync.server.database import tables
from sync.server.database.cells import is_text, object_in
from sync.server.records.history import Line, histories
from sync.server.records.legible import is_object
from sync.server.records.standing import area_told, moves_of, with_mark
from sync.server.records.wire import is_readable, is_row, row_text

SAMPLE: Final = 500
"""Numbers whose records are held against their histories each time; which ones, chance says: a month of nights sees most."""
_CHUNK: Final = 500
_AT_ONCE: Final = 200


@dataclass(slots=True)
class Damage:
    """What was found in one organisation, each by a number of its ledger: that says nothing of anybody.

    ``rows`` cannot be read and are made again by the server itself; ``lost`` cannot be read and are not; ``lines`` are of the
    history; ``forged`` rows or records say what was never said; ``destroyed`` records are so, or not, as their histories do not
    tell, and ``astray`` ones stand where nobody put them.
    """

    rows: list[int] = field(default_factory=list)
    lost: list[int] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    forged: list[int] = field(default_factory=list)
    destroyed: list[int] = field(default_factory=list)
    astray: list[int] = field(default_factory=list)


def look_through(connection: Connection, organisation: str, *, has_own_rows: bool, is_all: bool) -> Damage:
    """Read every record and every line of history; hold a sample of the records, or all, against their histories.

    ``has_own_rows``: the ready-made rows are those of this program, so that they can be held against their records too.
    """
    damage = Damage()
    erasures = _look_at_lines(connection, organisation, damage)
    _look_at_records(connection, organisation, damage, erasures, has_own_rows=has_own_rows)
    passed_over = {*damage.rows, *damage.lost, *damage.forged, *damage.destroyed}
    for found, lines, moves in _with_histories(connection, organisation, is_all=is_all):
        if found.number not in passed_over and not _says_as_told(found, lines):
            damage.forged.append(found.number)
        if area_told(lines, moves) != found.area:
            damage.astray.append(found.number)
    return damage


@dataclass(slots=True)
class _Erasures:
    """The records that a line of history says were destroyed by law, and those of which a line says nothing that is known."""

    told: set[str] = field(default_factory=set)
    unsure: set[str] = field(default_factory=set)

    def agree(self, found: Any) -> bool:
        return found.id in self.unsure or bool(found.erased) is (found.id in self.told)


def _look_at_lines(connection: Connection, organisation: str, damage: Damage) -> _Erasures:
    row = tables.ledger.c
    query = select(row.number, row.record, row.kind, row.fields, row.overtaken).where(row.organisation == organisation)
    erasures = _Erasures()
    with connection.execute(query.order_by(row.number).execution_options(yield_per=_CHUNK)) as found:
        for number, record, kind, *texts in found:
            if kind not in KINDS or not _are_objects(texts):
                damage.lines.append(number)
            if kind not in KINDS:
                erasures.unsure.add(record)
            elif kind == ChangeKind.ERASE:
                erasures.told.add(record)
    return erasures


def _are_objects(texts: Sequence[object]) -> bool:
    return all(is_object(each) for each in texts if each is not None)


def _look_at_records(
    connection: Connection, organisation: str, damage: Damage, erasures: _Erasures, *, has_own_rows: bool
) -> None:
    row = tables.record.c
    query = select(
        row.id, row.entity, row.area, row.number, row.author, row.made_at, row.gone, row.erased, row.fields, row.changed,
        row.changed_by, row.wire, row.carried,
    ).where(row.organisation == organisation).order_by(row.number)  # fmt: skip
    with connection.execute(query.execution_options(yield_per=_CHUNK)) as found:
        for each in found:
            is_known = has_own_rows and each.entity in ENTITIES
            if not (is_readable(each) if is_known else is_row(each.wire, each.carried)):
                damage.rows.append(each.number)
            elif not all(is_object(text) for text in (each.fields, each.changed, each.changed_by)):
                damage.lost.append(each.number)
            elif not erasures.agree(each):
                damage.destroyed.append(each.number)
            elif is_known and not _is_own_row(each):
                damage.forged.append(each.number)


def _is_own_row(found: Any) -> bool:
    envelope = (found.id, found.area, found.number, found.author, found.made_at, found.gone)
    try:
        return (found.wire, found.carried) == row_text(found.entity, envelope, orjson.loads(found.fields))
    except TypeError:
        # what is no text any more
        return False


def _with_histories(
    connection: Connection, organisation: str, *, is_all: bool
) -> Iterator[tuple[Any, Sequence[Line], Collection[int]]]:
    """Yield records, each with its history and the numbers at which it was moved, as far as it is a member and they are known."""
    for ids in _chosen(connection, organisation, is_all=is_all):
        row = tables.record.c
        query = select(row.id, row.entity, row.number, row.area, row.erased, row.fields, row.changed, row.changed_by).where(
            row.organisation == organisation, row.id.in_(ids), row.entity.in_(sorted(ENTITIES))
        )
        told = histories(connection, organisation, ids)
        moves = moves_of(connection, organisation, ids)
        for found in connection.execute(query.order_by(row.number)).all():
            if found.id in told:
                yield found, told[found.id], with_mark(moves.get(found.id, set()), object_in(found.changed) or {})


def _says_as_told(found: Any, lines: Sequence[Line]) -> bool:
    if not (is_object(found.fields) and is_object(found.changed_by)):
        return True
    says, by = orjson.loads(found.fields), orjson.loads(found.changed_by)
    if found.erased:
        return not says
    *_, last = replay([(line.number, line.change()) for line in lines])
    folded: Mapping[str, object] = last.record.fields
    # where people were asked, what stands depends on what they answered and when they had heard of it
    names = {name for name in says.keys() | folded.keys() if f"@{name}" not in by}
    return all(says.get(name) == folded.get(name) for name in names)


def _chosen(connection: Connection, organisation: str, *, is_all: bool) -> Iterator[list[str]]:
    """Yield ids of records, some at a time: all of them, or those of which a number drawn by chance is a line."""
    record, line = tables.record.c, tables.ledger.c
    last = connection.execute(select(func.max(line.number)).where(line.organisation == organisation)).scalar() or 0
    if is_all or not isinstance(last, int) or last <= SAMPLE:
        query = select(record.id, record.number).where(record.organisation == organisation).order_by(record.number)
        rows = connection.execute(query.limit(_AT_ONCE)).all()
        while rows:
            # one whose id was altered has no history
            yield [id_ for id_, _ in rows if is_text(id_)]
            rows = connection.execute(query.where(record.number > rows[-1].number).limit(_AT_ONCE)).all()
        return
    numbers = sorted(SystemRandom().sample(range(1, last + 1), SAMPLE))
    for start in range(0, SAMPLE, _AT_ONCE):
        some = line.number.in_(numbers[start : start + _AT_ONCE])
        found = connection.execute(select(line.record).where(line.organisation == organisation, some).distinct()).scalars()
        yield [id_ for id_ in found if is_text(id_)]
