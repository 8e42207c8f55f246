"""What a worker wrote in an area before she moved to another is taken when her laptop has a line again, for 30 days."""

from __future__ import annotations

from datetime import timedelta

from sync.protocol.change import ChangeKind
from sync.protocol.errors import Refusal
from tests.support.callers import enrolled
from tests.support.late_work import late, reasons, wrote
from tests.support.servers import RunningServer


def test_new_members_and_what_is_about_them_arrive_and_reach_the_colleagues_there(server: RunningServer) -> None:
    ada, ben = enrolled(server, "Ada Okafor"), enrolled(server, "Ben Shah")
    person, goal = wrote(ada)
    server.change_worker(ada.worker, areas=["sale"])
    assert reasons(ada, person, goal) == [None, None]
    ben.round()
    assert ben.rows[person.record]["preferred_name"] == "Mina"
    assert ben.rows[goal.record]["words"] == "to sleep again"


def test_edits_of_members_of_the_former_area_arrive(server: RunningServer) -> None:
    ada, ben = enrolled(server, "Ada Okafor"), enrolled(server, "Ben Shah")
    person, _ = wrote(ada)
    ada.round(person)
    edit = ada.change("person", {"telephone": "0161 496 0123"}, kind=ChangeKind.EDIT, record=person.record)
    server.change_worker(ada.worker, areas=["sale"])
    assert reasons(ada, edit) == [None]
    ben.round()
    assert ben.rows[person.record]["telephone"] == "0161 496 0123"


def test_nothing_of_the_former_area_is_given_back(server: RunningServer) -> None:
    ada, ben = enrolled(server, "Ada Okafor"), enrolled(server, "Ben Shah")
    person, _ = wrote(ada)
    ben.round(ben.change("person", {"preferred_name": "Zuleika"}))
    server.change_worker(ada.worker, areas=["sale"])
    ada.round(person)
    assert b"Zuleika" not in ada.last_bytes
    assert b"Mina" not in ada.last_bytes


def test_it_stands_in_the_audit_record_by_record(server: RunningServer) -> None:
    ada = enrolled(server, "Ada Okafor")
    person, goal = wrote(ada)
    before = wrote(ada)
    ada.round(*before)
    assert late(server) == []
    server.change_worker(ada.worker, areas=["sale"])
    ada.round(person, goal)
    assert late(server) == [("person", person.record, "create as connector"), ("goal", goal.record, "create as connector")]


def test_after_30_days_it_is_not_taken_any_more(server: RunningServer) -> None:
    ada = enrolled(server, "Ada Okafor")
    first, second = wrote(ada)[0], wrote(ada)[0]
    server.change_worker(ada.worker, areas=["sale"])
    server.at[0] += timedelta(days=29)
    assert reasons(ada, first) == [None]
    server.at[0] += timedelta(days=2)
    # she moved once more since: an area that ended before is not among those of the last 30 days
    server.change_worker(ada.worker, areas=["urmston"])
    assert reasons(ada, second) == [Refusal.NOT_ALLOWED]


def test_an_area_that_was_never_hers_stays_closed(server: RunningServer) -> None:
    ada, di = enrolled(server, "Ada Okafor"), enrolled(server, "Di Hart", "connector", ["altrincham"])
    strange = di.change("person", {"preferred_name": "Bo"}, area="altrincham")
    di.round(strange)
    server.change_worker(ada.worker, areas=["sale"])
    said = {"telephone": "0161 496 0123"}
    edit = ada.change("person", said, kind=ChangeKind.EDIT, record=strange.record, area="altrincham")
    assert reasons(ada, edit) == [Refusal.NOT_ALLOWED]


def test_nobody_is_destroyed_in_an_area_that_was_left(server: RunningServer) -> None:
    ada = enrolled(server, "Ada Okafor")
    person, _ = wrote(ada)
    ada.round(person)
    server.change_worker(ada.worker, areas=["sale"])
    assert reasons(ada, ada.change("person", {}, kind=ChangeKind.ERASE, record=person.record)) == [Refusal.NOT_ALLOWED]


def test_a_role_goes_with_the_areas_that_were_hers_with_it(server: RunningServer) -> None:
    ada = enrolled(server, "Ada Okafor")
    strange = ada.change("person", {"preferred_name": "Bo"}, area="sale")
    person, goal = wrote(ada)
    server.change_worker(ada.worker, areas=["sale"], role="volunteer")
    assert reasons(ada, person, goal, strange) == [None, None, Refusal.NOT_ALLOWED]


def test_nobody_is_moved_out_of_an_area_that_was_left_and_the_words_are_kept(server: RunningServer) -> None:
    ada, ben = enrolled(server, "Ada Okafor"), enrolled(server, "Ben Shah")
    person, _ = wrote(ada)
    number = ada.round(person).verdicts[0].number
    said = {"telephone": "0161 496 0123"}
    move = ada.change("person", said, kind=ChangeKind.EDIT, record=person.record, base=number, area="sale")
    server.change_worker(ada.worker, areas=["sale"])
    assert reasons(ada, move) == [None]
    ben.round()
    row = ben.rows[person.record]
    assert (row["area"], row["telephone"]) == ("stretford", "0161 496 0123")
