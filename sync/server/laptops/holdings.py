"""What was on a laptop: what it may have held when it was last here, for whoever has to tell people that it is lost.

It is an upper bound of what the laptop was given, by numbers: of each role, and of the areas that its worker had with it, all
that the server had up to the last number that it gave the laptop meanwhile. What came to an area after she had lost it is not
among that. The laptop may have let go of some of it since, or not have been handed all of it yet. Of a member who was opened to
it, it is all up to the last number of any giving; whom a peer support worker ever supported counts for all the time in which she
was one.
"""

from __future__ import annotations

import csv
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import TextIOWrapper
from pathlib import Path
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, and_, case, false, func, or_, select

from sync.protocol.change import ChangeKind
from sync.protocol.entities import ENTITIES, NAMES
from sync.protocol.roles import MATCHED_ONLY
from sync.server.admission.people import NotPossible
from sync.server.clock import instant_text
from sync.server.database import tables
from sync.server.database.cells import areas_in, object_in, shown
from sync.server.laptops.giving import HANDED, Given, all_given
from sync.server.own_files import new_file
from sync.server.records import audit
from sync.server.records.history import history
from sync.server.records.scope import ADMINISTRATOR, EVERY_AREA, ROLES, SERVER, WIDE

COLUMNS: Final = ("member", "date of birth", "kind of record", "record", "made on this laptop", "on the server since")

_CHUNK: Final = 500
_ANSWERING: Final = timedelta(minutes=2)
"""No request takes longer from being let in to being noted."""
_NEVER: Final = "~"
"""Comes after every moment."""


@dataclass(frozen=True, slots=True)
class Holding:
    """One record that was on a laptop. ``member`` is empty for what is about nobody, or about somebody destroyed since."""

    member: str
    born: str
    entity: str
    record: str
    made_here: bool
    since: str


@dataclass(frozen=True, slots=True)
class Held:
    """What was on a laptop: whose it was, when it was given something last, and its records, member by member."""

    laptop: str
    worker: str
    last_given: str | None
    records: Sequence[Holding]

    @property
    def members(self) -> int:
        """Return about how many members something was on it."""
        return len({(each.member, each.born) for each in self.records if each.member})


def what_was_on(connection: Connection, organisation: str, device: str, now: datetime) -> Held:
    """Return what a laptop may have held: all that it may have been given as its worker's role and areas were then, and its own.

    What each role and area that she had before allowed meanwhile is named too, so that nobody is left out. What was never sent is
    not known here. The look is written into the audit. Raises :class:`NotPossible` without such a laptop.
    """
    row, worker = tables.device.c, tables.worker.c
    found = connection.execute(
        select(row.name, row.worker, worker.name.label("who"), worker.role, worker.areas)
        .join_from(tables.device, tables.worker)
        .where(row.organisation == organisation, row.id == device)
    ).one_or_none()
    if found is None:
        raise NotPossible(f"there is no laptop {device!r}: `ewb-server laptops` lists them")
    given = all_given(connection, organisation, device)
    records = _records(connection, organisation, device, _allowed(connection, organisation, device, found, given))
    looked = audit.Entry(ADMINISTRATOR, SERVER, "list", "laptop", device, "what was on it")
    audit.write(connection, organisation, instant_text(now), [looked])
    records.sort(key=lambda each: (each.member.casefold(), each.born, each.entity))
    return Held(shown(found.name), shown(found.who), given.last, records)


def write_holdings(held: Held, file: Path) -> None:
    """Write what was on a laptop as CSV that only its owner can read; raises ``OSError``, also when the file is there."""
    with new_file(file) as raw, TextIOWrapper(raw, encoding="utf-8-sig", newline="") as opened:
        table = csv.writer(opened)
        table.writerow(COLUMNS)
        for each in held.records:
            made = "yes" if each.made_here else ""
            table.writerow([_plain(each.member), each.born, each.entity, each.record, made, each.since])


@dataclass(slots=True)
class _Time:
    """While a worker had one role and the same areas: until the ledger's number ``ended`` and the moment ``ended_at``."""

    role: str
    areas: Collection[str]
    ended: int | None = None
    ended_at: str = ""

    def last_given(self, given: Given) -> int:
        """Return the highest number of those that were given in it; a number that was not there yet was not given later."""
        told = [number for number, at in given.numbers if self.ended is None or number < self.ended or at <= self._may_end_at]
        return max(told, default=0)

    @property
    def _may_end_at(self) -> str:
        # what was let in just before is answered as it was then
        try:
            return instant_text(datetime.fromisoformat(self.ended_at) + _ANSWERING)
        except ValueError:
            # nobody is left out because it cannot be read
            return _NEVER


def _times(connection: Connection, organisation: str, found: Any) -> list[_Time]:
    """Return what the worker's role and areas were, one after another, by the server's own word: a laptop's let nothing on.

    Where her history does not end with what her row says, that counts for all the time.
    """
    present = _Time(str(found.role), areas_in(found.areas))
    try:
        lines = [line for line in history(connection, organisation, found.worker) if line.device == SERVER]
    except ValueError:
        # nobody is left out because it cannot be read where she worked before
        return [_Time(present.role, [EVERY_AREA])]
    times: list[_Time] = []
    role, areas = "", list[str]()
    for line in lines:
        told = line.fields.get("areas")
        now = (str(line.fields.get("role") or role), list(map(str, told)) if isinstance(told, list) else areas)
        if times and now == (role, areas):
            continue
        if times:
            times[-1].ended, times[-1].ended_at = line.number, line.at
        role, areas = now
        times.append(_Time(role, areas))
    is_told = times and (times[-1].role, set(times[-1].areas)) == (present.role, set(present.areas))
    return times if is_told else [*times, present]


def _allowed(connection: Connection, organisation: str, device: str, found: Any, given: Given) -> ColumnElement[bool]:
    """Return the clause for all that the worker's role and areas, at each time, let the laptop be given, and what was opened."""
    record, line = tables.record.c, tables.ledger.c
    opened = select(tables.opened.c.person).where(tables.opened.c.organisation == organisation, tables.opened.c.device == device)
    clauses: list[ColumnElement[bool]] = []
    newest = max((number for number, _ in given.numbers), default=0)
    for time in _times(connection, organisation, found):
        classes = ROLES[time.role].reads if time.role in ROLES else frozenset()
        narrow: ColumnElement[bool] = record.sensitivity.in_([str(each) for each in classes - WIDE])
        outside = and_(narrow, record.person.in_(opened))
        if time.role in MATCHED_ONLY:
            # whom she supports or supported
            mine = [
                select(table.c.person).where(table.c.organisation == organisation, table.c.worker == found.worker)
                for table in (tables.matched, tables.departed)
            ]
            narrow = and_(narrow, or_(*(record.person.in_(each) for each in mine)))
        if EVERY_AREA not in time.areas:
            narrow = and_(narrow, line.area.in_(sorted(time.areas)))
        wide = record.sensitivity.in_([str(each) for each in classes & WIDE])
        given_then = or_(line.number <= time.last_given(given), _without_number(given))
        clauses += [and_(or_(wide, narrow), given_then), and_(outside, or_(line.number <= newest, _without_number(given)))]
    return or_(*clauses)


def _without_number(given: Given) -> ColumnElement[bool]:
    """Return the clause for what an earlier version gave without a number: times are all that is left of it."""
    return tables.ledger.c.received_at <= given.until if given.until is not None else false()


def _records(connection: Connection, organisation: str, device: str, allowed: ColumnElement[bool]) -> list[Holding]:
    record, line, entry = tables.record.c, tables.ledger.c, tables.audit.c
    handed = (entry.organisation == organisation, entry.device == device, entry.action == HANDED)
    # what colleagues' laptops sealed for it may be on it too: single records, and what the server had told them
    by_hand = record.id.in_(select(entry.record).where(*handed, entry.record != ""))
    own = line.device == device
    query = (
        select(
            record.id,
            record.entity,
            func.min(line.received_at).label("since"),
            func.max(case((own & (line.kind == ChangeKind.CREATE), 1), else_=0)).label("made"),
        )
        .join_from(tables.ledger, tables.record, and_(record.organisation == line.organisation, record.id == line.record))
        .where(line.organisation == organisation, or_(own, by_hand, allowed))
        .group_by(record.id, record.entity)
    )
    rows = connection.execute(query).all()
    about = _about(connection, organisation, [row.id for row in rows])
    members = _members(connection, organisation, sorted({person for person in about.values() if person}))
    return [
        Holding(
            *members.get(about.get(row.id, ""), ("", "")), shown(row.entity), shown(row.id), bool(row.made), shown(row.since)[:10]
        )
        for row in rows
    ]


def _about(connection: Connection, organisation: str, ids: Sequence[str]) -> dict[str, str]:
    """Return for each of the records whom it is about."""
    record, found = tables.record.c, dict[str, str]()
    for start in range(0, len(ids), _CHUNK):
        query = select(record.id, record.entity, record.fields, record.person).where(
            record.organisation == organisation, record.id.in_(ids[start : start + _CHUNK])
        )
        for row in connection.execute(query):
            field = ENTITIES[row.entity].person_field if row.entity in ENTITIES else None
            said = object_in(row.fields)
            about = row.person if said is None else said.get(field or "")
            found[row.id] = row.id if field == "id" else str(about or "")
    return found


def _members(connection: Connection, organisation: str, ids: Sequence[str]) -> dict[str, tuple[str, str]]:
    record, found = tables.record.c, dict[str, tuple[str, str]]()
    for start in range(0, len(ids), _CHUNK):
        query = select(record.id, record.fields).where(
            record.organisation == organisation, record.id.in_(ids[start : start + _CHUNK])
        )
        for row in connection.execute(query):
            said = object_in(row.fields) or {}
            name = " ".join(dict.fromkeys(str(said[each]) for each in NAMES if said.get(each)))
            found[row.id] = (name or row.id, str(said.get("birth_date") or ""))
    return found


def _plain(text: str) -> str:
    # a sheet would take a name that begins so for a formula
    return f"'{text}" if text[:1] in ("=", "+", "-", "@") else text
