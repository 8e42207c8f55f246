"""The audit says who did what, never what was written, and shows when somebody alters it."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, select, update

from sync.server import audit, tables
from tests.support.callers import Caller, enrolled
from tests.support.servers import ORGANISATION, RunningServer


@pytest.fixture
def ada(server: RunningServer) -> Caller:
    return enrolled(server, "Ada Okafor")


def entries(server: RunningServer) -> list[tuple[str, str, str, str]]:
    row = tables.audit.c
    with server.database.reading() as connection:
        found = connection.execute(select(row.action, row.entity, row.record, row.device).order_by(row.number)).all()
    return [(each[0], each[1], each[2], each[3]) for each in found]


def broken(server: RunningServer) -> int | None:
    with server.database.reading() as connection:
        return audit.first_broken(connection, ORGANISATION)


def test_it_names_record_action_and_laptop(server: RunningServer, ada: Caller) -> None:
    made = ada.change("person", {"preferred_name": "Zuleika"})
    ada.round(made)
    server.revoke(ada.device)
    found = entries(server)
    assert ("create", "person", made.record, ada.device) in found
    assert [each[0] for each in found if each[3] == ada.device] == ["enrol", "create", "give", "revoke"]


def test_it_holds_no_words(server: RunningServer, ada: Caller) -> None:
    ada.round(ada.change("conversation", {"summary": "wants to sleep again"}))
    with server.database.reading() as connection:
        assert "sleep" not in str(connection.execute(select(tables.audit)).all())


def test_the_chain_is_whole_until_an_entry_is_altered(server: RunningServer, ada: Caller) -> None:
    ada.round(ada.change("visit", {"people": 1}), ada.change("visit", {"people": 2}))
    assert broken(server) is None
    server.do(lambda c: c.execute(update(tables.audit).where(tables.audit.c.number == 3).values(worker="somebody else")))
    assert broken(server) == 3


def test_an_entry_taken_out_is_noticed_even_the_last(server: RunningServer, ada: Caller) -> None:
    ada.round(ada.change("visit", {"people": 1}))
    last = len(entries(server))
    server.do(lambda c: c.execute(delete(tables.audit).where(tables.audit.c.number == last)))
    assert broken(server) == last
