"""A cell that holds no JSON any more: whoever else is asked about is found, moved and named all the same."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import update

from sync.packing import unpack
from sync.protocol.change import ChangeKind
from sync.protocol.messages import OpenReply, Sought, VerdictKind
from sync.protocol.version import PROTOCOL
from sync.server.admission.signed_off import note, read_noted
from sync.server.database import tables
from sync.server.database.cells import areas_in, object_in
from sync.server.laptops.holdings import what_was_on
from tests.support.callers import Caller, enrolled
from tests.support.servers import ORGANISATION, RunningServer

BORN = "1986-03-14"


def alter(server: RunningServer, record: str, fields: str) -> None:
    told = update(tables.record).where(tables.record.c.id == record).values(fields=fields)
    server.do(lambda connection: connection.execute(told))


def alter_areas(server: RunningServer, worker: str) -> None:
    told = update(tables.worker).where(tables.worker.c.id == worker).values(areas='["stretf')
    server.do(lambda connection: connection.execute(told))


@pytest.mark.parametrize("cell", ['{"a": 1', "[1]", '"a"', b'{"a"', None, 7, '{"a": "\udcff"}'])
def test_what_is_no_object_any_more_is_none(cell: object) -> None:
    assert object_in(cell) is None


@pytest.mark.parametrize("cell", ['["sale"', '{"sale": 1}', b'"sale"', None])
def test_areas_that_cannot_be_read_are_none(cell: object) -> None:
    assert areas_in(cell) == []


def test_what_is_whole_is_read() -> None:
    assert object_in('{"a": [1]}') == object_in(b'{"a": [1]}') == {"a": [1]}
    assert areas_in('["sale", "*"]') == ["sale", "*"]


def test_a_member_elsewhere_is_found_beside_one_whose_record_cannot_be_read(server: RunningServer, ada: Caller) -> None:
    lost, found = (ada.change("person", {"preferred_name": name, "birth_date": BORN}) for name in ("Zuleika", "Maryam"))
    ada.round(lost, found)
    alter(server, lost.record, f'{{"birth_date": "{BORN}"')
    cy = enrolled(server, "Cy Moss", areas=["sale"])
    asked = {"protocol": PROTOCOL, "reason": "here_now", "words": "She is at my table", "name": "Maryam", "born": BORN}
    reply = OpenReply.model_validate(unpack(cy.send(asked, "/v1/open").content, 1 << 20))
    assert (reply.sought, reply.person) == (Sought.OPENED, found.record)


def test_a_member_is_moved_though_a_colleagues_areas_cannot_be_read(server: RunningServer, ada: Caller) -> None:
    made = ada.change("person", {"preferred_name": "Maryam"})
    ada.round(made)
    alter_areas(server, enrolled(server, "Bo Lane").worker)
    enrolled(server, "Cy Moss", areas=["sale"])
    move = ada.change("person", {}, record=made.record, kind=ChangeKind.EDIT, base=ada.cursor, area="sale")
    assert ada.round(move).verdicts[0].kind is VerdictKind.ACCEPTED


def test_what_was_on_a_laptop_is_told_though_some_of_it_cannot_be_read(server: RunningServer, ada: Caller) -> None:
    lost, found = (ada.change("person", {"preferred_name": name}) for name in ("Zuleika", "Maryam"))
    goal = ada.change("goal", {"person": found.record, "words": "sleep again"})
    ada.round(lost, found, goal)
    ben = enrolled(server, "Ben Ode")
    ben.round()
    alter(server, lost.record, "{")
    alter(server, goal.record, "[")
    alter_areas(server, ben.worker)
    line = update(tables.ledger).where(tables.ledger.c.record == ben.worker).values(fields="{")
    server.do(lambda connection: connection.execute(line))
    held = server.do(lambda connection: what_was_on(connection, ORGANISATION, ben.device, server.at[0]))
    told = {(each.member, each.record) for each in held.records if each.entity in {"person", "goal"}}
    assert told == {(lost.record, lost.record), ("Maryam", found.record), ("Maryam", goal.record)}


def test_whoever_left_is_kept_out_though_her_areas_cannot_be_read(server: RunningServer, ada: Caller, tmp_path: Path) -> None:
    server.change_worker(ada.worker, is_active=False)
    alter_areas(server, ada.worker)
    file = tmp_path / "signed-off"
    server.do(lambda connection: note(file, connection, server.at[0]))
    assert read_noted(file).lines[(ORGANISATION, "worker", ada.worker)]["active"] is False
