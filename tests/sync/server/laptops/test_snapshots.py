"""A snapshot is made once for a scope, sealed on the disk, holds no more than the scope, and goes when it is too old."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Iterator, MutableMapping
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import requests
from sqlalchemy import select

from sync.blocks import LENGTH_BYTES, DamagedBlock, Seal, length
from sync.protocol.change import ChangeKind
from sync.protocol.messages import RoundReply, Snapshot
from sync.server.database import tables
from sync.server.laptops import snapshot_rows, snapshots
from sync.server.pushing.checking import LARGEST
from sync.server.records import audit
from sync.server.routes import snapshot as snapshot_route
from tests.support.callers import Caller, enrolled
from tests.support.servers import RunningServer, running, settings_for

SECRETS = (b"Zuleika", b"0161 496 0777", b"wants to sleep again")


@pytest.fixture
def server(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[RunningServer]:
    monkeypatch.setattr(snapshots, "SNAPSHOT_ROWS", 1)
    with running(replace(settings_for(database_url), snapshots=tmp_path / "snapshots")) as running_server:
        yield running_server


def fill(caller: Caller) -> None:
    person = caller.change("person", {"preferred_name": "Zuleika", "telephone": "0161 496 0777", "shoe_size": 41})
    goal = caller.change("goal", {"person": person.record, "words": "wants to sleep again"})
    visits = [caller.change("visit", {"day": "2026-11-21", "people": 1}) for _ in range(3)]
    assert {v.reason for v in caller.round(person, goal, *visits).verdicts} == {None}


def told(caller: Caller, snapshot: str = "") -> RoundReply:
    caller.cursor = 0
    return caller.round(snapshot=snapshot)


def offered(caller: Caller) -> Snapshot:
    snapshot = told(caller).snapshot
    assert snapshot is not None
    return snapshot


def fetch(caller: Caller, snapshot: str, **headers: str) -> requests.Response:
    said = {"Authorization": f"Bearer {caller.credential}", **headers}
    return caller.session.get(f"{caller.url}/v1/snapshot/{snapshot}", headers=said)


def opened(snapshot: Snapshot, body: bytes) -> list[Any]:
    seal, place, groups = Seal(snapshot.id, bytes.fromhex(snapshot.key)), 0, []
    for index in range(snapshot.blocks):
        size = length(body[place : place + LENGTH_BYTES])
        place += LENGTH_BYTES
        groups += seal.opened(index, body[place : place + size])["groups"]
        place += size
    assert place == len(body) == snapshot.size
    return groups


def files(server: RunningServer) -> list[Path]:
    return sorted(server.settings.snapshot_folder.iterdir())


def test_a_snapshot_holds_the_rows_of_the_scope_up_to_its_number(server: RunningServer) -> None:
    ada = enrolled(server, "Ada Okafor")
    fill(ada)
    cy = enrolled(server, "Cy Moss")
    snapshot = offered(cy)
    groups = opened(snapshot, fetch(cy, snapshot.id).content)
    assert {entity: len(columns[0]) for entity, _, columns, _ in groups} == {"worker": 2, "visit": 3, "person": 1, "goal": 1}
    (person,) = [dict(zip(names, columns, strict=True)) for entity, names, columns, _ in groups if entity == "person"]
    assert (person["preferred_name"], person["shoe_size"]) == (["Zuleika"], [41])
    assert sum(len(columns[0]) for _, _, columns, _ in groups) == snapshot.records
    assert max(number for _, names, columns, _ in groups for number in columns[names.index("number")]) <= snapshot.number


def test_laptops_of_one_scope_share_one_snapshot_and_others_get_their_own(server: RunningServer) -> None:
    fill(enrolled(server, "Ada Okafor"))
    first, second, other = enrolled(server, "Cy"), enrolled(server, "Di", "connector"), enrolled(server, "Ed", areas=["sale"])
    ids = [offered(each).id for each in (first, second, other)]
    assert ids[0] == ids[1] != ids[2]
    assert len(files(server)) == 2
    assert fetch(other, ids[0]).status_code == 404


def test_no_byte_of_a_member_is_in_a_volunteer_s_snapshot(server: RunningServer) -> None:
    ada = enrolled(server, "Ada Okafor")
    fill(ada)
    volunteer = enrolled(server, "Vic Lane", "volunteer", ["*"])
    snapshot = offered(volunteer)
    said = repr(opened(snapshot, fetch(volunteer, snapshot.id).content)).encode()
    assert b"visit" in said
    assert [secret for secret in SECRETS if secret in said] == []
    theirs = offered(ada)
    assert all(secret in repr(opened(theirs, fetch(ada, theirs.id).content)).encode() for secret in SECRETS)


def test_a_worker_who_loses_an_area_is_not_given_the_snapshot_of_before(server: RunningServer) -> None:
    ada = enrolled(server, "Ada Okafor")
    fill(ada)
    before = offered(ada)
    assert told(ada, before.id).keeps_snapshot
    server.change_worker(ada.worker, areas=["sale"])
    assert not told(ada, before.id).keeps_snapshot
    assert fetch(ada, before.id).status_code == 404


def test_a_laptop_that_was_signed_off_is_given_nothing(server: RunningServer) -> None:
    ada = enrolled(server, "Ada Okafor")
    fill(ada)
    snapshot = offered(ada)
    server.revoke(ada.device)
    assert fetch(ada, snapshot.id).status_code == 403


def test_any_part_can_be_asked_for_by_its_first_byte(server: RunningServer) -> None:
    ada = enrolled(server, "Ada Okafor")
    fill(ada)
    snapshot = offered(ada)
    whole = fetch(ada, snapshot.id)
    part = fetch(ada, snapshot.id, **{"Range": "bytes=100-", "If-Range": f'"{snapshot.id}"'})
    assert (part.status_code, part.content) == (206, whole.content[100:])
    assert part.headers["ETag"] == whole.headers["ETag"] == f'"{snapshot.id}"'
    assert fetch(ada, snapshot.id, **{"Range": "bytes=100-", "If-Range": '"another"'}).status_code == 200


@pytest.mark.parametrize("name", ["00000000-0000-7000-8000-000000000000", "..", "%2e%2e%2fserver", "nothing"])
def test_what_is_no_snapshot_is_not_found(server: RunningServer, name: str) -> None:
    assert fetch(enrolled(server, "Ada Okafor"), name).status_code == 404


def test_nothing_on_the_server_s_disk_can_be_read_and_no_block_elsewhere(server: RunningServer) -> None:
    ada = enrolled(server, "Ada Okafor")
    fill(ada)
    snapshot = offered(ada)
    (kept,) = files(server)
    body = kept.read_bytes()
    told_key = (bytes.fromhex(snapshot.key), snapshot.key.encode())
    assert [said for said in (*SECRETS, b"person", b"\x28\xb5\x2f\xfd", *told_key) if said in body] == []
    assert kept.stat().st_mode & 0o077 == 0
    size = length(body[:LENGTH_BYTES])
    with pytest.raises(DamagedBlock):
        Seal(snapshot.id, bytes.fromhex(snapshot.key)).opened(1, body[LENGTH_BYTES : LENGTH_BYTES + size])


def test_a_snapshot_serves_until_too_much_came_after_it(server: RunningServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshots, "MOST_BEHIND", 2)
    ada = enrolled(server, "Ada Okafor")
    fill(ada)
    first = offered(ada)
    ada.round(ada.change("visit", {"day": "2026-11-22", "people": 1}))
    assert offered(ada).id == first.id
    for _ in range(3):
        ada.round(ada.change("visit", {"day": "2026-11-22", "people": 1}))
    assert offered(ada).id != first.id


def test_what_was_erased_is_in_no_snapshot_that_is_given_afterwards(server: RunningServer) -> None:
    ada = enrolled(server, "Ada Okafor")
    fill(ada)
    before = offered(ada)
    person = server.do(lambda c: c.execute(tables.record.select().where(tables.record.c.entity == "person")).one().id)
    assert ada.round(ada.change("person", {}, record=person, kind=ChangeKind.ERASE, base=LARGEST)).verdicts[0].reason is None
    after = offered(ada)
    assert after.id != before.id
    assert SECRETS[0] not in repr(opened(after, fetch(ada, after.id).content)).encode()
    assert fetch(ada, before.id).status_code == 404


@pytest.mark.parametrize("began_anew", [False, True])
def test_nobody_who_was_destroyed_by_law_comes_with_a_snapshot_that_was_begun_before(
    server: RunningServer, *, began_anew: bool
) -> None:
    ada = enrolled(server, "Ada Okafor")
    fill(ada)
    before = offered(ada)
    assert fetch(ada, before.id, Range="bytes=0-9").status_code == 206
    person = server.do(lambda c: c.execute(tables.record.select().where(tables.record.c.entity == "person")).one().id)
    ada.round(ada.change("person", {}, record=person, kind=ChangeKind.ERASE, base=LARGEST))
    with ExitStack() as stack:
        if began_anew:
            # a process that did not make the snapshot
            ada.session = stack.enter_context(running(server.settings, organisation=None)).session()
        assert fetch(ada, before.id, Range="bytes=10-").status_code == 404
        reply = told(ada, before.id)
    assert not reply.keeps_snapshot
    assert reply.snapshot is not None
    assert all(before.id not in file.name for file in files(server))


def test_a_late_edit_of_who_was_destroyed_long_ago_takes_no_snapshot_away(server: RunningServer) -> None:
    ada, late = enrolled(server, "Ada Okafor"), enrolled(server, "Bea Lind")
    fill(ada)
    person = server.do(lambda c: c.execute(tables.record.select().where(tables.record.c.entity == "person")).one().id)
    ada.round(ada.change("person", {}, record=person, kind=ChangeKind.ERASE, base=LARGEST))
    begun = offered(ada)
    edit = late.change("person", {"telephone": "0161 496 0777"}, record=person, kind=ChangeKind.EDIT)
    assert late.round(edit).verdicts[0].number > begun.number
    assert told(ada, begun.id).keeps_snapshot
    assert fetch(ada, begun.id).status_code == 200


@pytest.mark.parametrize("change", ["erased", "signed off"])
def test_the_line_is_cut_when_what_is_on_its_way_may_not_be_given_any_more(
    server: RunningServer, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    monkeypatch.setattr(snapshot_route, "LOOKED_EVERY", 0.0)
    monkeypatch.setattr(snapshot_route._File, "chunk_size", 64)
    ada, cy = enrolled(server, "Ada Okafor"), enrolled(server, "Cy Moss")
    fill(ada)
    snapshot = offered(cy)
    person = server.do(lambda c: c.execute(tables.record.select().where(tables.record.c.entity == "person")).one().id)
    pieces: list[bytes] = []

    def happen() -> None:
        if change == "erased":
            ada.round(ada.change("person", {}, record=person, kind=ChangeKind.ERASE, base=LARGEST))
        else:
            server.revoke(cy.device)

    async def send(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.body":
            pieces.append(message["body"])
            if len(pieces) == 2:
                await asyncio.to_thread(happen)

    async def receive() -> MutableMapping[str, Any]:
        return await asyncio.get_running_loop().create_future()  # type: ignore[no-any-return]

    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "http", "root_path": "",
        "path": f"/v1/snapshot/{snapshot.id}", "raw_path": b"", "query_string": b"", "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80), "state": {}, "headers": [(b"authorization", f"Bearer {cy.credential}".encode())],
    }  # fmt: skip
    with pytest.raises(snapshot_route.GivenNoMore):
        server.loop.run(server.app(scope, receive, send))
    assert len(pieces) == 2
    assert sum(map(len, pieces)) < snapshot.size


def test_a_place_in_a_snapshot_that_is_no_number_is_no_fault(server: RunningServer) -> None:
    ada = enrolled(server, "Ada Okafor")
    for digits in (5_000, 19):
        assert ada.session.get(f"{ada.url}/v1/snapshot/x", headers={"Range": f"bytes={'9' * digits}-"}).status_code == 401
        assert fetch(ada, "x", Range=f"bytes={'9' * digits}-").status_code == 404


@pytest.mark.parametrize("days", [-3, 20_000], ids=["old", "of a clock that was ahead"])
def test_old_files_and_too_many_go_when_another_is_made(
    server: RunningServer, monkeypatch: pytest.MonkeyPatch, days: int
) -> None:
    ada = enrolled(server, "Ada Okafor")
    fill(ada)
    first = offered(ada)
    (old,) = files(server)
    then = time.time() + days * snapshots.KEPT_SECONDS
    os.utime(old, (then, then))
    assert fetch(ada, first.id).status_code == 404
    offered(enrolled(server, "Vic Lane", "volunteer"))
    assert old not in files(server)
    monkeypatch.setattr(snapshots, "FOLDER_BYTES", 10)
    offered(enrolled(server, "Di Hart", "clinician"))
    assert len(files(server)) == 1


def test_a_row_at_a_time_is_in_memory_beside_one_block(server: RunningServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshot_rows, "BLOCK_BYTES", 1)
    ada = enrolled(server, "Ada Okafor")
    fill(ada)
    snapshot = offered(ada)
    assert snapshot.blocks == snapshot.records
    assert len(opened(snapshot, fetch(ada, snapshot.id).content)) == snapshot.records


def test_what_was_given_stands_in_the_audit(server: RunningServer) -> None:
    ada = enrolled(server, "Ada Okafor")
    fill(ada)
    snapshot = offered(ada)
    fetch(ada, snapshot.id, Range="bytes=50-")
    row = tables.audit.c
    last = server.do(lambda c: c.execute(tables.audit.select().order_by(row.number.desc())).first())
    assert last is not None
    detail = f"snapshot {snapshot.id} from byte 50, numbers to {snapshot.number}"
    assert (last.action, last.worker, last.detail) == ("give", ada.worker, detail)
    assert server.do(lambda c: audit.first_broken(c, "stretford")) is None


def test_a_laptop_that_tells_its_keys_and_is_given_a_snapshot_is_known_to_have_been_here(server: RunningServer) -> None:
    fill(enrolled(server, "Ada Okafor"))
    di = enrolled(server, "Di Brandt")
    assert di.round(keys={"sealing": "0" * 64, "signing": "1" * 64}, snapshot="").snapshot is not None
    device = tables.device.c
    with server.database.reading() as connection:
        assert (
            connection.execute(select(device.last_seen).where(device.id == di.device)).scalar_one() == "2026-11-21T14:05:00.000Z"
        )


def test_a_full_disk_on_the_server_means_pages(server: RunningServer, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any, **__: Any) -> int:
        raise OSError(28, "No space left on device")

    ada = enrolled(server, "Ada Okafor")
    fill(ada)
    monkeypatch.setattr(os, "open", full)
    reply = told(ada)
    assert reply.snapshot is None
    assert reply.page.rows
