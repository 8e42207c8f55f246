"""Rows that were lost of the tables that say who is let in: the doctor names them by what other tables still say."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Connection, Delete, delete, insert, select, text, update

from sync.packing import pack, unpack
from sync.protocol.messages import EnrolReply
from sync.server.admission.losses import lost_organisations
from sync.server.admission.people import NotPossible, invite_again
from sync.server.backups.backup import back_up, restore
from sync.server.cli import main
from sync.server.database import tables
from sync.server.database.engine import Database
from sync.server.doctor.examining import examine
from tests.support.callers import Caller, enrol_request
from tests.support.servers import ORGANISATION, RunningServer, sqlite_settings
from tests.sync.server.records.test_audit import tamper

KEYS = {"sealing": "0" * 64, "signing": "1" * 64}


def faults(server: RunningServer) -> dict[str, str]:
    found = examine(server.database, server.settings, server.at[0])
    return {each.subject.removeprefix(f"{ORGANISATION}: "): each.words for each in found if not each.is_well}


def lose(server: RunningServer, *statements: Delete) -> None:
    """Take rows out as a failing disk does: whatever rests on them."""
    is_postgres = server.database.address.startswith("postgresql")
    with _unguarded(server, is_postgres=is_postgres) as connection:
        for statement in statements:
            connection.execute(statement)


@contextmanager
def _unguarded(server: RunningServer, *, is_postgres: bool) -> Iterator[Connection]:
    with server.database.writing() as connection:
        if is_postgres:
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        else:
            # the question whether a row rests on another is put off until a moment that does not come
            connection.connection.driver_connection.execute("COMMIT")  # type: ignore[union-attr]
            connection.connection.driver_connection.execute("PRAGMA foreign_keys = OFF")  # type: ignore[union-attr]
            connection.connection.driver_connection.execute("BEGIN IMMEDIATE")  # type: ignore[union-attr]
        yield connection
        if not is_postgres:
            connection.connection.driver_connection.execute("COMMIT")  # type: ignore[union-attr]
            connection.connection.driver_connection.execute("PRAGMA foreign_keys = ON")  # type: ignore[union-attr]
            connection.connection.driver_connection.execute("BEGIN")  # type: ignore[union-attr]


def test_workers_and_laptops_that_are_here_are_not_lost_whatever_became_of_them(
    server: RunningServer, ada: Caller, ben: Caller
) -> None:
    ada.round(ada.change("visit", {"people": 1}), keys=KEYS)
    server.change_worker(ada.worker, is_active=False)
    server.revoke(ben.device)
    server.invite("Zed Moss", "peer", ["stretford"])
    assert faults(server) == {}


def test_a_lost_organisation_is_named_by_the_tables_that_know_it(server: RunningServer, ada: Caller) -> None:
    ada.round(ada.change("visit", {"people": 1}))
    lose(server, delete(tables.organisation))
    assert ada.send(ada.ask()).status_code == 401
    (subject, words), *others = faults(server).items()
    assert (subject, others) == ("organisation", [])
    assert "it is known to " in words
    for table in ("audit", "counter", "ledger", "record", "worker", "device"):
        assert table in words
    for part in ("are not known, and wait", "what they have not sent stays on them", "restore the newest backup"):
        assert part in words


def test_a_lost_laptop_is_named_and_how_it_is_let_in_again(server: RunningServer, ada: Caller, ben: Caller) -> None:
    ada.round(keys=KEYS)
    lose(server, delete(tables.device).where(tables.device.c.id == ada.device))
    assert ada.send(ada.ask()).status_code == 401
    found = faults(server)
    assert found.keys() == {"lost laptops"}
    assert f"1 that joined here are not in their table ({ada.device})" in found["lost laptops"]
    assert "ewb-server invite ORGANISATION --worker ID" in found["lost laptops"]


def test_a_lost_laptop_that_was_signed_off_is_told_as_that(server: RunningServer, ada: Caller, ben: Caller) -> None:
    ada.round(keys=KEYS)
    server.revoke(ada.device)
    lose(server, delete(tables.device).where(tables.device.c.id == ada.device))
    words = faults(server)["lost laptops"]
    assert "do not destroy their keys. No code lets them in again" in words
    assert "`ewb-server revoke ORGANISATION ID` makes each again as signed off" in words
    assert "invite" not in words


def test_a_lost_worker_is_named(server: RunningServer, ada: Caller, ben: Caller) -> None:
    lose(server, delete(tables.worker).where(tables.worker.c.id == ada.worker))
    assert ada.send(ada.ask()).status_code == 401
    assert f"1 that joined here are not in their table ({ada.worker})" in faults(server)["lost workers"]


def test_a_lost_worker_is_made_again_as_was_typed_when_the_administrator_names_her(
    server: RunningServer, ada: Caller, ben: Caller
) -> None:
    server.change_worker(ada.worker, areas=["stretford", "sale"])
    query = select(tables.worker).where(tables.worker.c.id == ada.worker)
    before = server.do(lambda c: c.execute(query).one())
    lose(server, delete(tables.worker).where(tables.worker.c.id == ada.worker))
    assert "ewb-server worker ORGANISATION ID --active yes" in faults(server)["lost workers"]
    server.change_worker(ada.worker, is_active=True)
    assert server.do(lambda c: c.execute(query).one()) == before
    assert ada.round(ada.change("visit", {"people": 1})).verdicts[0].kind == "accepted"
    assert faults(server) == {}


def test_a_lost_worker_who_had_left_is_made_again_as_that(server: RunningServer, ada: Caller, ben: Caller) -> None:
    server.change_worker(ada.worker, is_active=False)
    lose(server, delete(tables.worker).where(tables.worker.c.id == ada.worker))
    server.change_worker(ada.worker, areas=["sale"])
    assert ada.send(ada.ask()).status_code == 403


def test_nobody_is_made_of_an_id_that_was_never_a_workers(server: RunningServer, ada: Caller) -> None:
    made = ada.change("visit", {"people": 1})
    ada.round(made)
    with pytest.raises(NotPossible, match="there is no worker"):
        server.change_worker(made.record, is_active=True)


def test_a_lost_laptop_joins_again_by_a_code_and_sends_what_it_has(server: RunningServer, ada: Caller, ben: Caller) -> None:
    lose(server, delete(tables.device).where(tables.device.c.id == ada.device))
    code = server.do(lambda c: invite_again(c, ORGANISATION, ada.worker, server.at[0])).code
    answer = ada.session.post(f"{ada.url}/v1/enrol", data=pack(enrol_request(code, ada.device)))
    ada.credential = EnrolReply.model_validate(unpack(answer.content, 1 << 20)).credential
    assert ada.round(ada.change("visit", {"people": 1})).verdicts[0].kind == "accepted"
    assert faults(server) == {}


def test_a_lost_worker_is_named_by_the_audit_where_her_record_is_lost_too(
    server: RunningServer, ada: Caller, ben: Caller
) -> None:
    lose(
        server,
        delete(tables.worker).where(tables.worker.c.id == ada.worker),
        delete(tables.record).where(tables.record.c.id == ada.worker),
        delete(tables.ledger).where(tables.ledger.c.record == ada.worker),
    )
    assert ada.worker in faults(server)["lost workers"]


def test_an_entry_of_the_audit_that_was_altered_names_nobody_who_was_lost(server: RunningServer, ada: Caller) -> None:
    row = tables.audit.c
    server.do(lambda c: tamper(c, update(tables.audit).where(row.action == "enrol").values(device="0" * 36, worker="1" * 36)))
    assert not {"lost laptops", "lost workers"} & faults(server).keys()


def test_a_record_whose_own_id_was_altered_names_nobody_who_was_lost(server: RunningServer, ada: Caller) -> None:
    row = tables.record.c
    server.do(lambda c: c.execute(update(tables.record).where(row.id == ada.worker).values(id="0" * 36)))
    assert "lost workers" not in faults(server)


def test_an_organisation_without_a_row_anywhere_is_not_known(server: RunningServer, ada: Caller) -> None:
    with server.database.copying() as connection:
        assert lost_organisations(connection) == {}
    server.do(lambda c: c.execute(insert(tables.look).values(organisation="sale", id="1", device="2")))
    with server.database.copying() as connection:
        assert lost_organisations(connection) == {"sale": ["look"]}


def test_a_backup_says_what_was_lost_before_it(server: RunningServer, ada: Caller, tmp_path: Path) -> None:
    lose(server, delete(tables.device).where(tables.device.c.id == ada.device))
    kept = back_up(server.database, tmp_path, server.at[0])
    assert kept.lost == [f"{ORGANISATION}:{ada.device}"]
    assert not kept.file.name.endswith("-damaged.ewb-backup")


def test_a_backup_without_its_organisation_counts_as_damaged(server: RunningServer, ada: Caller, tmp_path: Path) -> None:
    lose(server, delete(tables.organisation))
    kept = back_up(server.database, tmp_path, server.at[0])
    assert kept.lost == [ORGANISATION]
    assert kept.file.name.endswith("-damaged.ewb-backup")


@pytest.mark.parametrize("table", ["organisation", "worker"])
def test_what_rests_on_a_lost_row_is_left_out_of_a_restore_and_that_is_said(
    server: RunningServer, ada: Caller, tmp_path: Path, capsys: pytest.CaptureFixture[str], table: str
) -> None:
    ada.round(ada.change("visit", {"people": 1}))
    lose(server, delete(tables.metadata.tables[table]))
    kept = back_up(server.database, tmp_path / "one.ewb-backup", server.at[0])
    database = Database(sqlite_settings(tmp_path / "again.db"))
    came = restore(database, kept.file, server.at[0])
    database.close()
    assert came.refilled is not None
    assert came.refilled.alone["device"] == 1
    assert came.rows["record"] == kept.rows["record"]
    assert main(["--database", f"sqlite:///{tmp_path / 'third.db'}", "restore", str(kept.file)]) == 0
    assert "Left out: 1 rows of device that rest on what was lost before the backup was made" in capsys.readouterr().out
