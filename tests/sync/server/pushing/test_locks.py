"""Whoever writes holds the organisation's counter before any laptop's row: two who write at once never wait for each other."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import Connection, text

from sync.protocol.messages import EnrolRequest
from sync.server.admission.auth import enrol
from sync.server.admission.people import change_worker, invite_again, revoke
from sync.server.pushing.ledger import lock
from tests.support.callers import Caller, enrol_request, enrolled
from tests.support.postgres import Cluster
from tests.support.servers import ORGANISATION, RunningServer, running, settings_for

SEEN = text("UPDATE device SET last_seen = last_seen WHERE organisation = :organisation AND id = :device")
WAITS = text("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")


@pytest.fixture(scope="module")
def server(postgres: Cluster) -> Iterator[RunningServer]:
    with postgres.new_database() as url, running(settings_for(url)) as running_server:
        yield running_server


Write = Callable[[Connection], None]


def sign_off(server: RunningServer, ada: Caller) -> Write:
    return lambda connection: revoke(connection, ORGANISATION, ada.device, server.at[0])


def join_again(server: RunningServer, ada: Caller) -> Write:
    code = server.do(lambda connection: invite_again(connection, ORGANISATION, ada.worker, server.at[0])).code
    asked = EnrolRequest.model_validate(enrol_request(code, ada.device))

    def write(connection: Connection) -> None:
        enrol(connection, asked, server.at[0])

    return write


def change_role(server: RunningServer, ada: Caller) -> Write:
    return lambda connection: change_worker(connection, ORGANISATION, ada.worker, server.at[0], role="clinician")


def _all_wait(server: RunningServer, many: int) -> bool:
    with server.database.reading() as looking:
        return bool(looking.execute(WAITS).scalar_one() >= many)


@pytest.mark.parametrize("prepare", [sign_off, join_again, change_role])
def test_a_push_and_what_changes_its_laptop_never_wait_for_each_other(
    server: RunningServer, prepare: Callable[[RunningServer, Caller], Write]
) -> None:
    ada = enrolled(server, "Ada Okafor")
    write = prepare(server, ada)
    faults: list[Exception] = []

    def beside() -> None:
        try:
            with server.database.writing() as connection:
                write(connection)
        except Exception as fault:  # noqa: BLE001 - the test's own thread tells of it
            faults.append(fault)

    with server.database.writing() as pushing:
        # as a round does: the counter first, and at its end the laptop's row
        lock(pushing, ORGANISATION)
        other = threading.Thread(target=beside)
        other.start()
        while other.is_alive() and not _all_wait(server, 1):
            pass
        pushing.execute(SEEN, {"organisation": ORGANISATION, "device": ada.device})
    other.join(timeout=20)
    assert not other.is_alive()
    assert faults == []


def test_pushes_that_wait_for_the_counter_keep_nobody_else_waiting(server: RunningServer) -> None:
    ada, bea, cal = (enrolled(server, name) for name in ("Ada Okafor", "Bea Lund", "Cal Moss"))
    taken: list[str] = []

    def push(caller: Caller) -> None:
        verdicts = caller.round(caller.change("person", {"preferred_name": "Amina"})).verdicts
        taken.extend(verdict.kind for verdict in verdicts)

    cal.round()
    with server.database.writing() as holding:
        lock(holding, ORGANISATION)
        waiting = [threading.Thread(target=push, args=(caller,)) for caller in (ada, bea)]
        for each in waiting:
            each.start()
        while not _all_wait(server, len(waiting)):
            pass
        cal.round()
        assert taken == []
    for each in waiting:
        each.join(timeout=20)
    assert taken == ["accepted", "accepted"]
