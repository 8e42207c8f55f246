"""What laptops tell of looks stands in the audit as looks: the server's own words there are nobody's to put in."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from sync.protocol.messages import LookKind
from sync.server.admission.losses import JOINED, SIGNED_OFF
from sync.server.database import tables
from sync.server.laptops.giving import GIVE
from sync.server.laptops.looks import readable, who_looked
from sync.server.pushing.ledger import ACTIONS
from sync.server.records.epochs import FOUND_OUT, RESTORED
from tests.support.callers import Caller, new_id
from tests.support.servers import ORGANISATION, RunningServer

AT = "2026-11-21T14:05:00.000Z"
THE_SERVERS_OWN = (RESTORED, FOUND_OUT, "epoch_ended", "backup", SIGNED_OFF, JOINED, "invite", GIVE, *ACTIONS.values())


def look(kind: str, record: str) -> dict[str, str]:
    return {"id": new_id(), "kind": kind, "entity": "person", "record": record, "at": AT}


def actions_about(server: RunningServer, record: str) -> list[str]:
    entry = tables.audit.c
    query = select(entry.action).where(entry.record == record).order_by(entry.number)
    return server.do(lambda connection: list(connection.execute(query).scalars()))


@pytest.mark.parametrize("word", THE_SERVERS_OWN)
def test_no_laptop_puts_a_word_of_the_servers_own_into_the_audit(server: RunningServer, ada: Caller, word: str) -> None:
    record = new_id()
    ada.round(looks=[look(word, record)])
    assert actions_about(server, record) == [f"look_{word}"]


def test_a_look_of_a_kind_that_is_known_stands_as_that(server: RunningServer, ada: Caller) -> None:
    record = new_id()
    ada.round(looks=[look(kind, record) for kind in LookKind])
    assert actions_about(server, record) == [*LookKind]


def test_a_look_of_a_kind_of_a_newer_program_is_told_to_the_administrator(server: RunningServer, ada: Caller) -> None:
    member = ada.change("person", {"preferred_name": "Maryam"})
    ada.round(member, looks=[look("read_aloud", member.record)])
    lines = server.do(lambda c: list(readable(who_looked(c, ORGANISATION, member.record, server.at[0]))))
    assert [line for line in lines if "look_read_aloud" in line]
