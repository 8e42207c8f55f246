"""The audit says who did what, never what was written, and shows when somebody alters it."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection, delete, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.dml import Delete, Update

from sync.server.admission.people import invite_again, withdraw
from sync.server.database import tables
from sync.server.laptops.holdings import what_was_on
from sync.server.laptops.looks import who_looked
from sync.server.records import audit
from sync.server.records.scope import ADMINISTRATOR, SERVER
from tests.support.callers import Caller
from tests.support.servers import ORGANISATION, RunningServer


def entries(server: RunningServer) -> list[tuple[str, str, str, str]]:
    row = tables.audit.c
    with server.database.reading() as connection:
        found = connection.execute(select(row.action, row.entity, row.record, row.device).order_by(row.number)).all()
    return [(each[0], each[1], each[2], each[3]) for each in found]


def tamper(connection: Connection, statement: Update | Delete) -> None:
    """Alter the audit as whoever owns the database can: without the triggers that keep it."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("ALTER TABLE audit DISABLE TRIGGER USER"))
    else:
        for name in ("update", "delete", "place"):
            connection.execute(text(f"DROP TRIGGER audit_keeps_{name}"))
    connection.execute(statement)


def broken(server: RunningServer) -> int | None:
    with server.database.reading() as connection:
        return audit.first_broken(connection, ORGANISATION)


def test_it_names_record_action_and_laptop(server: RunningServer, ada: Caller) -> None:
    made = ada.change("person", {"preferred_name": "Zuleika"})
    ada.round(made)
    server.revoke(ada.device)
    found = entries(server)
    assert ("create", "person", made.record, ada.device) in found
    assert [each[0] for each in found if each[3] == ada.device] == ["enrol", "create", "give"]


def test_what_was_typed_at_the_server_is_not_done_by_whom_it_befell(server: RunningServer, ada: Caller) -> None:
    made = ada.change("person", {"preferred_name": "Zuleika"})
    ada.round(made)
    before = len(entries(server))
    again = server.do(lambda c: invite_again(c, ORGANISATION, ada.worker, server.at[0]))
    server.do(lambda c: withdraw(c, ORGANISATION, again.worker, server.at[0]))
    server.change_worker(ada.worker, role="clinician", areas=["sale", "hale"])
    server.change_worker(ada.worker, is_active=False)
    server.do(lambda c: what_was_on(c, ORGANISATION, ada.device, server.at[0]))
    server.do(lambda c: who_looked(c, ORGANISATION, made.record, server.at[0]))
    server.revoke(ada.device)
    row = tables.audit.c
    with server.database.reading() as connection:
        query = select(row.worker, row.device, row.action, row.record, row.detail).order_by(row.number).offset(before)
        found = [tuple(each) for each in connection.execute(query)]
        ledger = select(tables.ledger.c.author).where(tables.ledger.c.entity.in_(("worker", "laptop")))
        assert set(connection.execute(ledger).scalars()) == {ADMINISTRATOR}
    assert {each[:2] for each in found} == {(ADMINISTRATOR, SERVER)}
    assert [each[2:] for each in found if each[2] not in ("change", "list")] == [
        ("invite", ada.worker, "another code"),
        ("withdraw", ada.worker, "codes: 1"),
        ("change_worker", ada.worker, "role connector -> clinician; areas stretford -> sale, hale"),
        ("change_worker", ada.worker, "active 1 -> 0"),
        ("revoke", ada.device, ""),
    ]
    assert [each[3:] for each in found if each[2] == "list"] == [(ada.device, "what was on it"), (made.record, "who looked")]


def test_it_holds_no_words(server: RunningServer, ada: Caller) -> None:
    ada.round(ada.change("conversation", {"summary": "wants to sleep again"}))
    with server.database.reading() as connection:
        assert "sleep" not in str(connection.execute(select(tables.audit)).all())


def test_the_chain_is_whole_until_an_entry_is_altered(server: RunningServer, ada: Caller) -> None:
    ada.round(ada.change("visit", {"people": 1}), ada.change("visit", {"people": 2}))
    assert broken(server) is None
    server.do(lambda c: tamper(c, update(tables.audit).where(tables.audit.c.number == 3).values(worker="somebody else")))
    assert broken(server) == 3


def test_an_entry_taken_out_is_noticed_even_the_last(server: RunningServer, ada: Caller) -> None:
    ada.round(ada.change("visit", {"people": 1}))
    last = len(entries(server))
    server.do(lambda c: tamper(c, delete(tables.audit).where(tables.audit.c.number == last)))
    assert broken(server) == last


@pytest.mark.parametrize("words", ["UPDATE audit SET worker = 'x'", "DELETE FROM audit", "emptied", "put in again"])
def test_the_database_itself_lets_the_audit_only_grow(server: RunningServer, ada: Caller, words: str) -> None:
    is_embedded = server.settings.is_embedded
    again = "SELECT organisation, number, at, 'x', device, action, entity, record, detail, previous, hash FROM audit"
    statement = {
        "emptied": "DELETE FROM audit WHERE 1" if is_embedded else "TRUNCATE audit",
        "put in again": f"INSERT OR REPLACE INTO audit {again}" if is_embedded else f"INSERT INTO audit {again}",
    }.get(words, words)
    before = entries(server)
    with pytest.raises(DBAPIError):
        server.do(lambda c: c.execute(text(statement)))
    assert entries(server) == before
    with server.database.reading() as connection:
        assert audit.is_kept(connection)


def test_a_chain_that_was_written_anew_does_not_run_through_a_tip_that_was_noted(server: RunningServer, ada: Caller) -> None:
    ada.round(ada.change("visit", {"people": 1}))
    with server.database.reading() as connection:
        noted = audit.tip(connection, ORGANISATION)
        assert audit.holds(connection, ORGANISATION, noted)

    def write_anew(connection: Connection) -> None:
        tamper(connection, delete(tables.audit))
        connection.execute(update(tables.counter).values(audit_number=0, audit_hash=audit.FIRST))
        audit.write(connection, ORGANISATION, "2026-11-21T14:05:00.000Z", [audit.Entry("x", "y", "create")] * noted.number)

    server.do(write_anew)
    with server.database.reading() as connection:
        assert audit.first_broken(connection, ORGANISATION) is None
        assert not audit.holds(connection, ORGANISATION, noted)
        assert not audit.is_kept(connection)
