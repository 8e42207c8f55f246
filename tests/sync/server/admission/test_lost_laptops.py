"""A laptop whose row the disk lost is made again as signed off when the administrator names it, and never lets anybody in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, select, update

from sync.packing import pack
from sync.protocol.errors import Trouble
from sync.server.admission.lost_laptops import sign_off_lost
from sync.server.admission.people import NotPossible, invite_again
from sync.server.cli import main
from sync.server.database import tables
from sync.server.records import audit
from tests.support.callers import Caller, enrol_request, trouble
from tests.support.servers import ORGANISATION, RunningServer
from tests.sync.server.admission.test_losses import KEYS, faults, lose
from tests.sync.server.records.test_audit import tamper

KNOWN = ("id", "worker", "name", "enrolled_at", "revoked_at")


def row(server: RunningServer, caller: Caller) -> Any:
    query = select(tables.device).where(tables.device.c.id == caller.device)
    return server.do(lambda c: c.execute(query).mappings().one_or_none())


def lose_laptop(server: RunningServer, caller: Caller) -> None:
    lose(server, delete(tables.device).where(tables.device.c.id == caller.device))


def make_again(server: RunningServer, caller: Caller, credential: str | None = None) -> bool:
    return server.do(lambda c: sign_off_lost(c, ORGANISATION, caller.device, server.at[0], credential))


def said(server: RunningServer) -> list[tuple[str, str]]:
    entries = tables.audit.c
    query = select(entries.action, entries.record).where(entries.record != "").order_by(entries.number)
    assert server.do(lambda c: audit.first_broken(c, ORGANISATION)) is None
    return [(each.action, each.record) for each in server.do(lambda c: c.execute(query).all())]


def test_a_lost_laptop_that_was_signed_off_is_made_again_as_the_audit_tells(
    server: RunningServer, ada: Caller, ben: Caller
) -> None:
    ada.round(keys=KEYS)
    server.revoke(ada.device)
    was = row(server, ada)
    lose_laptop(server, ada)
    assert "ewb-server revoke ORGANISATION ID" in faults(server)["lost laptops"]
    assert make_again(server, ada)
    now = row(server, ada)
    assert [now[name] for name in KNOWN] == [was[name] for name in KNOWN]
    assert said(server)[-1] == ("mend", ada.device)
    assert faults(server) == {}


def test_it_does_not_come_back_to_life_by_it(server: RunningServer, ada: Caller, ben: Caller) -> None:
    server.revoke(ada.device)
    lose_laptop(server, ada)
    make_again(server, ada)
    # its own credential is nowhere, so it is not known; another's is nobody's
    assert trouble(ada.send(ada.ask())).trouble is Trouble.UNKNOWN_LAPTOP
    assert ben.send(ben.ask()).status_code == 200


@pytest.mark.parametrize("is_made_again", [False, True])
def test_no_code_lets_a_laptop_in_again_that_was_signed_off_and_lost(
    server: RunningServer, ada: Caller, is_made_again: bool
) -> None:
    server.revoke(ada.device)
    lose_laptop(server, ada)
    if is_made_again:
        make_again(server, ada)
    code = server.do(lambda c: invite_again(c, ORGANISATION, ada.worker, server.at[0])).code
    answer = ada.session.post(f"{ada.url}/v1/enrol", data=pack(enrol_request(code, ada.device)))
    assert trouble(answer).trouble is Trouble.BAD_CODE


def test_where_its_credential_was_kept_it_is_told_that_it_was_signed_off(server: RunningServer, ada: Caller, ben: Caller) -> None:
    kept = row(server, ada)["credential_hash"]
    server.revoke(ada.device)
    lose_laptop(server, ada)
    make_again(server, ada, kept)
    assert trouble(ada.send(ada.ask())).trouble is Trouble.REVOKED


def test_a_lost_laptop_that_is_not_to_come_back_is_signed_off(server: RunningServer, ada: Caller, ben: Caller) -> None:
    ada.round(keys=KEYS)
    lose_laptop(server, ada)
    assert make_again(server, ada)
    assert row(server, ada)["revoked_at"] is not None
    assert said(server)[-3:-1] == [("mend", ada.device), ("revoke", ada.device)]
    ben.round()
    assert ben.rows[ada.device]["active"] == 0
    assert faults(server) == {}


def test_a_laptop_whose_worker_was_lost_too_brings_her_back_as_was_typed(server: RunningServer, ada: Caller, ben: Caller) -> None:
    server.revoke(ada.device)
    lose(
        server,
        delete(tables.device).where(tables.device.c.id == ada.device),
        delete(tables.worker).where(tables.worker.c.id == ada.worker),
    )
    assert make_again(server, ada)
    assert faults(server) == {}


def test_a_laptop_that_is_here_is_not_lost(server: RunningServer, ada: Caller) -> None:
    assert not make_again(server, ada)
    assert ada.send(ada.ask()).status_code == 200


def test_nothing_is_made_of_an_id_that_never_joined(server: RunningServer, ada: Caller) -> None:
    assert not server.do(lambda c: sign_off_lost(c, ORGANISATION, ada.worker, server.at[0]))


def test_where_nobody_knows_whose_it_was_that_is_said(server: RunningServer, ada: Caller, ben: Caller) -> None:
    ada.round(keys=KEYS)
    lose_laptop(server, ada)
    entry, record = tables.audit.c, tables.record.c
    server.do(lambda c: tamper(c, update(tables.audit).where(entry.device == ada.device).values(worker="0" * 36)))
    server.do(lambda c: c.execute(update(tables.record).where(record.id == ada.device).values(fields="{")))
    with pytest.raises(NotPossible, match="nothing says any more whose laptop"):
        make_again(server, ada)


def test_the_administrator_types_revoke_and_the_list_of_sign_offs_says_how_to_tell_it(
    server: RunningServer,
    ada: Caller,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    key = tmp_path / "key"
    assert main(["backup-key", str(key)]) == 0
    for name, value in (("DATABASE", server.settings.database), ("SIGNED_OFF", tmp_path / "list"), ("BACKUP_KEY_FILE", key)):
        monkeypatch.setenv(f"EWB_{name}", str(value))
    assert main(["revoke", ORGANISATION, ada.device]) == 0
    lose_laptop(server, ada)
    capsys.readouterr()
    assert main(["revoke", ORGANISATION, ada.device]) == 0
    out = capsys.readouterr().out
    assert out == "Its row was lost: it is here again, signed off.\nThe laptop is told at its next round.\n"
    assert trouble(ada.send(ada.ask())).trouble is Trouble.REVOKED
    # without the list nobody can tell it
    lose_laptop(server, ada)
    (tmp_path / "list").unlink()
    assert main(["revoke", ORGANISATION, ada.device]) == 0
    assert "What it takes to tell it so is kept nowhere" in capsys.readouterr().out
    assert trouble(ada.send(ada.ask())).trouble is Trouble.UNKNOWN_LAPTOP
