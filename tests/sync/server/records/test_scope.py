"""A laptop holds what its worker may see, and no more."""

from __future__ import annotations

import itertools
from datetime import timedelta

import pytest
from sqlalchemy import insert, select

from sync.protocol.change import Change, ChangeKind
from sync.protocol.entities import ENTITIES, Sensitivity
from sync.protocol.errors import Refusal
from sync.protocol.messages import RecordsReply
from sync.protocol.version import PROTOCOL
from sync.server.admission.people import create_organisation, invite
from sync.server.damage.reach import look_at_reach
from sync.server.database import tables
from sync.server.pushing.moving import MOVE
from sync.server.records.scope import ROLES, Grant
from tests.support.callers import Caller, enrolled, new_id, rows_of
from tests.support.servers import ORGANISATION, RunningServer

SECRETS = (b"Zuleika", b"0161 496 0777", b"wants to sleep again")


def reason(
    caller: Caller, entity: str, kind: ChangeKind = ChangeKind.CREATE, *, record: str | None = None, area: str | None = None
) -> Refusal | None:
    made = caller.change(entity, {}, kind=kind, record=record, area=area)
    return caller.round(made).verdicts[0].reason


def tell_secrets(caller: Caller) -> None:
    person = caller.change("person", {"preferred_name": "Zuleika", "telephone": "0161 496 0777"})
    goal = caller.change("goal", {"person": person.record, "words": "wants to sleep again"})
    visit = caller.change("visit", {"day": "2026-11-21", "people": 1})
    assert {v.reason for v in caller.round(person, goal, visit).verdicts} == {None}


@pytest.mark.parametrize("role", ["volunteer", "governance", "administrator"])
def test_no_byte_of_a_member_reaches(server: RunningServer, role: str) -> None:
    tell_secrets(enrolled(server, "Ada Okafor"))
    outsider = enrolled(server, "Vic Lane", role, ["*"])
    reply = outsider.round()
    assert "visit" in rows_of(reply)
    assert not reply.page.more
    assert [secret for secret in SECRETS if secret in outsider.last_bytes] == []


@pytest.mark.parametrize(("areas", "lines"), [(["stretford"], 1), (["sale"], 0)], ids=["colleague", "elsewhere"])
def test_the_history_of_records_by_name_reaches_who_may_hold_them_and_nobody_else(
    server: RunningServer, areas: list[str], lines: int
) -> None:
    ada, asking = enrolled(server, "Ada Okafor"), enrolled(server, "Cy Moss", "connector", areas)
    made = ada.change("person", {"preferred_name": "Zuleika"})
    number = ada.round(made).verdicts[0].number
    ada.round(ada.edit(made, {"telephone": "0161 496 0777"}, number))
    asking.send({"protocol": PROTOCOL, "records": [made.record], "history": True}, "/v1/records")
    page = RecordsReply.model_validate_json(asking.last_bytes).page
    assert len(page.history) == lines
    assert not page.rows
    assert (b"0161 496 0777" in asking.last_bytes) is bool(lines)


def test_the_same_bytes_do_reach_a_colleague_of_the_area(server: RunningServer) -> None:
    tell_secrets(enrolled(server, "Ada Okafor"))
    colleague = enrolled(server, "Cy Moss")
    colleague.round()
    assert all(secret in colleague.last_bytes for secret in SECRETS)


def test_another_area_receives_the_tallies_only(server: RunningServer) -> None:
    tell_secrets(enrolled(server, "Ada Okafor"))
    elsewhere = enrolled(server, "Di Hart", "clinician", ["sale", "urmston"])
    assert set(rows_of(elsewhere.round())) == {"worker", "visit"}


def test_every_area_is_a_star(server: RunningServer) -> None:
    tell_secrets(enrolled(server, "Ada Okafor"))
    everywhere = enrolled(server, "Di Hart", "clinician", ["*"])
    assert {"person", "goal"} <= set(rows_of(everywhere.round()))


def test_another_organisation_receives_nothing(server: RunningServer) -> None:
    tell_secrets(enrolled(server, "Ada Okafor"))
    server.do(lambda c: create_organisation(c, "elsewhere", "Elsewhere (made up)", server.at[0]))
    made = server.do(lambda c: invite(c, "elsewhere", "Eve Stone", "clinician", ["*"], server.at[0]))
    grant = Grant("elsewhere", new_id(), made.worker, "clinician", ("*",))
    with server.database.reading() as connection:
        found = connection.execute(select(tables.record.c.entity).where(grant.clause())).scalars().all()
    assert found == ["worker"]


def test_a_volunteer_may_tally_but_not_write_members_or_the_directory(server: RunningServer) -> None:
    volunteer = enrolled(server, "Vic Lane", "volunteer")
    assert reason(volunteer, "visit") is None
    assert reason(volunteer, "print_tally") is None
    assert {reason(volunteer, name) for name in ("person", "need", "service", "worker", "conflict")} == {Refusal.NOT_ALLOWED}


@pytest.mark.parametrize("role", sorted(ROLES))
def test_no_laptop_says_who_works_here_as_what_and_where(server: RunningServer, role: str) -> None:
    colleague, other = enrolled(server, "Flo Reed", role, ["*"]), enrolled(server, "Ada Okafor")
    assert reason(colleague, "worker") is Refusal.NOT_ALLOWED
    for kind in (ChangeKind.EDIT, ChangeKind.TOMBSTONE, ChangeKind.ERASE):
        assert reason(colleague, "worker", kind, record=other.worker, area="*") is Refusal.NOT_ALLOWED


def test_a_record_of_another_area_cannot_be_made_or_edited(server: RunningServer) -> None:
    ada, di = enrolled(server, "Ada Okafor"), enrolled(server, "Di Hart", "clinician", ["sale"])
    made = ada.change("person", {"preferred_name": "Maryam"})
    ada.round(made)
    assert reason(di, "person", area="stretford") is Refusal.NOT_ALLOWED
    assert reason(di, "person", ChangeKind.EDIT, record=made.record, area="sale") is Refusal.NOT_ALLOWED


def test_a_peer_cannot_erase(server: RunningServer) -> None:
    peer = enrolled(server, "Cy Moss", "peer")
    made = peer.change("person", {"preferred_name": "Maryam"})
    peer.round(made)
    assert reason(peer, "person", ChangeKind.ERASE, record=made.record) is Refusal.NOT_ALLOWED


def test_a_record_moves_only_for_somebody_who_saw_where_it_stood(server: RunningServer) -> None:
    ada, everywhere = enrolled(server, "Ada Okafor"), enrolled(server, "Di Hart", "clinician", ["*"])
    made = ada.change("person", {"preferred_name": "Maryam"})
    number = ada.round(made).verdicts[0].number
    move = everywhere.change("person", {}, record=made.record, kind=ChangeKind.EDIT, base=number, area="sale")
    everywhere.round(move)
    stale = everywhere.change("person", {"pronouns": "she"}, record=made.record, kind=ChangeKind.EDIT, base=0)
    everywhere.round(stale)
    watcher = enrolled(server, "Gil Fox", "clinician", ["sale"])
    (row,) = rows_of(watcher.round())["person"]
    assert (row["area"], row["pronouns"]) == ("sale", "she")


def test_the_clause_and_the_rule_agree_for_every_role_class_and_area(server: RunningServer) -> None:
    kept = {}
    for number, (sensitivity, area) in enumerate(itertools.product(Sensitivity, ("sale", "stretford", "*")), 1_000):
        kept[new_id()] = (sensitivity, area, number)
    with server.database.writing() as connection:
        for id_, (sensitivity, area, number) in kept.items():
            connection.execute(
                insert(tables.record).values(
                    organisation="stretford", id=id_, entity="visit", sensitivity=str(sensitivity), area=area, number=number,
                    gone=0, erased=0, author="", made_at="", fields="{}", changed="{}", changed_by="{}", wire="[]",
                )
            )  # fmt: skip
        for role, areas in itertools.product([*ROLES, "stranger"], [(), ("sale",), ("sale", "stretford"), ("*",)]):
            grant = Grant("stretford", "d", "w", role, areas)
            found = set(connection.execute(select(tables.record.c.id).where(grant.clause())).scalars())
            assert found == {id_ for id_, (sensitivity, area, _) in kept.items() if grant.covers(sensitivity, area)}


def test_no_role_writes_what_it_may_not_read() -> None:
    for name, role in ROLES.items():
        assert {ENTITIES[entity].sensitivity for entity in role.writes} <= role.reads, name


def test_the_clause_and_the_rule_agree_for_members_matched_or_not(server: RunningServer) -> None:
    matched, opened, other = new_id(), new_id(), new_id()
    kept = {}
    for number, (person, area) in enumerate(itertools.product((matched, opened, other, None), ("sale", "stretford")), 2_000):
        kept[new_id()] = (person, area, number)
    with server.database.writing() as connection:
        for id_, (person, area, number) in kept.items():
            connection.execute(
                insert(tables.record).values(
                    organisation="stretford", id=id_, entity="goal", sensitivity="care", area=area, number=number, gone=0,
                    erased=0, author="", made_at="", fields="{}", changed="{}", changed_by="{}", wire="[]", person=person,
                )
            )  # fmt: skip
        for areas in ((), ("sale",), ("*",)):
            grant = Grant("stretford", "d", "w", "peer", areas, matched=frozenset({matched}), opened={opened: "sale"})
            found = set(connection.execute(select(tables.record.c.id).where(grant.clause())).scalars())
            assert found == {id_ for id_, (person, area, _) in kept.items() if grant.covers(Sensitivity.CARE, area, person)}


def matched_to(ada: Caller, peer: Caller) -> tuple[Change, Change, int]:
    """Write a member whom a connector coordinates and the peer supports, with a goal; return both and the member's number."""
    person = ada.change(
        "person",
        {"preferred_name": "Zuleika", "telephone": "0161 496 0777", "coordinator": ada.worker, "supporters": [peer.worker]},
    )
    goal = ada.change("goal", {"person": person.record, "words": "wants to sleep again"})
    verdicts = ada.round(person, goal).verdicts
    assert {verdict.reason for verdict in verdicts} == {None}
    return person, goal, verdicts[0].number


def test_no_byte_of_a_member_reaches_a_peer_who_is_not_matched_to_her(server: RunningServer) -> None:
    tell_secrets(enrolled(server, "Ada Okafor"))
    peer = enrolled(server, "Cy Moss", "peer")
    reply = peer.round()
    assert set(rows_of(reply)) == {"worker", "visit"}
    assert [secret for secret in SECRETS if secret in peer.last_bytes] == []


def test_a_peer_receives_whom_she_supports_or_coordinates_and_what_was_written_before_the_match(server: RunningServer) -> None:
    ada, peer = enrolled(server, "Ada Okafor"), enrolled(server, "Cy Moss", "peer")
    person = ada.change("person", {"preferred_name": "Zuleika", "telephone": "0161 496 0777"})
    goal = ada.change("goal", {"person": person.record, "words": "wants to sleep again"})
    number = ada.round(person, goal).verdicts[0].number
    assert "person" not in rows_of(peer.round())
    ada.round(ada.edit(person, {"supporters": [peer.worker]}, number))
    came = rows_of(peer.round())
    assert {row["id"] for row in (*came["person"], *came["goal"])} == {person.record, goal.record}
    assert all(secret in peer.last_bytes for secret in SECRETS)


def test_a_match_that_ends_is_told_and_what_was_written_before_is_still_taken(server: RunningServer) -> None:
    ada, peer = enrolled(server, "Ada Okafor"), enrolled(server, "Cy Moss", "peer")
    person, goal, number = matched_to(ada, peer)
    assert rows_of(peer.round())["goal"]
    ada.round(ada.edit(person, {"supporters": []}, number))
    rating = peer.change("goal_rating", {"person": person.record, "goal": goal.record, "rating": 7})
    reply = peer.round(rating)
    assert (reply.leaving, reply.verdicts[0].reason) == ((person.record,), None)
    assert "goal" not in rows_of(reply)
    assert peer.round().leaving == ()
    server.at[0] += timedelta(days=31)
    late = peer.change("goal_rating", {"person": person.record, "goal": goal.record, "rating": 8})
    assert peer.round(late).verdicts[0].reason is Refusal.NOT_ALLOWED


def test_what_was_written_about_the_wrong_member_comes_to_the_peer_of_the_right_one(server: RunningServer) -> None:
    ada, peer = enrolled(server, "Ada Okafor"), enrolled(server, "Cy Moss", "peer")
    person, _, _ = matched_to(ada, peer)
    wrong = ada.change("person", {"preferred_name": "Maryam"})
    goal = ada.change("goal", {"person": wrong.record, "words": "wants to sleep again"})
    number = ada.round(wrong, goal).verdicts[-1].number
    assert goal.record not in {row["id"] for row in rows_of(peer.round())["goal"]}
    number = ada.round(ada.edit(goal, {"person": person.record}, number)).verdicts[0].number
    assert [row["id"] for row in rows_of(peer.round())["goal"]] == [goal.record]
    # about nobody any more, it is not for her supporter either
    ada.round(ada.edit(goal, {"person": None}, number))
    assert "goal" not in rows_of(peer.round())
    with server.database.reading() as connection:
        assert not look_at_reach(connection, ORGANISATION).records


def test_a_peer_cannot_match_herself_to_a_member_whom_she_does_not_hold(server: RunningServer) -> None:
    ada, peer = enrolled(server, "Ada Okafor"), enrolled(server, "Cy Moss", "peer")
    person = ada.change("person", {"preferred_name": "Zuleika"})
    number = ada.round(person).verdicts[0].number
    assert peer.round(peer.edit(person, {"coordinator": peer.worker}, number)).verdicts[0].reason is Refusal.NOT_ALLOWED
    assert reason(peer, "person", ChangeKind.EDIT, record=person.record) is Refusal.NOT_ALLOWED
    about = peer.change("goal", {"person": person.record})
    assert peer.round(about).verdicts[0].reason is Refusal.NOT_ALLOWED


def test_a_peer_hangs_nothing_that_is_there_on_a_member_whom_she_does_not_hold(server: RunningServer) -> None:
    ada, pia = enrolled(server, "Ada Okafor"), enrolled(server, "Pia Lund", "peer")
    hers, other = (
        ada.change("person", {"preferred_name": "Bo", "supporters": [pia.worker]}),
        ada.change("person", {"preferred_name": "Mo"}),
    )
    ada.round(hers, other)
    pia.round()
    promised = pia.change("follow_up", {"person": hers.record, "what": "ring on Friday"})
    number = pia.round(promised).verdicts[0].number
    verdict = pia.round(pia.edit(promised, {"person": other.record}, number)).verdicts[0]
    assert verdict.reason is Refusal.NOT_ALLOWED
    # a colleague of the area, who holds both, may say that it was written about the wrong one
    ada.round()
    assert ada.round(ada.edit(promised, {"person": other.record}, ada.cursor)).verdicts[0].reason is None


def test_a_peer_adds_a_member_and_what_they_said_also_when_somebody_else_coordinates(server: RunningServer) -> None:
    ada, peer = enrolled(server, "Ada Okafor"), enrolled(server, "Cy Moss", "peer")
    own = peer.change("person", {"preferred_name": "Bo", "coordinator": peer.worker})
    other = peer.change("person", {"preferred_name": "Zuleika", "coordinator": ada.worker})
    goals = [peer.change("goal", {"person": each.record}, after=each.id) for each in (own, other)]
    reply = peer.round(own, other, *goals)
    assert [verdict.reason for verdict in reply.verdicts] == [None] * 4
    peer.cursor = max(verdict.number for verdict in reply.verdicts) - 4
    assert peer.round().leaving == (other.record,)
    assert {row["id"] for row in rows_of(ada.round())["goal"]} == {goal.record for goal in goals}


def test_what_hangs_on_a_member_moves_with_her_and_the_old_area_is_told(server: RunningServer) -> None:
    ada, everywhere = enrolled(server, "Ada Okafor"), enrolled(server, "Di Hart", "clinician", ["*"])
    gil = enrolled(server, "Gil Fox", "connector", ["sale"])
    person = ada.change("person", {"preferred_name": "Zuleika"})
    goal = ada.change("goal", {"person": person.record, "words": "wants to sleep again"})
    number = ada.round(person, goal).verdicts[0].number
    gil.round()
    everywhere.round()
    move = ada.change("person", {}, record=person.record, kind=ChangeKind.EDIT, base=number, area="sale")
    rating = ada.change("goal_rating", {"person": person.record, "goal": goal.record, "rating": 7})
    reply = ada.round(move, rating)
    assert ([verdict.reason for verdict in reply.verdicts], reply.leaving) == ([None, None], (person.record,))
    for caller in (gil, everywhere):
        came = caller.round()
        assert {(row["id"], row["area"]) for rows in rows_of(came).values() for row in rows} == {
            (each.record, "sale") for each in (person, goal, rating)
        }
        assert came.leaving == ()
    assert ada.round().page.rows == {}


def test_a_member_moves_to_an_area_only_in_which_somebody_works(server: RunningServer) -> None:
    ada = enrolled(server, "Ada Okafor")
    person = ada.change("person", {"preferred_name": "Zuleika"})
    number = ada.round(person).verdicts[0].number
    for area in ("nowhere", "*"):
        move = ada.change("person", {}, record=person.record, kind=ChangeKind.EDIT, base=number, area=area)
        assert ada.round(move).verdicts[0].reason is Refusal.NOT_ALLOWED


def test_an_older_copy_moves_nobody_back_and_of_two_moves_the_later_one_shows(server: RunningServer) -> None:
    ada, ben = (enrolled(server, name, areas=["stretford", "sale", "urmston"]) for name in ("Ada Okafor", "Ben Hale"))
    person = ada.change("person", {"preferred_name": "Zuleika"})
    number = ada.round(person).verdicts[0].number
    ben.round()
    ben.round(ben.change("person", {}, record=person.record, kind=ChangeKind.EDIT, base=number, area="sale"))
    ada.round(ada.edit(person, {"pronouns": "she"}, number))
    assert where(ben, person) == "sale"
    ada.round(ada.change("person", {}, record=person.record, kind=ChangeKind.EDIT, base=number, area="urmston"))
    assert where(ben, person) == "urmston"


def test_a_member_who_was_handed_on_is_not_fetched_back_and_what_was_written_of_her_is_kept(server: RunningServer) -> None:
    ada, gil = enrolled(server, "Ada Okafor"), enrolled(server, "Gil Fox", "connector", ["sale"])
    person = ada.change("person", {"preferred_name": "Zuleika"})
    number = ada.round(person).verdicts[0].number
    ada.round(ada.change("person", {}, record=person.record, kind=ChangeKind.EDIT, base=number, area="sale"))
    said = {"pronouns": "she"}
    back = ada.change("person", said, record=person.record, kind=ChangeKind.EDIT, base=number + 1, area="stretford")
    assert ada.round(back).verdicts[0].reason is None
    assert (where(gil, person), gil.rows[person.record]["pronouns"]) == ("sale", "she")


def test_a_move_is_thought_better_of_in_the_same_push(server: RunningServer) -> None:
    ada, gil = enrolled(server, "Ada Okafor"), enrolled(server, "Gil Fox", "connector", ["sale", "urmston"])
    person = ada.change("person", {"preferred_name": "Zuleika"})
    number = ada.round(person).verdicts[0].number
    ada.round(
        *(
            ada.change("person", {}, record=person.record, kind=ChangeKind.EDIT, base=number, area=area)
            for area in ("sale", "urmston")
        )
    )
    assert where(gil, person) == "urmston"


def test_the_audit_says_from_which_area_to_which_a_member_was_moved(server: RunningServer) -> None:
    ada = enrolled(server, "Ada Okafor", areas=["stretford", "sale"])
    person = ada.change("person", {"preferred_name": "Zuleika"})
    number = ada.round(person).verdicts[0].number
    ada.round(ada.change("person", {}, record=person.record, kind=ChangeKind.EDIT, base=number, area="sale"))
    query = tables.audit.select().where(tables.audit.c.action == MOVE)
    (entry,) = server.do(lambda connection: connection.execute(query).all())
    assert (entry.worker, entry.record, entry.detail) == (ada.worker, person.record, "stretford to sale")


def where(caller: Caller, person: Change) -> object:
    caller.round()
    return caller.rows[person.record]["area"]


def test_what_comes_to_an_area_that_a_laptop_has_lost_is_not_given_to_it(server: RunningServer) -> None:
    zoe, ada = enrolled(server, "Zoe Lane", areas=["sale"]), enrolled(server, "Ada Okafor", areas=["stretford", "sale"])
    zoe.area = "sale"
    known = zoe.change("person", {"preferred_name": "Joe"})
    zoe.round(known)
    ada.round()
    server.change_worker(ada.worker, areas=["stretford"])
    # with the first push after it the laptop has not heard of it yet
    zoe.round(
        zoe.change("person", {"preferred_name": "Zuleika"}), zoe.change("need", {"person": known.record, "words": "secret"})
    )
    told = ada.round(ada.change("visit", {"people": 1}))
    seen = [ada.last_bytes]
    zoe.round(zoe.edit(known, {"preferred_name": "Zuleika Joe"}, zoe.cursor))
    for cursor in (ada.cursor, 0):
        ada.cursor = cursor
        ada.round()
        seen.append(ada.last_bytes)
    assert told.scope.areas == ("stretford",)
    assert [word for word in (b"Zuleika", b"secret") for each in seen if word in each] == []
