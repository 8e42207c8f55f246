"""The figures count what happened, name nobody, and are shown to this machine or to whoever has their token."""

from __future__ import annotations

import ipaddress
import math
import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
import requests
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import func, select, text, update

from sync.server.backups.backup import back_up
from sync.server.clock import instant_text
from sync.server.database import tables
from sync.server.listening.metrics import FOLDER, Metrics
from sync.server.records import audit
from sync.server.records.scope import SERVER
from tests.support.callers import enrolled
from tests.support.servers import ORGANISATION, RunningServer, running, sqlite_settings
from tests.sync.server.records.test_audit import tamper

TOKEN = "0123456789abcdef01234567"


def figures(server: RunningServer) -> dict[tuple[str, ...], float]:
    answer = server.session().get(f"{server.url}/metrics")
    assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    return {
        (sample.name, *sorted(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def test_they_count_rounds_changes_pages_and_laptops(server: RunningServer) -> None:
    ada, ben = enrolled(server, "Ada Okafor"), enrolled(server, "Ben Shah", "clinician")
    made = ada.change("person", {"preferred_name": "Zuleika", "coordinator": "one"})
    ada.round(made, ada.change("hologram", {}))
    base = ada.cursor
    ben.round()
    ada.round(ada.edit(made, {"coordinator": "two"}, base))
    assert ben.round(ben.edit(made, {"coordinator": "three"}, base)).verdicts[0].kind == "conflict"
    ada.send({"protocol": 99})
    found = figures(server)
    assert found[("ewb_requests_total", "/v1/round", "ok")] == 4
    assert found[("ewb_requests_total", "/v1/round", "protocol_too_new")] == 1
    assert [found[("ewb_changes_total", kind)] for kind in ("accepted", "conflict", "refused")] == [2, 1, 1]
    assert found[("ewb_request_seconds_count", "/v1/round")] == 5
    assert found[("ewb_pages_total",)] >= 2
    assert (found[("ewb_laptops", "enrolled")], found[("ewb_laptops", "seen")]) == (2, 2)
    assert not [name for name, *_ in found if name.endswith("_created")]
    server.revoke(ben.device)
    server.at[0] += timedelta(days=2)
    later = figures(server)
    assert (later[("ewb_laptops", "enrolled")], later[("ewb_laptops", "seen")]) == (1, 0)


def test_snapshots_are_counted_under_the_path_of_their_route(server: RunningServer) -> None:
    ada = enrolled(server, "Ada Okafor")
    for known, header in ((ada.credential, "gone"), ("stretford.nobody", "unknown_laptop")):
        ada.session.get(f"{ada.url}/v1/snapshot/{'0' * 32}", headers={"Authorization": f"Bearer {known}"})
        assert figures(server)[("ewb_requests_total", "/v1/snapshot/{id}", header)] == 1


def test_they_name_nobody(server: RunningServer) -> None:
    ada = enrolled(server, "Ada Okafor")
    made = ada.change("person", {"preferred_name": "Zuleika"})
    ada.round(made)
    ada.session.get(f"{server.url}/v1/Zuleika?name=Okafor")
    ada.session.get(f"{server.url}/v1/snapshot/Zuleika")
    ada.session.post(f"{server.url}/v1/round?name=Zuleika", data=b"")
    said = server.session().get(f"{server.url}/metrics").text
    for secret in ("Zuleika", "Okafor", "stretford", ada.worker, ada.device, made.record, ada.credential):
        assert secret not in said


def test_they_tell_how_old_the_last_backup_is(server: RunningServer, tmp_path: Path) -> None:
    def said() -> str:
        return server.session().get(f"{server.url}/metrics").text

    # as long as there is none it counts from when the organisation was made
    server.at[0] += timedelta(days=3)
    assert "ewb_backup_age_seconds 259200.0" in said()
    back_up(server.database, tmp_path / "one.ewb-backup", server.at[0])
    server.at[0] += timedelta(days=2)
    assert "ewb_backup_age_seconds 172800.0" in said()


def test_they_tell_how_much_room_is_left_where_the_embedded_database_lies(
    server: RunningServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Path] = []

    def usage(folder: Path) -> SimpleNamespace:
        asked.append(folder)
        return SimpleNamespace(free=5 << 20)

    monkeypatch.setattr("shutil.disk_usage", usage)
    file, found = server.settings.file, figures(server)
    assert found.get(("ewb_disk_free_bytes",)) == (5 << 20 if file else None)
    assert asked == ([file.parent] if file else [])


def test_a_backup_of_which_the_disk_altered_the_moment_leaves_the_one_before_it(server: RunningServer, tmp_path: Path) -> None:
    for name in ("one", "two"):
        back_up(server.database, tmp_path / f"{name}.ewb-backup", server.at[0])
        server.at[0] += timedelta(days=1)
    row = tables.audit.c
    last = select(func.max(row.number)).where(row.action == "backup").scalar_subquery()
    server.do(lambda c: tamper(c, update(tables.audit).where(row.number == last).values(at="2026-11-22U")))
    assert figures(server)[("ewb_backup_age_seconds",)] == 2 * 86400


def test_the_age_of_a_backup_is_known_however_busy_the_house_was_since(tmp_path: Path) -> None:
    backed_up = audit.Entry(SERVER, SERVER, "backup")
    with running(sqlite_settings(tmp_path / "server.db")) as server:
        back_up(server.database, tmp_path / "one.ewb-backup", server.at[0])
        entries = text(
            "WITH RECURSIVE n(n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM n WHERE n < 120000) INSERT INTO audit "
            "SELECT 'stretford', n + 10, '2026-11-21T15:00:00.000Z', '', '', 'change', '', '', '', '', '' FROM n"
        )
        server.do(lambda connection: connection.execute(entries))
        server.do(lambda connection: connection.execute(text("UPDATE counter SET audit_number = 120010")))
        server.at[0] += timedelta(days=1)
        for _ in range(2):
            assert figures(server)[("ewb_backup_age_seconds",)] == 86400
        server.do(lambda connection: audit.write(connection, ORGANISATION, instant_text(server.at[0]), [backed_up]))
        assert figures(server)[("ewb_backup_age_seconds",)] == 0


def test_what_was_noted_while_the_clock_was_ahead_is_neither_new_nor_seen_today(server: RunningServer, tmp_path: Path) -> None:
    ada = enrolled(server, "Ada Okafor")
    server.at[0] += timedelta(days=20_000)
    ada.round(ada.change("visit", {}))
    back_up(server.database, tmp_path / "one.ewb-backup", server.at[0])
    server.at[0] -= timedelta(days=20_000)
    found = figures(server)
    assert found[("ewb_backup_age_seconds",)] == math.inf
    assert found[("ewb_laptops", "seen")] == 0


def seen(server: RunningServer, **headers: str) -> int:
    return server.session().get(f"{server.url}/metrics", headers=headers).status_code


def test_with_a_token_it_opens_them_and_nothing_else_does(tmp_path: Path) -> None:
    settings = replace(sqlite_settings(tmp_path / "server.db"), metrics_token=TOKEN)
    with running(settings) as server:
        assert [seen(server), seen(server, Authorization="Bearer wrong"), seen(server, Authorization=f"Bearer {TOKEN}")] == [
            404,
            404,
            200,
        ]


def test_behind_a_proxy_they_need_a_token(tmp_path: Path) -> None:
    settings = replace(sqlite_settings(tmp_path / "server.db"), proxies=(ipaddress.ip_network("10.0.0.0/30"),))
    with running(settings) as server:
        assert seen(server) == 404


@pytest.fixture
def session(server: RunningServer) -> requests.Session:
    return server.session()


def test_a_server_lives_without_its_tables_but_is_not_ready(server: RunningServer, session: requests.Session) -> None:
    def answers() -> list[int]:
        return [session.get(server.url + path).status_code for path in ("/v1/health/live", "/v1/health/ready", "/v1/health")]

    assert answers() == [200, 200, 200]
    server.do(lambda c: c.execute(text("UPDATE alembic_version SET version_num = '0000'")))
    assert answers() == [200, 503, 503]
    server.do(lambda c: c.execute(text("ALTER TABLE device RENAME TO elsewhere")))
    assert answers()[0] == 200
    # the other figures are needed most when the database does not answer
    assert session.get(f"{server.url}/metrics").status_code == 200


@pytest.mark.skipif(not hasattr(os, "posix_fallocate"), reason="elsewhere nothing keeps room on a disk")
def test_room_for_a_workers_figures_is_kept_on_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(FOLDER, str(tmp_path))
    Metrics()
    kept = {file.name: file.stat().st_blocks * 512 for file in tmp_path.iterdir()}
    assert set(kept) == {f"{kind}_{os.getpid()}.db" for kind in ("counter", "histogram")}
    assert min(kept.values()) >= 256 << 10
