"""What was on a laptop: what it may have held when it was last here, for whoever has to tell people that it is lost."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from io import TextIOWrapper
from pathlib import Path
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, and_, case, func, or_, select

from sync.protocol.change import ChangeKind
from sync.protocol.entities import ENTITIES, NAMES
from sync.protocol.roles import MATCHED_ONLY
from sync.server import audit, tables
from sync.server.cells import areas_in, object_in, shown
from sync.server.clock import instant_text
from sync.server.giving import HANDED, Given, all_given
from sync.server.history import history
from sync.server.own_files import new_file
from sync.server.people import NotPossible
from sync.server.scope import ADMINISTRATOR, EVERY_AREA, ROLES, SERVER, WIDE

COLUMNS: Final = ("member", "date of birth", "kind of record", "record", "made on this laptop", "on the server since")

_CHUNK: Final = 500


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
    """Return what a laptop may have held: all of its scope that the server had when it was given something last, and its own.

    Its worker may have had other roles or areas before: everything that any of them allowed is named, so that nobody is left
    out. What was never sent is not known here. The look is written into the audit. Raises :class:`NotPossible` without such a
    laptop.
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
    records = _records(connection, organisation, device, given, _allowed(connection, organisation, device, found))
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


def _allowed(connection: Connection, organisation: str, device: str, found: Any) -> ColumnElement[bool]:
    """Return the clause for everything that the worker's roles and areas, now and before, let her hold, and what was opened."""
    roles, areas = {found.role}, set(areas_in(found.areas))
    # the server's own word alone: what a laptop said of a worker let nothing onto this one
    try:
        lines = history(connection, organisation, found.worker)
    except ValueError:
        # nobody is left out because it cannot be read where she worked before
        lines, areas = [], {EVERY_AREA}
    for line in (each for each in lines if each.device == SERVER):
        roles |= {str(line.fields["role"])} if line.fields.get("role") else set()
        told = line.fields.get("areas")
        areas |= set(map(str, told)) if isinstance(told, list) else set()
    classes = {each for role in roles if role in ROLES for each in ROLES[role].reads}
    record, line_ = tables.record.c, tables.ledger.c
    narrow: ColumnElement[bool] = record.sensitivity.in_([str(each) for each in classes - WIDE])
    if EVERY_AREA not in areas:
        narrow = and_(narrow, line_.area.in_(sorted(areas)))
    if roles <= MATCHED_ONLY:
        # whom she supports or supported; a role with more, now or before, held the area
        mine = [
            select(table.c.person).where(table.c.organisation == organisation, table.c.worker == found.worker)
            for table in (tables.matched, tables.departed)
        ]
        narrow = and_(narrow, or_(*(record.person.in_(each) for each in mine)))
    given = tables.opened.c
    opened = select(given.person).where(given.organisation == organisation, given.device == device)
    outside = and_(record.sensitivity.in_([str(each) for each in classes - WIDE]), record.person.in_(opened))
    return or_(record.sensitivity.in_([str(each) for each in classes & WIDE]), narrow, outside)


def _records(connection: Connection, organisation: str, device: str, given: Given, allowed: ColumnElement[bool]) -> list[Holding]:
    record, line, entry = tables.record.c, tables.ledger.c, tables.audit.c
    handed = (entry.organisation == organisation, entry.device == device, entry.action == HANDED)
    # what colleagues' laptops sealed for it may be on it too: single records, and what the server had told them
    on_it: list[ColumnElement[bool]] = [record.id.in_(select(entry.record).where(*handed, entry.record != ""))]
    if given.newest:
        on_it.append(and_(allowed, line.number <= given.newest))
    if given.until is not None:
        # times are all that is left of what an earlier version gave without a number
        on_it.append(and_(allowed, line.received_at <= given.until))
    own = line.device == device
    query = (
        select(
            record.id,
            record.entity,
            func.min(line.received_at).label("since"),
            func.max(case((own & (line.kind == ChangeKind.CREATE), 1), else_=0)).label("made"),
        )
        .join_from(tables.ledger, tables.record, and_(record.organisation == line.organisation, record.id == line.record))
        .where(line.organisation == organisation, or_(own, *on_it))
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
