"""A laptop holds what its worker may see, and no more."""

from __future__ import annotations

import itertools

import pytest
from sqlalchemy import insert, select

from sync.protocol.change import ChangeKind
from sync.protocol.entities import ENTITIES, Sensitivity
from sync.protocol.errors import Refusal
from sync.server import tables
from sync.server.people import create_organisation, invite
from sync.server.scope import ROLES, Grant
from tests.support.callers import Caller, enrolled, new_id, rows_of
from tests.support.servers import RunningServer

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


def test_the_same_bytes_do_reach_a_colleague_of_the_area(server: RunningServer) -> None:
    tell_secrets(enrolled(server, "Ada Okafor"))
    colleague = enrolled(server, "Cy Moss", "peer")
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


def test_nobody_but_an_administrator_writes_workers(server: RunningServer) -> None:
    assert reason(enrolled(server, "Ada Okafor"), "worker") is Refusal.NOT_ALLOWED
    assert reason(enrolled(server, "Flo Reed", "administrator"), "worker") is None


def test_only_the_server_makes_conflicts(server: RunningServer) -> None:
    assert reason(enrolled(server, "Ada Okafor"), "conflict") is Refusal.NOT_ALLOWED


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
