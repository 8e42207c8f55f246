"""The ledger: gives every change the next number, folds it into its record, and answers for each id.

One counter row, locked until the transaction ends, numbers the changes of an organisation: a bare sequence would let a reader
pass a number whose transaction had not ended yet, and never see it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from operator import itemgetter
from typing import Any, Final
from uuid import UUID, uuid5

import orjson
import psycopg
import uuid_utils
from pydantic import JsonValue
from sqlalchemy import Connection, select, update
from sqlalchemy.exc import DataError, IntegrityError

from sync.protocol.change import Change, ChangeKind
from sync.protocol.entities import ENTITIES, Policy, Sensitivity, person_of
from sync.protocol.errors import Refusal
from sync.protocol.merge import Clash, Fields, Merged, Record, merge, policy_of, replay, sets_as_seen
from sync.protocol.messages import Verdict, VerdictKind
from sync.server import audit, tables
from sync.server.bulk import insert_rows, lock_counter, run, select_rows, together, undoable
from sync.server.following import (
    AREA,
    MEMBER,
    Departure,
    area_seen,
    hanging_on,
    is_an_area,
    keep_matches,
    line_of_move,
    matches_of,
    note_departures,
    with_departed,
    with_matched,
)
from sync.server.history import Line, history
from sync.server.openings import with_sendable
from sync.server.records import Held, class_of_conflict, load, save
from sync.server.scope import SERVER, Grant

_CONFLICTS: Final = UUID("0199e2a0-5d3b-7c55-8a4e-2f6f2c1d7b10")
_in_columns: Final = itemgetter(*tables.ledger.columns.keys())
_POISON: Final = (DataError, IntegrityError, psycopg.DataError, psycopg.IntegrityError, TypeError, ValueError, RecursionError)
_ACTIONS: Final = {
    ChangeKind.CREATE: "create",
    ChangeKind.EDIT: "change",
    ChangeKind.TOMBSTONE: "remove",
    ChangeKind.ERASE: "erase",
}


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a push. ``own`` numbers the rows that the laptop holds exactly so already."""

    verdicts: Mapping[str, Verdict]
    own: frozenset[int]


def take(connection: Connection, grant: Grant, changes: Sequence[Change], now: str) -> Taken:
    """Number, fold and keep ``changes``; return a verdict for every id.

    Taking a change again gives the same answer and does nothing. A change that the database cannot hold is refused alone.
    """
    push = _begun(connection, grant, now)
    try:
        with undoable(connection, "push"):
            return push.take(changes)
    except _POISON:
        verdicts: dict[str, Verdict] = {}
        own: set[int] = set()
        for change in changes:
            try:
                with undoable(connection, "change"):
                    taken = _begun(connection, grant, now).take([change])
            except _POISON:
                verdicts[change.id] = _refused(change, Refusal.MALFORMED)
            else:
                verdicts.update(taken.verdicts)
                own |= taken.own
        return Taken(verdicts, frozenset(own))


def lock(connection: Connection, organisation: str) -> int:
    """Hold the organisation's counter until the transaction ends; return the last number given."""
    return int(lock_counter(connection, organisation).number)


def _begun(connection: Connection, grant: Grant, now: str) -> _Push:
    counter = lock_counter(connection, grant.organisation)
    return _Push(connection, grant, now, counter.number, audit.Tip(counter.audit_number, counter.audit_hash))


def _refused(change: Change, reason: Refusal) -> Verdict:
    return Verdict(id=change.id, kind=VerdictKind.REFUSED, reason=reason)


@dataclass(slots=True)
class _Push:
    """One push while it is folded in: everything is read once before, and written once after."""

    connection: Connection
    grant: Grant
    now: str
    number: int
    tip: audit.Tip
    lines: list[dict[str, Any]] = field(default_factory=list)
    entries: list[audit.Entry] = field(default_factory=list)
    known: dict[str, tuple[int, str]] = field(default_factory=dict)
    held: dict[str, Held] = field(default_factory=dict)
    touched: dict[str, Held] = field(default_factory=dict)
    own: set[int] = field(default_factory=set)
    erased: list[str] = field(default_factory=list)
    matches: dict[str, frozenset[str]] = field(default_factory=dict)
    """Who was matched to the members that this push touches, before it; nothing of those who are new."""
    departures: list[Departure] = field(default_factory=list)
    moved: set[str] = field(default_factory=set)
    is_widened: bool = False

    def take(self, changes: Sequence[Change]) -> Taken:
        self.grant = with_matched(self.connection, with_sendable(self.connection, self.grant, self.now))
        self._read(changes)
        verdicts: dict[str, Verdict] = {}
        turn = list(changes)
        while turn:
            for change in turn:
                if change.id not in verdicts or verdicts[change.id].reason is Refusal.WAITING_FOR:
                    verdicts[change.id] = self._take_one(change)
            # one that was made anew after its turn comes behind those that wait for it
            waiting = [change for change in turn if verdicts[change.id].reason is Refusal.WAITING_FOR]
            turn = waiting if any(change.after in self.known for change in waiting) else []
        self._write()
        return Taken(verdicts, frozenset(self.own & {held.record.number for held in self.touched.values()}))

    def _read(self, changes: Sequence[Change]) -> None:
        asked = {change.id for change in changes} | {change.after for change in changes if change.after}
        organisation = self.grant.organisation
        found = select_rows(self.connection, tables.ledger, ("change_id", "number", "device"), organisation, "change_id", asked)
        self.known = {row.change_id: (row.number, row.device) for row in found}
        # whom a new record is about says where it stands
        about = (person_of(ENTITIES[change.entity], change.record, change.fields) for change in changes)
        ids = {change.record for change in changes} | {person for person in about if person is not None}
        self.held = load(self.connection, organisation, ids)

    def _write(self) -> None:
        if not self.lines:
            return
        self._follow()
        with together(self.connection):
            self._write_together()

    def _write_together(self) -> None:
        organisation, row = self.grant.organisation, tables.ledger.c
        insert_rows(self.connection, tables.ledger, [_in_columns(line) for line in self.lines])
        save(self.connection, organisation, self.touched)
        if self.erased:
            # destroyed by law: what was said goes from the history too, that something was said stays
            self.connection.execute(
                update(tables.ledger)
                .where(row.organisation == organisation, row.record.in_(self.erased))
                .values(fields="{}", overtaken=None)
            )
        run(self.connection, "UPDATE counter SET number = ? WHERE organisation = ?", (self.number, organisation))
        audit.write(self.connection, organisation, self.now, self.entries, self.tip)

    def _take_one(self, change: Change) -> Verdict:
        known = self.known.get(change.id)
        if known is not None:
            number, device = known
            if device != self.grant.device:
                return _refused(change, Refusal.MALFORMED)
            return Verdict(id=change.id, kind=VerdictKind.KNOWN, number=number)
        reason = self._refusal(change)
        if reason is not None:
            return _refused(change, reason)
        self.number += 1
        number = self.number
        self.known[change.id] = (number, self.grant.device)
        held = self.held.get(change.record)
        if held is not None and held.is_erased:
            return self._after_erasure(change, held)
        merged = merge(held.record if held else None, change, number, self._sets_seen(change, held))
        stood_clean = held is not None and held.record.number in self.own
        kind = self._fold(change, held, merged, is_same=merged.same or (stood_clean and not merged.clashes))
        for clash in merged.clashes:
            self._conflict(change, clash)
        if change.kind is ChangeKind.ERASE:
            self._erase(change)
        return Verdict(id=change.id, kind=kind, number=number)

    def _refusal(self, change: Change) -> Refusal | None:
        held = self.held.get(change.record)
        place = (held.sensitivity, held.area) if held else None
        reason = self._not_allowed(change, held, place)
        if reason is Refusal.NOT_ALLOWED and not self.is_widened:
            self.grant, self.is_widened = with_departed(self.connection, self.grant, self.now), True
            reason = self._not_allowed(change, held, place)
        if reason is not None:
            return reason
        if held is not None and held.entity != change.entity:
            return Refusal.MALFORMED
        if change.after is not None and change.after not in self.known:
            return Refusal.WAITING_FOR
        if held is None and change.kind is not ChangeKind.CREATE:
            return Refusal.MISSING_RECORD
        return None

    def _not_allowed(self, change: Change, held: Held | None, place: tuple[Sensitivity, str] | None) -> Refusal | None:
        entity = ENTITIES[change.entity]
        person = person_of(entity, change.record, held.record.fields if held else change.fields)
        area = self._place_of(change, held, person)
        if held is not None and change.entity == MEMBER and area != held.area:
            # whoever holds a member may move her, also to where she is out of reach then
            if not is_an_area(self.connection, self.grant, area):
                return Refusal.NOT_ALLOWED
            area = held.area
        return self.grant.refusal(change, entity, place, person, area, is_known=held is not None or person in self.held)

    def _place_of(self, change: Change, held: Held | None, person: str | None) -> str:
        """Return the area where a record stands after the change: what is about a member stands where she stands."""
        if person is not None and change.entity != MEMBER:
            if held is not None:
                return held.area
            member = self.held.get(person)
            return change.area if member is None else member.area
        if held is None or change.area == held.area or change.base >= held.record.number or held.record.number in self.own:
            return change.area
        if change.entity != MEMBER:
            # moved only by somebody who saw where it stands now
            return held.area
        if change.base >= held.record.changed.get(AREA, 0):
            return change.area
        seen = area_seen(((line.number, line.area) for line in self._lines_of(change.record)), change)
        # she was moved meanwhile: an older copy does not move her back, somebody who moves her too does
        return held.area if change.area == seen else change.area

    def _fold(self, change: Change, held: Held | None, merged: Merged, *, is_same: bool) -> VerdictKind:
        entity = ENTITIES[change.entity]
        area = self._place_of(change, held, person_of(entity, change.record, held.record.fields if held else change.fields))
        if held is None:
            held = Held(change.entity, entity.sensitivity, area, change.author, change.at, merged.record)
            self.held[change.record] = held
        elif change.entity == MEMBER:
            self.matches.setdefault(change.record, matches_of(held.record.fields))
        before, held.area = held.area, area
        if before != area and change.entity == MEMBER:
            merged = replace(merged, record=self._moved(change.record, merged.record, before, area))
        taken = VerdictKind.ACCEPTED if is_same else VerdictKind.MERGED
        kind = VerdictKind.CONFLICT if merged.clashes else taken
        if is_same:
            self.own.add(merged.record.number)
        held.record = merged.record
        self.touched[change.record] = held
        if change.entity == MEMBER and self.grant.is_matched_only:
            self._match_own(change, held)
        self._line(change, merged.record.number, kind, merged.overtaken, area)
        action = _ACTIONS[change.kind] if kind is VerdictKind.ACCEPTED else str(kind)
        self._audit(action, change.entity, change.record, ",".join(sorted(change.fields)))
        return kind

    def _moved(self, person: str, record: Record, before: str, area: str) -> Record:
        """Note that a member is in another area from here on."""
        self.departures.append((record.number, person, "", before))
        self.moved.add(person)
        # what the same laptop wrote about her before it heard of this follows her
        self.grant = replace(self.grant, opened={**self.grant.opened, person: area})
        return replace(record, changed={**record.changed, AREA: record.number})

    def _match_own(self, change: Change, held: Held) -> None:
        """Let whoever adds a member, or hands her on, send what she wrote about her, also when she is not matched to her."""
        if self.grant.worker in matches_of(held.record.fields):
            self.grant = replace(self.grant, matched=self.grant.matched | {change.record})
        else:
            self.departures.append((held.record.number, change.record, self.grant.worker, ""))
            self.grant = replace(self.grant, opened={**self.grant.opened, change.record: held.area})

    def _follow(self) -> None:
        """Let everything about a member who moved stand where she stands, and give it again to whoever supports her now."""
        organisation = self.grant.organisation
        members = {id_: held for id_, held in self.touched.items() if held.entity == MEMBER}
        if not members:
            return
        after = {id_: matches_of(held.record.fields) for id_, held in members.items()}
        before = {id_: workers for id_, workers in self.matches.items() if members[id_].is_stored}
        for id_, workers in before.items():
            self.departures += [(members[id_].record.number, id_, worker, "") for worker in sorted(workers - after[id_])]
        anew = keep_matches(self.connection, organisation, before, after)
        note_departures(self.connection, organisation, self.departures, self.now)
        people = anew | self.moved
        if not people:
            return
        hanging = hanging_on(self.connection, organisation, people)
        self.held |= load(self.connection, organisation, set(hanging) - self.held.keys())
        for id_, held in sorted(self.held.items()):
            person = person_of(ENTITIES[held.entity], id_, held.record.fields) if held.entity != MEMBER else None
            if person not in people or (id_ in self.touched and held.area == self.held[person].area):
                continue
            self.number += 1
            held.area = self.held[person].area
            held.record = replace(held.record, number=self.number)
            self.touched[id_] = held
            self.lines.append(
                line_of_move(organisation, id_, held.entity, held.area, self.number, self.now, gone=held.record.gone)
            )

    def _after_erasure(self, change: Change, held: Held) -> Verdict:
        """Answer a change of a record that was destroyed: nothing of it is kept, and the laptop hears again that it is gone."""
        held.record = replace(held.record, number=self.number)
        self.touched[change.record] = held
        self._line(change.model_copy(update={"fields": {}}), self.number, VerdictKind.MERGED, {})
        self._audit("after_erasure", change.entity, change.record, "")
        return Verdict(id=change.id, kind=VerdictKind.MERGED, number=self.number)

    def _erase(self, change: Change) -> None:
        self.held[change.record].is_erased = True
        self.erased.append(change.record)
        for line in self.lines:
            if line["record"] == change.record:
                line["fields"], line["overtaken"] = "{}", None
        row = tables.record.c
        about = select(row.id).where(
            row.organisation == self.grant.organisation, row.entity == "conflict", row.fields.contains(change.record)
        )
        ids = {*self.connection.execute(about).scalars(), *(i for i, h in self.held.items() if h.entity == "conflict")}
        self.held |= load(self.connection, self.grant.organisation, ids - self.held.keys())
        for id_ in sorted(ids):
            held = self.held[id_]
            if held.record.fields.get("record") != change.record:
                continue
            self.number += 1
            held.record = Record({}, {}, {}, self.number, gone=True)
            held.is_erased = True
            self.touched[id_] = held
            self.erased.append(id_)
            self._line(self._of_server(change, id_, ChangeKind.ERASE, {}), self.number, VerdictKind.ACCEPTED, {})

    def _conflict(self, change: Change, clash: Clash) -> None:
        """Keep both values in front of people: one open conflict for each record, field and other laptop."""
        id_, held = self._open_conflict(change, clash.field)
        about = self.held[change.record]
        self.number += 1
        if held is None:
            entity = ENTITIES[change.entity]
            shown = self._line_at(about.record.changed.get(clash.field, 0))
            person = change.record if entity.person_field == "id" else about.record.fields.get(entity.person_field or "")
            fields: dict[str, JsonValue] = {
                "person": person, "entity": change.entity, "record": change.record, "field": clash.field,
                "shown": clash.shown, "other": clash.other, "before": self._value_at(change, clash.field),
                "shown_by": shown.author if shown else about.author, "other_by": change.author,
                "shown_at": shown.at if shown else about.made_at, "other_at": change.at, "found_at": self.now,
            }  # fmt: skip
            made = merge(None, self._of_server(change, id_, ChangeKind.CREATE, fields), self.number)
            held = Held("conflict", class_of_conflict(change.entity), about.area, change.author, self.now, made.record)
            self.held[id_] = held
            kind = ChangeKind.CREATE
        else:
            fields = {"shown": clash.shown, "other": clash.other, "other_by": change.author, "other_at": change.at}
            kind = ChangeKind.EDIT
            edit = self._of_server(change, id_, kind, fields, base=held.record.number)
            held.record = merge(held.record, edit, self.number).record
        self.touched[id_] = held
        self._line(self._of_server(change, id_, kind, fields), self.number, VerdictKind.ACCEPTED, {})

    def _open_conflict(self, change: Change, name: str) -> tuple[str, Held | None]:
        """Return the id of the open conflict between this laptop and the shown value, and the conflict if it is there."""
        turn = 0
        while True:
            id_ = str(uuid5(_CONFLICTS, f"{self.grant.organisation}/{change.record}/{name}/{change.device}/{turn}"))
            if id_ not in self.held:
                self.held |= load(self.connection, self.grant.organisation, [id_])
            held = self.held.get(id_)
            if held is None or not (held.record.fields.get("settled_at") or held.record.gone):
                return id_, held
            turn += 1

    def _line_at(self, number: int) -> Line | None:
        row = tables.ledger.c
        query = select(row.record).where(row.organisation == self.grant.organisation, row.number == number)
        record = self.connection.execute(query).scalar_one_or_none()
        lines = history(self.connection, self.grant.organisation, record) if record else []
        return next((line for line in lines if line.number == number), None)

    def _value_at(self, change: Change, name: str) -> JsonValue:
        """Return what the field said when the later editor last saw it."""
        lines = [(line.number, line.change()) for line in self._lines_of(change.record) if line.number <= change.base]
        states = list(replay(lines))
        return states[-1].record.fields.get(name) if states else None

    def _sets_seen(self, change: Change, held: Held | None) -> Fields:
        """Return what the author saw in sets that were changed since; the history is read only when there is such a one."""
        changed = held.record.changed if held is not None else {}
        later = [name for name in change.fields if changed.get(name, 0) > change.base]
        if not any(policy_of(change.entity, name) is Policy.UNION for name in later):
            return {}
        return sets_as_seen([(line.number, line.change()) for line in self._lines_of(change.record)], change)

    def _lines_of(self, record: str) -> list[Line]:
        """Return the record's history with what this push adds to it."""
        written = history(self.connection, self.grant.organisation, record)
        added = [
            Line(
                line["number"], line["change_id"], line["entity"], record, line["kind"], line["area"], line["author"],
                line["device"], line["counter"], line["base"], line["at"], orjson.loads(line["fields"]), {},
            )
            for line in self.lines
            if line["record"] == record
        ]  # fmt: skip
        return [*written, *added]

    def _of_server(
        self, cause: Change, record: str, kind: ChangeKind, fields: Mapping[str, JsonValue], *, base: int = 0
    ) -> Change:
        return Change(
            id=str(uuid_utils.uuid7()), entity="conflict", record=record, kind=kind, area=self.held[cause.record].area,
            fields=dict(fields), base=base, author=cause.author, device=SERVER, counter=1, at=self.now,
        )  # fmt: skip

    def _line(
        self, change: Change, number: int, kind: VerdictKind, overtaken: Mapping[str, JsonValue], area: str | None = None
    ) -> None:
        self.lines.append(
            {
                "organisation": self.grant.organisation, "number": number, "change_id": change.id, "entity": change.entity,
                "record": change.record, "kind": str(change.kind), "area": area or change.area,
                "fields": orjson.dumps(change.fields).decode(),
                "overtaken": orjson.dumps(dict(overtaken)).decode() if overtaken else None,
                "base": change.base, "author": change.author, "device": change.device, "counter": change.counter,
                "at": change.at, "received_at": self.now, "verdict": str(kind),
            }
        )  # fmt: skip

    def _audit(self, action: str, entity: str, record: str, detail: str) -> None:
        self.entries.append(audit.Entry(self.grant.worker, self.grant.device, action, entity, record, detail))
