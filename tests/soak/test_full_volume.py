"""PostgreSQL on a volume that truly fills up, push by push: what was acknowledged is kept, and it goes on once there is room.

Only root can mount so small a volume; for everybody else ``tests/sync/server/database/test_full_disk_postgres.py`` raises the
same error at each table.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import select

from sync.protocol.change import Change
from sync.protocol.messages import VerdictKind
from sync.server.database import tables
from sync.server.records import audit
from tests.support.callers import enrolled
from tests.support.postgres import Cluster
from tests.support.servers import ORGANISATION, running, settings_for

ROOM_MB, BALLAST_MB = 40, 8
PUSH, MOST_PUSHES = 100, 200
NOTE = "rings on Thursdays, prefers the side door " * 40


@contextmanager
def small_volume() -> Iterator[Path]:
    """Mount a volume with little room in which PostgreSQL's user may write."""
    with tempfile.TemporaryDirectory(prefix="ewb-volume-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        subprocess.run(["/bin/mount", "-t", "tmpfs", "-o", f"size={ROOM_MB}m,mode=777", "tmpfs", name], check=True)
        try:
            yield folder
        finally:
            subprocess.run(["/bin/umount", "-l", name], check=True)


@contextmanager
def database_on(postgres: Cluster, volume: Path) -> Iterator[str]:
    """Lend a database whose every table lies on the volume."""
    place = volume / "tables"
    place.mkdir()
    owner = next(Path(f"/proc/{pid}").stat() for pid in postgres_processes())
    os.chown(place, owner.st_uid, owner.st_gid)
    with psycopg.connect(postgres.url("postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE TABLESPACE small LOCATION '{place}'".encode())
        connection.execute("CREATE DATABASE on_small TABLESPACE small")
        try:
            yield "postgresql+psycopg" + postgres.url("on_small").removeprefix("postgresql")
        finally:
            connection.execute("DROP DATABASE on_small WITH (FORCE)")
            connection.execute("DROP TABLESPACE small")


def postgres_processes() -> list[int]:
    return [int(comm.parent.name) for comm in Path("/proc").glob("[0-9]*/comm") if comm.read_text().strip() == "postgres"]


@pytest.mark.soak
@pytest.mark.timeout(300)
@pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a small volume")
def test_a_volume_that_fills_up_loses_nothing_that_was_acknowledged(postgres: Cluster) -> None:
    with small_volume() as volume:
        ballast = volume / "ballast"
        ballast.write_bytes(bytes(BALLAST_MB << 20))
        with database_on(postgres, volume) as url, running(settings_for(url)) as server:
            ada = enrolled(server, "Ada Okafor")
            acknowledged: set[str] = set()
            refused: list[Change] = []
            for _ in range(MOST_PUSHES):
                made = [ada.change("person", {"preferred_name": f"Zuleika {n}", "contact_note": NOTE}) for n in range(PUSH)]
                answer = ada.send(ada.ask(made))
                if answer.status_code != 200:
                    assert answer.status_code == 500
                    refused = made
                    break
                acknowledged |= {change.id for change in made}
            ledger = tables.ledger.c

            def kept() -> set[str]:
                return set(server.do(lambda connection: connection.execute(select(ledger.change_id)).scalars().all()))

            assert refused
            assert acknowledged <= kept()
            assert not kept() & {change.id for change in refused}
            ballast.unlink()
            reply = ada.round(*refused)
            assert {verdict.kind for verdict in reply.verdicts} == {VerdictKind.ACCEPTED}
            assert kept() >= acknowledged | {change.id for change in refused}
            assert server.do(lambda connection: audit.first_broken(connection, ORGANISATION)) is None
