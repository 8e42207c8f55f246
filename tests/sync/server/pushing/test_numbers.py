"""A counter that is behind its ledger is the server's own fault: no worker's change is refused for it, and work goes on."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import delete, select, update

from sync.protocol.errors import Trouble
from sync.protocol.messages import VerdictKind
from sync.server.database import tables
from sync.server.doctor.examining import examine
from sync.server.pushing.numbers import MENDED
from sync.server.records import audit
from sync.server.records.epochs import FOUND_OUT
from tests.support.callers import Caller, enrolled, trouble
from tests.support.servers import ORGANISATION, RunningServer


@pytest.fixture
def ada(server: RunningServer) -> Caller:
    caller = enrolled(server, "Ada Okafor")
    caller.round(*(caller.change("visit", {"people": number}) for number in range(9)))
    return caller


def alter(server: RunningServer, **values: Any) -> None:
    server.do(lambda connection: connection.execute(update(tables.counter).values(**values)))


def faults(server: RunningServer) -> dict[str, str]:
    found = examine(server.database, server.settings, server.at[0], is_all=True)
    bad = [finding for finding in found if not finding.is_well and finding.subject != "disk"]
    return {finding.subject.removeprefix(f"{ORGANISATION}: "): finding.words for finding in bad}


def done(server: RunningServer, action: str) -> int:
    row = tables.audit.c
    return len(server.do(lambda c: c.execute(select(row.number).where(row.action == action)).scalars().all()))


def test_a_counter_behind_the_ledger_is_named_and_put_right_and_the_change_is_taken(server: RunningServer, ada: Caller) -> None:
    alter(server, number=4)
    assert "the counter says 4, and the ledger has every number to 10" in faults(server)["numbers"]
    verdicts = ada.round(*(ada.change("visit", {"people": 1}) for _ in range(3))).verdicts
    assert [(verdict.kind, verdict.number) for verdict in verdicts] == [(VerdictKind.ACCEPTED, n) for n in (11, 12, 13)]
    assert done(server, MENDED) == 1
    assert faults(server) == {}


def test_a_counter_below_nought_is_none_and_what_comes_is_given_to_everybody(server: RunningServer, ada: Caller) -> None:
    new = enrolled(server, "Ben Shah")
    alter(server, number=-111)
    number = new.round(new.change("visit", {"people": 1})).verdicts[0].number
    assert number > ada.cursor
    assert ada.round().page.next == number
    assert faults(server) == {}


@pytest.mark.parametrize("number", [(1 << 53) + 1, (1 << 63) - 1])
@pytest.mark.parametrize("pushes", [True, False])
def test_a_number_that_none_can_be_is_told_to_no_laptop_and_put_right(
    server: RunningServer, ada: Caller, number: int, pushes: bool
) -> None:
    last = ada.cursor
    alter(server, number=number)
    reply = ada.round(*([ada.change("visit", {"people": 1})] if pushes else []))
    assert reply.page.next == last + pushes
    assert faults(server) == {}


def test_what_can_be_read_is_handed_out_though_a_line_s_number_was_altered(server: RunningServer, ada: Caller) -> None:
    row, line = tables.record.c, tables.ledger.c
    server.do(lambda c: c.execute(update(tables.record).where(row.number == 5).values(wire="[")))
    server.do(lambda c: c.execute(update(tables.ledger).where(line.number == 7).values(number=1_000_000)))
    new = enrolled(server, "Ben Shah")
    assert len(new.round().page.rows["visit"]) == 8


def test_several_that_come_at_once_put_it_right_once(server: RunningServer, ada: Caller) -> None:
    callers = [enrolled(server, name) for name in ("Ben Shah", "Cy Moss", "Di Hart", "Eve Lund")]
    alter(server, number=4)

    def come(caller: Caller) -> int:
        return caller.round(caller.change("visit", {"people": 1})).verdicts[0].number

    with ThreadPoolExecutor(len(callers)) as threads:
        numbers = sorted(threads.map(come, callers))
    assert numbers == list(range(numbers[0], numbers[0] + 4))
    assert done(server, MENDED) == 1
    assert faults(server) == {}


def test_it_does_not_pass_for_a_database_that_was_put_back(server: RunningServer, ada: Caller) -> None:
    epoch = server.do(lambda c: c.execute(select(tables.organisation.c.epoch)).scalar_one())
    alter(server, number=4)
    assert ada.round(epoch=epoch).epoch == epoch
    assert (done(server, FOUND_OUT), done(server, MENDED)) == (0, 1)
    assert faults(server) == {}


def test_where_the_ledger_has_gaps_too_nothing_is_refused_and_nothing_is_made_true(server: RunningServer, ada: Caller) -> None:
    alter(server, number=4)
    server.do(lambda c: c.execute(delete(tables.ledger).where(tables.ledger.c.number == 7)))
    made = ada.change("visit", {"people": 1})
    answer = ada.send(ada.ask([made]))
    assert (answer.status_code, trouble(answer).trouble) == (500, Trouble.SERVER_FAULT)
    assert "9 lines of the ledger where the counter says 4" in faults(server)["numbers"]
    # somebody saw to it: the change waited on its laptop
    alter(server, number=10)
    assert ada.round(made).verdicts[0].kind is VerdictKind.ACCEPTED


def test_an_audit_that_has_later_entries_than_the_counter_knows_is_a_fault_and_refuses_nothing(
    server: RunningServer, ada: Caller
) -> None:
    with server.database.reading() as connection:
        tip = audit.tip(connection, ORGANISATION)
    alter(server, audit_number=tip.number - 1)
    made = ada.change("visit", {"people": 1})
    answer = ada.send(ada.ask([made]))
    assert (answer.status_code, trouble(answer).trouble) == (500, Trouble.SERVER_FAULT)
    assert "broken" in faults(server)["audit"]
    alter(server, audit_number=tip.number)
    assert ada.round(made).verdicts[0].kind is VerdictKind.ACCEPTED
