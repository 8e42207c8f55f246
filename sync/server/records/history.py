"""The history of a record: every change that was taken, in the server's order, and what each of them did to its fields."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice, tee
from operator import itemgetter
from typing import Any, Final

import orjson
from pydantic import JsonValue
from sqlalchemy import Column, ColumnElement, Connection, Row, Select, and_, func, or_, select

from sync.protocol.change import KINDS, Change, ChangeKind
from sync.protocol.merge import replay
from sync.protocol.messages import VerdictKind
from sync.server.database import tables
from sync.server.database.cells import is_text, read_object
from sync.server.database.questions import Question, given, length_of
from sync.server.records.scope import SERVER, Grant

HEARD_RECORDS = 100
"""A page tells what was done to so many records at most: what a day brings, not what a first pull does."""
HEARD_LINES = 2_000
"""It tells of no record that has a longer history than this: every laptop of a scope would have it replayed after each edit."""
LINE_BYTES: Final = 1 << 10
"""So many bytes a line counts at least where histories are told within a room: however short, it has to be read and replayed."""

_AT_A_TIME: Final = 20

_CHANGES = frozenset(str(kind) for kind in ChangeKind if kind is not ChangeKind.CREATE)
"""A record that is new on a laptop says itself who made it and when."""


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
    verdict: str = str(VerdictKind.ACCEPTED)

    def change(self) -> Change:
        """Return the change as it was taken."""
        # it was looked at when it was taken: looking again would only cost
        return Change.model_construct(
            id=self.change_id, entity=self.entity, record=self.record, kind=ChangeKind(self.kind), area=self.area,
            fields=dict(self.fields), base=self.base, author=self.author, device=self.device, counter=self.counter, at=self.at,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Step:
    """What one line did: for each field that it named the value before, what it said, and the value that stood afterwards.

    ``turned``: it took the record off the screens, or brought it back. ``unheard`` names the fields in which it took the place
    of a value of which its author had not heard.
    """

    line: Line
    fields: Mapping[str, tuple[JsonValue, JsonValue, JsonValue]]
    turned: bool = False
    unheard: frozenset[str] = frozenset()


def lines_of(connection: Connection, organisation: str, record: str) -> Generator[Line]:
    """Yield what :func:`history` returns, some lines at a time: a history may be longer than the memory."""
    query = _query(organisation, [record]).execution_options(yield_per=_AT_A_TIME)
    with connection.execute(query) as result:
        yield from map(line_in, result)


def history(connection: Connection, organisation: str, record: str) -> list[Line]:
    """Return everything that was ever said of a record, oldest first, with the values that gave way.

    Raises ``ValueError`` when a line of it cannot be read.
    """
    return [line_in(each) for each in _lines(connection, organisation, [record])]


def histories(connection: Connection, organisation: str, records: Sequence[str]) -> dict[str, list[Line]]:
    """Return the histories of those of the ``records`` of which every line can be read: told in part they would mislead."""
    found: dict[str, list[Line]] = {}
    unreadable: set[str] = set()
    for each in _lines(connection, organisation, records):
        try:
            found.setdefault(each.record, []).append(line_in(each))
        except ValueError:
            unreadable.add(each.record)
    return {record: lines for record, lines in found.items() if record not in unreadable}


def _lines(connection: Connection, organisation: str, records: Sequence[str]) -> Sequence[Row[Any]]:
    return connection.execute(_query(organisation, records)).all()


def _query(organisation: str, records: Sequence[str]) -> Select[Any]:
    row = tables.ledger.c
    return select(tables.ledger).where(row.organisation == organisation, row.record.in_(records)).order_by(row.number)


def line_in(found: Row[Any]) -> Line:
    """Return the line in a row of the ledger; raise ``ValueError`` when it cannot be read."""
    if found.kind not in KINDS:
        raise ValueError("no change is of this kind")
    words = (found.change_id, found.entity, found.record, found.area, found.author, found.device, found.at, found.verdict)
    if not (all(map(is_text, words)) and all(isinstance(each, int) for each in (found.number, found.counter, found.base))):
        raise ValueError("a cell of this line was altered")
    return Line(
        found.number, found.change_id, found.entity, found.record, found.kind, found.area, found.author, found.device,
        found.counter, found.base, found.at, read_object(found.fields), read_object(found.overtaken or "{}"), found.verdict,
    )  # fmt: skip


def steps(lines: Iterable[Line]) -> Iterator[Step]:
    """Yield what each of a record's ``lines`` did to it, oldest first."""
    before: Mapping[str, JsonValue] = {}
    was_gone = False
    told, again = tee(lines)
    for line, merged in zip(told, replay((line.number, line.change()) for line in again), strict=True):
        after = merged.record.fields
        fields = {name: (before.get(name), said, after.get(name)) for name, said in line.fields.items()}
        unheard = frozenset(name for name in merged.overtaken if _gave_way(fields.get(name), merged.overtaken[name]))
        yield Step(line, fields, turned=merged.record.gone is not was_gone, unheard=unheard)
        before, was_gone = after, merged.record.gone


def _gave_way(values: tuple[JsonValue, JsonValue, JsonValue] | None, overtaken: JsonValue) -> bool:
    """Tell whether what stood before is what was overtaken, and not what was said."""
    if values is None:
        return False
    before, said, after = values
    return before == overtaken and said == after


def heard_since(connection: Connection, grant: Grant, cursor: int, last: int, pushed: int, room: int) -> list[list[JsonValue]]:
    """Return what was done after ``cursor`` and up to ``last`` to records that this laptop may hold and knows.

    Of its own it hears what it cannot know: what did not come to stand just so, and, before ``pushed``, the number from which
    it has just sent, what arrived without an answer or by a colleague's laptop.

    A page of many records has nothing but what was destroyed, and so has what goes beyond ``room`` bytes: who wants the rest
    asks for one record.
    """
    about: dict[str, str | int] = {"after": cursor, "until": last, "pushed": pushed, "at_device": grant.device}
    found = [each.record for each in _done(grant).ask(connection, {**about, "most": HEARD_RECORDS + 1})]
    if not found:
        return []
    fitting = _fitting(connection, grant.organisation, found, room, HEARD_LINES) if len(found) <= HEARD_RECORDS else []
    made = [
        step
        for lines in (histories(connection, grant.organisation, fitting) if fitting else {}).values()
        for step in steps(lines)
        if cursor < step.line.number <= last and step.line.kind in _CHANGES and _is_news(step.line, grant, pushed)
    ]
    told, is_all = _within(as_told(sorted(made, key=_number)), room)
    if is_all and len(fitting) == len(found):
        return told
    # every one, however many there are: whoever is not told here keeps the words
    known = {line[0] for line in told}
    return told + [_destroyed(line) for line in _erasures(grant).ask(connection, about) if line.number not in known]


def told_of(connection: Connection, grant: Grant, records: Sequence[str], room: int) -> tuple[list[list[JsonValue]], list[str]]:
    """Return everything that was done to those of ``records`` that this laptop may hold, as far as ``room`` bytes hold it.

    Then the ids of those of which they do not hold all.
    """
    row = tables.record.c
    held = sorted(connection.execute(select(row.id).where(grant.clause(), row.id.in_(records))).scalars())
    fitting = _fitting(connection, grant.organisation, held, room)
    found = histories(connection, grant.organisation, fitting)
    made = sorted((step for lines in found.values() for step in steps(lines) if step.line.kind in _CHANGES), key=_number)
    told, is_all = _within(as_told(made), room)
    known = {line[0] for line in told}
    begun = set() if is_all else {step.line.record for step in made if step.line.number not in known}
    return told, [record for record in held if record not in fitting or record in begun]


def told_after(
    connection: Connection, organisation: str, record: str, after: int, most: int, room: int
) -> tuple[list[list[JsonValue]], bool]:
    """Return what was done to a record after the number ``after``, as it travels, and whether there is more.

    These are ``most`` lines at most, as far as ``room`` bytes hold them. One is told in any case: whoever asks on would hear
    nothing else either. Raises ``ValueError`` when a line cannot be read.
    """
    lines = lines_of(connection, organisation, record)
    with closing(lines):
        made = as_told(step for step in steps(lines) if step.line.number > after)
        told = list(islice(made, 1))
        room -= sum(map(_size, told))
        further, is_all = _within(made, room, most - len(told))
        return told + further, not is_all


def _fitting(
    connection: Connection, organisation: str, records: Sequence[str], room: int, longest: int | None = None
) -> list[str]:
    """Return those of the records, the shortest histories first, of which all together holds no more than ``room`` bytes.

    None of more than ``longest`` lines is among them. What a history comes to is asked before any of it is read: one alone may
    be larger than the memory.
    """
    row = tables.ledger.c
    of_them = and_(row.organisation == organisation, row.record.in_(records))
    most = room // LINE_BYTES
    size = length_of(connection, row.fields) + func.coalesce(length_of(connection, row.overtaken), 0)
    query = select(row.record, size).where(of_them)
    lines = connection.execute(query.limit(most + 1)).all()
    if len(lines) > most:
        # the lines are counted by the index alone: one record may have very many, and those of the others are few
        counted = connection.execute(select(row.record, func.count()).where(of_them).group_by(row.record)).all()
        short = _smallest({record: count * LINE_BYTES for record, count in counted}, room)
        return _fitting(connection, organisation, short, room, longest) if short else []
    sizes, counts = Counter[str](), Counter[str](record for record, _ in lines)
    for record, taken in lines:
        sizes[record] += taken + LINE_BYTES
    return _smallest({record: size for record, size in sizes.items() if longest is None or counts[record] <= longest}, room)


def _smallest(sizes: Mapping[str, int], room: int) -> list[str]:
    """Return the names of the smallest, as many as ``room`` holds, in order."""
    fitting: list[str] = []
    for name, size in sorted(sizes.items(), key=itemgetter(1)):
        room -= size
        if room < 0:
            break
        fitting.append(name)
    return sorted(fitting)


def _within(lines: Iterable[list[JsonValue]], room: int, most: int | None = None) -> tuple[list[list[JsonValue]], bool]:
    """Return the first of the lines, ``most`` at most and as far as ``room`` bytes hold them, and whether these are all."""
    told: list[list[JsonValue]] = []
    for line in lines:
        # each carries what was there before and afterwards: together they may be far more than the history itself
        room -= _size(line)
        if room < 0 or len(told) == most:
            return told, False
        told.append(line)
    return told, True


def _size(line: list[JsonValue]) -> int:
    return len(orjson.dumps(line))


def _number(step: Step) -> int:
    return step.line.number


def as_told(made: Iterable[Step]) -> Iterator[list[JsonValue]]:
    """Yield steps as they travel: :class:`sync.protocol.messages.HistoryReply`."""
    for step in made:
        # a row that was mended has another number and nothing else
        if step.line.device != SERVER or step.fields or step.turned:
            line = step.line
            fields: JsonValue = {
                name: [*values, True] if name in step.unheard else [*values] for name, values in step.fields.items()
            }
            yield [line.number, line.entity, line.record, line.kind, line.author, line.at, fields]


def _is_news(line: Line, grant: Grant, pushed: int) -> bool:
    return line.device != grant.device or line.number < pushed or line.verdict != VerdictKind.ACCEPTED


def _destroyed(line: Row[Any]) -> list[JsonValue]:
    return [line.number, line.entity, line.record, line.kind, line.author, line.at, {}]


def _done(grant: Grant) -> Question:
    return _question(grant) if grant.opened else _scope_question(_of_scope(grant))


def _erasures(grant: Grant) -> Question:
    return _erasing_question(grant) if grant.opened else _scope_erasing_question(_of_scope(grant))


def _of_scope(grant: Grant) -> Grant:
    # laptops of one scope ask the same; what was opened to one is its own, and no part of what grants are told apart by
    return replace(grant, device="", worker="")


def _question(grant: Grant) -> Question:
    row = tables.ledger.c
    return Question(_told(grant, [row.record], row.kind.in_(sorted(_CHANGES))).distinct().limit(given("most")))


def _erasing_question(grant: Grant) -> Question:
    row = tables.ledger.c
    columns = [row.number, row.entity, row.record, row.kind, row.author, row.at]
    return Question(_told(grant, columns, row.kind == str(ChangeKind.ERASE)).order_by(row.number))


def _told(grant: Grant, columns: Sequence[Column[Any]], of_kind: ColumnElement[bool]) -> Select[Any]:
    row, record = tables.ledger.c, tables.record.c
    return (
        select(*columns)
        .join_from(tables.ledger, tables.record, and_(record.organisation == row.organisation, record.id == row.record))
        .where(
            grant.clause(),
            row.organisation == grant.organisation,
            row.number > given("after"),
            row.number <= given("until"),
            or_(row.device != given("at_device"), row.number < given("pushed"), row.verdict != str(VerdictKind.ACCEPTED)),
            of_kind,
            # what is asked of people has a page of its own
            row.entity != "conflict",
        )
    )


_scope_question: Final = lru_cache(maxsize=256)(_question)
_scope_erasing_question: Final = lru_cache(maxsize=256)(_erasing_question)
