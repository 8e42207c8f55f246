"""Several worker processes on one PostgreSQL, as an organisation runs them: one order without a gap, and figures that add up."""

from __future__ import annotations

import os
import signal
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO

import pytest
import requests
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import select

from sync.packing import pack, unpack
from sync.protocol.messages import RoundReply
from sync.server.admission.opened import open_database
from sync.server.admission.people import create_organisation, invite
from sync.server.clock import utc_now
from sync.server.database import tables
from sync.server.database.engine import Database
from sync.server.listening.doorstep import can_listen
from tests.support.callers import AT, enrol_request, new_id
from tests.support.postgres import Cluster
from tests.support.servers import ORGANISATION, listening, serving, settings_for, wait_for_answer
from tests.support.waiting import wait_for

LAPTOPS, ROUNDS, CHANGES, WORKERS = 6, 4, 5, 2


@pytest.fixture
def database(postgres: Cluster) -> Iterator[Database]:
    with postgres.new_database() as url:
        opened = open_database(settings_for(url))
        with opened.writing() as connection:
            create_organisation(connection, ORGANISATION, "Made up", utc_now())
        yield opened
        opened.close()


def afternoon(url: str, code: str) -> set[str]:
    """Enrol a laptop and push from a new line each time, so that any worker may answer; return the records it made."""
    device, made = new_id(), set()
    answer = requests.post(f"{url}/v1/enrol", data=pack(enrol_request(code, device)), timeout=60)
    welcome = unpack(answer.content, 1 << 20)
    for turn in range(ROUNDS):
        changes = [
            {
                "id": new_id(), "entity": "visit", "record": new_id(), "kind": "create", "area": "stretford",
                "fields": {"people": 1}, "base": 0, "author": welcome["scope"]["worker"], "device": device,
                "counter": turn * CHANGES + number + 1, "at": AT,
            }
            for number in range(CHANGES)
        ]  # fmt: skip
        hello = {"protocol": 1, "program": "0.1.0", "device_time": AT, "cursor": 0, "changes": changes}
        headers = {"Authorization": f"Bearer {welcome['credential']}"}
        answer = requests.post(f"{url}/v1/round", data=pack(hello), headers=headers, timeout=60)
        reply = RoundReply.model_validate(unpack(answer.content, 1 << 24))
        assert [verdict.kind for verdict in reply.verdicts] == ["accepted"] * CHANGES
        made |= {str(change["record"]) for change in changes}
    return made


def test_workers_keep_one_order_without_a_gap_and_add_their_figures_up(database: Database) -> None:
    with database.writing() as connection:
        codes = [
            invite(connection, ORGANISATION, f"Worker {n}", "volunteer", ["stretford"], utc_now()).code for n in range(LAPTOPS)
        ]
    with serving(database.address, "--workers", str(WORKERS), path="/v1/health/ready") as url:
        with ThreadPoolExecutor(LAPTOPS) as pool:
            made = set().union(*pool.map(lambda code: afternoon(url, code), codes))
        text = requests.get(f"{url}/metrics", timeout=20).text
    with database.reading() as connection:
        ledger = connection.execute(select(tables.ledger.c.number, tables.ledger.c.record).order_by(tables.ledger.c.number)).all()
    assert [row.number for row in ledger] == list(range(1, LAPTOPS + LAPTOPS * ROUNDS * CHANGES + 1))
    assert made <= {row.record for row in ledger}
    figures = {
        (sample.name, *sorted(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }
    # whichever worker was asked, it knows what all of them did
    assert figures[("ewb_requests_total", "/v1/round", "ok")] == LAPTOPS * ROUNDS
    assert figures[("ewb_changes_total", "accepted")] == LAPTOPS * ROUNDS * CHANGES
    assert "pid=" not in text


def test_workers_whose_parent_was_killed_leave_the_port_and_nothing_behind(database: Database, tmp_path: Path) -> None:
    told = {"EWB_DATABASE": database.address, "TMPDIR": str(tmp_path)}
    with tempfile.TemporaryFile() as log, listening(log, "--workers", str(WORKERS), **told) as (port, process):
        wait_for_answer(f"http://127.0.0.1:{port}", process, log)
        process.kill()
        process.wait(timeout=20)
        wait_for(lambda: can_listen("127.0.0.1", port) == "", None, lambda: "somebody still listens")
    assert not list(tmp_path.glob("ewb-figures-*"))


def test_a_worker_that_ends_while_the_database_is_away_is_there_again_with_it(
    postgres: Cluster, database: Database, tmp_path: Path
) -> None:
    told = {"EWB_DATABASE": database.address, "TMPDIR": str(tmp_path)}
    with tempfile.TemporaryFile() as log, listening(log, "--workers", str(WORKERS), **told) as (port, process):
        address = f"http://127.0.0.1:{port}"
        wait_for_answer(address, process, log)
        with postgres.away(database.address):
            for worker in children_of(process.pid):
                os.kill(worker, signal.SIGKILL)
            # each has tried, and one of them once more
            tried = WORKERS + 1
            wait_for(lambda: said_in(log).count(b"the database does not answer") >= tried, process, lambda: "none began again")
        wait_for_answer(address, process, log, path="/v1/health/ready")


def children_of(parent: int) -> list[int]:
    """Return the workers of a server, which are those of its children that were given the work of one."""
    told = Path(f"/proc/{parent}/task/{parent}/children").read_text("ascii")
    return [each for each in map(int, told.split()) if b"spawn_main" in Path(f"/proc/{each}/cmdline").read_bytes()]


def said_in(log: IO[bytes]) -> bytes:
    log.seek(0)
    return log.read()
