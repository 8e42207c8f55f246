"""What a failing disk altered beside the records, and the server can tell again, keeps nobody out for longer than one round."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text, update

from sync.protocol.errors import Trouble
from sync.server.admission.people import has_own_rows, refresh_shapes
from sync.server.database import tables
from sync.server.records import audit
from tests.support.callers import Caller, enrolled, trouble
from tests.support.servers import ORGANISATION, RunningServer, running, sqlite_settings

UNREADABLE = "\ufffd"


def alter(server: RunningServer, table: str, **values: Any) -> None:
    server.do(lambda connection: connection.execute(update(tables.metadata.tables[table]).values(**values)))


def worker_row(server: RunningServer, worker: str) -> tuple[str, str]:
    row = tables.worker.c
    found = server.do(lambda connection: connection.execute(select(row.role, row.areas).where(row.id == worker)).one())
    return found.role, found.areas


def scopes(server: RunningServer, caller: Caller) -> list[tuple[str, tuple[str, ...]]]:
    scope = caller.round().scope
    return [(scope.role, tuple(scope.areas))]


@pytest.mark.parametrize("values", [{"role": UNREADABLE}, {"areas": UNREADABLE}, {"role": "", "areas": "{}"}])
def test_what_a_worker_may_see_is_as_it_was_typed_last_where_it_cannot_be_read(
    server: RunningServer, values: dict[str, str]
) -> None:
    ada = enrolled(server, "Ada Okafor")
    server.change_worker(ada.worker, role="clinician", areas=["sale", "urmston"])
    alter(server, "worker", **values)
    assert scopes(server, ada) == [("clinician", ("sale", "urmston"))]
    assert worker_row(server, ada.worker) == ("clinician", '["sale","urmston"]')
    with server.database.reading() as connection:
        assert audit.first_broken(connection, ORGANISATION) is None


def test_no_laptop_is_told_that_it_may_hold_nothing_where_neither_says_what_it_may(server: RunningServer) -> None:
    ada, bea = enrolled(server, "Ada Okafor"), enrolled(server, "Bea Lund")
    row, line = tables.worker.c, tables.ledger.c
    server.do(lambda c: c.execute(update(tables.worker).where(row.id == ada.worker).values(role=UNREADABLE)))
    server.do(lambda c: c.execute(update(tables.ledger).where(line.record == ada.worker).values(fields="{")))
    answer = ada.send(ada.ask())
    # nothing is answered that it would let go of its records for
    assert (answer.status_code, trouble(answer).trouble) == (500, Trouble.SERVER_FAULT)
    assert bea.round().scope.role == "connector"
    server.change_worker(ada.worker, role="connector")
    assert scopes(server, ada) == [("connector", ("stretford",))]


def test_a_laptop_is_not_told_that_it_was_signed_off_by_a_cell_that_cannot_be_read(server: RunningServer) -> None:
    ada = enrolled(server, "Ada Okafor")
    alter(server, "device", revoked_at=UNREADABLE)
    answer = ada.send(ada.ask())
    assert (answer.status_code, trouble(answer).trouble) == (500, Trouble.SERVER_FAULT)
    alter(server, "device", revoked_at=None)
    server.revoke(ada.device)
    assert trouble(ada.send(ada.ask())).trouble is Trouble.REVOKED


def test_one_bit_by_which_a_worker_has_left_destroys_no_keys_and_whoever_has_left_is_told(server: RunningServer) -> None:
    ada = enrolled(server, "Ada Okafor")
    alter(server, "worker", active=0)
    assert scopes(server, ada) == [("connector", ("stretford",))]
    with server.database.reading() as connection:
        assert connection.execute(select(tables.worker.c.active)).scalar_one() == 1
    server.change_worker(ada.worker, is_active=False)
    assert trouble(ada.send(ada.ask())).trouble is Trouble.REVOKED


def test_an_epoch_that_cannot_be_read_is_followed_by_another_and_everything_is_offered_again(server: RunningServer) -> None:
    ada = enrolled(server, "Ada Okafor")
    made = ada.change("visit", {"people": 1})
    before = ada.round(made)
    alter(server, "organisation", epoch="")
    reply = ada.round(ada.change("visit", {"people": 2}), epoch=before.epoch)
    assert reply.epoch not in ("", before.epoch)
    again = ada.round(made, epoch=reply.epoch)
    assert again.verdicts[0].number == before.verdicts[0].number


def test_a_counter_that_holds_no_number_keeps_nobody_out(tmp_path: Path) -> None:
    with running(sqlite_settings(tmp_path / "server.db")) as server:
        ada = enrolled(server, "Ada Okafor")
        number = ada.round(ada.change("visit", {"people": 1})).verdicts[0].number
        server.do(lambda connection: connection.execute(text("UPDATE counter SET number = 'many'")))
        assert ada.round().verdicts == ()
        assert ada.round(ada.change("visit", {"people": 1})).verdicts[0].number == (number or 0) + 1


def test_where_the_audit_ends_is_told_again_by_its_last_entry_and_only_where_it_cannot_be_read(server: RunningServer) -> None:
    ada = enrolled(server, "Ada Okafor")
    alter(server, "counter", audit_hash=UNREADABLE)
    ada.round(ada.change("visit", {"people": 1}))
    with server.database.reading() as connection:
        assert audit.first_broken(connection, ORGANISATION) is None
    # another one that can be read shows that entries were taken out, or put in
    alter(server, "counter", audit_hash="0" * 64)
    ada.round(ada.change("visit", {"people": 2}))
    with server.database.reading() as connection:
        assert audit.first_broken(connection, ORGANISATION) is not None


def test_columns_that_a_newer_program_wants_otherwise_are_made_again_though_it_is_not_known_how_they_were(
    server: RunningServer,
) -> None:
    alter(server, "organisation", wire_shape=UNREADABLE)
    server.do(refresh_shapes)
    assert server.do(lambda connection: has_own_rows(connection, ORGANISATION))
