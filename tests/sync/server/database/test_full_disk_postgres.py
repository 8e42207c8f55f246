"""PostgreSQL whose disk is full in the middle of a push: nothing is acknowledged that is not kept."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import select, text

from sync.protocol.errors import Trouble
from sync.protocol.messages import VerdictKind
from sync.server.database import tables
from sync.server.records import audit
from tests.support.callers import enrolled, trouble
from tests.support.postgres import Cluster
from tests.support.servers import ORGANISATION, RunningServer, running, settings_for

WRITTEN = ("ledger", "record", "counter", "audit")
NOTED_AFTERWARDS = ("device",)
"""When a laptop was here last is written once its push is kept: a disk that fills up then takes nothing from anybody."""
_FULL = "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE SQLSTATE '53100'; END $$"


@pytest.fixture(scope="module")
def server(postgres: Cluster) -> Iterator[RunningServer]:
    with postgres.new_database() as url, running(settings_for(url)) as running_server:
        running_server.do(lambda connection: connection.execute(text(_FULL)))
        yield running_server


@pytest.mark.parametrize("table", [*WRITTEN, *NOTED_AFTERWARDS])
def test_what_meets_a_full_disk_is_not_acknowledged_and_is_taken_once_there_is_room(server: RunningServer, table: str) -> None:
    ada = enrolled(server, f"Ada Okafor {table}")
    made = [ada.change("person", {"preferred_name": f"Zuleika {number}"}) for number in range(3)]
    on = f"CREATE TRIGGER full_disk BEFORE INSERT OR UPDATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION full_disk()"
    server.do(lambda connection: connection.execute(text(on)))
    answer = ada.send(ada.ask(made))
    server.do(lambda connection: connection.execute(text(f"DROP TRIGGER full_disk ON {table}")))
    ledger = tables.ledger.c
    asked = select(ledger.change_id).where(ledger.change_id.in_([change.id for change in made]))
    kept = server.do(lambda connection: connection.execute(asked).scalars().all())
    assert answer.status_code == 500
    assert trouble(answer).trouble is Trouble.SERVER_FAULT
    assert sorted(kept) == (sorted(change.id for change in made) if table in NOTED_AFTERWARDS else [])
    reply = ada.round(*made)
    assert {verdict.kind for verdict in reply.verdicts} <= {VerdictKind.ACCEPTED, VerdictKind.KNOWN}
    assert sorted(server.do(lambda connection: connection.execute(asked).scalars().all())) == sorted(c.id for c in made)
    assert server.do(lambda connection: audit.first_broken(connection, ORGANISATION)) is None
