"""What the server says itself, of openings and of questions: nobody takes it away, or speaks there in another's name.

And nobody destroys what only was opened to her, or has left her scope.
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from sync.protocol.change import ChangeKind
from sync.protocol.errors import Refusal
from tests.support.callers import Caller, enrolled, rows_of
from tests.support.servers import RunningServer
from tests.sync.server.laptops.test_breaking_glass import MARYAM, known, opened

AT = "2026-11-21T14:05:00.000Z"


def reason(caller: Caller, entity: str, record: str, said: dict[str, object] | None = None) -> Refusal | None:
    """Return why what a laptop says of a record is refused; None where it is taken."""
    kind = ChangeKind.ERASE if said is None else ChangeKind.EDIT
    change = caller.change(entity, said or {}, record=record, kind=kind, base=caller.cursor)  # type: ignore[arg-type]
    return caller.round(change).verdicts[0].reason


@pytest.fixture
def question(ada: Caller, ben: Caller) -> str:
    """Make a question that two workers' answers have raised, and return its id."""
    maryam = ada.change("person", {"preferred_name": "Maryam"})
    ada.round(maryam)
    ben.round()
    seen = ben.cursor
    ada.round(ada.edit(maryam, {"safe_to_call": "mornings only"}, ada.cursor))
    ben.round(ben.edit(maryam, {"safe_to_call": "never at home"}, seen))
    (row,) = rows_of(ada.round())["conflict"]
    return str(row["id"])


@pytest.mark.parametrize("days", [0, 5])
def test_a_member_who_was_opened_is_not_destroyed_from_elsewhere(server: RunningServer, days: int) -> None:
    _ada, person, goal = known(server)
    ben = enrolled(server, "Ben Hale")
    opened(ben, **MARYAM)
    server.at[0] += timedelta(days=days)
    assert {reason(ben, "person", person.record), reason(ben, "goal", goal.record)} == {Refusal.NOT_ALLOWED}


def test_what_may_still_be_sent_of_her_in_the_same_push_does_not_help(server: RunningServer) -> None:
    _ada, person, _goal = known(server)
    ben = enrolled(server, "Ben Hale")
    opened(ben, **MARYAM)
    need = ben.change("need", {"person": person.record}, area="sale")
    destroy = ben.change("person", {}, record=person.record, kind=ChangeKind.ERASE)
    assert [verdict.reason for verdict in ben.round(need, destroy).verdicts] == [None, Refusal.NOT_ALLOWED]


def test_what_is_about_a_member_who_has_left_the_area_is_not_destroyed_from_there(server: RunningServer, ada: Caller) -> None:
    both = enrolled(server, "Bo Hart", areas=["stretford", "sale"])
    person = ada.change("person", {"preferred_name": "Maryam"})
    goal = ada.change("goal", {"person": person.record, "words": "sleep again"})
    ada.round(person, goal)
    both.round()
    move = both.change("person", {}, record=person.record, kind=ChangeKind.EDIT, base=both.cursor, area="sale")
    assert both.round(move).verdicts[0].reason is None
    assert reason(ada, "goal", goal.record) is Refusal.NOT_ALLOWED


def test_nobody_destroys_the_notice_that_a_member_was_opened(server: RunningServer) -> None:
    ada, _person, _goal = known(server)
    ben = enrolled(server, "Ben Hale")
    opening = opened(ben, **MARYAM).opening
    assert {reason(caller, "opening", opening) for caller in (ada, ben)} == {Refusal.NOT_ALLOWED}


def test_that_the_notice_was_read_is_said_where_the_member_is_and_in_ones_own_name(server: RunningServer) -> None:
    ada, _person, _goal = known(server)
    ben = enrolled(server, "Ben Hale")
    opening = opened(ben, **MARYAM).opening
    # his laptop sends every change from his own area
    assert reason(ben, "opening", opening, {"read_at": AT, "read_by": ben.worker}) is Refusal.NOT_ALLOWED
    assert reason(ada, "opening", opening, {"read_at": AT, "read_by": ben.worker}) is Refusal.NOT_ALLOWED
    assert reason(ada, "opening", opening, {"read_at": AT}) is Refusal.NOT_ALLOWED
    assert reason(ada, "opening", opening, {"read_at": AT, "read_by": ada.worker}) is None


def test_whoever_opened_her_does_not_read_her_own_notice_where_she_works_by_then(server: RunningServer) -> None:
    known(server)
    ben = enrolled(server, "Ben Hale")
    opening = opened(ben, **MARYAM).opening
    server.change_worker(ben.worker, areas=["sale"])
    assert reason(ben, "opening", opening, {"read_at": AT, "read_by": ben.worker}) is Refusal.NOT_ALLOWED


def test_the_notice_goes_with_the_member_and_whoever_asks_for_it_then_is_answered(server: RunningServer) -> None:
    ada, person, _goal = known(server)
    opening = opened(enrolled(server, "Ben Hale"), **MARYAM).opening
    ada.round()
    assert reason(ada, "person", person.record) is None
    assert (ada.rows[opening]["gone"], ada.rows[opening]["words"]) == (1, None)
    assert reason(ada, "opening", opening) is None


def test_a_question_is_settled_in_ones_own_name_only(ada: Caller, ben: Caller, question: str) -> None:
    chosen = {"chosen": "never at home", "settled_at": AT}
    for who in ({}, {"settled_by": None}, {"settled_by": ada.worker}):
        assert reason(ben, "conflict", question, {**chosen, **who}) is Refusal.NOT_ALLOWED
    assert reason(ben, "conflict", question, {**chosen, "settled_by": ben.worker}) is None


def test_a_choice_can_be_taken_back(ben: Caller, question: str) -> None:
    reason(ben, "conflict", question, {"chosen": "never at home", "settled_at": AT, "settled_by": ben.worker})
    assert reason(ben, "conflict", question, {"chosen": None, "settled_at": None, "settled_by": None}) is None


def test_nobody_destroys_a_question_alone(ada: Caller, ben: Caller, question: str) -> None:
    assert {reason(caller, "conflict", question) for caller in (ada, ben)} == {Refusal.NOT_ALLOWED}
