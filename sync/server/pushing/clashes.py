"""Keeps all values in front of people where some of them answered one field without knowing of each other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final
from uuid import UUID, uuid5

from pydantic import JsonValue

from sync.protocol.change import Change, ChangeKind
from sync.protocol.entities import ENTITIES, person_of
from sync.protocol.merge import GONE, NOBODY, Clash, Fields, Record, merge
from sync.protocol.messages import VerdictKind
from sync.server.pushing.folding import Folding
from sync.server.pushing.pasts import Past
from sync.server.records.history import Line
from sync.server.records.rows import Held, class_of_conflict

CONFLICT: Final = "conflict"

_CONFLICTS: Final = UUID("0199e2a0-5d3b-7c55-8a4e-2f6f2c1d7b10")
_AT_ONCE: Final = 512
_TURNS: Final = 16
"""So often one field was asked about between the same two, at most, for an id to be known again."""


def keep_clash(push: Folding, change: Change, clash: Clash) -> None:
    """Make or update the open conflict about a field: there is one for each record, field and other laptop."""
    about, past = push.held[change.record], push.past_of(change.record)
    stands = about.record.changed.get(clash.field, 0)
    answers = [line for line in past.lines if line.number == stands or line.change_id == change.id]
    said = next(line for line in answers if line.change_id == change.id)
    fields = _standing(about, clash.field, past) | _told_with(past, said, clash.field) | {
        "other": clash.other, **_by("other", _written(past, clash.field, clash.other, said)),
        "before": _last_seen_by_all(past, answers, clash.field),
    }  # fmt: skip
    put_question(push, change, change.record, clash.field, change.device, fields)
    if len(_open_about(push, about, clash.field)) > 1:
        _tell_what_all_saw(push, change, clash.field, past)


def _told_with(past: Past, answer: Line, name: str) -> Fields:
    """Return how a question says by whom, when and for whom its other answer was said; nothing where no field tells of that.

    It is told by the line that gave the answer; what that line does not name its author saw before.
    """
    names = ENTITIES[answer.entity].told_with(name)

    def told(each: str) -> JsonValue:
        seen = [line for line, _ in past.stood(each) if line.number <= answer.base]
        own = [line for line in past.said(each) if line.device == answer.device and line.number <= answer.number]
        last = max(seen + own, key=lambda line: line.number, default=None)
        return last.fields[each] if last is not None else None

    return {"other_told": {each: told(each) for each in names}} if names else {}


def put_question(push: Folding, change: Change, record: str, name: str, device: str, fields: Fields) -> None:
    """Make the conflict between what stands in a record and what a laptop said, or say in the open one what it is now."""
    id_, held = _open_conflict(push, record, name, device)
    about = push.held[record]
    if held is not None:
        # also of one that a laptop brought back this is the server's own word now
        _say(push, change, id_, held, fields | {"found_at": held.made_at})
        return
    person = person_of(ENTITIES[about.entity], record, about.record.fields)
    fields |= {"person": person, "entity": about.entity, "record": record, "field": name, "found_at": push.now}
    number = push.next_number()
    said = push.of_server(change, id_, ChangeKind.CREATE, fields)
    made = merge(None, said, number).record
    held = Held(CONFLICT, class_of_conflict(about.entity), about.area, change.author, push.now, made)
    push.held[id_] = push.touched[id_] = held
    push.write_line(said, number, VerdictKind.ACCEPTED, {})
    note_question(about, name, id_)


def note_question(about: Held, name: str, id_: str) -> None:
    """Note in a record that there is a conflict about one of its fields: edits of that field are shown there."""
    mark = _mark(name)
    known = about.record.changed_by.get(mark, "").split()
    about.record = replace(about.record, changed_by={**about.record.changed_by, mark: " ".join([*known, id_])})


def show_what_stands(push: Folding, change: Change, stood: Mapping[str, JsonValue]) -> None:
    """Let the open conflicts about what ``change`` said of a record, in which ``stood`` something, show what stands since.

    They show it with whose word it is and since when. One of which the other answer stands now is settled: there is nothing
    left to choose.
    """
    if not stood:
        # most of what comes is new, and nobody was asked about it yet
        return
    about = push.held[change.record]
    for name in (*change.fields, GONE):
        if _mark(name) not in about.record.changed_by:
            continue
        now, is_shown_anew = _value_in(about.record, name), False
        for id_, held in _open_about(push, about, name):
            if held.record.fields.get("shown") == now:
                continue
            is_shown_anew = True
            past = push.past_of(change.record)
            said = next(line for line in reversed(past.lines) if line.change_id == change.id)
            fields: Fields = {"shown": now, **_by("shown", _written(past, name, now, said))}
            if held.record.fields.get("other") == now:
                fields |= {"chosen": now, "settled_at": push.now, "settled_by": change.author}
                if name != GONE and not _has_seen(push, change, held, name):
                    # two said the same unknowingly: what either of them says next, without knowing, is asked about
                    about.record = replace(about.record, changed_by={**about.record.changed_by, name: NOBODY})
            _say(push, change, id_, held, fields)
        if is_shown_anew:
            _tell_what_all_saw(push, change, name, push.past_of(change.record))


def show_present(push: Folding, change: Change, id_: str, *, is_named: bool) -> None:
    """Let a conflict that a laptop brought back say what is known here: what stands, by whom, and who gave the other answer.

    Of what the history has not, it goes on saying what the laptop told. Then it names another moment at which it was found than
    that at which it was made here, and is shown as brought back by its author. A choice is believed of who made it, or where the
    history has it. Where the other answer stands now, it is settled. Unless it ``is_named``, nobody gave the other answer.
    """
    asked = push.held[id_]
    told = asked.record.fields
    record, name = str(told.get("record")), str(told.get("field"))
    about, past = push.held[record], push.past_of(record)
    fields = _standing(about, name, past)
    other_by = told.get("other_by")
    if not is_named:
        fields["other_by"] = None
    if told.get("other_told") is not None:
        # it names workers: only the history is believed
        fields["other_told"] = None
    given = _said_so(past, name, told.get("other"), other_by)
    if given is not None:
        stands = [line for line in past.lines if line.number == about.record.changed.get(name, 0)]
        before = _last_seen_by_all(past, [given, *stands], name)
        fields |= {"other_at": given.at, "before": before, "found_at": asked.made_at} | _told_with(past, given, name)
    elif str(told.get("found_at")) > push.put_back_at:
        # the clock was wrong, or the laptop says so: nothing may name the moment of now, as if this server had found it
        fields["found_at"] = push.put_back_at
    settled_by = told.get("settled_by")
    is_settled = settled_by == change.author or _said_so(past, name, told.get("chosen"), settled_by) is not None
    if fields["shown"] == told.get("other") and not (is_settled and told.get("settled_at")):
        fields |= {"chosen": fields["shown"], "settled_at": push.now, "settled_by": fields["shown_by"]}
    elif not is_settled:
        fields |= dict.fromkeys(("chosen", "settled_at", "settled_by"))
    fields = {each: value for each, value in fields.items() if told.get(each) != value}
    if fields:
        _say(push, change, id_, asked, fields)


def _said_so(past: Past, name: str, value: JsonValue, author: JsonValue) -> Line | None:
    """Return the last line in which this author said this of a field, or took the record off the screens, if there is one."""
    if name == GONE:
        said = [line for line in past.lines if (line.kind == ChangeKind.TOMBSTONE) == bool(value)]
    else:
        said = [line for line in past.said(name) if line.fields[name] == value]
    return next((line for line in reversed(said) if line.author == author), None)


def _standing(about: Held, name: str, past: Past) -> Fields:
    """Return what a record says now under ``name``, by whom, and since when."""
    number = about.record.changed.get(name, 0)
    if name == GONE:
        number = past.last_turn(gone=about.record.gone)
    line = next((line for line in reversed(past.lines) if line.number == number), None)
    now, told = _value_in(about.record, name), {"shown_by": about.author, "shown_at": about.made_at}
    return {"shown": now, **(_by("shown", _written(past, name, now, line)) if line else told)}


def _by(side: str, line: Line) -> Fields:
    """Return how a question says who gave one of its answers, and when."""
    return {f"{side}_by": line.author, f"{side}_at": line.at}


def _written(past: Past, name: str, value: JsonValue, line: Line) -> Line:
    """Return the line that wrote ``value``, which ``line`` says of a field: words that somebody chose are hers who wrote them.

    A code or a single word is an answer of everybody who gives it.
    """
    if not _is_in_words(value):
        return line
    return next((each for each in past.said(name) if each.fields[name] == value), line)


def _is_in_words(value: JsonValue) -> bool:
    return isinstance(value, str) and len(value.split()) > 1


def _value_in(record: Record, name: str) -> JsonValue:
    """Return what a record says under ``name``; whether it is off the screens, where that is asked."""
    return int(record.gone) if name == GONE else record.fields.get(name)


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


def _asks_about(held: Held, record: str, name: str) -> bool:
    """Tell whether this is a question about that field of that record, and nothing else that stands under its id."""
    said = held.record.fields
    return held.entity == CONFLICT and said.get("record") == record and said.get("field") == name


def _open_conflict(push: Folding, record: str, name: str, device: str) -> tuple[str, Held | None]:
    """Return the id of the open conflict between this laptop and the shown value, and the conflict if it is there."""
    first, count = 0, 1
    while True:
        ids = _ids_between(push, record, name, device, range(first, first + count))
        push.fetch(set(ids))
        for id_ in ids:
            held = push.held.get(id_)
            # whoever knows the record and the laptop can name the id before it is needed: what stands there may be anything
            if held is None or (_is_open(held) and _asks_about(held, record, name)):
                return id_, held
        # hardly ever is it not the first; where many ids were taken, everybody waits while they are looked through
        first, count = first + count, min(8 * count, _AT_ONCE)


def _ids_between(push: Folding, record: str, name: str, device: str, turns: range) -> list[str]:
    """Return the ids that the questions between this laptop and the shown value have, one after another."""
    named = f"{push.grant.organisation}/{record}/{name}/{device}"
    return [str(uuid5(_CONFLICTS, f"{named}/{turn}")) for turn in turns]


def has_own_id(push: Folding, id_: str, record: str, name: str, devices: Iterable[str]) -> bool:
    """Tell whether a question has the id that it gets here where one of these laptops gave the other answer."""
    # whether a member stays is asked of nobody's laptop
    return any(id_ in _ids_between(push, record, name, device, range(_TURNS)) for device in ("", *devices))


def _open_about(push: Folding, about: Held, name: str) -> list[tuple[str, Held]]:
    """Return the open conflicts about a field of a record, by id."""
    ids = about.record.changed_by.get(_mark(name), "").split()
    push.fetch(set(ids))
    return [(id_, push.held[id_]) for id_ in ids if id_ in push.held and _is_open(push.held[id_])]


def _tell_what_all_saw(push: Folding, change: Change, name: str, past: Past) -> None:
    """Let the open conflicts about a field say what was there before: what stood when all who answered last saw the same."""
    about = push.held[change.record]
    asked = _open_about(push, about, name)
    answers = [_answer_of(past, held, name, side) for _, held in asked for side in ("shown", "other")]
    known = [line for line in answers if line is not None]
    if not known or len(known) < len(answers):
        # brought back from a laptop to a server that has lost who said it: what it was told then stays
        return
    before = _last_seen_by_all(past, known, name)
    for id_, held in asked:
        if held.record.fields.get("before") != before:
            _say(push, change, id_, held, {"before": before})


def _answer_of(past: Past, asked: Held, name: str, side: str) -> Line | None:
    """Return the line that gave one of the answers of a conflict: the last that said so before the conflict said whose it is.

    Of words that is the line that chose them, whoever wrote them.
    """
    fields, changed = asked.record.fields, asked.record.changed
    number = max(changed.get(each, 0) for each in (side, f"{side}_by", f"{side}_at"))
    value, author = fields.get(side), fields.get(f"{side}_by")
    said = (line for line in reversed(past.said(name)) if line.number < number and line.fields[name] == value)
    return next((line for line in said if line.author == author or _is_in_words(value)), None)


def _last_seen_by_all(past: Past, answers: Sequence[Line], name: str) -> JsonValue:
    """Return the last value of a field, of those that stood, of which everybody knew who gave one of the ``answers``."""

    def knew(answer: Line, line: Line) -> bool:
        return line.number <= answer.base or (line.device == answer.device and line.number < answer.number)

    known = (value for line, value in reversed(past.stood(name)) if all(knew(answer, line) for answer in answers))
    return next(known, None)


def _has_seen(push: Folding, change: Change, asked: Held, name: str) -> bool:
    """Tell whether the author of ``change`` knew of the other answer of a conflict: its line came just before the conflict's."""
    found = asked.record.changed.get("other", 0)
    said = (line.number for line in reversed(push.past_of(change.record).said(name)) if line.number < found)
    return next(said, 0) <= change.base
