"""A process that starts with other columns makes the ready-made rows again, and loses nothing that is pushed meanwhile."""

from __future__ import annotations

import threading
import time

from sqlalchemy import text, update

from sync.protocol.change import ChangeKind
from sync.server.admission.people import refresh_shapes
from sync.server.clock import instant_text
from sync.server.database import tables
from sync.server.database.engine import Database
from sync.server.pushing.ledger import take
from sync.server.records.scope import Grant
from tests.support.callers import enrolled
from tests.support.postgres import Cluster
from tests.support.servers import ORGANISATION, running, settings_for


def wait_for_a_lock(database: Database, thread: threading.Thread) -> None:
    """Return when somebody in the database waits for somebody else."""
    until = time.monotonic() + 20
    while thread.is_alive() and time.monotonic() < until:
        with database.reading() as connection:
            query = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if connection.execute(query).scalar_one():
                return
    raise AssertionError("nobody waited")


def test_an_edit_that_is_pushed_while_another_process_starts_stays(postgres: Cluster) -> None:
    with postgres.new_database() as url, running(settings_for(url)) as server:
        ada = enrolled(server, "Ada Okafor")
        made = ada.change("person", {"preferred_name": "Maryam"})
        number = ada.round(made).verdicts[0].number
        server.do(lambda c: c.execute(update(tables.organisation).values(wire_shape="{}")))
        edit = ada.change("person", {"preferred_name": "Mariam"}, record=made.record, kind=ChangeKind.EDIT, base=number)
        grant = Grant(ORGANISATION, ada.device, ada.worker, "connector", (ada.area,))
        faults: list[Exception] = []

        def start() -> None:
            try:
                server.do(refresh_shapes)
            except Exception as fault:  # noqa: BLE001 - told in the test's own thread
                faults.append(fault)

        starting = threading.Thread(target=start)
        with server.database.writing() as pushing:
            take(pushing, grant, [edit], instant_text(server.at[0]))
            starting.start()
            wait_for_a_lock(server.database, starting)
        starting.join()
        assert faults == []
        ben = enrolled(server, "Ben Shah")
        ben.round()
        assert ben.rows[made.record]["preferred_name"] == "Mariam"
        kept = server.do(lambda c: c.execute(tables.record.select().where(tables.record.c.id == made.record)).one())
        assert kept.number > number
        assert "Mariam" in kept.fields
