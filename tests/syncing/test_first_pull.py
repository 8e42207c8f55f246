"""A fresh laptop's first pull: a sealed snapshot of what its worker may see, most needed first, resumed at the byte."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from ewb_desktop.storage.changes import Changes
from ewb_desktop.storage.exchange.journal import counts
from ewb_desktop.storage.exchange.sync_state import read_arriving, read_enrolment, read_progress
from ewb_desktop.storage.file.spool import Spool
from ewb_desktop.storage.settling.digests import read_check
from ewb_desktop.storage.store import Store
from ewb_desktop.storage.tables import Person, Service, table
from ewb_desktop.syncing import first_pull
from ewb_desktop.syncing.ahead import Ahead
from ewb_desktop.syncing.troubles import CutShort, Revoked, SnapshotGone
from ewb_desktop.syncing.wire import Wire
from sync.blocks import Seal
from sync.protocol.messages import RoundReply, RoundRequest
from sync.server.laptops import snapshots
from tests.support.connected import AREA, Connected, House, house
from tests.support.first_pulls import PEOPLE, SECRET, everybody, fill, fresh, names, small_blocks


@pytest.fixture
def centre(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    with small_blocks(tmp_path, monkeypatch) as open_house:
        yield open_house


def test_a_fresh_laptop_gets_everything_from_a_snapshot(centre: House) -> None:
    grace, line = fresh(centre)
    outcome = grace.sync()
    assert names(grace.store) == everybody()
    assert line.asked == [""]
    assert outcome.received >= 3 * PEOPLE + 3
    with grace.store.read() as connection:
        assert read_arriving(connection) is None
        assert counts(connection).to_send == 0
        assert connection.execute(select(table(Person).c.communication).limit(1)).scalar() == ["large print"]
    assert not Spool(grace.store.path).path.exists()


def test_what_comes_after_the_snapshot_was_made_comes_in_rounds(centre: House) -> None:
    first, _ = fresh(centre)
    first.sync()
    with first.store.write() as writing:
        writing.add(Person(area=AREA, preferred_name="Newcomer"))
    first.sync()
    files = list(centre.server.settings.snapshot_folder.iterdir())
    second, line = fresh(centre, "Joe Dunn")
    second.sync()
    assert names(second.store) == sorted([*everybody(), "Newcomer"])
    assert line.asked == [""]
    assert list(centre.server.settings.snapshot_folder.iterdir()) == files


def test_a_cut_line_goes_on_from_the_byte_in_the_next_run(centre: House) -> None:
    grace, line = fresh(centre)
    line.breaks_after = 2_500
    assert isinstance(grace.engine.run().trouble, CutShort)
    with grace.store.read() as connection:
        arriving = read_arriving(connection)
        assert arriving is not None
        assert 0 < arriving.laid_blocks < arriving.blocks
        assert read_progress(connection).cursor == 0
    grace.sync()
    assert line.asked == ["", "bytes=2500-"]
    assert line.came == arriving.size
    assert names(grace.store) == everybody()


def test_a_restart_between_goes_on_from_the_byte_too(centre: House) -> None:
    grace, line = fresh(centre)
    line.breaks_after = 2_500
    grace.engine.run()
    again = Connected(grace.laptop.reopen(), line)
    again.sync()
    assert line.asked == ["", "bytes=2500-"]
    assert names(again.store) == everybody()
    again.store.close()


def test_a_spool_that_lost_its_end_is_filled_from_there(centre: House) -> None:
    grace, line = fresh(centre)
    line.breaks_after = 4_000
    grace.engine.run()
    Spool(grace.store.path).reach(100)
    grace.sync()
    assert names(grace.store) == everybody()
    assert not line.asked[1].startswith(("bytes=0-", "bytes=100-"))


def test_a_power_cut_that_undoes_the_last_block_has_it_fetched_again(centre: House, tmp_path: Path) -> None:
    grace, line = fresh(centre)
    kept = tmp_path / "before-the-last-block"

    def hear(_changes: Changes, _initiator: object | None) -> None:
        with grace.store.read() as connection:
            arriving = read_arriving(connection)
        if arriving is not None and arriving.laid_blocks + 1 == arriving.blocks:
            shutil.copytree(grace.store.path.parent, kept)

    grace.store.listen(hear)
    grace.sync()
    grace.store.close()
    shutil.rmtree(grace.store.path.parent)
    shutil.copytree(kept, grace.store.path.parent)
    Spool(grace.store.path).destroy()
    again = Connected(grace.laptop.reopen(), line)
    again.sync()
    assert [asked.partition("=")[0] for asked in line.asked] == ["", "bytes"]
    assert names(again.store) == everybody()
    again.store.close()


@pytest.mark.parametrize("place", [0, 3, 50, 2_000])
def test_a_damaged_block_is_asked_for_again(centre: House, place: int) -> None:
    grace, line = fresh(centre)
    line.damages = [place]
    grace.sync()
    assert names(grace.store) == everybody()
    assert len(line.asked) == 2


def test_a_block_that_comes_damaged_again_and_again_is_a_trouble_and_not_a_loop(centre: House) -> None:
    grace, line = fresh(centre)
    line.damages = [50] * first_pull.TRIES
    assert isinstance(grace.engine.run().trouble, CutShort)
    assert len(line.asked) == first_pull.TRIES
    grace.sync()
    assert names(grace.store) == everybody()


def test_a_block_is_opened_beside_the_commit_of_the_one_before(centre: House, monkeypatch: pytest.MonkeyPatch) -> None:
    grace, _ = fresh(centre)
    opened: dict[int, str] = {}
    unsealed = Seal.opened

    def spy(seal: Seal, index: int, block: bytes) -> Any:
        opened[index] = threading.current_thread().name
        return unsealed(seal, index, block)

    monkeypatch.setattr(Seal, "opened", spy)
    grace.sync()
    assert list(opened) == list(range(len(opened)))
    assert not opened[0].startswith("ewb-opening")
    assert any(name.startswith("ewb-opening") for name in opened.values())
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("ewb-opening")]


def test_the_directory_and_the_people_of_today_come_first(centre: House) -> None:
    grace, _ = fresh(centre)
    seen: list[tuple[int, list[str]]] = []

    def hear(changes: Changes, _initiator: object | None) -> None:
        with grace.store.read() as connection:
            arriving = read_arriving(connection)
            if arriving is not None and arriving.laid_blocks == arriving.first and changes.concerns("person", "service"):
                services = len(connection.execute(select(table(Service).c.id)).all())
                seen.append((services, names(grace.store)))

    grace.store.listen(hear)
    grace.sync()
    assert seen[0] == (3, [f"Person {PEOPLE - 1}"])


def test_unsent_edits_stay_on_top_of_a_snapshot(centre: House) -> None:
    grace, line = fresh(centre)
    line.breaks_after = 6_000
    grace.engine.run()
    (person, *_) = ids(grace.store)
    with grace.store.write() as writing:
        writing.edit(Person, person, preferred_name="Gracie")
    # the server takes the edit, and goes on with a snapshot that was made before it
    again = Connected(grace.laptop, line)
    again.sync()
    assert "Gracie" in names(grace.store)
    with grace.store.read() as connection:
        assert counts(connection).to_send == 0


def ids(store: Store) -> list[str]:
    with store.read() as connection:
        return sorted(connection.execute(select(table(Person).c.id)).scalars())


def test_nothing_of_a_snapshot_can_be_read_on_either_disk(centre: House) -> None:
    grace, line = fresh(centre)
    line.breaks_after = 6_000
    grace.engine.run()
    spool = Spool(grace.store.path).path.read_bytes()
    (kept,) = centre.server.settings.snapshot_folder.iterdir()
    assert len(spool) == 6_000
    assert kept.read_bytes().startswith(spool)
    with grace.store.read() as connection:
        arriving = read_arriving(connection)
    assert arriving is not None
    places = [*grace.store.path.parent.iterdir(), *kept.parent.iterdir()]
    for said in (
        SECRET.encode(),
        b"Person 0",
        b"person",
        bytes.fromhex(arriving.key),
        arriving.key.encode(),
        b"\x28\xb5\x2f\xfd",
    ):
        assert [place.name for place in places if place.is_file() and said in place.read_bytes()] == []


def test_a_volunteer_s_snapshot_holds_nothing_about_a_member(centre: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshots, "SNAPSHOT_ROWS", 1)
    volunteer, line = fresh(centre, "Pat Tran", "volunteer")
    opened: list[bytes] = []
    unsealed = Seal.opened

    def spy(seal: Seal, index: int, block: bytes) -> Any:
        content = unsealed(seal, index, block)
        opened.append(repr(content).encode())
        return content

    monkeypatch.setattr(Seal, "opened", spy)
    volunteer.sync()
    assert line.asked == [""]
    heard = b"".join(opened)
    assert b"Choir 2" in heard
    for said in (SECRET.encode(), b"Person ", b"follow_up", b"Rowan"):
        assert said not in heard
    assert names(volunteer.store) == []


def test_another_scope_s_snapshot_is_not_given(centre: House) -> None:
    grace, _ = fresh(centre)
    grace.sync()
    (kept,) = centre.server.settings.snapshot_folder.iterdir()
    volunteer, _ = fresh(centre, "Pat Tran", "volunteer")
    id_ = kept.stem.partition("-")[2].rpartition("-")[0]
    assert b"".join(grace.open_wire(*address_of(grace.store)).fetch(id_, 0)) == kept.read_bytes()
    wire = volunteer.open_wire(*address_of(volunteer.store))
    with pytest.raises(SnapshotGone):
        list(wire.fetch(id_, 0))


def address_of(store: Store) -> tuple[str, str]:
    with store.read() as connection:
        enrolment = read_enrolment(connection)
    assert enrolment is not None
    return enrolment.address, enrolment.credential


def test_a_snapshot_that_the_server_lost_is_begun_anew(centre: House) -> None:
    grace, line = fresh(centre)
    line.breaks_after = 2_500
    grace.engine.run()
    for file in centre.server.settings.snapshot_folder.iterdir():
        file.unlink()
    grace.sync()
    assert names(grace.store) == everybody()
    assert line.asked == ["", ""]


def test_a_laptop_that_is_signed_off_in_mid_pull_destroys_its_spool_before_anything_else(centre: House) -> None:
    grace, line = fresh(centre)
    line.breaks_after = 2_500
    grace.engine.run()
    spool = Spool(grace.store.path).path
    assert spool.exists()
    centre.server.revoke(grace.store.device)
    assert isinstance(grace.engine.run().trouble, Revoked)
    assert not spool.exists()


def test_a_laptop_of_few_records_is_given_pages(tmp_path: Path) -> None:
    with house(tmp_path) as small:
        fill(small.join("Rowan Oak"))
        grace, line = fresh(small)
        grace.sync()
        assert line.asked == []
        assert names(grace.store) == everybody()
        assert not small.server.settings.snapshot_folder.exists()


def test_a_program_that_knows_no_snapshots_is_given_pages(centre: House, monkeypatch: pytest.MonkeyPatch) -> None:
    grace, line = fresh(centre)
    post = Wire.post_round

    def older(wire: Wire, request: RoundRequest, changes: bytes = b"") -> RoundReply:
        return post(wire, request.model_copy(update={"snapshot": None}), changes)

    monkeypatch.setattr(Wire, "post_round", older)
    grace.sync()
    assert line.asked == []
    assert names(grace.store) == everybody()


def test_a_stop_in_mid_pull_leaves_the_rest_for_later(centre: House) -> None:
    grace, _ = fresh(centre)
    stop = grace.store.listen(lambda changes, _initiator: grace.engine.stop() if changes.concerns("person") else None)
    grace.engine.run()
    stop()
    assert 0 < len(names(grace.store)) < PEOPLE
    again = Connected(grace.laptop, grace.line)
    again.sync()
    assert names(grace.store) == everybody()


def test_settings_name_the_folder_of_snapshots(tmp_path: Path, centre: House) -> None:
    settings = replace(centre.server.settings, snapshots=tmp_path / "elsewhere")
    assert settings.snapshot_folder == tmp_path / "elsewhere"


def test_what_came_since_is_asked_for_before_the_last_block_is_in_the_file(
    centre: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    grace, _ = fresh(centre)
    asked: list[tuple[int, int]] = []
    begin = Ahead.__init__

    def spy(ahead: Ahead, wire: Wire, request: RoundRequest) -> None:
        with grace.store.read() as connection:
            arriving = read_arriving(connection)
        assert arriving is not None
        asked.append((arriving.blocks - arriving.laid_blocks, request.cursor - arriving.number))
        begin(ahead, wire, request)

    monkeypatch.setattr(Ahead, "__init__", spy)
    grace.sync()
    # one block is to be laid yet, and nothing before its number is asked for
    assert asked == [(1, 0)]


def test_the_first_comparison_is_counted_from_the_last_block_in_no_commit_of_its_own(centre: House) -> None:
    grace, _ = fresh(centre)
    begun: list[bool] = []

    def hear(_changes: Changes, _initiator: object | None) -> None:
        with grace.store.read() as connection:
            begun.append(read_check(connection).at is not None)
            if read_progress(connection).cursor:
                grace.engine.stop()

    grace.store.listen(hear)
    grace.engine.run()
    assert begun[-2:] == [False, True]
    assert names(grace.store) == everybody()
