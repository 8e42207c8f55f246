"""One cell that a failing disk altered, of any column of any table: the doctor names it, and nobody else and no command stops."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Column, Integer, Table, insert

from sync.protocol.version import PROTOCOL
from sync.server.backups.backup import back_up
from sync.server.cli import main
from sync.server.database import tables
from sync.server.doctor.examining import examine
from tests.support.callers import AT, enrolled, new_id
from tests.support.servers import ORGANISATION, RunningServer, running, sqlite_settings

TABLES = [table for table in tables.metadata.sorted_tables if table.name != "matched"]
"""Of who is matched to whom every cell is part of the key: another one says something else, and can be read."""
ASKED_BY_COMMANDS = [
    tables.organisation,
    tables.worker,
    tables.device,
    tables.counter,
    tables.ledger,
    tables.record,
    tables.audit,
]
EVERYBODY = {("organisation", "organisation"), ("counter", "organisation")}
"""Without these nobody can be told from anybody."""


class House:
    """A server on a file with something in every table, and two workers in it: what is altered is never the second's own."""

    def __init__(self, server: RunningServer, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.server, self.file = server, file
        monkeypatch.setenv("EWB_DATABASE", f"sqlite:///{file}")
        monkeypatch.setenv("EWB_SIGNED_OFF", str(file.with_name("signed-off")))
        self.bea, ada = enrolled(server, "Bea Lund"), enrolled(server, "Ada Okafor", areas=["stretford", "sale"])
        far = enrolled(server, "Far Away", areas=["urmston"])
        made = ada.change("person", {"preferred_name": "Zuleika"})
        ada.round(made)
        self.bea.round()
        ada.round(ada.edit(made, {"safe_to_call": "no"}, ada.cursor))
        # somebody has to choose, somebody looked, somebody opened a record, and somebody moved
        self.bea.round(self.bea.edit(made, {"safe_to_call": "yes"}, self.bea.cursor - 1))
        ada.round(looks=[{"id": new_id(), "kind": "view", "entity": "person", "record": made.record, "at": AT}])
        far.send({"protocol": PROTOCOL, "person": made.record, "reason": "crisis", "words": "at the door"}, "/v1/open")
        other = ada.change("person", {"preferred_name": "Joe"})
        ada.round(other)
        ada.round(ada.edit(other, {"telephone": "0161 496 0100"}, ada.cursor).model_copy(update={"area": "sale"}))
        server.invite("Zed Moss", "peer", ["stretford"])
        joined = {"organisation": ORGANISATION, "credential_hash": "0" * 64, "device": ada.device, "replaced_at": AT}
        server.do(lambda connection: connection.execute(insert(tables.former_credential).values(joined)))
        self.person = made.record

    def alter(self, table: Table, column: Column[Any]) -> Any:
        """Alter the column's cell in the newest row for as long as the block takes; let the file take what no program writes."""
        return _altered(self.file, table.name, column.name, is_number=isinstance(column.type, Integer))

    def faults(self) -> set[tuple[str, str]]:
        """Return what the doctor finds."""
        found = examine(self.server.database, self.server.settings, self.server.at[0], is_all=True)
        return {(finding.subject, finding.words) for finding in found if not finding.is_well}

    def typed(self, *words: str) -> int:
        """Return how a command ends."""
        return main(list(words))


@contextmanager
def _altered(file: Path, table: str, column: str, *, is_number: bool) -> Iterator[None]:
    # the newest: what is done next rests on it
    newest = f"rowid = (SELECT max(rowid) FROM {table})"
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.text_factory = bytes
        rowid, kind, was = connection.execute(f"SELECT rowid, typeof({column}), {column} FROM {table} WHERE {newest}").fetchone()
        triggers = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            connection.execute(f"DROP TRIGGER {name.decode()}")
        value = "'many'" if is_number else "CAST(x'22FF22' AS TEXT)"
        connection.execute(f"UPDATE {table} SET {column} = {value} WHERE {newest}")
        for _, words in triggers:
            connection.execute(words.decode())
        yield
        for name, _ in triggers:
            connection.execute(f"DROP TRIGGER {name.decode()}")
        back = was.decode() if kind == b"text" else was
        connection.execute(f"UPDATE {table} SET {column} = ? WHERE rowid = ?", (back, rowid))
        for _, words in triggers:
            connection.execute(words.decode())


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    file = tmp_path / "server.db"
    with running(sqlite_settings(file)) as server:
        yield House(server, file, monkeypatch)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_the_doctor_names_it_and_the_backup_is_made(house: House, tmp_path: Path, table: Table) -> None:
    before, silent = house.faults(), []
    for place, column in enumerate(table.columns):
        with house.alter(table, column):
            if house.faults() <= before:
                silent.append(column.name)
            kept = back_up(house.server.database, tmp_path / f"{place}.ewb-backup", house.server.at[0])
            assert kept.unreadable.keys() <= {table.name}
    assert silent == []


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_no_other_laptop_waits_for_it(house: House, table: Table) -> None:
    for column in table.columns:
        if (table.name, column.name) in EVERYBODY:
            continue
        with house.alter(table, column):
            house.bea.cursor = 0
            house.bea.round()
            taken = house.bea.round(house.bea.change("visit", {"people": 1})).verdicts[0]
            assert taken.kind == "accepted", column.name
            for path, asked in (
                ("/v1/digest", {"sums": {}}),
                ("/v1/history", {"record": house.person, "after": 0}),
                ("/v1/records", {"records": [house.person], "opened": [], "history": True}),
            ):
                assert house.bea.send({"protocol": PROTOCOL, **asked}, path).status_code == 200, (column.name, path)


@pytest.mark.parametrize("table", ASKED_BY_COMMANDS, ids=lambda table: table.name)
def test_no_command_ends_in_a_traceback(house: House, tmp_path: Path, table: Table) -> None:
    device = house.bea.device
    for place, column in enumerate(table.columns):
        with house.alter(table, column):
            held = str(tmp_path / f"{place}.csv")
            for words in (["laptops", ORGANISATION], ["workers", ORGANISATION], ["held", ORGANISATION, device, held],
                          ["looked", ORGANISATION, house.person], ["health", ORGANISATION], ["migrate"]):  # fmt: skip
                assert house.typed(*words) in (0, 2)
