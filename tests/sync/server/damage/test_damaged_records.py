"""A record that a failing disk altered stops nobody's push, nobody's erasure, no look at its history and no update."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text, update

from sync.packing import unpack
from sync.protocol.change import Change, ChangeKind
from sync.protocol.messages import HistoryReply, VerdictKind
from sync.protocol.version import PROTOCOL
from sync.server.backups.backup import back_up
from sync.server.database import tables
from sync.server.database.engine import Database
from sync.server.database.joining import spoil
from sync.server.doctor.examining import examine
from sync.server.pushing.checking import LARGEST
from sync.server.records.rows import refresh_rows
from tests.support.callers import Caller, enrolled
from tests.support.ready_databases import ReadyDatabases
from tests.support.servers import RunningServer, running, settings_for, sqlite_settings

NAME = "Zuleika"


@pytest.fixture
def embedded(tmp_path: Path) -> Iterator[RunningServer]:
    with running(sqlite_settings(tmp_path / "server.db")) as running_server:
        yield running_server


def alter(server: RunningServer, record: str, **values: Any) -> None:
    row = tables.record.c
    server.do(lambda connection: connection.execute(update(tables.record).where(row.id == record).values(**values)))


def member(caller: Caller, **fields: Any) -> tuple[Change, int]:
    made = caller.change("person", {"preferred_name": NAME, **fields})
    return made, caller.round(made).verdicts[0].number


def expect_well(server: RunningServer) -> None:
    found = examine(server.database, server.settings, server.at[0], is_all=True)
    assert [finding.words for finding in found if not finding.is_well and "free" not in finding.words] == []


DAMAGE = [
    {"fields": "{"},
    {"changed": '{"preferred_name": "x"}'},
    {"changed_by": '{"preferred_name": 1}'},
    {"sensitivity": "sung"},
    {"entity": "hologram"},
]


@pytest.mark.parametrize("damage", DAMAGE, ids=[next(iter(damage)) for damage in DAMAGE])
def test_an_edit_is_taken_into_the_record_as_its_history_has_it_and_nothing_waits_for_it(
    server: RunningServer, ada: Caller, damage: dict[str, str]
) -> None:
    made, number = member(ada)
    alter(server, made.record, **damage)
    goal = ada.change("goal", {"person": made.record, "words": "sleep again"})
    later = ada.change("goal", {"words": "walk"}, record=goal.record, kind=ChangeKind.EDIT, base=LARGEST, after=goal.id)
    # what waits for a later one of the same push is taken too
    verdicts = ada.round(ada.edit(made, {"preferred_name": "Zu"}, number), later, goal).verdicts
    assert [verdict.reason for verdict in verdicts] == [None] * 3
    ben = enrolled(server, "Ben Ode")
    ben.round()
    assert ben.rows[made.record]["preferred_name"] == "Zu"
    expect_well(server)


def test_a_number_that_is_none_is_given_anew_and_a_record_that_the_disk_took_off_the_screens_is_back(
    embedded: RunningServer,
) -> None:
    ada = enrolled(embedded, "Ada Okafor")
    for column in ("number", "gone", "erased"):
        made, number = member(ada)
        told = text(f"UPDATE record SET {column} = 'x', fields = '' WHERE id = '{made.record}'")
        with embedded.database.writing() as connection:
            connection.execute(told)
        assert ada.round(ada.edit(made, {"telephone": "0161 496 0001"}, number)).verdicts[0].reason is None
        row = ada.rows.get(made.record) or enrolled_row(embedded, made.record)
        assert (row["gone"], row["preferred_name"]) == (0, NAME)
    expect_well(embedded)


def enrolled_row(server: RunningServer, record: str) -> dict[str, Any]:
    """Return a record's row as a laptop receives it that is new."""
    new = enrolled(server, "Ben Ode")
    new.round()
    return new.rows[record]


def test_a_destroyed_member_stays_destroyed_though_the_disk_forgot_it(server: RunningServer, ada: Caller) -> None:
    made, _ = member(ada)
    ada.round(ada.change("person", {}, record=made.record, kind=ChangeKind.ERASE, base=LARGEST))
    alter(server, made.record, erased=0, fields="{", wire="[")
    for _ in range(2):
        ben = enrolled(server, "Ben Ode")
        ben.round()
        ben.round()
        assert (ben.rows[made.record]["gone"], ben.rows[made.record]["preferred_name"]) == (1, None)
    ada.round(ada.edit(made, {"preferred_name": "Zu"}, LARGEST))
    ben.round()
    assert ben.rows[made.record]["preferred_name"] is None


def test_an_erasure_is_not_kept_up_by_a_question_about_the_record_that_cannot_be_read(server: RunningServer, ada: Caller) -> None:
    ben = enrolled(server, "Ben Ode")
    made, number = member(ada, safe_to_call="yes")
    ben.round()
    ada.round(ada.edit(made, {"safe_to_call": "no"}, number))
    ben.round(ben.edit(made, {"safe_to_call": "ask"}, number))
    row = tables.record.c
    told = update(tables.record).where(row.entity == "conflict").values(changed="{")
    server.do(lambda connection: connection.execute(told))
    erased = ada.change("person", {}, record=made.record, kind=ChangeKind.ERASE, base=LARGEST)
    assert ada.round(erased).verdicts[0].kind is VerdictKind.ACCEPTED
    query = tables.record.select().where(row.entity == "conflict")
    assert server.do(lambda connection: connection.execute(query).one()).fields == "{}"


@pytest.mark.parametrize("damage", [{"fields": "{"}, {"entity": "hologram"}], ids=["fields", "kind"])
def test_a_member_moves_with_a_goal_that_could_not_be_read(server: RunningServer, damage: dict[str, str]) -> None:
    ada = enrolled(server, "Ada Okafor", areas=["stretford", "sale"])
    made, number = member(ada)
    goal = ada.change("goal", {"person": made.record, "words": "sleep again"})
    ada.round(goal)
    alter(server, goal.record, **damage)
    move = ada.change("person", {}, record=made.record, kind=ChangeKind.EDIT, base=number, area="sale")
    assert ada.round(move).verdicts[0].reason is None
    cy = enrolled(server, "Cy Moss", areas=["sale"])
    cy.round()
    assert cy.rows[goal.record]["words"] == "sleep again"
    expect_well(server)


@pytest.mark.parametrize("damage", DAMAGE, ids=[next(iter(damage)) for damage in DAMAGE])
def test_who_changed_what_is_told_of_a_record_that_could_not_be_read(
    server: RunningServer, ada: Caller, damage: dict[str, str]
) -> None:
    made, number = member(ada)
    ada.round(ada.edit(made, {"telephone": "0161 496 0001"}, number))
    alter(server, made.record, **damage)
    answer = ada.send({"protocol": PROTOCOL, "record": made.record, "after": 0}, "/v1/history")
    assert len(HistoryReply.model_validate(unpack(answer.content, 1 << 20)).lines) == 2


def test_nothing_is_told_of_a_record_of_which_nothing_can_be_read(server: RunningServer, ada: Caller) -> None:
    made, _ = member(ada)
    alter(server, made.record, fields="{")
    line = update(tables.ledger).where(tables.ledger.c.record == made.record).values(fields="{")
    server.do(lambda connection: connection.execute(line))
    answer = ada.send({"protocol": PROTOCOL, "record": made.record, "after": 0}, "/v1/history")
    assert HistoryReply.model_validate(unpack(answer.content, 1 << 20)).lines == []


def test_rows_of_an_older_shape_are_made_again_beside_one_that_cannot_be_read(server: RunningServer, ada: Caller) -> None:
    lost, kept = member(ada)[0], member(ada)[0]
    alter(server, lost.record, fields="{", wire="[]")
    alter(server, kept.record, wire="[]")
    server.do(lambda connection: refresh_rows(connection, "stretford", ["person"]))
    ben = enrolled(server, "Ben Ode")
    ben.round()
    assert ben.rows[kept.record]["preferred_name"] == NAME
    ben.round()
    assert ben.rows[lost.record]["preferred_name"] == NAME


@pytest.fixture
def on_postgres(ready_databases: ReadyDatabases) -> Iterator[RunningServer]:
    with ready_databases.lend() as url, running(settings_for(url)) as running_server:
        yield running_server


@pytest.fixture
def byte(on_postgres: RunningServer) -> Iterator[Callable[[str, str, str], None]]:
    """Lend what makes one byte of PostgreSQL's cell one that no text has: it takes bytes for text here as the disk gives them."""

    def spoil_byte(table: str, column: str, where: str) -> None:
        broken = f"decode(replace(encode(convert_to({column}, 'UTF8'), 'hex'), '5a75', '5aff'), 'hex')::text"
        on_postgres.do(lambda c: c.execute(text(f"UPDATE {table} SET {column} = {broken} WHERE {where}")))

    on_postgres.do(lambda connection: connection.execute(text("CREATE CAST (bytea AS text) WITHOUT FUNCTION")))
    yield spoil_byte
    on_postgres.do(lambda connection: connection.execute(text("DROP CAST (bytea AS text)")))


@pytest.mark.parametrize("cells", [("record.wire",), ("record.fields",), ("record.wire", "record.fields"), ("ledger.fields",)])
def test_one_byte_that_no_text_has_fails_one_request_at_most_on_postgresql(
    on_postgres: RunningServer, byte: Callable[[str, str, str], None], tmp_path: Path, cells: tuple[str, ...]
) -> None:
    ada = enrolled(on_postgres, "Ada Okafor")
    made, number = member(ada)
    for cell in cells:
        table, column = cell.split(".")
        byte(table, column, f"{'id' if table == 'record' else 'record'} = '{made.record}'")
    # as an administrator's command, on lines of its own
    with closing(Database(on_postgres.settings)) as beside:
        kept = back_up(beside, tmp_path / "one.ewb-backup", on_postgres.at[0])
        found = [finding.subject for finding in examine(beside, on_postgres.settings, on_postgres.at[0])]
    assert dict(kept.unreadable) == {cells[0].split(".")[0]: [f"stretford:{number}"]}
    assert found.count("stretford: reading") == 1
    edit = ada.edit(made, {"telephone": "0161 496 0001"}, number)
    ben = enrolled(on_postgres, "Ben Ode")
    statuses = [caller.send(caller.ask(sent)).status_code for _ in range(3) for caller, sent in ((ben, []), (ada, [edit]))]
    assert sorted(statuses)[:-1] == [200] * 5
    ben.round()
    ben.round()
    assert (ben.rows[made.record]["preferred_name"], ben.rows[made.record]["telephone"]) == (NAME, "0161 496 0001")


def test_what_was_pushed_is_kept_and_the_line_is_not_used_again_when_the_answer_failed_on_it(embedded: RunningServer) -> None:
    lines = []
    with embedded.database.joining() as connection:
        connection.execute(update(tables.organisation).values(name="Kept"))
        half_read = connection.exec_driver_sql("SELECT number FROM audit")
        half_read.fetchone()
        lines.append((connection.connection.driver_connection, half_read))
        spoil(connection)
    with embedded.database.reading() as connection:
        assert connection.execute(tables.organisation.select()).one().name == "Kept"
        assert connection.connection.driver_connection is not lines[0][0]
    ada = enrolled(embedded, "Ada Okafor")
    assert ada.round(ada.change("visit", {})).verdicts[0].reason is None
