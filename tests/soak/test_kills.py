"""Real laptops and the real server are killed at any moment of their rounds, again and again: nothing saved is lost.

``SOAK_ROUNDS`` says how often somebody is killed on each kind of database (200), ``SOAK_SEED`` at which moments.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson
import pytest
from sqlalchemy import Connection, select

from ewb_desktop.domain.time import SystemClock
from ewb_desktop.storage.keyed import connect_keyed
from ewb_desktop.storage.store import Store
from ewb_desktop.storage.tables import Conflict, Person, table
from ewb_desktop.syncing.engine import Engine
from ewb_desktop.syncing.enrol import enrol
from sync.server import audit, tables
from sync.server.clock import utc_now
from sync.server.database import Database
from sync.server.people import create_organisation, invite
from tests.soak.laptop_process import open_file
from tests.support.connected import AREA
from tests.support.laptops import laptop
from tests.support.servers import ORGANISATION, settings_for, spare_port, wait_for_answer

ROUNDS = int(os.environ.get("SOAK_ROUNDS", "200"))
SEED = int(os.environ.get("SOAK_SEED", "1"))
HERE = Path(__file__).parents[2]
NAMES = ("Rowan Oak", "Grace Lamb")
LONGEST = 0.6
"""Seconds that everybody works at most before the next is killed; a round takes some hundredths of one."""


class Process:
    """Something that runs until it is killed, and can be started again."""

    def __init__(self, words: list[str], environment: dict[str, str]) -> None:
        self._words = words
        self._environment = {**os.environ, **environment}
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, *more: str) -> subprocess.Popen[bytes]:
        """Start it."""
        self._process = subprocess.Popen(
            [sys.executable, "-m", *self._words, *more], env=self._environment, cwd=HERE, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )  # fmt: skip
        return self._process

    def kill(self) -> None:
        """End it as a power cut would: without a word. Fails when it had ended by itself."""
        if self._process is None:
            return
        process, self._process = self._process, None
        ended = process.poll()
        process.kill()
        _out, told = process.communicate(timeout=20)
        assert ended is None, told.decode(errors="replace")[-4000:]

    def stop(self) -> None:
        """End it, whether it still runs or not."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate(timeout=20)
            self._process = None


class Hall:
    """One server and its laptops, as processes."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder = folder
        self.settings = settings_for(url)
        port = spare_port()
        self.address = f"http://127.0.0.1:{port}"
        plain = url.replace("+psycopg", "")
        environment = {"EWB_DATABASE": plain, "EWB_PORT": str(port), "EWB_BURST": "1000000", "EWB_PER_MINUTE": "1000000"}
        self._server = Process(["sync.server.cli", "serve"], environment)
        self._laptops = {name: Process(["tests.soak.laptop_process", str(self.place(name))], {}) for name in NAMES}
        self._starts = 0

    def place(self, name: str) -> Path:
        return self.folder / name.split()[0].lower()

    def start_server(self) -> None:
        wait_for_answer(self.address, self._server.start())

    def start_laptop(self, name: str) -> None:
        self._starts += 1
        process = self._laptops[name].start(str(SEED * 1_000_000 + self._starts))
        assert process.stdout is not None
        # killed before it works, it would prove nothing
        if process.stdout.readline() != b"working\n":
            self._laptops[name].kill()

    def kill_server(self) -> None:
        self._server.kill()

    def kill_laptop(self, name: str) -> None:
        self._laptops[name].kill()

    def kill_all(self) -> None:
        for process in (*self._laptops.values(), self._server):
            process.kill()

    def join(self, name: str) -> None:
        """Make the laptop's file and let it in."""
        lent = laptop(self.folder, self.place(name).name, area=AREA)
        code = self.do(lambda c: invite(c, ORGANISATION, name, "connector", [AREA], utc_now())).code
        enrol(lent.store, self.address, code, f"{name}'s laptop")
        told = {"author": lent.store.author, "device": lent.store.device}
        (self.place(name) / "laptop.json").write_bytes(orjson.dumps(told))
        lent.store.close()

    def do(self, work: Any) -> Any:
        """Do ``work`` in one transaction of the server's database, beside the server."""
        database = Database(self.settings)
        try:
            with database.writing() as connection:
                return work(connection)
        finally:
            database.close()

    def saved(self, name: str) -> list[tuple[str, str, Any]]:
        """Return what the laptop said that it saved; a line that was cut in the middle was not said."""
        lines = (self.place(name) / "saved.jsonl").read_bytes().split(b"\n")[:-1]
        return [tuple(orjson.loads(line)) for line in lines]


@contextmanager
def hall(folder: Path, url: str) -> Iterator[Hall]:
    made = Hall(folder, url)
    database = Database(made.settings)
    database.migrate()
    database.close()
    made.do(lambda c: create_organisation(c, ORGANISATION, "Stretford Wellbeing (made up)", utc_now()))
    try:
        made.start_server()
        for name in NAMES:
            made.join(name)
        yield made
    finally:
        for process in (made._server, *made._laptops.values()):
            process.stop()


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


@pytest.mark.soak
@pytest.mark.timeout(0)
def test_whoever_is_killed_whenever_nothing_that_was_saved_is_lost(tmp_path: Path, database_url: str) -> None:
    chance = random.Random(SEED)
    with hall(tmp_path, database_url) as here:
        for name in NAMES:
            here.start_laptop(name)
        for _ in range(ROUNDS):
            # the moment of the kill is what is tried here
            time.sleep(chance.random() * LONGEST)
            if chance.random() < 0.3:
                here.kill_server()
                here.start_server()
            else:
                name = chance.choice(NAMES)
                here.kill_laptop(name)
                here.start_laptop(name)
        here.kill_all()
        here.start_server()
        expect_nothing_lost(here)


def expect_nothing_lost(here: Hall) -> None:
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
        print(f"\n{ROUNDS} kills, {number} saves, {len(conflicts)} conflicts, all kept")
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
