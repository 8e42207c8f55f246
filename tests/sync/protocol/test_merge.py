"""The merge is one pure function; these are its rules without a server."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue

from sync.protocol.change import Change, ChangeKind
from sync.protocol.merge import Record, lay_beneath, merge, union

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


def test_an_erasure_leaves_no_value() -> None:
    merged = merge(at({"telephone": "0161 496 0123"}, 5, ONE), edit({}, 5, TWO, ChangeKind.ERASE), 6)
    assert (merged.record.fields, merged.record.gone) == ({}, True)


def test_unsent_edits_lie_on_top_in_their_order() -> None:
    assert lay_beneath({"a": 1, "b": 1}, [{"a": 2}, {"a": 3}]) == {"a": 3, "b": 1}


@given(st.lists(st.sampled_from("abcd"), unique=True), st.lists(st.sampled_from("abcd"), unique=True))
def test_a_union_holds_each_once(left: list[str], right: list[str]) -> None:
    joined = union(list(left), list(right))
    assert isinstance(joined, list)
    assert sorted(map(str, joined)) == sorted({*left, *right})
