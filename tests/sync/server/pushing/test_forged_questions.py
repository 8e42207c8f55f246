"""Who answered what is the server's word: no laptop puts an answer into a colleague's mouth, or takes a question's place."""

from __future__ import annotations

from uuid import uuid5

import pytest
from pydantic import JsonValue

from sync.protocol.change import Change, ChangeKind
from sync.protocol.errors import Refusal
from sync.server.admission.people import begin_epoch
from sync.server.pushing import checking
from sync.server.pushing.clashes import _CONFLICTS
from sync.server.pushing.folding import Folding
from tests.support.callers import Caller, enrolled, new_id
from tests.support.servers import ORGANISATION, RunningServer

AT = "2026-11-02T10:00:00.000Z"


@pytest.fixture
def maryam(ada: Caller, ben: Caller) -> Change:
    made = ada.change("person", {"preferred_name": "Maryam"})
    ada.round(made)
    ben.round()
    return made


def answer_differently(ada: Caller, ben: Caller, about: Change) -> None:
    seen = ben.cursor
    ada.round(ada.edit(about, {"safe_to_call": "mornings only"}, ada.cursor))
    ben.round(ben.edit(about, {"safe_to_call": "never at home"}, seen))
    ada.round()


def questions(caller: Caller, about: Change) -> list[dict[str, JsonValue]]:
    return [row for row in caller.rows.values() if row.get("record") == about.record and "shown" in row]


def next_id(about: Change, caller: Caller, turn: int = 0) -> str:
    """Return the id of the next question about this record between what is shown and what this laptop says, or a later one's."""
    return str(uuid5(_CONFLICTS, f"{ORGANISATION}/{about.record}/safe_to_call/{caller.device}/{turn}"))


@pytest.fixture
def takes_any_id(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take what a server from before took: a tally under the id of something else."""
    monkeypatch.setattr(checking, "may_begin", lambda *_: True)


@pytest.mark.usefixtures("takes_any_id")
def test_no_record_that_stands_under_the_id_of_a_question_is_told_the_answers(
    server: RunningServer, ada: Caller, ben: Caller, maryam: Change
) -> None:
    vic = enrolled(server, "Vic Lane", "volunteer")
    vic.round(vic.change("visit", {"people": 1}, record=next_id(maryam, ben)))
    answer_differently(ada, ben, maryam)
    vic.cursor = 0
    vic.round()
    assert (b"mornings only" in vic.last_bytes, b"never at home" in vic.last_bytes) == (False, False)


@pytest.mark.usefixtures("takes_any_id")
def test_a_question_is_asked_whatever_stands_under_its_id(ada: Caller, ben: Caller, maryam: Change) -> None:
    ada.round(ada.change("visit", {"people": 1}, record=next_id(maryam, ben)))
    answer_differently(ada, ben, maryam)
    (asked,) = questions(ada, maryam)
    assert (asked["shown"], asked["other"]) == ("mornings only", "never at home")


@pytest.mark.usefixtures("takes_any_id")
def test_many_records_under_its_ids_are_looked_at_together(
    ada: Caller, ben: Caller, maryam: Change, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada.round(*(ada.change("visit", {"people": 1}, record=next_id(maryam, ben, turn)) for turn in range(60)))
    looks: list[int] = []

    def counted(push: Folding, ids: set[str]) -> None:
        looks.append(len(ids))
        fetch(push, ids)

    fetch = Folding.fetch
    monkeypatch.setattr(Folding, "fetch", counted)
    answer_differently(ada, ben, maryam)
    assert len(questions(ada, maryam)) == 1
    assert len(looks) < 10


def test_a_question_about_somebody_else_under_its_id_is_told_nothing(
    server: RunningServer, ada: Caller, ben: Caller, maryam: Change
) -> None:
    server.do(lambda connection: begin_epoch(connection, ORGANISATION, server.at[0]))
    other = ada.change("person", {"preferred_name": "Joan", "safe_to_call": "yes"})
    planted: dict[str, JsonValue] = {
        "person": other.record, "entity": "person", "record": other.record, "field": "safe_to_call", "shown": "yes",
        "other": "no", "shown_by": ada.worker, "other_by": ben.worker, "shown_at": AT, "other_at": AT, "found_at": AT,
    }  # fmt: skip
    ada.round(other, ada.change("conflict", planted, record=next_id(maryam, ben)))
    answer_differently(ada, ben, maryam)
    assert [asked["other"] for asked in questions(ada, other)] == ["no"]


@pytest.mark.parametrize(
    "said",
    [
        {"other": "whenever you like"},
        {"shown_by": new_id()},
        {"chosen": "never at home", "settled_at": AT, "settled_by": new_id()},
        {"chosen": "never at home", "other_at": AT},
    ],
    ids=["an answer", "whose it is", "a choice of somebody else", "a choice and more"],
)
def test_a_laptop_says_nothing_of_a_question_but_its_workers_own_choice(
    ada: Caller, ben: Caller, maryam: Change, said: dict[str, JsonValue]
) -> None:
    answer_differently(ada, ben, maryam)
    (asked,) = questions(ada, maryam)
    edit = ada.change("conflict", said, record=str(asked["id"]), kind=ChangeKind.EDIT, base=ada.cursor)
    assert ada.round(edit).verdicts[0].reason is Refusal.NOT_ALLOWED


def test_a_laptop_takes_no_question_off_the_screens(ada: Caller, ben: Caller, maryam: Change) -> None:
    answer_differently(ada, ben, maryam)
    (asked,) = questions(ada, maryam)
    gone = ada.change("conflict", {}, record=str(asked["id"]), kind=ChangeKind.TOMBSTONE, base=ada.cursor)
    assert ada.round(gone).verdicts[0].reason is Refusal.NOT_ALLOWED


def test_what_a_newer_program_says_beside_a_choice_is_carried(ada: Caller, ben: Caller, maryam: Change) -> None:
    answer_differently(ada, ben, maryam)
    (asked,) = questions(ada, maryam)
    said: dict[str, JsonValue] = {"chosen": "never at home", "settled_at": AT, "settled_by": ada.worker, "mood_of_choice": "sure"}
    choice = ada.change("conflict", said, record=str(asked["id"]), kind=ChangeKind.EDIT, base=ada.cursor)
    assert ada.round(choice).verdicts[0].reason is None


def test_a_question_that_is_there_is_not_made_again_with_other_answers(ada: Caller, ben: Caller, maryam: Change) -> None:
    answer_differently(ada, ben, maryam)
    (asked,) = questions(ada, maryam)
    forged = {name: asked[name] for name in ("person", "entity", "record", "field")} | {"other": "whenever you like"}
    again = ben.change("conflict", forged, record=str(asked["id"]), base=ada.cursor)
    ben.round(again)
    ada.round()
    assert ada.rows[str(asked["id"])]["other"] == "never at home"
