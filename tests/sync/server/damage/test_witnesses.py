"""Who said something, from which laptop and when it came is sealed in the audit: a line that says otherwise is named."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from sync.protocol.change import ChangeKind
from sync.server.damage.witnesses import Unwitnessed, look_at_witnesses
from sync.server.database import tables
from sync.server.doctor.examining import examine
from sync.server.pushing.checking import LARGEST
from sync.server.records.scope import SERVER
from tests.support.callers import Caller
from tests.support.servers import ORGANISATION, RunningServer
from tests.sync.server.records.test_audit import tamper


def look(server: RunningServer) -> Unwitnessed:
    with server.database.reading() as connection:
        return look_at_witnesses(connection, ORGANISATION)


def said_of_histories(server: RunningServer) -> list[str]:
    found = examine(server.database, server.settings, server.at[0])
    return [each.words for each in found if not each.is_well and each.subject == f"{ORGANISATION}: histories"]


@pytest.fixture
def number(server: RunningServer, ada: Caller, ben: Caller) -> int:
    """The number of a change among some of every kind: taken as they came, merged, asked about, taken off, destroyed."""
    made = ada.change("person", {"preferred_name": "Zuleika", "safe_to_call": "?"})
    base = ada.round(made).verdicts[0].number or 0
    ben.round(ben.edit(made, {"safe_to_call": "yes", "telephone": "0161 496 0000"}, base))
    ada.round(ada.edit(made, {"safe_to_call": "no", "pronouns": "she"}, base))
    other = ada.change("person", {"preferred_name": "Rosa"})
    ada.round(other)
    for kind in (ChangeKind.TOMBSTONE, ChangeKind.ERASE):
        ada.round(ada.change("person", {}, record=other.record, kind=kind, base=LARGEST))
    ben.round(ben.edit(other, {"telephone": "0161 496 0001"}, base))
    return base


def test_what_was_sent_is_in_both(server: RunningServer, number: int) -> None:
    assert look(server) == Unwitnessed()
    assert said_of_histories(server) == []


@pytest.mark.parametrize(
    "cell",
    [
        {"author": "someone"},
        {"device": "another"},
        {"received_at": "1999-01-01T00:00:00.000Z"},
        {"kind": "edit"},
        {"verdict": "merged"},
        {"entity": "need"},
        {"record": "elsewhere"},
    ],
    ids=lambda cell: next(iter(cell)),
)
def test_one_altered_cell_of_a_line_is_named_by_its_number(server: RunningServer, number: int, cell: dict[str, str]) -> None:
    row = tables.ledger.c
    server.do(lambda c: c.execute(update(tables.ledger).where(row.number == number).values(**cell)))
    assert (look(server).lines, look(server).entries) == ([number], 1)


def test_a_line_that_is_said_to_be_the_servers_own_is_missed_by_the_audit(server: RunningServer, number: int) -> None:
    row = tables.ledger.c
    server.do(lambda c: c.execute(update(tables.ledger).where(row.number == number).values(device=SERVER)))
    assert look(server) == Unwitnessed([], 1)
    (words,) = said_of_histories(server)
    assert "of 1 changes in the audit" in words


def test_the_doctor_says_where_to_look(server: RunningServer, number: int, ben: Caller) -> None:
    row = tables.ledger.c
    server.do(lambda c: c.execute(update(tables.ledger).where(row.number == number).values(author=ben.worker)))
    (words,) = said_of_histories(server)
    assert f"1 lines of history (at number {number}) say other than the audit" in words


def test_an_audit_that_is_broken_is_no_witness(server: RunningServer, number: int) -> None:
    row = tables.audit.c
    server.do(lambda c: tamper(c, update(tables.audit).where(row.action == "create").values(worker="someone")))
    assert said_of_histories(server) == []
