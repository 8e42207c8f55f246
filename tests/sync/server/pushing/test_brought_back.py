"""A question that the server lost with a restore comes back from a laptop, and nothing else comes in by that door."""

from __future__ import annotations

import pytest
from pydantic import JsonValue

from sync.protocol.change import Change, ChangeKind
from sync.protocol.errors import Refusal
from sync.protocol.messages import VerdictKind
from sync.server.admission.people import begin_epoch
from tests.support.callers import Caller, enrolled, new_id
from tests.support.servers import ORGANISATION, RunningServer

AT = "2026-11-02T10:00:00.000Z"


@pytest.fixture
def maryam(server: RunningServer, ada: Caller, ben: Caller) -> Change:
    """A member on a server that was put back since."""
    made = ada.change("person", {"preferred_name": "Maryam", "safe_to_call": "yes"})
    ada.round(made)
    ben.round()
    server.do(lambda connection: begin_epoch(connection, ORGANISATION, server.at[0]))
    return made


def question(caller: Caller, about: Change, **otherwise: JsonValue) -> Change:
    """A question as a laptop knows it: "ask_first" was there before, everybody saw "yes", and somebody had said "no"."""
    asked: dict[str, JsonValue] = {
        "person": about.record, "entity": "person", "record": about.record, "field": "safe_to_call", "shown": "yes",
        "other": "no", "before": "ask_first", "shown_by": new_id(), "other_by": new_id(), "shown_at": AT, "other_at": AT,
        "found_at": AT,
    }  # fmt: skip
    return caller.change("conflict", asked | otherwise)


def shown(caller: Caller, asked: Change, *names: str) -> tuple[JsonValue, ...]:
    caller.round()
    return tuple(caller.rows[asked.record][name] for name in names)


def reason(caller: Caller, change: Change) -> Refusal | None:
    return caller.round(change).verdicts[0].reason


def test_it_stands_before_everybody_again(ada: Caller, ben: Caller, maryam: Change) -> None:
    asked = question(ada, maryam)
    assert ada.round(asked).verdicts[0].kind is VerdictKind.MERGED
    assert shown(ben, asked, "shown", "other", "settled_at") == ("yes", "no", None)


def test_it_shows_what_stands_here_now_and_who_said_it(ada: Caller, ben: Caller, maryam: Change) -> None:
    ben.round(ben.edit(maryam, {"safe_to_call": "mornings"}, 99))
    asked = question(ada, maryam)
    ada.round(asked)
    assert shown(ben, asked, "shown", "shown_by", "other", "settled_at") == ("mornings", ben.worker, "no", None)


def test_it_is_settled_where_the_other_answer_stands_now(ada: Caller, ben: Caller, maryam: Change) -> None:
    ben.round(ben.edit(maryam, {"safe_to_call": "no"}, 99))
    asked = question(ada, maryam)
    ada.round(asked)
    assert shown(ben, asked, "chosen", "settled_by") == ("no", ben.worker)


def test_an_edit_after_it_is_shown_in_it(ada: Caller, ben: Caller, maryam: Change) -> None:
    asked = question(ada, maryam)
    ada.round(asked)
    ben.round()
    ben.round(ben.edit(maryam, {"safe_to_call": "mornings"}, 99))
    assert shown(ada, asked, "shown", "before", "settled_at") == ("mornings", "ask_first", None)


def test_a_second_laptop_that_brings_it_takes_no_choice_away(ada: Caller, ben: Caller, maryam: Change) -> None:
    asked = question(ada, maryam)
    base = ada.round(asked).verdicts[0].number
    chosen: dict[str, JsonValue] = {"chosen": "no", "settled_at": AT, "settled_by": ada.worker}
    ada.round(ada.change("conflict", chosen, record=asked.record, kind=ChangeKind.EDIT, base=base))
    again = question(ben, maryam).model_copy(update={"record": asked.record})
    assert ben.round(again).verdicts[0].kind is VerdictKind.MERGED
    assert shown(ada, asked, "chosen", "settled_by") == ("no", ada.worker)


def test_a_choice_waits_until_it_is_back(ada: Caller, maryam: Change) -> None:
    choice = ada.change("conflict", {"chosen": "no"}, record=new_id(), kind=ChangeKind.EDIT)
    assert reason(ada, choice) is Refusal.MISSING_RECORD


def test_it_waits_until_what_it_is_about_is_back(ada: Caller, maryam: Change) -> None:
    assert reason(ada, question(ada, maryam, record=(lost := new_id()), person=lost)) is Refusal.MISSING_RECORD


@pytest.mark.parametrize(
    "wrong", [{"field": "shoe_size"}, {"entity": "no_such_kind"}, {"entity": "need"}, {"record": None}, {"person": None}]
)
def test_one_that_does_not_fit_what_it_is_about_is_not_taken(ada: Caller, maryam: Change, wrong: dict[str, JsonValue]) -> None:
    assert reason(ada, question(ada, maryam, **wrong)) is Refusal.MALFORMED


def test_nobody_brings_one_about_a_member_whom_she_may_not_hold(server: RunningServer, maryam: Change) -> None:
    di = enrolled(server, "Di Hart", areas=["sale"])
    assert reason(di, question(di, maryam)) is Refusal.NOT_ALLOWED


def test_nothing_of_it_is_kept_about_a_member_who_was_destroyed_by_law(
    server: RunningServer, ada: Caller, ben: Caller, maryam: Change
) -> None:
    ada.round(ada.change("person", {}, record=maryam.record, kind=ChangeKind.ERASE, base=99))
    asked = question(ben, maryam)
    assert ben.round(asked).verdicts[0].kind is VerdictKind.MERGED
    assert shown(ada, asked, "gone", "shown", "other", "person") == (1, None, None, None)
    said = server.do(lambda c: c.exec_driver_sql(f"SELECT fields FROM ledger WHERE record = '{asked.record}'").scalars().all())
    assert said == ["{}"]
