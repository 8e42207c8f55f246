"""One altered cell by which a laptop was signed off destroys no keys, and whoever was signed off stays so."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests
from sqlalchemy import delete, select, update

from sync.packing import pack
from sync.protocol.errors import Trouble
from sync.server.admission.people import NotPossible, invite_again
from sync.server.admission.signed_off import keep_out, note, read_noted
from sync.server.database import tables
from tests.support.callers import AT, Caller, enrol_request, trouble
from tests.support.servers import ORGANISATION, RunningServer
from tests.sync.server.admission.test_losses import KEYS, faults
from tests.sync.server.records.test_audit import tamper


def alter(server: RunningServer, caller: Caller, **values: Any) -> None:
    query = update(tables.device).where(tables.device.c.id == caller.device)
    server.do(lambda connection: connection.execute(query.values(**values)))


def told(caller: Caller) -> Trouble | None:
    answer = caller.send(caller.ask())
    return None if answer.status_code == 200 else trouble(answer).trouble


def forget_record(server: RunningServer, caller: Caller) -> None:
    server.do(lambda c: c.execute(delete(tables.record).where(tables.record.c.id == caller.device)))


def alter_record(server: RunningServer, caller: Caller) -> None:
    query = update(tables.record).where(tables.record.c.id == caller.device)
    server.do(lambda c: c.execute(query.values(fields="{")))


def enrol_again(server: RunningServer, caller: Caller) -> requests.Response:
    code = server.do(lambda c: invite_again(c, ORGANISATION, caller.worker, server.at[0])).code
    return caller.session.post(f"{server.url}/v1/enrol", data=pack(enrol_request(code, caller.device)))


@pytest.mark.parametrize("has_keys", [True, False], ids=["known to colleagues", "known to nobody"])
def test_a_laptop_that_nobody_signed_off_is_not_told_so_by_one_cell(server: RunningServer, ada: Caller, has_keys: bool) -> None:
    ada.round(**({"keys": KEYS} if has_keys else {}))
    alter(server, ada, revoked_at=AT)
    assert told(ada) is Trouble.SERVER_FAULT


@pytest.mark.parametrize("damage", [forget_record, alter_record])
def test_whoever_was_signed_off_stays_so_whatever_else_is_lost(
    server: RunningServer, ada: Caller, damage: Callable[[RunningServer, Caller], None]
) -> None:
    ada.round(keys=KEYS)
    server.revoke(ada.device)
    damage(server, ada)
    assert told(ada) is Trouble.REVOKED


def test_whoever_was_signed_off_stays_so_where_the_audit_lost_it(server: RunningServer, ada: Caller) -> None:
    ada.round(keys=KEYS)
    server.revoke(ada.device)
    server.do(lambda c: tamper(c, update(tables.audit).where(tables.audit.c.action == "revoke").values(record="")))
    assert told(ada) is Trouble.REVOKED


def test_a_sign_off_that_an_earlier_version_noted_under_the_laptop_s_own_name_holds(server: RunningServer, ada: Caller) -> None:
    server.revoke(ada.device)
    noted = {"worker": ada.worker, "device": ada.device, "entity": "", "record": ""}
    server.do(lambda c: tamper(c, update(tables.audit).where(tables.audit.c.action == "revoke").values(noted)))
    assert told(ada) is Trouble.REVOKED


def test_a_sign_off_that_is_typed_over_damage_holds(server: RunningServer, ada: Caller) -> None:
    ada.round(keys=KEYS)
    alter(server, ada, revoked_at=AT)
    alter_record(server, ada)
    server.revoke(ada.device)
    assert told(ada) is Trouble.REVOKED
    with pytest.raises(NotPossible):
        server.revoke(ada.device)


def test_the_doctor_names_a_laptop_that_nobody_signed_off(server: RunningServer, ada: Caller, ben: Caller) -> None:
    server.revoke(ben.device)
    assert "laptops" not in faults(server)
    alter(server, ada, revoked_at=AT)
    assert ada.device in faults(server)["laptops"]
    assert ben.device not in faults(server)["laptops"]


def test_the_doctor_names_a_laptop_that_was_signed_off_and_is_let_in(server: RunningServer, ada: Caller) -> None:
    server.revoke(ada.device)
    alter(server, ada, revoked_at=None)
    assert "are let in" in faults(server)["laptops"]


def test_a_laptop_that_nobody_signed_off_is_let_in_by_a_code_of_its_worker(server: RunningServer, ada: Caller) -> None:
    ada.round(keys=KEYS)
    alter(server, ada, revoked_at=AT)
    assert enrol_again(server, ada).status_code == 200
    revoked_at = select(tables.device.c.revoked_at).where(tables.device.c.id == ada.device)
    assert server.do(lambda c: c.execute(revoked_at).scalar_one()) is None


def test_no_code_lets_in_a_laptop_of_which_nothing_says_that_it_is_in_use(server: RunningServer, ada: Caller) -> None:
    alter(server, ada, revoked_at=AT)
    assert enrol_again(server, ada).status_code != 200


def test_the_list_of_sign_offs_names_nobody_whom_the_disk_signed_off(server: RunningServer, ada: Caller, tmp_path: Path) -> None:
    ada.round(keys=KEYS)
    alter(server, ada, revoked_at=AT)
    server.do(lambda c: note(tmp_path / "list", c, server.at[0]))
    assert not (tmp_path / "list").exists()


def test_the_list_of_sign_offs_signs_off_indeed_whom_one_cell_alone_calls_so(
    server: RunningServer, ada: Caller, tmp_path: Path
) -> None:
    server.revoke(ada.device)
    server.do(lambda c: note(tmp_path / "list", c, server.at[0]))
    server.do(lambda c: tamper(c, update(tables.audit).where(tables.audit.c.action == "revoke").values(record="")))
    assert told(ada) is Trouble.SERVER_FAULT
    server.do(lambda c: keep_out(c, read_noted(tmp_path / "list"), server.at[0]))
    assert told(ada) is Trouble.REVOKED
