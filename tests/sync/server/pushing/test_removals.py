"""Somebody is taken off the screens while a colleague, unknowing, writes about her: she stays, and one question is asked."""

from __future__ import annotations

import pytest
from pydantic import JsonValue

from sync.protocol.change import Change, ChangeKind
from sync.protocol.messages import VerdictKind
from sync.server.records.history import as_told, history, steps
from tests.support.callers import Caller
from tests.support.servers import ORGANISATION, RunningServer

PHONE: dict[str, JsonValue] = {"telephone": "0161 496 0001"}


@pytest.fixture
def member(ada: Caller, ben: Caller) -> tuple[Change, int]:
    """Somebody whom both know, and the number at which they do."""
    made = ada.change("person", {"preferred_name": "Maryam", "coordinator": ada.worker})
    number = ada.round(made).verdicts[0].number
    ben.round()
    return made, number


def removal(caller: Caller, of: Change, base: int) -> Change:
    return caller.change(of.entity, {}, record=of.record, kind=ChangeKind.TOMBSTONE, base=base)


def about(caller: Caller, of: Change) -> tuple[JsonValue, list[dict[str, JsonValue]]]:
    """Return whether the member is off the screens, and what is asked about that, as a laptop sees it that asks for all."""
    caller.cursor = 0
    caller.rows.clear()
    caller.round()
    asked = [row for row in caller.rows.values() if row.get("record") == of.record and row.get("field") == "gone"]
    return caller.rows[of.record]["gone"], asked


def sides(asked: dict[str, JsonValue]) -> list[JsonValue]:
    return [asked[name] for name in ("shown", "shown_by", "other", "other_by", "before", "settled_at")]


@pytest.mark.parametrize("is_removed_first", [True, False])
def test_an_edit_and_a_removal_that_did_not_know_of_each_other_are_one_question_whoever_comes_first(
    ada: Caller, ben: Caller, member: tuple[Change, int], is_removed_first: bool
) -> None:
    made, base = member
    turns = [(ada, removal(ada, made, base)), (ben, ben.edit(made, PHONE, base))]
    (first, one), (second, two) = turns if is_removed_first else reversed(turns)
    assert first.round(one).verdicts[0].kind is VerdictKind.ACCEPTED
    assert second.round(two).verdicts[0].kind is VerdictKind.CONFLICT
    for caller in (ada, ben):
        gone, (asked,) = about(caller, made)
        assert (gone, caller.rows[made.record]["telephone"]) == (0, "0161 496 0001")
        assert sides(asked) == [0, ben.worker, 1, ada.worker, 0, None]
        assert (asked["person"], asked["entity"]) == (made.record, "person")


@pytest.mark.parametrize("is_removed_first", [True, False])
def test_what_is_written_about_a_member_keeps_her_on_the_screens_too(
    ada: Caller, ben: Caller, member: tuple[Change, int], is_removed_first: bool, server: RunningServer
) -> None:
    made, base = member
    talk = ben.change("conversation", {"person": made.record, "summary": "Sleeps badly"})
    turns = [(ada, removal(ada, made, base)), (ben, talk)]
    (first, one), (second, two) = turns if is_removed_first else reversed(turns)
    first.round(one)
    second.round(two)
    gone, (asked,) = about(ben, made)
    assert gone == 0
    assert sides(asked) == [0, ben.worker, 1, ada.worker, 0, None]
    with server.database.reading() as connection:
        told = as_told(steps(history(connection, ORGANISATION, made.record)))
    assert [line[3] for line in told] == ["create", "tombstone", "edit"]


def test_who_heard_of_what_was_written_takes_a_member_off_unasked(ada: Caller, ben: Caller, member: tuple[Change, int]) -> None:
    made, _base = member
    ben.round(ben.edit(made, PHONE, member[1]), ben.change("conversation", {"person": made.record, "summary": "Sleeps badly"}))
    ada.round()
    ada.round(removal(ada, made, ada.cursor))
    assert about(ben, made) == (1, [])


def test_what_a_laptop_wrote_before_it_took_a_member_off_asks_nothing(ada: Caller, member: tuple[Change, int]) -> None:
    made, base = member
    talk = ada.change("conversation", {"person": made.record, "summary": "Twice here by mistake"})
    ada.round(talk, ada.edit(made, PHONE, base), removal(ada, made, base))
    assert about(ada, made) == (1, [])


def test_of_two_who_take_a_member_off_nothing_is_asked(ada: Caller, ben: Caller, member: tuple[Change, int]) -> None:
    made, base = member
    for caller in (ada, ben):
        caller.round(removal(caller, made, base))
    assert about(ada, made) == (1, [])


def test_who_knows_the_question_and_takes_the_member_off_settles_it(ada: Caller, ben: Caller, member: tuple[Change, int]) -> None:
    made, base = member
    ada.round(removal(ada, made, base))
    ben.round(ben.edit(made, PHONE, base))
    about(ada, made)
    ada.round(removal(ada, made, ada.cursor))
    gone, (asked,) = about(ben, made)
    assert (gone, asked["chosen"], asked["settled_by"]) == (1, 1, ada.worker)
    # what comes after that from somebody who had not heard of it is asked about anew
    cy = ben.edit(made, {"pronouns": "she"}, base).model_copy(update={"base": base})
    ben.round(cy)
    gone, asked_now = about(ben, made)
    assert (gone, sorted(bool(each["settled_at"]) for each in asked_now)) == (0, [False, True])


def test_a_second_removal_that_did_not_know_is_the_same_question(ada: Caller, ben: Caller, member: tuple[Change, int]) -> None:
    made, base = member
    ben.round(ben.edit(made, PHONE, base))
    for _ in range(2):
        ada.round(removal(ada, made, base))
    assert len(about(ben, made)[1]) == 1


def test_of_a_service_the_later_of_the_two_stands(ada: Caller, ben: Caller) -> None:
    service = ada.change("service", {"name": "Warm hub"})
    base = ada.round(service).verdicts[0].number
    ben.round(ben.edit(service, {"telephone": "0161 496 0002"}, base))
    ada.round(removal(ada, service, base))
    assert about(ben, service) == (1, [])
