"""What a worker wrote in a role that she has no longer is taken as from that role when her laptop has a line, for 30 days."""

from __future__ import annotations

from datetime import timedelta

from sync.protocol.change import Change, ChangeKind
from sync.protocol.errors import Refusal
from sync.protocol.version import PROTOCOL
from tests.support.callers import AREA, Caller, enrolled
from tests.support.late_work import late, reasons, wrote
from tests.support.servers import RunningServer


def about(caller: Caller, person: Change) -> Change:
    return caller.change("goal", {"person": person.record, "words": "to walk again"})


def test_what_a_connector_wrote_before_she_became_a_volunteer_arrives_and_is_audited(server: RunningServer) -> None:
    ada, ben = enrolled(server, "Ada Okafor"), enrolled(server, "Ben Shah")
    known, _ = wrote(ada)
    ada.round(known)
    person, goal = wrote(ada)
    edit = ada.edit(known, {"telephone": "0161 496 0123"}, 1)
    server.change_worker(ada.worker, role="volunteer")
    assert reasons(ada, person, goal, edit) == [None, None, None]
    ben.round()
    assert ben.rows[goal.record]["words"] == "to sleep again"
    assert ben.rows[known.record]["telephone"] == "0161 496 0123"
    assert late(server) == [
        ("person", person.record, "create as connector"),
        ("goal", goal.record, "create as connector"),
        ("person", known.record, "edit as connector"),
    ]


def test_a_volunteer_who_was_a_connector_is_given_nothing_of_members(server: RunningServer) -> None:
    ada, ben = enrolled(server, "Ada Okafor"), enrolled(server, "Ben Shah")
    ben.round(ben.change("person", {"preferred_name": "Zuleika"}))
    person, goal = wrote(ada)
    server.change_worker(ada.worker, role="volunteer")
    reply = ada.round(person, goal)
    assert reply.scope.classes == ("open",)
    assert not ada.rows
    assert b"Zuleika" not in ada.last_bytes
    assert b"Mina" not in ada.last_bytes


def test_after_30_days_it_is_not_taken_any_more(server: RunningServer) -> None:
    ada = enrolled(server, "Ada Okafor")
    first, second = wrote(ada)[0], wrote(ada)[0]
    server.change_worker(ada.worker, role="volunteer")
    server.at[0] += timedelta(days=29)
    assert reasons(ada, first) == [None]
    server.at[0] += timedelta(days=2)
    server.change_worker(ada.worker, role="governance")
    assert reasons(ada, second) == [Refusal.NOT_ALLOWED]


def test_no_role_counts_that_was_never_hers(server: RunningServer) -> None:
    ada = enrolled(server, "Ada Okafor", "peer")
    service = ada.change("service", {"name": "Chess club"})
    server.change_worker(ada.worker, role="volunteer")
    assert reasons(ada, service) == [Refusal.NOT_ALLOWED]


def test_what_an_administrators_laptop_says_of_her_own_role_gives_her_nothing(server: RunningServer) -> None:
    ada = enrolled(server, "Ada Okafor", "administrator")
    said = ada.change("worker", {"role": "connector", "areas": [AREA]}, kind=ChangeKind.EDIT, record=ada.worker, area="*")
    assert reasons(ada, said, wrote(ada)[0]) == [Refusal.NOT_ALLOWED, Refusal.NOT_ALLOWED]


def test_nobody_is_destroyed_by_a_role_that_was_left(server: RunningServer) -> None:
    ada = enrolled(server, "Ada Okafor")
    person, _ = wrote(ada)
    ada.round(person)
    server.change_worker(ada.worker, role="volunteer")
    assert reasons(ada, ada.change("person", {}, kind=ChangeKind.ERASE, record=person.record)) == [Refusal.NOT_ALLOWED]


def test_a_connector_who_became_a_peer_sends_what_she_wrote_about_members_who_are_not_matched_to_her(
    server: RunningServer,
) -> None:
    ada, ben = enrolled(server, "Ada Okafor"), enrolled(server, "Ben Shah")
    person, _ = wrote(ben, coordinator=ben.worker)
    ben.round(person)
    server.change_worker(ada.worker, role="peer")
    assert reasons(ada, about(ada, person)) == [None]


def test_a_peer_who_became_a_volunteer_sends_no_more_than_a_peer_could(server: RunningServer) -> None:
    ada, ben = enrolled(server, "Ada Okafor", "peer"), enrolled(server, "Ben Shah")
    hers, his = wrote(ben, coordinator=ada.worker)[0], wrote(ben, coordinator=ben.worker)[0]
    ben.round(hers, his)
    new, goal = wrote(ada, coordinator=ben.worker)
    server.change_worker(ada.worker, role="volunteer")
    changes = about(ada, hers), about(ada, his), new, goal
    assert reasons(ada, *changes) == [None, Refusal.NOT_ALLOWED, None, None]


def test_what_was_written_while_a_member_of_another_area_was_open_arrives_too(server: RunningServer) -> None:
    ada, ben = enrolled(server, "Ada Okafor"), enrolled(server, "Ben Shah", areas=["sale"])
    ben.area = "sale"
    person, _ = wrote(ben, given_name="Mina", family_name="Hasim", birth_date="1986-03-14")
    ben.round(person)
    asked = {"protocol": PROTOCOL, "name": "Mina Hasim", "born": "1986-03-14", "reason": "here_now", "words": "At my table"}
    assert ada.send(asked, "/v1/open").status_code == 200
    server.change_worker(ada.worker, role="volunteer")
    assert reasons(ada, about(ada, person)) == [None]


def test_whoever_has_left_is_not_let_in_for_what_she_was(server: RunningServer) -> None:
    ada = enrolled(server, "Ada Okafor")
    person, _ = wrote(ada)
    server.change_worker(ada.worker, role="volunteer", is_active=False)
    assert ada.send(ada.ask([person])).status_code == 403
