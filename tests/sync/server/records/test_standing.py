"""Destroyed by law or not, and where a record stands: one altered cell throws nothing away and shows nobody to others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select, update

from sync.packing import unpack
from sync.protocol.change import Change, ChangeKind
from sync.protocol.errors import Refusal
from sync.protocol.messages import HistoryReply, VerdictKind
from sync.protocol.version import PROTOCOL
from sync.server.database import tables
from sync.server.doctor.examining import examine
from sync.server.pushing.checking import LARGEST
from sync.server.pushing.mending import MEND
from sync.server.records import audit
from sync.server.records.history import Line
from sync.server.records.scope import SERVER
from sync.server.records.standing import area_told, is_destroyed
from tests.support.callers import Caller, enrolled, new_id
from tests.support.servers import ORGANISATION, RunningServer

NAME = "Zuleika"


@pytest.fixture
def nor(server: RunningServer) -> Caller:
    """A colleague in another area, who has received what is there."""
    caller = enrolled(server, "Nor Aziz", areas=["north"])
    caller.area = "north"
    return caller


def alter(server: RunningServer, record: str, **values: Any) -> None:
    row = tables.record.c
    server.do(lambda connection: connection.execute(update(tables.record).where(row.id == record).values(**values)))


def told(server: RunningServer, record: str) -> Any:
    row = tables.record.c
    return server.do(lambda connection: connection.execute(select(tables.record).where(row.id == record)).one())


def member(caller: Caller, **fields: Any) -> tuple[Change, int]:
    made = caller.change("person", {"preferred_name": NAME, **fields})
    return made, caller.round(made).verdicts[0].number


def erase(caller: Caller, made: Change) -> None:
    caller.round(caller.change("person", {}, record=made.record, kind=ChangeKind.ERASE, base=LARGEST))


def faults(server: RunningServer) -> dict[str, str]:
    found = examine(server.database, server.settings, server.at[0], is_all=True)
    bad = [finding for finding in found if not finding.is_well and finding.subject != "disk"]
    return {finding.subject.removeprefix(f"{ORGANISATION}: "): finding.words for finding in bad}


def mends(server: RunningServer) -> list[str]:
    row = tables.audit.c
    query = select(row.record).where(row.action == MEND).order_by(row.number)
    assert server.do(lambda connection: audit.first_broken(connection, ORGANISATION)) is None
    return list(server.do(lambda connection: connection.execute(query).scalars().all()))


def line(number: int, area: str, **otherwise: Any) -> Line:
    """Return a line of a need's history, said by a laptop."""
    made = Line(number, new_id(), "need", "r", "edit", area, "ada", "laptop", 1, number - 1, "", {"words": "x"}, {})
    return replace(made, **otherwise)


ABOUT = {"person": "p"}


@pytest.mark.parametrize(
    ("lines", "moves", "area"),
    [
        ([], (), None),
        ([line(1, "sale")], (), "sale"),
        ([line(1, "sale", entity="person"), line(2, "north", entity="person")], (), "sale"),
        ([line(1, "sale", entity="person"), line(2, "north", entity="person")], (2,), "north"),
        ([line(1, "sale", fields=ABOUT), line(2, "north")], (), "sale"),
        ([line(1, "sale", fields=ABOUT), line(2, "north", device=SERVER, author=SERVER, fields={})], (), "north"),
        ([line(1, "sale", fields=ABOUT), line(2, "north", device=SERVER, fields={})], (), "sale"),
        ([line(1, "sale", entity="conflict", fields=ABOUT), line(2, "north", device=SERVER)], (), "north"),
        ([line(1, "sale"), line(2, "north")], (), "north"),
        ([line(1, "sale"), line(2, "north", fields=ABOUT), line(3, "sale")], (), "north"),
        ([line(1, "sale"), line(2, "sale", kind="erase"), line(3, "north")], (), "sale"),
    ],
    ids=[
        "nothing",
        "put there",
        "an edit moves no member",
        "a member moved",
        "an edit moves nothing that is about her",
        "it followed her",
        "it was mended",
        "the server said more of a question",
        "about nobody",
        "about nobody yet",
        "after it was destroyed",
    ],
)
def test_a_record_stands_where_somebody_put_it_or_where_it_followed_its_member(
    lines: Sequence[Line], moves: Sequence[int], area: str | None
) -> None:
    assert area_told(lines, moves) == area


def test_nobody_knows_whether_a_record_was_destroyed_of_which_words_are_left() -> None:
    said, gone = line(1, "sale"), line(2, "sale", kind="erase", fields={})
    assert is_destroyed([said]) is False
    assert is_destroyed([said, gone]) is None
    assert is_destroyed([replace(said, fields={}), gone]) is True
    assert is_destroyed([replace(said, fields={}), replace(gone, kind="edit")]) is None


def test_an_edit_is_kept_of_a_record_that_only_one_cell_calls_destroyed(server: RunningServer, ada: Caller) -> None:
    made, number = member(ada)
    alter(server, made.record, erased=1)
    assert "destroyed by law, or are not" in faults(server)["reading"]
    verdict = ada.round(ada.edit(made, {"telephone": "0161 496 0001"}, number)).verdicts[0]
    assert verdict.kind is not VerdictKind.REFUSED
    row = told(server, made.record)
    assert (row.erased, row.gone) == (0, 0)
    assert NAME in row.fields
    assert "0161 496 0001" in row.fields
    answer = ada.send({"protocol": PROTOCOL, "record": made.record, "after": 0}, "/v1/history")
    lines = HistoryReply.model_validate(unpack(answer.content, 1 << 20)).lines
    assert "0161 496 0001" in str(lines)
    assert mends(server) == [made.record]
    assert faults(server) == {}


def test_a_record_that_was_called_destroyed_and_emptied_says_again_what_its_history_says(
    server: RunningServer, ada: Caller
) -> None:
    made, number = member(ada)
    alter(server, made.record, erased=1, fields="{}", gone=1)
    ada.round(ada.edit(made, {"telephone": "0161 496 0001"}, number))
    ben = enrolled(server, "Ben Ode")
    ben.round()
    assert (ben.rows[made.record]["preferred_name"], ben.rows[made.record]["telephone"]) == (NAME, "0161 496 0001")


def test_a_member_who_was_destroyed_by_law_stays_so_though_one_cell_says_otherwise(server: RunningServer, ada: Caller) -> None:
    made, number = member(ada)
    erase(ada, made)
    assert faults(server) == {}
    alter(server, made.record, erased=0)
    assert "destroyed by law, or are not" in faults(server)["reading"]
    verdict = ada.round(ada.edit(made, {"preferred_name": "Zu"}, number)).verdicts[0]
    assert verdict.kind is VerdictKind.MERGED
    row = told(server, made.record)
    assert (row.erased, row.gone, row.fields) == (1, 1, "{}")
    query = select(tables.ledger.c.fields).where(tables.ledger.c.record == made.record)
    assert set(server.do(lambda connection: connection.execute(query).scalars().all())) == {"{}"}
    assert faults(server) == {}


def test_words_that_were_put_into_a_destroyed_record_are_found(server: RunningServer, ada: Caller) -> None:
    made, _ = member(ada)
    before = told(server, made.record)
    erase(ada, made)
    after = told(server, made.record)
    wire = before.wire.replace(f",{before.number},", f",{after.number},", 1)
    alter(server, made.record, fields=before.fields, wire=wire, gone=0)
    assert "say what no laptop sent" in faults(server)["histories"]


def test_a_destroyed_record_that_was_altered_to_another_class_while_it_has_words_is_found(
    server: RunningServer, ada: Caller
) -> None:
    made, _ = member(ada)
    alter(server, made.record, erased=1, sensitivity="open")
    assert set(faults(server)) == {"scope", "reading"}


def test_a_question_about_a_destroyed_record_that_a_laptop_brings_back_is_destroyed_with_it(
    server: RunningServer, ada: Caller
) -> None:
    made, _ = member(ada)
    erase(ada, made)
    asked = {"person": made.record, "entity": "person", "record": made.record, "field": "telephone", "other": "x"}
    question = ada.change("conflict", asked)
    assert ada.round(question).verdicts[0].kind is VerdictKind.MERGED
    assert faults(server) == {}


DAMAGE = [{"wire": "x"}, {"wire": "x", "fields": "x"}, {"wire": "x", "fields": "x", "changed": "x"}]


@pytest.mark.parametrize("damage", DAMAGE, ids=["row", "row and record", "all but the history"])
def test_an_altered_area_is_not_made_true_by_mending(
    server: RunningServer, ada: Caller, nor: Caller, damage: dict[str, str]
) -> None:
    made, _ = member(ada)
    alter(server, made.record, area="north", **damage)
    for caller in (nor, nor, ada):
        caller.round()
        assert NAME not in str(nor.rows)
    assert told(server, made.record).area == ada.area
    assert faults(server) == {}


def test_an_edit_from_the_wrong_area_does_not_make_it_true(server: RunningServer, ada: Caller, nor: Caller) -> None:
    made, number = member(ada)
    alter(server, made.record, area="north")
    nor.round()
    nor.round(nor.change("person", {"telephone": "0161 496 0001"}, record=made.record, kind=ChangeKind.EDIT, base=number))
    assert told(server, made.record).area == ada.area
    assert faults(server) == {}
    # nobody there goes on holding her
    assert made.record in nor.round(cursor=number).leaving
    assert ada.round(ada.edit(made, {"telephone": "0161 496 0002"}, LARGEST)).verdicts[0].reason is None


def test_what_is_written_about_a_member_comes_to_stand_where_she_does(server: RunningServer, ada: Caller, nor: Caller) -> None:
    made, _ = member(ada)
    alter(server, made.record, area="north")
    goal = ada.change("goal", {"person": made.record, "words": "sleep again"})
    assert ada.round(goal).verdicts[0].reason is None
    assert [told(server, each).area for each in (made.record, goal.record)] == [ada.area] * 2
    assert mends(server) == [made.record]
    assert faults(server) == {}


def made_true(server: RunningServer, ada: Caller, nor: Caller) -> tuple[Change, Change]:
    """Let an altered area have become the truth by the hand of a server that believed it: an edit, and a goal, written there."""
    made, number = member(ada)
    row, last = tables.record.c, tables.ledger.c
    wire = told(server, made.record).wire.replace(f'"{ada.area}"', '"north"', 1)
    alter(server, made.record, area="north", wire=wire)
    goal = nor.change("goal", {"person": made.record, "words": "sleep again"})
    edit = nor.change("person", {"telephone": "0161 496 0001"}, record=made.record, kind=ChangeKind.EDIT, base=number)
    assert [verdict.reason for verdict in nor.round(edit, goal).verdicts] == [None, None]
    assert told(server, made.record).area == "north"
    query = select(last.area).where(last.record == row.id, row.id == made.record).order_by(last.number)
    assert list(server.do(lambda connection: connection.execute(query).scalars().all())) == [ada.area, "north"]
    return made, goal


def test_an_altered_area_is_found_though_an_edit_came_upon_it(server: RunningServer, ada: Caller, nor: Caller) -> None:
    made_true(server, ada, nor)
    assert "1 records" in faults(server)["scope"]


def test_what_two_cells_say_together_is_left_and_named_and_no_push_decides_it(
    server: RunningServer, ada: Caller, nor: Caller
) -> None:
    made, goal = made_true(server, ada, nor)
    before = [told(server, each).area for each in (made.record, goal.record)]
    assert ada.round(ada.edit(made, {"pronouns": "she"}, LARGEST)).verdicts[0].reason is Refusal.NOT_ALLOWED
    assert [told(server, each).area for each in (made.record, goal.record)] == before
    assert mends(server) == []
    assert "scope" in faults(server)


@pytest.mark.parametrize("altered", [{"area": "north"}, {"kind": "erase"}])
def test_one_altered_cell_of_a_history_moves_nobody(
    server: RunningServer, ada: Caller, nor: Caller, altered: dict[str, str]
) -> None:
    made, number = member(ada)
    line = tables.ledger.c
    server.do(lambda c: c.execute(update(tables.ledger).where(line.number == number).values(**altered)))
    edit = nor.change("person", {"pronouns": "they"}, record=made.record, kind=ChangeKind.EDIT, base=number)
    assert nor.round(edit).verdicts[0].reason is Refusal.NOT_ALLOWED
    assert (told(server, made.record).area, told(server, made.record).erased) == (ada.area, 0)
    assert made.record not in nor.rows


def test_a_member_who_was_moved_stays_where_she_is_when_one_note_of_it_is_lost(server: RunningServer, ada: Caller) -> None:
    both = enrolled(server, "Cy Moss", areas=[ada.area, "north"])
    made, number = member(ada)
    both.round(both.change("person", {}, record=made.record, kind=ChangeKind.EDIT, base=number, area="north"))
    assert faults(server) == {}
    server.do(lambda connection: connection.execute(tables.departed.delete()))
    assert faults(server) == {}
    # of another area, and longer ago than she may send for: refused as ever
    late = enrolled(server, "Di Hart")
    verdict = late.round(late.edit(made, {"telephone": "0161 496 0003"}, LARGEST)).verdicts[0]
    assert verdict.kind is VerdictKind.REFUSED
    assert told(server, made.record).area == "north"
