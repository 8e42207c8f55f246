"""A question that a laptop brings back to a restored server says what is known there, and else that it is a laptop's word."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid5

import pytest
from pydantic import JsonValue

from sync.protocol.change import Change
from sync.protocol.errors import Refusal
from sync.protocol.merge import GONE
from sync.server.admission.people import begin_epoch
from sync.server.clock import instant_text
from sync.server.pushing.clashes import _CONFLICTS
from tests.support.callers import AT, Caller, new_id
from tests.support.servers import ORGANISATION, RunningServer

BEFORE = "2026-11-20T10:00:00.000Z"
"""Before the server was put back."""


@pytest.fixture
def maryam(server: RunningServer, ada: Caller, ben: Caller) -> Change:
    """A member of whom two workers have said what is safe, on a server that was put back since."""
    made = ada.change("person", {"preferred_name": "Maryam", "safe_to_call": "yes"})
    ada.round(made)
    ben.round()
    ben.round(ben.edit(made, {"safe_to_call": "mornings only"}, ben.cursor))
    ada.round()
    ada.round(ada.edit(made, {"safe_to_call": "never at home"}, ada.cursor))
    put_back(server)
    return made


def put_back(server: RunningServer) -> None:
    server.at[0] += timedelta(hours=1)
    server.do(lambda connection: begin_epoch(connection, ORGANISATION, server.at[0]))
    server.at[0] += timedelta(hours=1)


def question(by: Caller, about: Change, **told: JsonValue) -> Change:
    """Return a question as the laptop of ``by`` brings it back."""
    fields: dict[str, JsonValue] = {
        "person": about.record, "entity": "person", "record": about.record, "field": "safe_to_call", "shown": "yes",
        "before": None, "shown_by": by.worker, "shown_at": BEFORE, "other_at": BEFORE, "found_at": BEFORE,
    }  # fmt: skip
    return by.change("conflict", {**fields, **told}).model_copy(update={"at": BEFORE})


def own_id(about: Change, other: Caller) -> str:
    """Return the id that a server gives to the first question between what is shown and what this laptop said."""
    return str(uuid5(_CONFLICTS, f"{ORGANISATION}/{about.record}/safe_to_call/{other.device}/0"))


def found_later(server: RunningServer, by: Caller, about: Change, other: Caller, **told: JsonValue) -> Change:
    """Return a question that says of itself that it was found just now, under the id that it would have."""
    later = question(by, about, other="whenever you like", other_by=other.worker, found_at=instant_text(server.at[0]))
    return later.model_copy(update={"record": own_id(about, other), "fields": {**later.fields, **told}})


def brought(by: Caller, asked: Change) -> dict[str, JsonValue]:
    """Bring a question back and return what the server says of it."""
    (verdict,) = by.round(asked).verdicts
    assert verdict.reason is None
    by.round()
    return by.rows[asked.record]


def is_the_servers_own(asked: dict[str, JsonValue]) -> bool:
    return asked["found_at"] == asked["made_at"]


def test_an_answer_that_the_history_has_is_the_servers_own_word(ada: Caller, ben: Caller, maryam: Change) -> None:
    asked = brought(ada, question(ada, maryam, other="mornings only", other_by=ben.worker, before="made up"))
    assert is_the_servers_own(asked)
    assert (asked["other_by"], asked["other_at"], asked["before"]) == (ben.worker, AT, "yes")


@pytest.mark.parametrize("found_at", [BEFORE, "2020-01-01T00:00:00.000Z"])
def test_an_answer_that_the_history_has_not_is_told_as_brought_back_by_who_brought_it(
    ada: Caller, ben: Caller, maryam: Change, found_at: str
) -> None:
    asked = brought(ada, question(ada, maryam, other="whenever you like", other_by=ben.worker, found_at=found_at))
    assert not is_the_servers_own(asked)
    assert (asked["author"], asked["other"]) == (ada.worker, "whenever you like")


def test_an_answer_of_somebody_else_is_not_the_servers_own_word(ada: Caller, ben: Caller, maryam: Change) -> None:
    asked = brought(ben, question(ben, maryam, other="mornings only", other_by=ada.worker))
    assert not is_the_servers_own(asked)


def test_what_stands_is_told_as_it_is_here_whatever_the_laptop_says(ada: Caller, ben: Caller, maryam: Change) -> None:
    told = {"shown": "never at home", "shown_by": ben.worker, "shown_at": BEFORE}
    asked = brought(ben, question(ben, maryam, other="mornings only", other_by=ben.worker, **told))
    assert (asked["shown"], asked["shown_by"], asked["shown_at"]) == ("never at home", ada.worker, AT)


def test_who_is_no_worker_here_gave_no_answer(ada: Caller, maryam: Change) -> None:
    asked = brought(ada, question(ada, maryam, other="whenever you like", other_by=new_id()))
    assert (asked["other"], asked["other_by"]) == ("whenever you like", None)


def test_nobody_is_said_to_have_chosen_what_the_history_has_not(ada: Caller, ben: Caller, maryam: Change) -> None:
    choice = {"chosen": "whenever you like", "settled_at": BEFORE, "settled_by": ben.worker}
    asked = brought(ada, question(ada, maryam, other="whenever you like", other_by=ben.worker, **choice))
    assert (asked["chosen"], asked["settled_at"], asked["settled_by"]) == (None, None, None)


@pytest.mark.parametrize("chosen", ["mornings only", "never at home"])
def test_a_choice_of_ones_own_and_one_that_the_history_has_stand(ada: Caller, ben: Caller, maryam: Change, chosen: str) -> None:
    by = ada if chosen == "never at home" else ben
    choice = {"chosen": chosen, "settled_at": BEFORE, "settled_by": by.worker}
    asked = brought(ada, question(ada, maryam, other="mornings only", other_by=ben.worker, **choice))
    assert (asked["chosen"], asked["settled_by"]) == (chosen, by.worker)


def test_it_is_settled_where_the_other_answer_stands_now(ada: Caller, ben: Caller, maryam: Change) -> None:
    asked = brought(ben, question(ben, maryam, other="never at home", other_by=ada.worker))
    assert (asked["chosen"], asked["settled_by"]) == ("never at home", ada.worker)


def test_a_removal_that_the_history_has_not_is_told_as_brought_back(ada: Caller, ben: Caller, maryam: Change) -> None:
    asked = brought(ada, question(ada, maryam, field=GONE, shown=0, other=1, other_by=ben.worker))
    assert not is_the_servers_own(asked)


def test_nothing_is_brought_back_to_a_server_that_was_never_put_back(ada: Caller, ben: Caller) -> None:
    made = ada.change("person", {"preferred_name": "Maryam"})
    ada.round(made)
    ben.round()
    forged = question(ben, made, other="whenever you like", other_by=ada.worker)
    assert ben.round(forged).verdicts[0].reason is Refusal.NOT_ALLOWED


@pytest.mark.parametrize("found_at", [None, "", "later"])
def test_what_was_not_found_before_the_server_was_put_back_is_not_brought_back(
    server: RunningServer, ada: Caller, ben: Caller, maryam: Change, found_at: str | None
) -> None:
    told = instant_text(server.at[0]) if found_at == "later" else found_at
    forged = question(ada, maryam, other="whenever you like", other_by=ben.worker, found_at=told)
    assert ada.round(forged).verdicts[0].reason in (Refusal.NOT_ALLOWED, Refusal.MALFORMED)


def test_what_was_brought_back_is_the_servers_own_word_once_the_other_answer_has_come_itself(
    server: RunningServer, ada: Caller, ben: Caller
) -> None:
    made = ada.change("person", {"preferred_name": "Maryam", "safe_to_call": "yes"})
    ada.round(made)
    ben.round()
    seen = ben.cursor
    ada.round(ada.edit(made, {"safe_to_call": "never at home"}, ada.cursor))
    put_back(server)
    id_ = own_id(made, ben)
    asked = question(ada, made, other="mornings only", other_by=ben.worker).model_copy(update={"record": id_})
    assert not is_the_servers_own(brought(ada, asked))
    ben.round(ben.edit(made, {"safe_to_call": "mornings only"}, seen))
    ada.round()
    assert is_the_servers_own(ada.rows[id_])


def test_one_that_was_found_while_the_clock_was_ahead_is_brought_back(
    server: RunningServer, ada: Caller, ben: Caller, maryam: Change
) -> None:
    ahead = instant_text(server.at[0] + timedelta(days=365))
    assert brought(ada, found_later(server, ada, maryam, ben, found_at=ahead))["other"] == "whenever you like"


def test_one_is_brought_back_to_a_machine_whose_clock_was_behind_as_the_database_was_put_back(
    server: RunningServer, ada: Caller, ben: Caller
) -> None:
    made = ada.change("person", {"preferred_name": "Maryam", "safe_to_call": "yes"})
    ada.round(made)
    server.at[0] -= timedelta(days=20_000)
    put_back(server)
    server.at[0] += timedelta(days=20_000)
    assert brought(ada, found_later(server, ada, made, ben, found_at=BEFORE))["other"] == "whenever you like"


def test_one_that_says_it_was_found_now_does_not_look_as_if_the_server_had_found_it(
    server: RunningServer, ada: Caller, ben: Caller, maryam: Change
) -> None:
    assert not is_the_servers_own(brought(ada, found_later(server, ada, maryam, ben)))


def test_an_id_of_somebody_elses_question_does_not_stand_for_a_moment(
    server: RunningServer, ada: Caller, ben: Caller, maryam: Change
) -> None:
    assert ada.round(found_later(server, ada, maryam, ben, other_by=ada.worker)).verdicts[0].reason is Refusal.NOT_ALLOWED


def test_the_right_id_brings_no_question_to_a_server_that_was_never_put_back(
    server: RunningServer, ada: Caller, ben: Caller
) -> None:
    made = ada.change("person", {"preferred_name": "Maryam"})
    ada.round(made)
    assert ada.round(found_later(server, ada, made, ben)).verdicts[0].reason is Refusal.NOT_ALLOWED
