"""Two laptops edit one record without knowing of each other; the server puts it together and loses nothing."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import JsonValue

from sync.protocol.change import Change, ChangeKind
from sync.protocol.messages import VerdictKind
from sync.server.records.history import history
from tests.support.callers import Caller, enrolled, new_id
from tests.support.examples import many
from tests.support.servers import ORGANISATION, RunningServer


@pytest.fixture
def cy(server: RunningServer) -> Caller:
    return enrolled(server, "Cy Moss")


def together(entity: str, before: dict[str, JsonValue], ada: Caller, ben: Caller) -> tuple[Change, int]:
    """Make a record that both have seen; return the change that made it, and its number."""
    made = ada.change(entity, before)
    number = ada.round(made).verdicts[0].number
    ben.round()
    return made, number


def row(caller: Caller, of: Change) -> dict[str, JsonValue]:
    caller.round()
    return caller.rows[of.record]


def conflicts(caller: Caller) -> list[dict[str, JsonValue]]:
    caller.round()
    return [row for row in caller.rows.values() if "shown_by" in row and not row["gone"]]


def test_edits_of_different_fields_both_stand(ada: Caller, ben: Caller) -> None:
    made, base = together("person", {"preferred_name": "Maryam"}, ada, ben)
    ada.round(ada.edit(made, {"telephone": "0161 496 0123"}, base))
    assert ben.round(ben.edit(made, {"pronouns": "she"}, base)).verdicts[0].kind is VerdictKind.MERGED
    for caller in (ada, ben):
        assert (row(caller, made)["telephone"], row(caller, made)["pronouns"]) == ("0161 496 0123", "she")


def test_latest_shows_the_later_arrival_and_keeps_the_other_in_history(ada: Caller, ben: Caller, server: RunningServer) -> None:
    made, base = together("person", {"telephone": None}, ada, ben)
    ada.round(ada.edit(made, {"telephone": "0161 496 0111"}, base))
    ben.round(ben.edit(made, {"telephone": "0161 496 0222"}, base))
    assert row(ada, made)["telephone"] == "0161 496 0222"
    with server.database.reading() as connection:
        lines = history(connection, ORGANISATION, made.record)
    assert [line.fields.get("telephone") for line in lines] == [None, "0161 496 0111", "0161 496 0222"]
    assert lines[-1].overtaken == {"telephone": "0161 496 0111"}


def test_union_keeps_what_both_added(ada: Caller, ben: Caller) -> None:
    made, base = together("person", {"communication": ["slowly"]}, ada, ben)
    ada.round(ada.edit(made, {"communication": ["slowly", "large print"]}, base))
    ben.round(ben.edit(made, {"communication": ["slowly", "no calls"]}, base))
    assert row(ada, made)["communication"] == ["slowly", "large print", "no calls"]


def test_what_one_takes_out_of_a_set_is_not_brought_back_by_an_older_copy(ada: Caller, ben: Caller) -> None:
    made, base = together("person", {"communication": ["slowly", "no calls"]}, ada, ben)
    ada.round(ada.edit(made, {"communication": ["slowly"]}, base))
    ben.round(ben.edit(made, {"communication": ["slowly", "no calls", "large print"]}, base))
    assert row(ada, made)["communication"] == ["slowly", "large print"]


def test_a_second_edit_of_ones_own_set_keeps_what_a_colleague_added(ada: Caller, ben: Caller) -> None:
    made, base = together("person", {"communication": ["slowly"]}, ada, ben)
    ada.round(ada.edit(made, {"communication": ["slowly", "large print"]}, base))
    first = ben.edit(made, {"communication": ["slowly", "no calls"]}, base)
    second = ben.edit(made, {"communication": ["no calls"]}, base)
    ben.round(first, second)
    assert row(ada, made)["communication"] == ["large print", "no calls"]


def test_ask_shows_both_workers_both_values(ada: Caller, ben: Caller) -> None:
    made, base = together("person", {"preferred_name": "Maryam", "coordinator": ada.worker}, ada, ben)
    one, two = new_id(), new_id()
    ada.round(ada.edit(made, {"coordinator": one}, base))
    assert ben.round(ben.edit(made, {"coordinator": two}, base)).verdicts[0].kind is VerdictKind.CONFLICT
    for caller in (ada, ben):
        assert row(caller, made)["coordinator"] == one
        (conflict,) = conflicts(caller)
        assert (conflict["shown"], conflict["other"], conflict["before"]) == (one, two, ada.worker)
        assert (conflict["shown_by"], conflict["other_by"]) == (ada.worker, ben.worker)
        assert (conflict["person"], conflict["entity"], conflict["record"]) == (made.record, "person", made.record)
        assert (conflict["field"], conflict["area"], conflict["settled_at"]) == ("coordinator", "stretford", None)


def test_what_was_there_before_is_what_stood_and_not_an_answer_that_still_waits(ada: Caller, ben: Caller, cy: Caller) -> None:
    made, base = together("goal", {"words": "sleep"}, ada, ben)
    cy.round()
    ada.round(ada.edit(made, {"words": "sleep well"}, base))
    later = ben.round(ben.edit(made, {"words": "sleep more"}, base)).verdicts[0].number
    cy.round()
    (asked,) = conflicts(cy)
    assert asked["before"] == "sleep"
    ada.round(ada.edit(made, {"words": "rest"}, later))
    cy.round(cy.edit(made, {"words": "walk"}, later))
    assert [(each["before"], each["shown"]) for each in conflicts(ada)] == [("sleep", "rest")] * 2


def test_what_was_there_before_is_what_everybody_who_answered_had_seen(ada: Caller, ben: Caller, cy: Caller) -> None:
    made, base = together("person", {"safe_to_call": "yes"}, ada, ben)
    look(cy)
    # the answer that says that it was taken is lost: Ben's second edit is made upon what he wrote, with the number before it
    first = ben.edit(made, {"safe_to_call": "ask"}, base)
    ben.send_lost(first)
    look(ada)
    ada.round(ada.edit(made, {"safe_to_call": "no"}, ada.cursor))
    ben.round(first, ben.edit(made, {"safe_to_call": "letter"}, base))
    (asked,) = conflicts(ada)
    assert (asked["shown"], asked["other"], asked["before"]) == ("no", "letter", "ask")
    # Cy has not heard of any of it: all three of them knew the first alone
    cy.round(cy.edit(made, {"safe_to_call": "mornings"}, base))
    assert [each["before"] for each in conflicts(ada)] == ["yes", "yes"]


def test_one_conflict_stays_open_for_each_other_laptop(ada: Caller, ben: Caller, cy: Caller) -> None:
    made, base = together("goal", {"words": "sleep"}, ada, ben)
    cy.round()
    ada.round(ada.edit(made, {"words": "sleep well"}, base))
    ben.round(ben.edit(made, {"words": "sleep more"}, base))
    ben.round(ben.edit(made, {"words": "sleep longer"}, base))
    cy.round(cy.edit(made, {"words": "rest"}, base))
    assert sorted(str(conflict["other"]) for conflict in conflicts(ada)) == ["rest", "sleep longer"]


def test_a_settled_conflict_stays_settled_and_a_new_one_opens_beside_it(ada: Caller, ben: Caller) -> None:
    made, base = together("goal", {"words": "sleep"}, ada, ben)
    ada.round(ada.edit(made, {"words": "sleep well"}, base))
    ben.round(ben.edit(made, {"words": "sleep more"}, base))
    (conflict,) = conflicts(ada)
    seen, found = int(str(ada.rows[made.record]["number"])), int(str(conflict["number"]))
    settle = ada.change("conflict", {"chosen": "sleep more", "settled_at": "2026-11-21T14:05:00.000Z", "settled_by": ada.worker},
                        record=str(conflict["id"]), kind=ChangeKind.EDIT, base=found)  # fmt: skip
    reply = ada.round(settle, ada.edit(made, {"words": "sleep more"}, seen))
    assert {v.kind for v in reply.verdicts} == {VerdictKind.ACCEPTED}
    ben.round()
    assert ben.rows[made.record]["words"] == "sleep more"
    seen = int(str(ben.rows[made.record]["number"]))
    ada.round(ada.edit(made, {"words": "sleep through"}, seen))
    ben.round(ben.edit(made, {"words": "sleep early"}, seen))
    found_conflicts = sorted(conflicts(ben), key=lambda each: int(str(each["number"])))
    assert [bool(each["settled_at"]) for each in found_conflicts] == [True, False]


def test_one_answer_on_two_laptops_is_one_record(ada: Caller, ben: Caller) -> None:
    record = new_id()
    ada.round(ada.change("answer", {"question": "44250-9", "value": 1}, record=record))
    verdict = ben.round(ben.change("answer", {"question": "44250-9", "value": 3}, record=record)).verdicts[0]
    assert verdict.kind is VerdictKind.CONFLICT
    assert [(c["shown"], c["other"]) for c in conflicts(ben)] == [(1, 3)]


def test_a_laptop_does_not_clash_with_its_own_unanswered_edit(ada: Caller, ben: Caller) -> None:
    made, base = together("goal", {"words": "sleep"}, ada, ben)
    first = ada.edit(made, {"words": "sleep well"}, base)
    ada.send_lost(first)
    reply = ada.round(first, ada.edit(made, {"words": "sleep better"}, base))
    assert reply.verdicts[0].kind is VerdictKind.KNOWN
    assert conflicts(ada) == []
    assert row(ben, made)["words"] == "sleep better"


def look(caller: Caller) -> None:
    """Ask for everything anew, also for what this laptop made itself."""
    caller.cursor = 0
    caller.round()


def settling(caller: Caller, conflict: dict[str, JsonValue], chosen: JsonValue, made: Change) -> list[Change]:
    """Return what a laptop sends for a choice: of the conflict, and of the record, also where it says the same already."""
    base = int(str(caller.rows[str(conflict["id"])]["number"]))
    fields: dict[str, JsonValue] = {"chosen": chosen, "settled_at": "2026-11-21T14:05:00.000Z", "settled_by": caller.worker}
    return [
        caller.change("conflict", fields, record=str(conflict["id"]), kind=ChangeKind.EDIT, base=base),
        caller.edit(made, {str(conflict["field"]): chosen}, int(str(caller.rows[made.record]["number"]))),
    ]


def clash(ada: Caller, ben: Caller, cy: Caller) -> tuple[Change, dict[str, JsonValue]]:
    """Ada says no, Ben says ask; everybody has seen it."""
    made, base = together("person", {"preferred_name": "Maryam", "safe_to_call": "yes"}, ada, ben)
    ada.round(ada.edit(made, {"safe_to_call": "no"}, base))
    ben.round(ben.edit(made, {"safe_to_call": "ask"}, base))
    for caller in (ada, ben, cy):
        look(caller)
    (conflict,) = conflicts(ada)
    return made, conflict


@pytest.mark.parametrize("ada_is_first", [True, False])
def test_two_who_choose_differently_are_asked_once_more(ada: Caller, ben: Caller, cy: Caller, ada_is_first: bool) -> None:
    made, conflict = clash(ada, ben, cy)
    choices = {ada.worker: "no", ben.worker: "ask"}
    pushes = [(caller, settling(caller, conflict, choices[caller.worker], made)) for caller in (ada, ben)]
    (first, its), (second, others) = pushes if ada_is_first else reversed(pushes)
    first.round(*its)
    second.round(*others)
    look(cy)
    settled, again = sorted(conflicts(cy), key=lambda each: not each["settled_at"])
    assert (settled["chosen"], settled["settled_by"]) == (choices[first.worker], first.worker)
    assert cy.rows[made.record]["safe_to_call"] == settled["chosen"]
    assert (again["shown"], again["shown_by"]) == (choices[first.worker], first.worker)
    assert (again["other"], again["other_by"]) == (choices[second.worker], second.worker)
    assert again["settled_at"] is None


def test_two_who_choose_the_same_are_not_asked_again(ada: Caller, ben: Caller, cy: Caller) -> None:
    made, conflict = clash(ada, ben, cy)
    pushes = [(caller, settling(caller, conflict, "ask", made)) for caller in (ada, ben)]
    for caller, changes in pushes:
        caller.round(*changes)
    look(cy)
    (settled,) = conflicts(cy)
    assert (settled["chosen"], settled["settled_by"], cy.rows[made.record]["safe_to_call"]) == ("ask", ada.worker, "ask")


@pytest.mark.parametrize("chosen", ["no", "both"])
def test_a_choice_passes_over_no_answer_that_came_after_it_was_made(ada: Caller, ben: Caller, cy: Caller, chosen: str) -> None:
    made, conflict = clash(ada, ben, cy)
    choice = settling(cy, conflict, chosen, made)
    # Ben's form stands open since before he heard of the other answer: he goes on in it
    ben.round(ben.edit(made, {"safe_to_call": "ask her sister"}, 1))
    cy.round(*choice)
    for caller in (ada, ben, cy):
        look(caller)
        (asked,) = conflicts(caller)
        assert asked["shown"] == caller.rows[made.record]["safe_to_call"] == chosen
        assert (asked["other"], asked["other_by"], asked["settled_at"]) == ("ask her sister", ben.worker, None)


def test_who_goes_on_with_her_own_answer_and_then_chooses_has_chosen(ada: Caller, ben: Caller, cy: Caller) -> None:
    made, conflict = clash(ada, ben, cy)
    choice = settling(ben, conflict, "no", made)
    ben.round(ben.edit(made, {"safe_to_call": "ask her sister"}, 1), *choice)
    look(cy)
    (settled,) = conflicts(cy)
    assert (settled["chosen"], settled["settled_by"], cy.rows[made.record]["safe_to_call"]) == ("no", ben.worker, "no")


def test_an_open_conflict_shows_what_a_knowing_edit_has_put_there_since(ada: Caller, ben: Caller, cy: Caller) -> None:
    made, _conflict = clash(ada, ben, cy)
    cy.round(cy.edit(made, {"safe_to_call": "mornings"}, int(str(cy.rows[made.record]["number"]))))
    (asked,) = conflicts(ada)
    assert (asked["shown"], asked["shown_by"], asked["before"]) == ("mornings", cy.worker, "yes")
    assert (asked["other"], asked["other_by"], asked["settled_at"]) == ("ask", ben.worker, None)


def test_a_knowing_edit_to_the_other_answer_leaves_nothing_to_choose(ada: Caller, ben: Caller, cy: Caller) -> None:
    made, _conflict = clash(ada, ben, cy)
    cy.round(cy.edit(made, {"safe_to_call": "ask"}, int(str(cy.rows[made.record]["number"]))))
    (settled,) = conflicts(ada)
    assert (settled["chosen"], settled["settled_by"]) == ("ask", cy.worker)
    assert settled["settled_at"] is not None


def test_a_conflict_that_is_updated_names_who_said_what_is_shown_now(ada: Caller, ben: Caller, cy: Caller) -> None:
    made, base = together("person", {"safe_to_call": "yes"}, ada, ben)
    ada.round(ada.edit(made, {"safe_to_call": "no"}, base))
    cy.round()
    first, second = ben.edit(made, {"safe_to_call": "ask"}, base), ben.edit(made, {"safe_to_call": "letter"}, base)
    ben.send_lost(first)
    cy.round(cy.edit(made, {"safe_to_call": "mornings"}, int(str(cy.rows[made.record]["number"]))))
    ben.round(first, second)
    (asked,) = conflicts(ada)
    assert (asked["shown"], asked["shown_by"]) == ("mornings", cy.worker)
    assert (asked["other"], asked["other_by"], asked["before"]) == ("letter", ben.worker, "yes")


def test_who_has_not_seen_that_an_answer_was_said_again_does_not_pass_over_it(ada: Caller, ben: Caller, cy: Caller) -> None:
    made, base = together("person", {"safe_to_call": "yes"}, ada, ben)
    look(cy)
    ada.round(ada.edit(made, {"safe_to_call": "yes"}, base))
    assert ben.round(ben.edit(made, {"safe_to_call": "no"}, base)).verdicts[0].kind is VerdictKind.CONFLICT


def test_two_who_said_the_same_unknowingly_pass_over_neither(ada: Caller, ben: Caller, cy: Caller) -> None:
    made, base = together("person", {"safe_to_call": "yes"}, ada, ben)
    ada.round(ada.edit(made, {"safe_to_call": "no"}, base))
    same, next_ = ben.edit(made, {"safe_to_call": "no"}, base), ben.edit(made, {"safe_to_call": "ask"}, base)
    kinds = [verdict.kind for verdict in ben.round(same, next_).verdicts]
    assert kinds == [VerdictKind.MERGED, VerdictKind.CONFLICT]


def test_who_said_the_other_answer_without_knowing_of_it_does_not_pass_over_it(ada: Caller, ben: Caller, cy: Caller) -> None:
    made, base = together("person", {"safe_to_call": "yes"}, ada, ben)
    ada.round(ada.edit(made, {"safe_to_call": "no"}, base))
    look(cy)
    seen = int(str(cy.rows[made.record]["number"]))
    ben.round(ben.edit(made, {"safe_to_call": "ask"}, base))
    same, next_ = cy.edit(made, {"safe_to_call": "ask"}, seen), cy.edit(made, {"safe_to_call": "mornings"}, seen)
    assert cy.round(same, next_).verdicts[1].kind is VerdictKind.CONFLICT
    (asked,) = [each for each in conflicts(ada) if each["settled_at"] is None]
    assert (asked["shown"], asked["other"], asked["other_by"]) == ("ask", "mornings", cy.worker)


FIELDS = st.dictionaries(
    st.sampled_from(["telephone", "pronouns", "coordinator", "membership", "safe_to_call"]), st.sampled_from("abcd"), min_size=1
)
STEPS = st.lists(st.tuples(st.integers(0, 2), st.one_of(st.none(), FIELDS)), min_size=1, max_size=14)


@settings(max_examples=many(25), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_every_accepted_edit_is_current_or_in_history_or_in_a_conflict(
    server: RunningServer, ada: Caller, ben: Caller, cy: Caller, steps: list[tuple[int, dict[str, JsonValue] | None]]
) -> None:
    laptops = (ada, ben, cy)
    made, _ = together("person", {"preferred_name": "Maryam"}, ada, ben)
    cy.round()
    taken: dict[str, Change] = {}
    for who, fields in steps:
        laptop = laptops[who]
        if fields is None:
            laptop.round()
            continue
        # the base is what the laptop saw when it last looked; a push alone does not look
        base = int(str(laptop.rows.get(made.record, {}).get("number", 0)))
        edit = laptop.edit(made, fields, base)
        seen = dict(laptop.rows)
        laptop.round(edit)
        laptop.rows = seen if len(taken) % 2 else laptop.rows
        taken[edit.id] = edit
    # a laptop is not sent the rows that it holds already, so a fresh one looks
    fresh = Caller(ada.session, ada.line, ada.url, ada.worker, ada.device, ada.credential, ada.welcome)
    current = row(fresh, made)
    asked = [c for c in conflicts(fresh) if c["record"] == made.record]
    with server.database.reading() as connection:
        lines = {line.change_id: line for line in history(connection, ORGANISATION, made.record)}
    for edit in taken.values():
        assert lines[edit.id].fields == edit.fields
        for name, value in edit.fields.items():
            later = [line for line in lines.values() if line.number > lines[edit.id].number and name in line.fields]
            in_conflict = any(c["field"] == name and value in (c["shown"], c["other"]) for c in asked)
            assert current[name] == value or later or in_conflict
