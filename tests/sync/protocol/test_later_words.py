"""What a laptop said later, by its own count, is not passed over by what it said before and what arrives behind it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue

from sync.protocol.change import Change, ChangeKind
from sync.protocol.merge import Merged, replay

ONE, TWO = "0199e2a0-5d3b-7c55-8a4e-000000000001", "0199e2a0-5d3b-7c55-8a4e-000000000002"
NAMES = ("telephone", "coordinator", "communication")


def said(
    counter: int, fields: dict[str, JsonValue], base: int = 1, kind: ChangeKind = ChangeKind.EDIT, device: str = ONE
) -> Change:
    return Change(
        id=ONE, entity="person", record=ONE, kind=kind, area="sale", fields=fields, base=base, author=ONE, device=device,
        counter=counter, at="2026-11-21T14:05:00.000Z",
    )  # fmt: skip


def last(*changes: Change) -> Merged:
    """Return what the last of these lines made of a record that the laptop made first."""
    *_, merged = replay(enumerate([said(1, {"telephone": "1"}, 0, ChangeKind.CREATE), *changes], 1))
    return merged


def _as_json(value: list[str]) -> JsonValue:
    return [*value]


def _in_order(value: JsonValue) -> list[str]:
    return sorted(map(str, value)) if isinstance(value, list) else [str(value)]


@given(st.permutations(range(2, 9)), st.data())
def test_in_whatever_order_a_laptops_changes_arrive_its_own_latest_word_stands(order: list[int], data: st.DataObject) -> None:
    values = st.dictionaries(
        st.sampled_from(NAMES), st.lists(st.sampled_from("abc"), unique=True, max_size=3).map(_as_json), max_size=3
    )
    kinds = st.sampled_from([ChangeKind.EDIT, ChangeKind.TOMBSTONE])
    changes = {each: said(each, data.draw(values), 1, data.draw(kinds)) for each in sorted(order)}
    merged = last(*(changes[each] for each in order))
    wanted = {name: value for each in sorted(changes) for name, value in changes[each].fields.items()}
    assert {name: _in_order(merged.record.fields[name]) for name in wanted} == {name: _in_order(wanted[name]) for name in wanted}
    assert merged.record.gone is (changes[max(changes)].kind is ChangeKind.TOMBSTONE)


@pytest.mark.parametrize("name", NAMES)
def test_what_comes_behind_its_laptops_later_word_is_overtaken_and_gives_no_question(name: str) -> None:
    merged = last(said(3, {name: ["new"]}), said(2, {name: ["old"]}))
    assert (merged.record.fields[name], merged.record.changed[name]) == (["new"], 2)
    assert (merged.overtaken, merged.clashes, merged.same) == ({name: ["old"]}, (), False)


def test_a_colleague_who_wrote_upon_the_later_word_is_not_passed_over_by_the_earlier_one() -> None:
    theirs = said(1, {"telephone": "theirs"}, 2, device=TWO)
    merged = last(said(3, {"telephone": "new"}), theirs, said(2, {"telephone": "old"}))
    assert merged.record.fields["telephone"] == "theirs"


def test_of_what_the_later_word_did_not_speak_the_earlier_one_stands() -> None:
    merged = last(said(3, {"telephone": "new"}), said(2, {"telephone": "old", "coordinator": "Bo"}))
    assert (merged.record.fields["telephone"], merged.record.fields["coordinator"]) == ("new", "Bo")


def test_a_record_that_was_offered_whole_says_also_what_is_empty_in_it() -> None:
    whole = said(3, {"telephone": "new"}, 0, ChangeKind.CREATE)
    merged = last(whole, said(2, {"telephone": "old", "coordinator": "Bo"}, 0, ChangeKind.CREATE))
    assert merged.record.fields == {"telephone": "new"}


def test_a_removal_follows_the_record_that_was_offered_whole_after_it() -> None:
    merged = last(said(3, {"telephone": "new"}, 0, ChangeKind.CREATE), said(2, {}, 0, ChangeKind.TOMBSTONE))
    assert merged.record.gone


def test_a_laptop_put_back_from_a_backup_that_has_heard_its_own_later_word_is_believed() -> None:
    merged = last(said(9, {"telephone": "before"}), said(2, {"telephone": "now"}, base=2))
    assert merged.record.fields["telephone"] == "now"


def test_what_is_added_to_a_set_after_a_change_that_came_too_late_is_added() -> None:
    late = said(2, {"communication": ["old"]})
    merged = last(said(3, {"communication": ["new"]}), late, said(4, {"communication": ["new", "more"]}))
    assert merged.record.fields["communication"] == ["new", "more"]


def test_what_the_server_asks_people_is_its_own() -> None:
    changes = [said(3, {"shown": 1}), said(2, {"shown": 0})]
    *_, merged = replay(enumerate([each.model_copy(update={"entity": "conflict"}) for each in changes], 1))
    assert merged.record.fields["shown"] == 0
