"""Colleagues' changes that came in a file: laid beneath this worker's own edits, and kept until the server has them by id."""

# ruff: noqa: S608 - the names in these statements come from the protocol and from this program, values are bound

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
from pydantic import JsonValue
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from ewb_desktop.domain.time import instant_text
from ewb_desktop.storage.direct import fetch_all
from ewb_desktop.storage.exchange.journal import PASSING, unsent_entries
from ewb_desktop.storage.writing import Writing
from sync.protocol.change import Change, ChangeKind
from sync.protocol.entities import ENTITIES, Kind
from sync.protocol.errors import Refusal
from sync.protocol.merge import Record, lay_beneath, merge
from sync.protocol.messages import Carried, Verdict, VerdictKind

_OTHER = "another"
_PASSING = ", ".join(f"'{reason}'" for reason in PASSING)
_WAITING = f"settled_at IS NULL AND (refusal IS NULL OR refusal IN ({_PASSING}))"


@dataclass(frozen=True, slots=True)
class BroughtEntry:
    """One change on its way through this laptop. ``place`` orders them as they came."""

    place: int
    carried: Carried


@dataclass(frozen=True, slots=True)
class BroughtStep:
    """What one brought change does to this file.

    ``before`` and ``after`` hold, as the file holds them, the values that change here; ``left`` are fields that stay as they are:
    somebody else changed them since, or this worker did, so the server, or a person, decides.
    """

    change: Change
    carried: Carried
    is_known: bool = False
    is_new: bool = False
    stood: int | None = None
    before: Mapping[str, JsonValue] = field(default_factory=dict)
    after: Mapping[str, JsonValue] = field(default_factory=dict)
    left: tuple[str, ...] = ()


@dataclass(slots=True)
class _Row:
    """A record's row while steps are worked out; ``number`` is None while there is none."""

    number: int | None = None
    gone: int = 0
    fields: dict[str, JsonValue] = field(default_factory=dict)


def work_out(
    connection: Connection, carried: Sequence[tuple[Change, Carried]], device: str, *, lays: bool = True
) -> list[BroughtStep]:
    """Return what each change would do, in their order; nothing is written. Changes of this ``device`` itself are left out.

    Without ``lays`` they do nothing to the rows, and are only carried.
    """
    rows: dict[tuple[str, str], _Row] = {}
    known = _known(connection)
    steps = []
    for change, text in carried:
        if change.device == device:
            continue
        if change.id in known or change.entity not in ENTITIES or not lays:
            steps.append(BroughtStep(change, text, is_known=change.id in known))
            continue
        place = (change.entity, change.record)
        if place not in rows:
            rows[place] = _read(connection, *place)
        steps.append(_step(connection, change, text, rows[place]))
    return steps


def bring(writing: Writing, steps: Iterable[BroughtStep]) -> int:
    """Keep what is new of ``steps`` and lay it into the rows, outside this laptop's own journal; return how many are new."""
    connection, now, new = writing.connection, instant_text(writing.clock.now()), 0
    mark = connection.exec_driver_sql("SELECT coalesce(max(counter), 0) FROM journal").scalar()
    with writing.echo():
        for step in steps:
            if step.is_known:
                continue
            change, new = step.change, new + 1
            stood = step.stood if _lay(writing, step) else None
            connection.exec_driver_sql(
                "INSERT INTO brought (id, sender, author, entity, record, kind, area, text, signature, brought_at, mark, stood, "
                "was, laid) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    change.id, change.device, change.author, change.entity, change.record, change.kind.value, change.area,
                    step.carried.text, step.carried.signature, now, mark, stood, _text(step.before), _text(step.after),
                ),
            )  # fmt: skip
    return new


def waiting(connection: Connection, limit: int, room: int, after: int = 0) -> list[BroughtEntry]:
    """Return what has to be carried, as it came, beginning after the place ``after``: about ``room`` bytes, at least one."""
    rows = fetch_all(
        connection,
        f"SELECT place, id, text, signature FROM brought WHERE {_WAITING} AND place > ? ORDER BY place LIMIT ?",
        (after, limit),
    )
    chosen: list[BroughtEntry] = []
    for place, id_, text, signature in rows:
        room -= 2 * len(text.encode()) + 300
        if chosen and room < 0:
            break
        chosen.append(BroughtEntry(place, Carried(id=id_, text=text, signature=signature)))
    return chosen


def settle_brought(writing: Writing, verdicts: Iterable[Verdict]) -> None:
    """Write what the server said about changes that were carried.

    What it knew already is taken off the rows again: they stand as the server told them. What it does not take stays on the
    screens with its reason, because the laptop where it was written may be lost; only a removal is taken off again, so that
    nobody is missed for it. This worker's own edits made since then count as made by somebody who had seen what was taken.
    """
    now, undone = instant_text(writing.clock.now()), []
    for verdict in verdicts:
        row = writing.connection.exec_driver_sql(
            "SELECT place, entity, record, kind, mark, stood, was, laid FROM brought WHERE id = ? AND settled_at IS NULL",
            (verdict.id,),
        ).first()
        if row is None:
            continue
        if verdict.kind is VerdictKind.REFUSED:
            reason = verdict.reason or Refusal.MALFORMED
            writing.connection.exec_driver_sql("UPDATE brought SET refusal = ? WHERE id = ?", (reason.value, verdict.id))
            if reason not in PASSING and row.kind in (ChangeKind.TOMBSTONE, ChangeKind.ERASE):
                undone.append(row)
            writing.touch(row.entity, row.record)
            continue
        if verdict.kind is VerdictKind.KNOWN:
            undone.append(row)
        if verdict.kind is VerdictKind.ACCEPTED or (verdict.kind is VerdictKind.KNOWN and row.kind == ChangeKind.CREATE):
            writing.connection.exec_driver_sql(
                "UPDATE journal SET base = ? WHERE entity = ? AND record = ? AND counter > ? AND settled_at IS NULL "
                "AND counter > (SELECT offered FROM pen) AND base < ?",
                (verdict.number, row.entity, row.record, row.mark, verdict.number),
            )
        # as it was signed it stays for as long as an entry of the journal: a restored server is offered it again
        writing.connection.exec_driver_sql(
            "UPDATE brought SET settled_at = ?, verdict = ?, number = ?, refusal = NULL, stood = NULL, was = '{}', laid = '{}' "
            "WHERE id = ?",
            (now, verdict.kind.value, verdict.number, verdict.id),
        )
    # the last that was laid comes off first
    for row in sorted(undone, key=lambda each: -each.place):
        _take_off(writing, row)


def lay_held_again(writing: Writing, entity: str, ids: Sequence[str]) -> None:
    """Lay what the server did not take upon rows that have just come from it, where nobody has said anything else since.

    Where a row brings what one of them says, the server may have got it by another way: all of that record are offered again.
    """
    held = fetch_all(
        writing.connection,
        f"SELECT place, record, kind, stood, was, laid FROM brought WHERE settled_at IS NULL AND NOT ({_WAITING}) "
        "AND entity = ? ORDER BY place",
        (entity,),
    )
    came = set(ids) if held else set()
    for place, record, kind, stood, was_text, laid_text in held:
        if record not in came:
            continue
        was, laid, now = orjson.loads(was_text), orjson.loads(laid_text), _read(writing.connection, entity, record)
        present = {**now.fields, "gone": now.gone}
        # of what was never laid it is not known what it would look like once the server has it
        if stood is None or kind == ChangeKind.CREATE or all(present.get(name) == value for name, value in laid.items()):
            statement = "UPDATE brought SET refusal = NULL WHERE settled_at IS NULL AND entity = ? AND record = ?"
            writing.connection.exec_driver_sql(statement, (entity, record))
        elif kind == ChangeKind.EDIT:
            own = unsent_entries(writing.connection, entity, [record]).get(record, [])
            written = {name for entry in own for name in entry.fields}
            again = {name: laid[name] for name in laid if present.get(name) == was[name] and name not in written}
            if again:
                with writing.echo():
                    _set(writing, entity, record, again)
                writing.connection.exec_driver_sql("UPDATE brought SET stood = ? WHERE place = ?", (now.number, place))


def count_brought(connection: Connection) -> dict[str, tuple[int, int]]:
    """Return for each author how many brought changes wait to be carried, and how many the server did not take."""
    rows = connection.exec_driver_sql(
        f"SELECT author, sum({_WAITING}), sum(NOT ({_WAITING})) FROM brought WHERE settled_at IS NULL GROUP BY author"
    ).all()
    return {author: (int(waits), int(held)) for author, waits, held in rows}


def held_reasons(connection: Connection) -> list[tuple[str, Refusal, int]]:
    """Return by author and reason how many brought changes the server did not take."""
    rows = connection.exec_driver_sql(
        f"SELECT author, refusal, count(*) FROM brought WHERE settled_at IS NULL AND NOT ({_WAITING}) GROUP BY author, refusal "
        "ORDER BY author, refusal"
    ).all()
    return [(author, Refusal(reason), int(number)) for author, reason, number in rows]


def person_of(connection: Connection, change: Change) -> str:
    """Return the id of the member that a change is about, empty when it is about nobody or that is not known here."""
    entity = ENTITIES.get(change.entity)
    if entity is None or entity.person_field is None:
        return ""
    if entity.person_field == "id":
        return change.record
    said = change.fields.get(entity.person_field)
    if said:
        return str(said)
    statement = f'SELECT "{entity.person_field}" FROM "{entity.name}" WHERE id = ?'
    return str(connection.exec_driver_sql(statement, (change.record,)).scalar() or "")


def people_carried(connection: Connection) -> frozenset[str]:
    """Return the members about whom something was brought that the server has not acknowledged."""
    rows = fetch_all(connection, "SELECT text FROM brought WHERE settled_at IS NULL")
    changes = (Change.model_validate(orjson.loads(text)["change"]) for (text,) in rows)
    return frozenset(person_of(connection, change) for change in changes) - {""}


def drop_brought(writing: Writing, entity: str, areas: Sequence[str] | None) -> None:
    """Forget brought changes of ``entity`` outside ``areas`` (None: every area is held) that the server has.

    What it has not got is sealed for the administrator first, because the laptop where it was written may be lost.
    """
    if areas is not None:
        marks = ", ".join("?" * len(areas))
        writing.connection.exec_driver_sql(
            f"DELETE FROM brought WHERE settled_at IS NOT NULL AND entity = ? AND area NOT IN ({marks})", (entity, *areas)
        )


def _known(connection: Connection) -> set[str]:
    return {id_ for (id_,) in connection.exec_driver_sql("SELECT id FROM brought").all()}


def _read(connection: Connection, entity: str, record: str) -> _Row:
    kinds = ENTITIES[entity].fields
    names = ", ".join(f'"{name}"' for name in ("number", "gone", *kinds))
    found = connection.exec_driver_sql(f'SELECT {names} FROM "{entity}" WHERE id = ?', (record,)).first()
    if found is None:
        return _Row()
    number, gone, *values = found
    fields = {
        name: orjson.loads(value) if value is not None and about.kind in (Kind.LIST, Kind.JSON) else value
        for (name, about), value in zip(kinds.items(), values, strict=True)
    }
    return _Row(number, gone, fields)


def _step(connection: Connection, change: Change, text: Carried, row: _Row) -> BroughtStep:
    known = ENTITIES[change.entity].fields
    if row.number is None:
        if change.kind is not ChangeKind.CREATE:
            return BroughtStep(change, text, left=tuple(change.fields))
        row.number, row.fields = 0, {name: change.fields.get(name) for name in known}
        said = {name: value for name, value in change.fields.items() if name in known and value is not None}
        return BroughtStep(change, text, is_new=True, stood=0, after=said)
    if change.kind is ChangeKind.CREATE:
        # the record is here already: the server, or a colleague, was quicker than this file
        return BroughtStep(change, text)
    if change.kind is not ChangeKind.EDIT:
        seen = row.number <= change.base and not row.gone
        step = BroughtStep(
            change, text, stood=row.number, before={"gone": 0} if seen else {}, after={"gone": 1} if seen else {},
            left=() if seen else ("gone",),
        )  # fmt: skip
        row.gone = 1 if seen else row.gone
        return step
    own = [entry.fields for entry in unsent_entries(connection, change.entity, [change.record]).get(change.record, ())]
    merged = merge(_as_known(connection, change, row), change, row.number)
    target = lay_beneath(merged.record.fields, own)
    names = [name for name in change.fields if name in known]
    after = {name: target[name] for name in names if target[name] != row.fields.get(name)}
    before = {name: row.fields.get(name) for name in after}
    row.fields |= after
    left = tuple(name for name in names if row.fields[name] != change.fields[name])
    return BroughtStep(change, text, stood=row.number, before=before, after=after, left=left)


def _as_known(connection: Connection, change: Change, row: _Row) -> Record:
    """Return the record with the numbers at which its fields last changed, as far as this file knows them."""
    changed: dict[str, int] = {}
    changed_by: dict[str, str] = {}
    lines = connection.exec_driver_sql(
        "SELECT number, author, fields, '' AS device FROM heard WHERE record = ?1 UNION ALL "
        "SELECT number, author, fields, device FROM journal WHERE record = ?1 AND number IS NOT NULL ORDER BY 1",
        (change.record,),
    ).all()
    for number, author, fields, device in lines:
        for name in orjson.loads(fields):
            changed[name] = number
            changed_by[name] = device or (change.device if author == change.author else _OTHER)
    newest = row.number or 0
    if newest > max(changed.values(), default=0):
        # it changed since by somebody of whom nothing was heard: any field may have
        changed, changed_by = dict.fromkeys(change.fields, newest), dict.fromkeys(change.fields, _OTHER)
    return Record(row.fields, changed, changed_by, newest, bool(row.gone))


def _lay(writing: Writing, step: BroughtStep) -> bool:
    """Lay the values of one step; return False when the file does not take them (a value of a wrong kind) or there are none."""
    if not step.after and not step.is_new:
        return False
    change, names = step.change, tuple(step.after)
    try:
        with writing.connection.begin_nested():
            if step.is_new:
                row = {
                    "id": change.record, "area": change.area, "number": 0, "author": change.author, "made_at": change.at,
                    "gone": 0, **_bound(change.entity, step.after),
                }  # fmt: skip
                columns, marks = ", ".join(f'"{name}"' for name in row), ", ".join("?" * len(row))
                statement = f'INSERT INTO "{change.entity}" ({columns}) VALUES ({marks})'
                writing.connection.exec_driver_sql(statement, tuple(row.values()))
            else:
                _set(writing, change.entity, change.record, {name: step.after[name] for name in names})
    except DBAPIError as error:
        if "full" in str(error.orig):
            raise
        return False
    writing.touch(change.entity, change.record)
    return True


def _take_off(writing: Writing, row: Any) -> None:
    """Put back what stood before one brought change was laid, unless the server or this worker has written there since."""
    if row.stood is None:
        return
    now = _read(writing.connection, row.entity, row.record)
    if now.number != row.stood:
        return
    own = unsent_entries(writing.connection, row.entity, [row.record]).get(row.record, [])
    with writing.echo():
        if row.kind == ChangeKind.CREATE:
            if not own:
                writing.connection.exec_driver_sql(f'DELETE FROM "{row.entity}" WHERE id = ?', (row.record,))
        else:
            was, laid = orjson.loads(row.was), orjson.loads(row.laid)
            later = {name for entry in own if entry.counter > row.mark for name in entry.fields}
            present = {**now.fields, "gone": now.gone}
            back = {name: was[name] for name in was if present.get(name) == laid[name] and name not in later}
            if back:
                _set(writing, row.entity, row.record, back)
    writing.touch(row.entity, row.record)


def _set(writing: Writing, entity: str, record: str, values: Mapping[str, JsonValue]) -> None:
    bound = _bound(entity, values)
    places = ", ".join(f'"{name}" = ?' for name in bound)
    writing.connection.exec_driver_sql(f'UPDATE "{entity}" SET {places} WHERE id = ?', (*bound.values(), record))


def _bound(entity: str, values: Mapping[str, JsonValue]) -> dict[str, Any]:
    fields = ENTITIES[entity].fields
    return {
        name: _text(value)
        if value is not None and name in fields and fields[name].kind in (Kind.LIST, Kind.JSON)
        else int(value)
        if isinstance(value, bool)
        else value
        for name, value in values.items()
    }


def _text(value: Any) -> str:
    return orjson.dumps(value).decode()
