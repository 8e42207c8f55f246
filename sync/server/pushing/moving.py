"""Moves what is about a member with her, and lets go of her whoever no longer looks after her, while a push is folded in."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import uuid_utils

from sync.protocol.change import Change, ChangeKind
from sync.protocol.entities import ENTITIES, person_of
from sync.protocol.merge import Record
from sync.server.pushing.folding import Folding, Written
from sync.server.records.following import (
    AREA,
    MEMBER,
    area_left,
    area_seen,
    hanging_on,
    is_an_area,
    keep_matches,
    matches_of,
    note_departures,
)
from sync.server.records.rows import Held
from sync.server.records.scope import SERVER

MOVE: Final = "move"
"""The audit's word for a member who was moved: from which area, and to which."""


def place_of(push: Folding, change: Change, held: Held | None, person: str | None) -> str:
    """Return the area where a record stands after the change: what is about a member stands where she stands."""
    if change.entity != MEMBER:
        if held is not None:
            # moved only by somebody who saw where it stands now
            stays = person is not None or (change.base < held.record.number and held.record.number not in push.own)
            return held.area if stays else change.area
        return push.area_of(person) or change.area
    if held is None or change.area == held.area:
        return change.area
    if not _may_move(push, change, held):
        return held.area
    if change.base >= held.record.number or held.record.number in push.own:
        return change.area
    if change.base >= held.record.changed.get(AREA, 0):
        return change.area
    lines = push.lines_of(change.record)
    seen = {area_seen(((line.number, line.area) for line in lines), change)}
    moved = held.record.changed[AREA]
    if any(line.number == moved and line.device == SERVER for line in lines):
        # nobody moved her: where she stood for a while was altered, and no line says where that was
        seen.add(area_left(push.connection, push.grant.organisation, change.record, moved))
    # she was moved meanwhile: an older copy does not move her back, somebody who moves her too does
    return held.area if change.area in seen else change.area


def _may_move(push: Folding, change: Change, held: Held) -> bool:
    """Tell whether the worker holds the member by her role and areas of now: what may still be sent about her moves her nowhere.

    A member opened for three hours, gone from her scope, or of an area that was hers is written about, not moved.
    """
    if change.record in push.moved:
        # moved by this very push, which may be thought better of in it
        return True
    grant = replace(push.present, opened={})
    if not held.is_stored:
        # added by this push: she is nobody's yet but who added her
        grant = replace(grant, matched=grant.matched | {change.record})
    place = (held.sensitivity, held.area)
    return grant.refusal(change, ENTITIES[MEMBER], place, change.record, held.area, is_known=True) is None


def area_to_ask(push: Folding, change: Change, held: Held | None, area: str) -> str | None:
    """Return the area in which the change must be allowed that lets a record stand in ``area``; None where nobody may."""
    if held is None or change.entity != MEMBER or area == held.area:
        return area
    # whoever holds a member may move her, also to where she is out of reach then
    return held.area if is_an_area(push.connection, push.grant, area) else None


def move(push: Folding, person: str, record: Record, before: str, area: str) -> Record:
    """Note that a member is in another area from here on; return her record with the number of that."""
    push.departures.append((record.number, person, "", before))
    push.moved.add(person)
    push.note(MOVE, MEMBER, person, f"{before} to {area}")
    # what the same laptop wrote about her before it heard of this follows her
    push.grant = replace(push.grant, opened={**push.grant.opened, person: area})
    return replace(record, changed={**record.changed, AREA: record.number})


def tell_who_stays(push: Folding, person: str, held: Held, number: int) -> None:
    """Let a laptop let go of a member whom it shows in another area, where its worker holds her no more and moved her nowhere.

    Her row is outside what the laptop is given, so nothing else would tell it before both ends are next compared.
    """
    if not push.present.covers(held.sensitivity, held.area, person):
        push.departures.append((number, person, push.grant.worker, ""))


def match_own(push: Folding, person: str, held: Held) -> None:
    """Let whoever adds a member, or hands her on, send what she wrote about her, also when she is not matched to her."""
    grant = push.grant
    if grant.worker in matches_of(held.record.fields):
        push.grant = replace(grant, matched=grant.matched | {person})
    else:
        push.departures.append((held.record.number, person, grant.worker, ""))
        push.grant = replace(grant, opened={**grant.opened, person: held.area})


def follow(push: Folding) -> None:
    """Let everything about a member who moved stand where she stands, and give it again to whoever supports her now."""
    organisation = push.grant.organisation
    members = {id_: held for id_, held in push.touched.items() if held.entity == MEMBER}
    if not members:
        return
    after = {id_: matches_of(held.record.fields) for id_, held in members.items()}
    before = {id_: workers for id_, workers in push.matches.items() if members[id_].is_stored}
    for id_, workers in before.items():
        push.departures += [(members[id_].record.number, id_, worker, "") for worker in sorted(workers - after[id_])]
    anew = keep_matches(push.connection, organisation, before, after)
    note_departures(push.connection, organisation, push.departures, push.now)
    people = anew | push.moved
    if not people:
        return
    push.fetch(set(hanging_on(push.connection, organisation, people)))
    for id_, held in sorted(push.held.items()):
        person = person_of(ENTITIES[held.entity], id_, held.record.fields) if held.entity != MEMBER else None
        if person not in people or (id_ in push.touched and held.area == push.held[person].area):
            continue
        number = push.next_number()
        held.area = push.held[person].area
        held.record = replace(held.record, number=number)
        push.touched[id_] = held
        push.lines.append(_line(organisation, id_, held, push.now))


def _line(organisation: str, id_: str, held: Held, now: str) -> Written:
    """Return the line of the ledger that says that a record followed its member, and that nothing in it was changed."""
    number, kind = held.record.number, ChangeKind.TOMBSTONE if held.record.gone else ChangeKind.EDIT
    return Written(
        organisation, number, str(uuid_utils.uuid7()), held.entity, id_, kind.value, held.area, "{}", None, number - 1, SERVER,
        SERVER, 1, now, now, "accepted",
    )  # fmt: skip
