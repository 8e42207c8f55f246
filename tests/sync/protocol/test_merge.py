"""The merge is one pure function; these are its rules without a server."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue

from sync.protocol.change import Change, ChangeKind
from sync.protocol.merge import GONE, Clash, Record, Retelling, join_sets, lay_beneath, merge, replay

ONE, TWO = "0199e2a0-5d3b-7c55-8a4e-000000000001", "0199e2a0-5d3b-7c55-8a4e-000000000002"
VALUES = st.one_of(st.none(), st.integers(0, 3), st.sampled_from(["a", "b"]), st.lists(st.sampled_from("abc"), max_size=3))
NAMES = st.sampled_from(["telephone", "coordinator", "communication", "a_newer_field"])
FIELDS = st.dictionaries(NAMES, VALUES, max_size=4)


def edit(fields: dict[str, JsonValue], base: int, device: str, kind: ChangeKind = ChangeKind.EDIT) -> Change:
    return Change(
        id=ONE, entity="person", record=ONE, kind=kind, area="sale", fields=fields, base=base, author=ONE, device=device,
        counter=1, at="2026-11-21T14:05:00.000Z",
    )  # fmt: skip


def at(fields: dict[str, JsonValue], number: int, device: str) -> Record:
    return Record(fields, dict.fromkeys(fields, number), dict.fromkeys(fields, device), number)


@given(before=FIELDS, fields=FIELDS, base=st.integers(0, 9))
def test_no_value_vanishes(before: dict[str, JsonValue], fields: dict[str, JsonValue], base: int) -> None:
    merged = merge(at(before, 5, ONE), edit(fields, base, TWO), 10)
    clashes = {clash.field: clash for clash in merged.clashes}
    for name, value in fields.items():
        current = merged.record.fields[name]
        if name in clashes:
            assert (clashes[name].shown, clashes[name].other) == (before[name], value) == (current, value)
        elif isinstance(current, list) and current != value:
            assert set(current) >= set(value if isinstance(value, list) else [])
        else:
            assert current == value
    for name, value in before.items():
        if name not in fields:
            assert merged.record.fields[name] == value
        elif base < 5 and merged.record.fields[name] != value and name != "communication":
            assert merged.overtaken[name] == value


@given(before=FIELDS, fields=FIELDS)
def test_an_edit_of_what_was_seen_applies_as_it_is(before: dict[str, JsonValue], fields: dict[str, JsonValue]) -> None:
    merged = merge(at(before, 5, ONE), edit(fields, 5, TWO), 6)
    assert merged.record.fields == before | fields
    assert (merged.clashes, merged.overtaken, merged.same) == ((), {}, True)


@given(before=FIELDS, fields=FIELDS, base=st.integers(0, 9))
def test_ones_own_edit_never_clashes(before: dict[str, JsonValue], fields: dict[str, JsonValue], base: int) -> None:
    assert merge(at(before, 5, ONE), edit(fields, base, ONE), 10).clashes == ()


ANSWERED: dict[str, JsonValue] = {
    "value": "Badly",
    "answered_by": ONE,
    "answered_at": "2026-11-21T14:00:00.000Z",
    "told_by": "carer",
}


def answer(fields: dict[str, JsonValue], base: int = 0) -> Change:
    return edit(fields, base, TWO).model_copy(update={"entity": "answer"})


def test_who_wrote_down_an_answer_that_waits_gives_way_with_it() -> None:
    said: dict[str, JsonValue] = {"answered_by": TWO, "value": "Well", "told_by": "person"}
    merged = merge(at(ANSWERED, 5, ONE), answer(said), 6)
    assert (merged.record.fields, merged.record.changed) == (ANSWERED, dict.fromkeys(ANSWERED, 5))
    assert (merged.clashes, merged.overtaken) == ((Clash("value", "Badly", "Well"),), {"answered_by": TWO, "told_by": "person"})


def test_of_an_answer_that_was_not_there_yet_nothing_is_made_up_when_another_waits() -> None:
    merged = merge(at({"value": "Badly"}, 5, ONE), answer({"value": "Well", "told_by": "carer"}), 6)
    assert (merged.record.fields, merged.record.changed_by) == ({"value": "Badly"}, {"value": ONE})


@given(said=st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from([1, 2, 3]), st.integers(0, 6)), min_size=1, max_size=6))
def test_an_answer_and_who_wrote_it_down_are_always_of_one_line(said: list[tuple[str, int, int]]) -> None:
    lines = [
        (number, answer({"told_by": f"{laptop}", "value": words, "answered_by": f"{laptop}"}, min(base, number - 1)))
        for number, (words, laptop, base) in enumerate(said, 1)
    ]
    devices = {1: ONE, 2: TWO, 3: TWO.replace("2", "3")}
    by_laptop = [
        (number, change.model_copy(update={"device": devices[laptop], "counter": number}))
        for (number, change), (_, laptop, _) in zip(lines, said, strict=True)
    ]
    for merged in replay(by_laptop):
        stands = merged.record.fields
        assert (stands["value"], stands["answered_by"], stands["told_by"]) in {(w, f"{n}", f"{n}") for w, n, _ in said}


def test_of_two_who_heard_the_same_the_later_one_wrote_it_down() -> None:
    merged = merge(at(ANSWERED, 5, ONE), answer({"value": "Badly", "answered_by": TWO}), 6)
    assert (merged.record.fields["answered_by"], merged.overtaken) == (TWO, {"answered_by": ONE})


def test_an_erasure_leaves_no_value() -> None:
    merged = merge(at({"telephone": "0161 496 0123"}, 5, ONE), edit({}, 5, TWO, ChangeKind.ERASE), 6)
    assert (merged.record.fields, merged.record.gone) == ({}, True)


def test_unsent_edits_lie_on_top_in_their_order() -> None:
    assert lay_beneath({"a": 1, "b": 1}, [{"a": 2}, {"a": 3}]) == {"a": 3, "b": 1}


SETS = st.lists(st.sampled_from("abcdef"), unique=True)


def test_a_set_that_is_only_put_in_another_order_stands_as_its_author_has_it() -> None:
    assert join_sets(["easy read"], ["large print", "easy read"], ["easy read", "large print"]) == ["easy read", "large print"]


@given(seen=SETS, present=SETS, wanted=SETS)
def test_what_was_taken_out_is_out_and_what_was_added_is_in(seen: list[str], present: list[str], wanted: list[str]) -> None:
    joined = join_sets(list(seen), list(present), list(wanted))
    assert sorted(map(str, joined)) == sorted((set(present) - (set(seen) - set(wanted))) | (set(wanted) - set(seen)))


@given(seen=SETS, one=SETS, two=SETS)
def test_two_edits_of_a_set_come_to_the_same_in_either_order(seen: list[str], one: list[str], two: list[str]) -> None:
    def joined(first: list[str], second: list[str]) -> set[str]:
        return set(map(str, join_sets(list(seen), join_sets(list(seen), list(seen), list(first)), list(second))))

    assert joined(one, two) == joined(two, one)


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 6), SETS), min_size=1, max_size=8))
def test_a_line_of_edits_keeps_out_of_a_set_what_its_laptop_saw_and_took_out(edits: list[tuple[int, int, list[str]]]) -> None:
    laptops = (ONE, TWO, TWO[:-1] + "3")
    lines = [
        (number, edit({"communication": list(wanted)}, min(base, number - 1), laptops[laptop]))
        for number, (laptop, base, wanted) in enumerate(edits, 1)
    ]
    states = list(replay(lines))
    told = Retelling()
    for place, (number, change) in enumerate(lines):
        seen = told.seen_by(change).get("communication") or []
        told.fold(number, change)
        wanted, after = change.fields["communication"], states[place].record.fields["communication"]
        assert isinstance(seen, list)
        assert isinstance(wanted, list)
        assert isinstance(after, list)
        before = states[place - 1].record.fields["communication"] if place else []
        assert isinstance(before, list)
        assert set(after) >= set(wanted) - set(seen)
        assert set(after).isdisjoint(set(seen) - set(wanted))
        assert set(after) >= set(before) - set(seen)


LAPTOPS = (ONE, TWO, TWO[:-1] + "3")
TURNS = st.lists(
    st.tuples(st.integers(0, 2), st.integers(0, 8), st.sampled_from([ChangeKind.EDIT, ChangeKind.TOMBSTONE])),
    min_size=1, max_size=9,
)  # fmt: skip


@given(TURNS)
def test_who_takes_off_and_who_writes_unknowing_neither_undoes_the_other_unasked(
    turns: list[tuple[int, int, ChangeKind]],
) -> None:
    lines = [(1, edit({}, 0, ONE, ChangeKind.CREATE))] + [
        (number, edit({"telephone": number} if kind is ChangeKind.EDIT else {}, min(base, number - 1), LAPTOPS[laptop], kind))
        for number, (laptop, base, kind) in enumerate(turns, 2)
    ]
    states = list(replay(lines))
    asked = [number for (number, _), state in zip(lines, states, strict=True) if state.clashes]
    for (_, change), state in zip(lines, states, strict=True):
        if state.clashes:
            assert state.clashes == (Clash(GONE, 0, 1),)
            assert not state.record.gone
        elif change.kind is not ChangeKind.TOMBSTONE:
            assert not state.record.gone
    removals = [(number, change) for number, change in lines if change.kind is ChangeKind.TOMBSTONE]
    others = [(number, change) for number, change in lines if change.kind is not ChangeKind.TOMBSTONE]
    for number, one in others if states[-1].record.gone else removals:
        # whoever said the contrary had heard of it, or people were asked
        knew = [
            (later, two)
            for later, two in (removals if states[-1].record.gone else others)
            if later > number and (two.base >= number or two.device == one.device)
        ]
        assert knew or any(each >= number for each in asked)


def test_who_takes_off_what_others_changed_leaves_it_on_the_screens_and_people_are_asked() -> None:
    lines = [(1, edit({}, 0, ONE, ChangeKind.CREATE)), (2, edit({"telephone": "0161 496 0001"}, 1, ONE))]
    *_, state = replay([*lines, (3, edit({}, 1, TWO, ChangeKind.TOMBSTONE))])
    assert (state.record.gone, state.clashes, state.same) == (False, (Clash(GONE, 0, 1),), False)


def test_an_edit_of_what_was_taken_off_brings_it_back_and_people_are_asked() -> None:
    lines = [(1, edit({}, 0, ONE, ChangeKind.CREATE)), (2, edit({}, 1, TWO, ChangeKind.TOMBSTONE))]
    *_, state = replay([*lines, (3, edit({"telephone": "0161 496 0001"}, 1, ONE))])
    assert (state.record.gone, state.clashes) == (False, (Clash(GONE, 0, 1),))
    assert state.record.fields["telephone"] == "0161 496 0001"


def test_who_heard_of_it_takes_off_and_brings_back_unasked() -> None:
    lines = [(1, edit({}, 0, ONE, ChangeKind.CREATE)), (2, edit({}, 1, TWO, ChangeKind.TOMBSTONE))]
    *_, gone, back = replay([*lines, (3, edit({}, 2, ONE))])
    assert (gone.record.gone, gone.clashes, back.record.gone, back.clashes) == (True, (), False, ())


@pytest.mark.parametrize(("base", "is_settled"), [(9, True), (8, False)])
def test_whoever_gave_the_other_answer_chooses_nothing_over_one_that_she_had_not_heard(base: int, *, is_settled: bool) -> None:
    said: dict[str, JsonValue] = {"shown": 0, "other": 1, "other_by": ONE, "chosen": None, "settled_at": None, "settled_by": None}
    asked = Record(said, {"shown": 9, "other": 9, "other_by": 9}, dict.fromkeys(said, "server"), 9)
    chosen: dict[str, JsonValue] = {"chosen": 1, "settled_at": "2026-11-21T14:05:00.000Z", "settled_by": ONE}
    choice = edit(chosen, base, ONE).model_copy(update={"entity": "conflict"})
    assert (merge(asked, choice, 10).record.fields["chosen"] == 1) is is_settled


def test_of_what_is_about_nobody_the_later_stands() -> None:
    def of_service(change: Change) -> Change:
        return change.model_copy(update={"entity": "service"})

    lines = [(1, edit({}, 0, ONE, ChangeKind.CREATE)), (2, edit({"name": "Warm hub"}, 1, ONE))]
    *_, state = replay([(n, of_service(c)) for n, c in [*lines, (3, edit({}, 1, TWO, ChangeKind.TOMBSTONE))]])
    assert (state.record.gone, state.clashes) == (True, ())


class Value(str):
    """A value that tells when nobody holds it any more."""


class Number(int):
    """The number of a line, which counts how often lines are compared by it."""

    compared = 0

    def __le__(self, other: int) -> bool:
        Number.compared += 1
        return int(self) <= int(other)

    def __gt__(self, other: int) -> bool:
        return not self <= other


def test_what_gave_way_is_not_kept_while_a_history_is_replayed() -> None:
    held: list[weakref.ref[Value]] = []

    def told() -> Iterator[tuple[int, Change]]:
        for number in range(1, 6):
            value = Value(f"0161 496 000{number}")
            held.append(weakref.ref(value))
            yield number, edit({"telephone": value}, number - 1, ONE)

    for _ in replay(told()):
        gc.collect()
    assert [each() is None for each in held[:-1]] == [True] * 4


def test_a_line_is_not_compared_with_all_before_it() -> None:
    lines = [(Number(n), edit({"telephone": f"0161 496 00{n:02d}", "communication": [str(n)]}, n - 1, ONE)) for n in range(1, 51)]
    Number.compared = 0
    *_, state = replay(lines)
    assert state.record.fields["communication"] == ["50"]
    assert Number.compared <= 4 * len(lines)
