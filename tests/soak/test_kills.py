"""Real laptops and the real server are killed at any step of their rounds, again and again: nothing saved is lost.

``SOAK_ROUNDS`` says how often somebody is killed in the long run on each kind of database, ``SOAK_SEED`` at which steps.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import orjson
import pytest
from sqlalchemy import Connection, select

from ewb_desktop.domain.time import SystemClock
from ewb_desktop.storage.file.keyed import connect_keyed
from ewb_desktop.storage.store import Store
from ewb_desktop.storage.tables import Conflict, Person, table
from ewb_desktop.syncing.engine import Engine
from sync.server.database import tables
from sync.server.records import audit
from tests.soak.hall import NAMES, Hall, hall
from tests.soak.lives import open_file
from tests.support.servers import ORGANISATION

ROUNDS = int(os.environ.get("SOAK_ROUNDS", "1000"))
SEED = int(os.environ.get("SOAK_SEED", "1"))
FEW = 12
WHERE_IT_HURTS = {
    "a laptop before commit",
    "a laptop before the request",
    "a laptop after the answer's head",
    "a laptop before a row of INSERT person",
    "the server before commit",
    "the server after INSERT ledger",
    "the server before http.response.start",
}
"""Steps at which somebody must have died in a long run; else it has not tried what it is for."""


def test_a_few_deaths_lose_nothing_that_was_saved(tmp_path: Path) -> None:
    with hall(tmp_path, f"sqlite:///{tmp_path / 'server.db'}", SEED) as here:
        here.let_die(FEW)
        expect_nothing_lost(here)


@pytest.mark.soak
@pytest.mark.timeout(0)
def test_whoever_dies_at_whatever_step_nothing_that_was_saved_is_lost(tmp_path: Path, database_url: str) -> None:
    with hall(tmp_path, database_url, SEED) as here:
        here.let_die_everywhere(ROUNDS)
        expect_nothing_lost(here)
        for step in sorted(here.reached):
            print(f"{here.deaths[step]:5} {step}")
        assert here.untried() == set()
        assert set(here.deaths) >= WHERE_IT_HURTS


def people_and_conflicts(store: Store) -> tuple[dict[tuple[str, str], Any], list[tuple[Any, ...]]]:
    person, conflict = table(Person), table(Conflict)
    fields = ("preferred_name", "telephone", "safe_to_call")
    with store.read() as connection:
        rows = connection.execute(select(person.c.id, *(person.c[name] for name in fields)).order_by(person.c.id)).all()
        found = connection.execute(
            select(conflict.c.id, conflict.c.record, conflict.c.field, conflict.c.shown, conflict.c.other).order_by(conflict.c.id)
        ).all()
    return {(row[0], name): value for row in rows for name, value in zip(fields, row[1:], strict=True)}, [
        tuple(row) for row in found
    ]


def said_at_the_server(connection: Connection) -> set[tuple[str, str, Any]]:
    ledger = tables.ledger.c
    rows = connection.execute(select(ledger.record, ledger.fields).where(ledger.entity == "person")).all()
    return {(row.record, name, value) for row in rows for name, value in orjson.loads(row.fields).items()}


def kept_in_journals(store: Store) -> set[tuple[str, str, Any]]:
    """Return what this laptop's journal says: edits of one field within ten minutes become one before they are offered."""
    with store.read() as connection:
        rows = connection.exec_driver_sql("SELECT record, fields FROM journal WHERE entity = 'person'").all()
    return {(row.record, name, value) for row in rows for name, value in orjson.loads(row.fields).items()}


def expect_nothing_lost(here: Hall) -> None:
    here.start_whole_server()
    stores = [open_file(here.place(name), SystemClock()) for name in NAMES]
    try:
        for store in (*stores, *stores):
            outcome = Engine(store, "soak", lambda _sealed: None).run()
            assert outcome.trouble is None
            assert (outcome.held, outcome.set_aside) == (0, 0)
        shown = [people_and_conflicts(store) for store in stores]
        assert shown[0] == shown[1]
        current, conflicts = shown[0]
        said = here.do(said_at_the_server)
        number = 0
        for name, store in zip(NAMES, stores, strict=True):
            saved = here.saved(name)
            number += len(saved)
            expect_kept(saved, said, current, conflicts)
            assert kept_in_journals(store) <= said
            file = connect_keyed(store.path, bytes(range(32)))
            assert file.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
            file.close()
        assert here.do(lambda c: audit.first_broken(c, ORGANISATION)) is None
        print(f"\n{here.deaths.total()} deaths, {number} saves, {len(conflicts)} conflicts, all kept")
    finally:
        for store in stores:
            store.close()


def expect_kept(
    saved: list[tuple[str, str, Any]],
    said: set[tuple[str, str, Any]],
    current: dict[tuple[str, str], Any],
    conflicts: list[tuple[Any, ...]],
) -> None:
    """Fail unless each record is there, and the laptop's last word on each field is in history, and current or shared since."""
    last = {(record, field): value for record, field, value in saved}
    for (record, field), value in last.items():
        assert (record, field) in current
        assert (record, field, value) in said
        in_conflict = any(row[1:3] == (record, field) and value in row[3:] for row in conflicts)
        others = {told for at, name, told in said if (at, name) == (record, field)} - {value}
        assert current[record, field] == value or current[record, field] in others or in_conflict
