"""An organisation whose counter was lost, or says no more where its audit ends: both are told again, nobody is turned away."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Final

import pytest
from sqlalchemy import delete, func, select, update

from sync.packing import pack
from sync.protocol.errors import Trouble
from sync.protocol.version import PROTOCOL
from sync.server.backups.backup import back_up, restore
from sync.server.database import tables
from sync.server.database.engine import Database
from sync.server.doctor.examining import examine
from sync.server.records import audit
from sync.server.records.epochs import RESTORED
from tests.support.callers import Caller, enrol_request, enrolled, new_id, trouble
from tests.support.servers import ORGANISATION, RunningServer, running, sqlite_settings
from tests.sync.server.backups.test_put_back import epoch_of
from tests.sync.server.records.test_audit import tamper

UNREADABLE: Final = "\ufffd"


@pytest.fixture
def lost(server: RunningServer) -> Caller:
    """A laptop that sent something, and whose organisation has lost its counter since."""
    ada = enrolled(server, "Ada Okafor")
    ada.round(ada.change("visit", {"people": 1}))
    server.do(lambda connection: connection.execute(delete(tables.counter)))
    return ada


def last_number(server: RunningServer) -> int:
    query = select(tables.ledger.c.number).order_by(tables.ledger.c.number.desc()).limit(1)
    return int(server.do(lambda connection: connection.execute(query).scalar_one()))


def test_a_laptop_whose_organisation_lost_its_counter_is_not_told_that_it_is_unknown(lost: Caller) -> None:
    answer = lost.send({"protocol": PROTOCOL, "record": lost.worker}, path="/v1/history")
    assert (answer.status_code, trouble(answer).trouble) == (500, Trouble.SERVER_FAULT)


def test_a_counter_that_was_lost_is_made_again_in_a_round_and_numbers_go_on(server: RunningServer, lost: Caller) -> None:
    number, epoch = last_number(server), epoch_of(server)
    assert lost.round(lost.change("visit", {"people": 2})).verdicts[0].number == number + 1
    assert epoch_of(server) == epoch
    with server.database.reading() as connection:
        assert audit.first_broken(connection, ORGANISATION) is None


def test_where_lines_were_lost_with_it_another_epoch_begins(server: RunningServer, lost: Caller) -> None:
    epoch, number = epoch_of(server), last_number(server)
    server.do(lambda connection: connection.execute(delete(tables.ledger).where(tables.ledger.c.number == number)))
    lost.round()
    assert epoch_of(server) != epoch


def test_a_counter_that_was_lost_is_made_again_as_the_server_starts(tmp_path: Path) -> None:
    settings = sqlite_settings(tmp_path / "server.db")
    with running(settings) as server:
        server.do(lambda connection: connection.execute(delete(tables.counter)))
    with running(settings, organisation=None) as server:
        assert (
            server.do(lambda connection: connection.execute(select(tables.counter.c.organisation)).scalar_one()) == ORGANISATION
        )


def test_a_laptop_joins_though_the_counter_is_lost(server: RunningServer) -> None:
    told = server.invite("Ada Okafor", "connector", ["stretford"])
    server.do(lambda connection: connection.execute(delete(tables.counter)))
    answer = server.session().post(f"{server.url}/v1/enrol", data=pack(enrol_request(told.code, new_id())))
    assert answer.status_code == 200


def test_an_end_is_told_by_the_last_entry_though_its_own_seal_cannot_be_read(server: RunningServer) -> None:
    ada = enrolled(server, "Ada Okafor")
    last = server.do(lambda connection: connection.execute(select(func.max(tables.audit.c.number))).scalar_one())
    server.do(lambda c: tamper(c, update(tables.audit).where(tables.audit.c.number == last).values(hash=UNREADABLE)))
    server.do(lambda connection: connection.execute(update(tables.counter).values(audit_hash=UNREADABLE)))
    ada.round(ada.change("visit", {"people": 1}))
    with server.database.reading() as connection:
        # the entry itself stays as the disk left it
        assert audit.first_broken(connection, ORGANISATION) == last
        assert audit.end_by_entries(connection, ORGANISATION) == audit.tip(connection, ORGANISATION)


def test_a_backup_in_which_no_seal_can_be_read_is_restored_too(server: RunningServer, tmp_path: Path) -> None:
    enrolled(server, "Ada Okafor")
    server.do(lambda c: tamper(c, update(tables.audit).values(hash=UNREADABLE)))
    server.do(lambda connection: connection.execute(update(tables.counter).values(audit_hash=UNREADABLE)))
    kept = back_up(server.database, tmp_path / "kept", server.at[0])
    with closing(Database(sqlite_settings(tmp_path / "new.db"))) as empty:
        restore(empty, kept.file, server.at[0])
        with empty.reading() as connection:
            assert audit.last_of(connection, ORGANISATION, (RESTORED,)) is not None


def said_of_the_audit(server: RunningServer) -> str:
    found = examine(server.database, server.settings, server.at[0])
    return next(each.words for each in found if each.subject == f"{ORGANISATION}: audit")


def test_the_doctor_says_that_an_end_that_cannot_be_read_is_told_again(server: RunningServer) -> None:
    enrolled(server, "Ada Okafor")
    server.do(lambda connection: connection.execute(update(tables.counter).values(audit_hash="")))
    (words,) = [each.words for each in examine(server.database, server.settings, server.at[0]) if each.subject.endswith("audit")][
        1:
    ]
    assert ("tells it again by the last entry" in words, "broken at" in words) == (True, False)


def test_the_doctor_names_a_broken_entry_beside_an_end_that_cannot_be_read(server: RunningServer) -> None:
    enrolled(server, "Ada Okafor")
    server.do(lambda c: tamper(c, update(tables.audit).where(tables.audit.c.number == 1).values(action="sang")))
    server.do(lambda connection: connection.execute(update(tables.counter).values(audit_hash="")))
    (words,) = [each.words for each in examine(server.database, server.settings, server.at[0]) if each.subject.endswith("audit")][
        1:
    ]
    assert ("tells it again by the last entry" in words, "broken at entry 1:" in words) == (True, True)
