"""Keeps both values in front of people where two of them answered one field without knowing of each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final
from uuid import UUID, uuid5

from pydantic import JsonValue

from sync.protocol.change import Change, ChangeKind
from sync.protocol.entities import ENTITIES
from sync.protocol.merge import NOBODY, Clash, Fields, merge, replay
from sync.protocol.messages import VerdictKind
from sync.server.folding import Folding
from sync.server.history import Line
from sync.server.records import Held, class_of_conflict

CONFLICT: Final = "conflict"

_CONFLICTS: Final = UUID("0199e2a0-5d3b-7c55-8a4e-2f6f2c1d7b10")


def keep_clash(push: Folding, change: Change, clash: Clash) -> None:
    """Make or update the open conflict about a field: there is one for each record, field and other laptop."""
    id_, held = _open_conflict(push, change, clash.field)
    about = push.held[change.record]
    lines = push.lines_of(change.record)
    fields: Fields = {
        **_standing(about, clash.field, lines), "shown": clash.shown, "before": _value_seen(lines, change, clash.field),
        "other": clash.other, "other_by": change.author, "other_at": change.at,
    }  # fmt: skip
    if held is not None:
        _say(push, change, id_, held, fields)
        return
    entity = ENTITIES[change.entity]
    person = change.record if entity.person_field == "id" else about.record.fields.get(entity.person_field or "")
    fields |= {
        "person": person, "entity": change.entity, "record": change.record, "field": clash.field, "found_at": push.now,
    }  # fmt: skip
    number = push.next_number()
    said = push.of_server(change, id_, ChangeKind.CREATE, fields)
    made = merge(None, said, number).record
    held = Held(CONFLICT, class_of_conflict(change.entity), about.area, change.author, push.now, made)
    push.held[id_] = push.touched[id_] = held
    push.write_line(said, number, VerdictKind.ACCEPTED, {})
    note_question(about, clash.field, id_)


def note_question(about: Held, name: str, id_: str) -> None:
    """Note in a record that there is a conflict about one of its fields: edits of that field are shown there."""
    mark = _mark(name)
    known = about.record.changed_by.get(mark, "").split()
    about.record = replace(about.record, changed_by={**about.record.changed_by, mark: " ".join([*known, id_])})


def show_what_stands(push: Folding, change: Change, stood: Mapping[str, JsonValue]) -> None:
    """Let the open conflicts about what ``change`` said show what stands since, by whom, when, and what ``stood`` before.

    One of which the other answer stands now is settled: there is nothing left to choose.
    """
    if not stood:
        # most of what comes is new, and nobody was asked about it yet
        return
    about = push.held[change.record]
    for name in change.fields:
        noted = about.record.changed_by.get(_mark(name))
        if noted is None:
            continue
        now, ids = about.record.fields.get(name), noted.split()
        push.fetch(set(ids))
        for id_ in ids:
            held = push.held.get(id_)
            if held is None or not _is_open(held) or held.record.fields.get("shown") == now:
                continue
            fields: Fields = {
                "shown": now, "shown_by": change.author, "shown_at": change.at, "before": stood.get(name),
            }  # fmt: skip
            if held.record.fields.get("other") == now:
                fields |= {"chosen": now, "settled_at": push.now, "settled_by": change.author}
                if not _has_seen(push, change, held, name):
                    # two said the same unknowingly: what either of them says next, without knowing, is asked about
                    about.record = replace(about.record, changed_by={**about.record.changed_by, name: NOBODY})
            _say(push, change, id_, held, fields)


def show_present(push: Folding, change: Change, id_: str) -> None:
    """Let a conflict that a laptop brought back show what stands now; where that is the other answer, it is settled."""
    asked = push.held[id_]
    record, name = str(asked.record.fields.get("record")), str(asked.record.fields.get("field"))
    about = push.held[record]
    fields = _standing(about, name, push.lines_of(record))
    if not _is_open(asked) or fields["shown"] == asked.record.fields.get("shown"):
        return
    if fields["shown"] == asked.record.fields.get("other"):
        fields |= {"chosen": fields["shown"], "settled_at": push.now, "settled_by": fields["shown_by"]}
    _say(push, change, id_, asked, fields)


def _standing(about: Held, name: str, lines: Sequence[Line]) -> Fields:
    """Return what a record says now under ``name``, by whom, and since when."""
    number = about.record.changed.get(name, 0)
    line = next((line for line in lines if line.number == number), None)
    return {
        "shown": about.record.fields.get(name),
        "shown_by": line.author if line else about.author, "shown_at": line.at if line else about.made_at,
    }  # fmt: skip


def _say(push: Folding, change: Change, id_: str, held: Held, fields: Fields) -> None:
    """Write what the server itself says of a conflict."""
    number = push.next_number()
    said = push.of_server(change, id_, ChangeKind.EDIT, fields, base=held.record.number)
    held.record = merge(held.record, said, number).record
    push.touched[id_] = held
    push.write_line(said, number, VerdictKind.ACCEPTED, {})


def _mark(name: str) -> str:
    """Return where a record notes which conflicts there were about a field; no field has such a name."""
    return f"@{name}"


def _is_open(held: Held) -> bool:
    return not (held.record.fields.get("settled_at") or held.record.gone)


def _open_conflict(push: Folding, change: Change, name: str) -> tuple[str, Held | None]:
    """Return the id of the open conflict between this laptop and the shown value, and the conflict if it is there."""
    turn = 0
    while True:
        id_ = str(uuid5(_CONFLICTS, f"{push.grant.organisation}/{change.record}/{name}/{change.device}/{turn}"))
        push.fetch({id_})
        held = push.held.get(id_)
        if held is None or _is_open(held):
            return id_, held
        turn += 1


def _value_seen(lines: Sequence[Line], change: Change, name: str) -> JsonValue:
    """Return what the field said when the later editor last saw it."""
    states = list(replay([(line.number, line.change()) for line in lines if line.number <= change.base]))
    return states[-1].record.fields.get(name) if states else None


def _has_seen(push: Folding, change: Change, asked: Held, name: str) -> bool:
    """Tell whether the author of ``change`` knew of the other answer of a conflict: its line came just before the conflict's."""
    found = asked.record.changed.get("other", 0)
    said = [line.number for line in push.lines_of(change.record) if name in line.fields and line.number < found]
    return max(said, default=0) <= change.base
