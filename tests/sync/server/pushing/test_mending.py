"""A row that a failing disk altered at the server: nobody's pull stops for it, and it is mended from what else is known."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import orjson
import pytest
from sqlalchemy import Connection, select, text, update

from sync.protocol.change import Change, ChangeKind
from sync.protocol.messages import RecordsReply, VerdictKind
from sync.server.backups.backup import back_up, restore
from sync.server.database import tables
from sync.server.database.engine import Database
from sync.server.doctor.examining import examine
from sync.server.records import audit
from tests.support.callers import Caller, enrolled
from tests.support.servers import ORGANISATION, RunningServer, running, sqlite_settings

NAME = "Zuleika"


def written(ada: Caller) -> list[Change]:
    """Let Ada write three people, the one in the middle in two steps."""
    people = [ada.change("person", {"preferred_name": name, "communication": ["BSL"]}) for name in ("Bo", NAME, "Cass")]
    number = ada.round(*people).verdicts[1].number
    ada.round(ada.edit(people[1], {"telephone": "0161 496 0000"}, number))
    return people


def alter(server: RunningServer, record: str, **values: Any) -> None:
    row = tables.record.c
    server.do(lambda connection: connection.execute(update(tables.record).where(row.id == record).values(**values)))


def expect_well(server: RunningServer) -> None:
    """Fail unless numbers, ledger, records and audit hold together."""
    found = examine(server.database, server.settings, server.at[0])
    assert [finding.words for finding in found if not finding.is_well and "free" not in finding.words] == []


@pytest.mark.parametrize(
    "damage",
    [
        {"wire": '["0199\x00broken'},
        {"wire": "17"},
        {"carried": "{"},
        {"wire": "{", "fields": "{"},
        {"wire": "[", "fields": "[]", "changed": "", "changed_by": "x"},
        {"wire": "[]"},
        {"carried": '{"id": 1}'},
        {"entity": "hologram"},
        {"entity": "service"},
        {"entity": "hologram", "wire": "[", "fields": "{"},
    ],
    ids=[
        "row",
        "no row at all",
        "what is carried",
        "row and record",
        "all but the history",
        "a row of nothing",
        "what is carried twice",
        "an unknown kind",
        "another kind",
        "kind, row and record",
    ],
)
def test_one_bad_row_stops_nobody_and_comes_mended_in_the_next_round(
    server: RunningServer, ada: Caller, damage: dict[str, str], database_url: str
) -> None:
    if "postgresql" in database_url:
        damage = {name: text.replace("\x00", "") for name, text in damage.items()}
    bo, zuleika, cass = written(ada)
    alter(server, zuleika.record, **damage)
    ben = enrolled(server, "Ben Ode")
    ben.round()
    assert {bo.record, cass.record} <= ben.rows.keys()
    assert zuleika.record not in ben.rows
    for caller in (ben, ada):
        caller.round()
        row = caller.rows[zuleika.record]
        assert (row["preferred_name"], row["telephone"], row["communication"]) == (NAME, "0161 496 0000", ["BSL"])
    expect_well(server)


def test_a_line_of_another_kind_and_a_row_nobody_can_read_show_a_contact_to_no_volunteer(
    server: RunningServer, ada: Caller
) -> None:
    bo = ada.change("person", {"preferred_name": "Bo"})
    rang = ada.change("contact", {"person": bo.record, "how": "ring", "note": "Letters about the rent"})
    ada.round(bo, rang)
    row = tables.ledger.c
    server.do(lambda c: c.execute(update(tables.ledger).where(row.record == rang.record).values(entity="visit")))
    alter(server, rang.record, wire="[")
    ben, dawn = enrolled(server, "Ben Ode"), enrolled(server, "Dawn Reed", "volunteer")
    for caller in (ben, dawn, ben, dawn):
        caller.round()
    assert rang.record not in dawn.rows
    assert ben.rows[rang.record]["note"] == "Letters about the rent"


def spoil(server: RunningServer, table: str, column: str, where: str, record: str) -> None:
    """Make one byte of a cell one that no text has, as a failing disk does."""
    broken = f"CAST(REPLACE(CAST({column} AS BLOB), x'5A75', x'5AFF') AS TEXT)"
    server.do(lambda c: c.execute(text(f"UPDATE {table} SET {column} = {broken} WHERE {where} = :id"), {"id": record}))


@pytest.fixture
def embedded(tmp_path: Path) -> Iterator[RunningServer]:
    with running(sqlite_settings(tmp_path / "server.db")) as running_server:
        yield running_server


@pytest.mark.parametrize("cells", [("record.wire",), ("record.fields",), ("record.wire", "record.fields"), ("ledger.fields",)])
def test_one_byte_that_no_text_has_stops_no_pull_no_push_no_backup_and_no_doctor(
    embedded: RunningServer, tmp_path: Path, cells: tuple[str, ...]
) -> None:
    ada = enrolled(embedded, "Ada Okafor")
    bo, zuleika, _cass = written(ada)
    for cell in cells:
        table, column = cell.split(".")
        spoil(embedded, table, column, "id" if table == "record" else "record", zuleika.record)
    found = [finding.subject for finding in examine(embedded.database, embedded.settings, embedded.at[0]) if not finding.is_well]
    assert "stretford: reading" in found
    kept = back_up(embedded.database, tmp_path / "one.ewb-backup", embedded.at[0])
    with closing(Database(sqlite_settings(tmp_path / "again.db"))) as again:
        assert restore(again, kept.file, embedded.at[0]).rows == kept.rows
        words = [finding.words for finding in examine(again, embedded.settings, embedded.at[0]) if not finding.is_well]
        assert any("cannot be" in each for each in words)
    ben = enrolled(embedded, "Ben Ode")
    for _ in range(2):
        ben.round()
    assert {bo.record, zuleika.record} <= ben.rows.keys()
    verdicts = ada.round(ada.edit(zuleika, {"pronouns": "she"}, 99), ada.edit(bo, {"pronouns": "he"}, 99)).verdicts
    assert [verdict.reason for verdict in verdicts] == [None, None]
    ben.round()
    assert (ben.rows[zuleika.record]["pronouns"], ben.rows[zuleika.record]["preferred_name"]) == ("she", NAME)
    if cells != ("ledger.fields",):
        expect_well(embedded)


@pytest.mark.parametrize("cell", ["[1]", "{", '"x"'])
def test_a_record_that_cannot_be_folded_into_is_made_again_before_an_edit_of_it_is_taken(
    server: RunningServer, ada: Caller, cell: str
) -> None:
    bo, zuleika, _ = written(ada)
    alter(server, zuleika.record, changed=cell)
    verdicts = ada.round(ada.edit(zuleika, {"pronouns": "she"}, 99), ada.edit(bo, {"pronouns": "he"}, 99)).verdicts
    assert [verdict.reason for verdict in verdicts] == [None, None]
    ben = enrolled(server, "Ben Ode")
    ben.round()
    assert (ben.rows[zuleika.record]["telephone"], ben.rows[zuleika.record]["pronouns"]) == ("0161 496 0000", "she")
    expect_well(server)


@pytest.mark.parametrize("fields", [{"kind": "sung"}, {"fields": "[1]"}])
def test_a_line_that_says_nothing_stops_nobodys_round_and_the_doctor_says_so(
    server: RunningServer, ada: Caller, fields: dict[str, str]
) -> None:
    _, zuleika, _ = written(ada)
    ben = enrolled(server, "Ben Ode")
    ben.round()
    ada.round(ada.edit(zuleika, {"telephone": "0161 496 0005"}, 99))
    line = tables.ledger.c
    told = update(tables.ledger).where(line.record == zuleika.record, line.kind == "edit").values(**fields)
    server.do(lambda connection: connection.execute(told))
    ben.round()
    assert ben.rows[zuleika.record]["telephone"] == "0161 496 0005"
    found = [finding.words for finding in examine(server.database, server.settings, server.at[0])]
    assert any("lines of history" in words for words in found)


def _fail_over(connection: Connection, lines: list[Any]) -> None:
    lines.append(connection.connection.driver_connection)
    raise KeyError


def test_a_line_to_the_file_on_which_something_failed_is_used_by_nobody_else(embedded: RunningServer) -> None:
    lines: list[Any] = []
    for block in (embedded.database.reading, embedded.database.writing, embedded.database.joining):
        with pytest.raises(KeyError), block() as connection:
            _fail_over(connection, lines)
    for line in lines:
        with pytest.raises(sqlite3.ProgrammingError, match="closed"):
            line.execute("SELECT 1")
    ada = enrolled(embedded, "Ada Okafor")
    assert ada.round(ada.change("visit", {})).verdicts[0].reason is None


def test_an_edit_of_a_mended_record_merges_as_ever(server: RunningServer, ada: Caller) -> None:
    _, zuleika, _ = written(ada)
    ben = enrolled(server, "Ben Ode")
    ben.round()
    alter(server, zuleika.record, wire="", fields="", changed="", changed_by="")
    enrolled(server, "Cleo Park").round()
    edit = ben.edit(zuleika, {"telephone": "0161 496 0001"}, int(str(ben.rows[zuleika.record]["number"])))
    assert ben.round(edit).verdicts[0].kind in {VerdictKind.ACCEPTED, VerdictKind.MERGED}
    ada.round()
    assert ada.rows[zuleika.record]["telephone"] == "0161 496 0001"
    expect_well(server)


def test_an_erased_record_is_not_brought_back(server: RunningServer, ada: Caller) -> None:
    _, zuleika, _ = written(ada)
    ada.round(ada.edit(zuleika, {}, 99).model_copy(update={"kind": ChangeKind.ERASE}))
    alter(server, zuleika.record, wire="", fields="", changed="", changed_by="")
    ben = enrolled(server, "Ben Ode")
    ben.round()
    ben.round()
    row = ben.rows[zuleika.record]
    assert row["gone"] == 1
    assert row["preferred_name"] is None


def test_a_row_whose_history_cannot_be_read_either_is_left_for_a_person_and_the_rest_goes_on(
    server: RunningServer, ada: Caller
) -> None:
    bo, zuleika, cass = written(ada)
    alter(server, zuleika.record, wire="", fields="")
    line = tables.ledger.c
    server.do(lambda c: c.execute(update(tables.ledger).where(line.record == zuleika.record).values(fields="{")))
    ben = enrolled(server, "Ben Ode")
    ben.round()
    ada.round(ada.edit(bo, {"telephone": "0161 496 0002"}, ada.cursor))
    assert ben.round().page.rows
    assert {bo.record, cass.record} <= ben.rows.keys()
    # an edit of it waits in quarantine with its reason, and nothing else waits for that
    other = ada.edit(cass, {"telephone": "0161 496 0003"}, ada.cursor)
    verdicts = ada.round(ada.edit(zuleika, {"telephone": "0161 496 0004"}, ada.cursor), other).verdicts
    assert [verdict.kind for verdict in verdicts] == [VerdictKind.REFUSED, VerdictKind.ACCEPTED]


WHOLE = {"wire": "[", "fields": "[]", "changed": "", "changed_by": "x"}
"""Damage after which only the history knows what the record said."""


def differ(ada: Caller, ben: Caller) -> tuple[Change, int]:
    """Let two answer one question differently; return the member's change and the number that both had seen."""
    made = ada.change("person", {"preferred_name": NAME, "safe_to_call": "yes"})
    base = ada.round(made).verdicts[0].number
    ben.round()
    ada.round(ada.edit(made, {"safe_to_call": "no"}, base))
    ben.round(ben.edit(made, {"safe_to_call": "ask"}, base))
    return made, base


def questions(caller: Caller) -> list[dict[str, Any]]:
    """Return the open questions as a laptop sees them."""
    caller.round()
    return [row for row in caller.rows.values() if "other" in row and row["settled_at"] is None]


def number_of(caller: Caller, made: Change) -> int:
    return int(str(caller.rows[made.record]["number"]))


def test_an_open_question_about_a_mended_record_goes_on_showing_what_stands(server: RunningServer, ada: Caller) -> None:
    ben, cy = enrolled(server, "Ben Ode"), enrolled(server, "Cy Moss")
    made, _ = differ(ada, ben)
    alter(server, made.record, **WHOLE)
    for caller in (cy, cy):
        caller.round()
    cy.round(cy.edit(made, {"safe_to_call": "mornings"}, number_of(cy, made)))
    (asked,) = questions(ada)
    assert (asked["shown"], asked["shown_by"], asked["other"]) == ("mornings", cy.worker, "ask")
    cy.round(cy.edit(made, {"safe_to_call": "ask"}, number_of(cy, made)))
    assert questions(ada) == []


def test_who_answered_unknowingly_passes_over_nobody_after_a_record_was_mended(server: RunningServer, ada: Caller) -> None:
    ben, cy = enrolled(server, "Ben Ode"), enrolled(server, "Cy Moss")
    made = ada.change("person", {"preferred_name": NAME, "safe_to_call": "yes"})
    base = ada.round(made).verdicts[0].number
    ben.round()
    ada.round(ada.edit(made, {"safe_to_call": "no"}, base))
    cy.round()
    seen = number_of(cy, made)
    ben.round(ben.edit(made, {"safe_to_call": "ask"}, base))
    cy.send_lost(cy.edit(made, {"safe_to_call": "ask"}, seen))
    alter(server, made.record, **WHOLE)
    ada.round()
    assert cy.round(cy.edit(made, {"safe_to_call": "mornings"}, seen)).verdicts[0].kind is VerdictKind.CONFLICT


def test_a_mended_member_is_not_moved_back_by_an_older_copy(server: RunningServer) -> None:
    areas = ("stretford", "sale", "urmston")
    ada, ben, cy = (enrolled(server, name, areas=areas) for name in ("Ada Okafor", "Ben Ode", "Cy Moss"))
    made = ada.change("person", {"preferred_name": NAME})
    base = ada.round(made).verdicts[0].number
    ben.round()
    ada.round(ada.change("person", {}, record=made.record, kind=ChangeKind.EDIT, base=base, area="sale"))
    ada.round(
        ada.change("person", {"telephone": "0161 496 0001"}, record=made.record, kind=ChangeKind.EDIT, base=99, area="sale")
    )
    alter(server, made.record, **WHOLE)
    for caller in (cy, cy):
        caller.round()
    row = tables.record.c
    now = server.do(lambda c: c.execute(select(row.area, row.changed).where(row.id == made.record)).one())
    assert (now.area, orjson.loads(now.changed)["@area"]) == ("sale", base + 1)
    ben.round(ben.edit(made, {"telephone": "0161 496 0002"}, base))
    assert server.do(lambda c: c.execute(select(row.area).where(row.id == made.record)).scalar_one()) == "sale"


def test_a_history_that_cannot_be_read_stops_nobodys_round(server: RunningServer, ada: Caller) -> None:
    _, zuleika, _ = written(ada)
    ben = enrolled(server, "Ben Ode")
    ben.round()
    ada.round(ada.edit(zuleika, {"telephone": "0161 496 0005"}, 99))
    line = tables.ledger.c
    server.do(lambda c: c.execute(update(tables.ledger).where(line.record == zuleika.record).values(fields="{")))
    ben.round()
    assert ben.rows[zuleika.record]["telephone"] == "0161 496 0005"


def test_a_record_asked_for_by_name_is_mended_too_and_the_audit_says_so(server: RunningServer, ada: Caller) -> None:
    bo, zuleika, _ = written(ada)
    alter(server, zuleika.record, wire="[")
    asked = {"protocol": 1, "records": [bo.record, zuleika.record]}
    answer = ada.send(asked, "/v1/records")
    reply = RecordsReply.model_validate_json(ada.last_bytes)
    assert answer.status_code == 200
    assert [row[0] for row in reply.page.rows["person"]] == [bo.record]
    ada.round()
    assert ada.rows[zuleika.record]["preferred_name"] == NAME
    row = tables.audit.c
    query = select(row.record).where(row.organisation == ORGANISATION, row.action == "mend")
    assert server.do(lambda connection: connection.execute(query).scalars().all()) == [zuleika.record]
    assert server.do(lambda connection: audit.first_broken(connection, ORGANISATION)) is None
