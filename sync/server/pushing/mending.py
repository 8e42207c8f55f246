"""Rows that a failing disk altered or lost: made again from the record, or from its history, and sent to every laptop anew."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any, Final

import orjson
import uuid_utils
from sqlalchemy import Connection, insert, select, update

from sync.protocol.change import ChangeKind
from sync.protocol.entities import ENTITIES, Sensitivity, person_of
from sync.protocol.merge import NOBODY, Record, replay
from sync.server.database import tables
from sync.server.database.bulk import lock_counter
from sync.server.database.cells import is_text, object_in
from sync.server.logs import logger
from sync.server.pushing.clashes import CONFLICT, note_question
from sync.server.pushing.numbers import NumbersAltered, put_right
from sync.server.records import audit
from sync.server.records.following import AREA, MEMBER, hanging_on, keep_matches, matched_to, matches_of, note_departures
from sync.server.records.history import Line, histories, history
from sync.server.records.rows import Held, RecordUnreadable, class_of_conflict, load, load_readable, save
from sync.server.records.scope import SERVER, Grant
from sync.server.records.standing import agrees, area_told, is_destroyed, moves_of, with_mark
from sync.server.records.wire import is_readable

_CLASSES: Final = frozenset(map(str, Sensitivity))
_MOST_AT_ONCE: Final = 2_000
MEND: Final = "mend"
"""The audit's word for what was told again because it could not be read."""


@dataclass(frozen=True, slots=True)
class _LostRow:
    """Stands where the row of a record stood of which nothing but its history is left: every cell of it is empty."""

    id: str
    entity: None = None
    sensitivity: None = None
    area: None = None
    number: None = None
    gone: None = None
    erased: None = None
    author: None = None
    made_at: None = None
    fields: None = None
    changed: None = None
    changed_by: None = None
    wire: None = None
    carried: None = None


@dataclass(frozen=True, slots=True)
class _Told:
    """What the history of a record tells of it: ``lines`` is empty where one of them cannot be read."""

    kind: str
    lines: Sequence[Line] = ()
    moves: Collection[int] = field(default_factory=set)

    @property
    def is_destroyed(self) -> bool | None:
        """Tell whether the record was destroyed by law; None where nobody knows."""
        return is_destroyed(self.lines) if self.lines else None

    def agrees(self, found: Any) -> bool:
        """Tell whether the record stands where, and is destroyed or not, as it tells."""
        return agrees(self.lines, self.moves, is_erased=bool(found.erased), area=found.area)


def mend(connection: Connection, organisation: str, ids: Sequence[str], now: str) -> list[str]:
    """Make those of the records ``ids`` again that cannot be read or are lost (:func:`lost_among`), or that differ from their
    histories in where they stand or in whether they were destroyed; and match others to a member as her record says.

    Returns the ids of what was made again, with what followed a member to where she stands, or to who is matched to her.

    Each gets the next number, so that laptops that passed it receive it too. One whose history cannot be read either stays as
    it is, for a person to bring back from a backup.
    """
    try:
        put_right(connection, organisation, now)
    except NumbersAltered:
        # nothing can be given a number; what can be read is handed out all the same
        logger.exception("nothing can be mended")
        return []
    number = lock_counter(connection, organisation).number
    # an id that the disk altered cannot be asked for, and is nobody's
    ids = [id_ for id_ in ids if is_text(id_)]
    row = tables.record.c
    query = select(tables.record).where(row.organisation == organisation, row.id.in_(sorted(ids))).order_by(row.id)
    touched: dict[str, Held] = {}
    left: dict[str, str] = {}
    bad = 0
    matched = matched_to(connection, organisation, ids)
    lost = lost_among(connection, organisation, ids)
    rows: list[Any] = [*connection.execute(query).all(), *map(_LostRow, lost)]
    for found in rows:
        told = _told(connection, organisation, found)
        if told.kind == found.entity and _is_whole(found) and told.agrees(found) and _is_matched(found, matched[found.id]):
            # whoever held the counter before has mended it
            continue
        bad += 1
        held = _held(connection, organisation, found, told)
        if held is not None:
            number += 1
            record = replace(held.record, number=number)
            if held.entity == MEMBER and is_text(found.area) and found.area != held.area:
                left[found.id] = found.area
                record = replace(record, changed={**record.changed, AREA: number})
            touched[found.id] = replace(held, record=record)
    members = {id_: held for id_, held in touched.items() if held.entity == MEMBER}
    named = {id_: matches_of(held.record.fields) for id_, held in members.items()}
    anew = keep_matches(connection, organisation, {id_: matched[id_] for id_ in members}, named)
    followed = _following(connection, organisation, touched, left, anew, members.keys() & set(lost))
    for id_, held in followed.items():
        number += 1
        touched[id_] = replace(held, record=replace(held.record, number=number))
    if touched:
        lines = [_line(organisation, id_, held, now, SERVER if id_ in followed else held.author) for id_, held in touched.items()]
        connection.execute(insert(tables.ledger), lines)
        save(connection, organisation, touched)
        for id_, held in touched.items():
            # no push changes these, so saving does not write them
            mine = (row.organisation == organisation) & (row.id == id_)
            told_once = {
                "entity": held.entity,
                "sensitivity": str(held.sensitivity),
                "author": held.author,
                "made_at": held.made_at,
            }
            connection.execute(update(tables.record).where(mine).values(told_once))
        # laptops of the area where she never was let go of her, and so do those of whom her record does not name
        away = [(touched[id_].record.number, id_, "", area) for id_, area in left.items()]
        away += [(members[id_].record.number, id_, each, "") for id_ in members for each in sorted(matched[id_] - named[id_])]
        note_departures(connection, organisation, away, now)
        counter = tables.counter
        connection.execute(update(counter).where(counter.c.organisation == organisation).values(number=number))
        entries = [audit.Entry(SERVER, SERVER, MEND, held.entity, id_) for id_, held in touched.items()]
        audit.write(connection, organisation, now, entries)
    if bad:
        logger.error("rows that cannot be read", extra={"facts": {"found": bad, "mended": len(touched)}})
    return list(touched)


def lost_among(connection: Connection, organisation: str, ids: Collection[str]) -> list[str]:
    """Return those of ``ids`` whose rows are lost, and which can be made again from their histories.

    One of which nobody knows whether it was destroyed by law is left: what was destroyed must not come back. So is one that is
    here and only not found by its id, because an index was altered: there would be two of it, and an erasure would reach one.
    """
    row = tables.record.c
    query = select(row.id).where(row.organisation == organisation, row.id.in_(sorted(ids)))
    absent = sorted(set(ids) - set(connection.execute(query).scalars()))
    if not absent:
        return []
    found = histories(connection, organisation, absent)
    last = [lines[-1].number for lines in found.values()]
    there = select(row.id).where(row.organisation == organisation, row.number.in_(last))
    hidden = set(connection.execute(there).scalars()) if last else set[str]()
    # looked up by number, a line names its own record: by its record's index that was altered it stands under nobody's
    line = tables.ledger.c
    named = select(line.record).where(line.organisation == organisation, line.number.in_(last))
    own = set(connection.execute(named).scalars()) if last else set[str]()
    return [id_ for id_ in sorted((found.keys() & own) - hidden) if _can_be_made(connection, organisation, id_)]


def all_lost(connection: Connection, organisation: str) -> list[str]:
    """Return the records whose rows are lost and which can be made again: one that no laptop holds any more nobody asks for.

    Of very many it is the first ones: where a whole table is gone, a backup is the better word.
    """
    line, row = tables.ledger.c, tables.record.c
    there = select(row.id).where(row.organisation == line.organisation, row.id == line.record)
    query = select(line.record).where(line.organisation == organisation, ~there.exists()).distinct().limit(_MOST_AT_ONCE)
    return lost_among(connection, organisation, sorted(filter(is_text, connection.execute(query).scalars())))


def lost_matches(connection: Connection, grant: Grant, people: set[str]) -> list[str]:
    """Return those of these members whose own records name the worker of ``grant``, and to whom she is not matched here."""
    held, kept = load_readable(connection, grant.organisation, people), matched_to(connection, grant.organisation, people)
    named = (id_ for id_, each in held.items() if each.entity == MEMBER and grant.worker in matches_of(each.record.fields))
    return sorted(id_ for id_ in named if grant.worker not in kept[id_])


def _can_be_made(connection: Connection, organisation: str, id_: str) -> bool:
    found = _LostRow(id_)
    told = _told(connection, organisation, found)
    return told.is_destroyed is not None and _held(connection, organisation, found, told) is not None


def _is_matched(found: Any, workers: Collection[str]) -> bool:
    return found.entity != MEMBER or matches_of(object_in(found.fields) or {}) == workers


def _told(connection: Connection, organisation: str, found: Any) -> _Told:
    kind = _kind(connection, organisation, found)
    lines = histories(connection, organisation, [found.id]).get(found.id, ())
    if kind != MEMBER:
        return _Told(kind, lines)
    moves = moves_of(connection, organisation, [found.id]).get(found.id, set())
    return _Told(kind, lines, with_mark(moves, object_in(found.changed) or {}))


def _following(
    connection: Connection,
    organisation: str,
    touched: Mapping[str, Held],
    left: Mapping[str, str],
    anew: Collection[str],
    back: Collection[str],
) -> dict[str, Held]:
    """Return what was written about members where they never stood, as it stands with them.

    So does what was written about those who are ``back`` while nobody could say here where they stand, and all that is about
    those to whom a peer support worker is matched ``anew``: her laptop was not given it meanwhile.
    """
    followed: dict[str, Held] = {}
    people = {*left, *anew, *back}
    for id_ in hanging_on(connection, organisation, people) if people else ():
        held = touched.get(id_)
        with contextlib.suppress(RecordUnreadable):
            held = held or load(connection, organisation, [id_])[id_]
        person = None if held is None else person_of(ENTITIES[held.entity], id_, held.record.fields)
        if held is None or person not in people:
            continue
        is_astray = held.area != touched[person].area and (person in back or held.area == left.get(person))
        if is_astray or person in anew:
            followed[id_] = replace(held, area=touched[person].area if is_astray else held.area)
    return followed


def _kind(connection: Connection, organisation: str, found: Any) -> str:
    """Return of which kind a record is: what most say of the lines of its history and its own row.

    Of two that as many say it is the one whose class the row has, for that decides who receives it; else what was said first.
    """
    line = tables.ledger.c
    query = select(line.entity).where(line.organisation == organisation, line.record == found.id).order_by(line.number)
    said = Counter(str(each) for each in (*connection.execute(query).scalars(), found.entity) if each is not None)

    def weight(kind: str) -> tuple[int, bool]:
        return said[kind], kind in ENTITIES and str(ENTITIES[kind].sensitivity) == found.sensitivity

    # of those that weigh the same max takes the first
    return max(said, key=weight)


def _is_whole(found: Any) -> bool:
    return _says_itself(found) and is_readable(found)


def _says_itself(found: Any) -> bool:
    """Tell whether a record can be read without its history."""
    changed, changed_by = object_in(found.changed), object_in(found.changed_by)
    if object_in(found.fields) is None or changed is None or changed_by is None:
        return False
    numbers = (found.number, found.gone, found.erased, *changed.values())
    words = (found.area, found.author, found.made_at, *changed_by.values())
    return all(isinstance(each, int) for each in numbers) and all(map(is_text, words)) and found.sensitivity in _CLASSES


def _held(connection: Connection, organisation: str, found: Any, told: _Told) -> Held | None:
    """Return the record as it should stand; None when neither it nor its history can be read, or no such kind is known."""
    if told.kind not in ENTITIES:
        return None
    # one that was called destroyed, and is not, may have been emptied for it
    is_emptied = told.is_destroyed is False and found.erased and not object_in(found.fields)
    if told.kind == found.entity and _says_itself(found) and not is_emptied:
        held = load(connection, organisation, [found.id])[found.id]
    else:
        made = _from_history(connection, organisation, found, told)
        if made is None:
            return None
        held = made
    if told.is_destroyed:
        held = replace(held, record=Record({}, {}, {}, held.record.number, gone=True))
    is_erased = held.is_erased if told.is_destroyed is None else told.is_destroyed
    return replace(held, area=area_told(told.lines, told.moves) or held.area, is_erased=is_erased)


def _from_history(connection: Connection, organisation: str, found: Any, told: _Told) -> Held | None:
    lines, kind = told.lines, told.kind
    try:
        record = [merged.record for merged in replay([(line.number, line.change()) for line in lines])][-1]
    except (ValueError, TypeError, AttributeError, IndexError):
        return None
    sensitivity = ENTITIES[kind].sensitivity
    if kind == CONFLICT:
        # it may be kept closer than others of its kind
        about = record.fields.get("entity")
        sensitivity = class_of_conflict(about) if isinstance(about, str) and about in ENTITIES else sensitivity
    # people may have been asked whether it stays on the screens: its own word is the better one, where it has one
    record = replace(record, gone=bool(found.gone)) if isinstance(found.gone, int) else record
    is_erased = found.erased == 1 if told.is_destroyed is None else told.is_destroyed
    author = found.author if is_text(found.author) else lines[0].author
    made_at = found.made_at if is_text(found.made_at) else lines[0].at
    held = Held(kind, sensitivity, lines[-1].area, author, made_at, record, is_erased=is_erased, is_stored=True)
    if not held.is_erased:
        _note_again(connection, organisation, found, held, told)
    return held


def _note_again(connection: Connection, organisation: str, found: Any, held: Held, told: _Told) -> None:
    """Note in the record again what folding its history does not say: its questions, and since when a member is where she is."""
    lines = told.lines
    moved = [line.number for before, line in pairwise(lines) if line.area != before.area and line.number in told.moves]
    if held.entity == MEMBER and moved:
        held.record = replace(held.record, changed={**held.record.changed, AREA: moved[-1]})
    row = tables.record.c
    person = person_of(ENTITIES[held.entity], found.id, held.record.fields)
    query = select(row.id).where(row.organisation == organisation, row.entity == CONFLICT, row.person == person)
    for id_ in connection.execute(query.order_by(row.id)).scalars().all():
        try:
            asked = history(connection, organisation, id_)
        except ValueError:
            # nobody can be shown that question either before it is brought back from a backup
            continue
        about = asked[0].fields if asked else {}
        if about.get("record") == found.id:
            note_question(held, str(about["field"]), id_)
            _note_unseen(held, str(about["field"]), lines, asked)


def _note_unseen(held: Held, name: str, lines: Sequence[Line], asked: Sequence[Line]) -> None:
    """Note that a value is nobody's own where it settled a question unknowingly, as when it was said (see ``clashes``)."""
    settled = max((line.number for line in asked if line.device == SERVER and line.fields.get("settled_at")), default=0)
    said = next((line for line in lines if line.number == held.record.changed.get(name)), None)
    if said is None or not said.number < settled:
        return
    answered = max((line.number for line in asked if "other" in line.fields and line.number < said.number), default=0)
    if max((line.number for line in lines if name in line.fields and line.number < answered), default=0) > said.base:
        held.record = replace(held.record, changed_by={**held.record.changed_by, name: NOBODY})


def _line(organisation: str, id_: str, held: Held, now: str, author: str) -> dict[str, Any]:
    """Return the line of the ledger that says that the record has another number, and that nothing in it was changed."""
    return {
        "organisation": organisation, "number": held.record.number, "change_id": str(uuid_utils.uuid7()),
        "entity": held.entity, "record": id_, "kind": str(ChangeKind.TOMBSTONE if held.record.gone else ChangeKind.EDIT),
        "area": held.area, "fields": orjson.dumps({}).decode(), "overtaken": None, "base": held.record.number - 1,
        "author": author, "device": SERVER, "counter": 1, "at": now, "received_at": now, "verdict": "accepted",
    }  # fmt: skip
