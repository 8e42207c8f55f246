"""The beat of sync: after a save, with growing waits while the line is down, never two at once, and stopped at once."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from ewb_desktop.domain.time import local
from ewb_desktop.domain.words import clock_words
from ewb_desktop.storage.changes import Changes
from ewb_desktop.storage.errors import DamagedFile, FailingDisk, FullDisk, WorkerCanAct
from ewb_desktop.storage.tables import Person
from ewb_desktop.syncing.report import SyncStatus, file_words, foot_words, warnings
from ewb_desktop.ui.background import Background
from ewb_desktop.ui.feed import Feed
from ewb_desktop.ui.heartbeat import AFTER_SAVE_SECONDS, BETWEEN_SECONDS, FIRST_WAIT_SECONDS, LONGEST_WAIT_SECONDS, Heartbeat
from sync.packing import pack
from sync.protocol.errors import Trouble
from sync.protocol.messages import TroubleReply
from sync.protocol.version import PROTOCOL
from sync.server.laptops import snapshots
from tests.support.connected import AREA, Connected, House, TappedLine
from tests.support.first_pulls import PEOPLE, CutLine, fill

COARSE_TIMER = 0.1
"""How far a wait may be from the one asked for: Qt's coarse timers move by 5%, and a busy machine reads late."""


@pytest.fixture
def rowan(centre: House) -> Connected:
    return centre.join("Rowan Oak")


@pytest.fixture
def background(qtbot: QtBot) -> Iterator[Background]:
    background = Background()
    yield background
    assert background.shutdown(3000)


@pytest.fixture
def heartbeat(rowan: Connected, background: Background) -> Iterator[Heartbeat]:
    heartbeat = Heartbeat(rowan.store, rowan.engine, background, chance=lambda: 0.5)
    yield heartbeat
    heartbeat.stop()


def run_once(qtbot: QtBot, heartbeat: Heartbeat) -> None:
    with qtbot.waitSignal(heartbeat.ended):
        heartbeat.ask()


def add_person(laptop: Connected) -> None:
    with laptop.store.write() as writing:
        writing.add(Person(area=AREA, preferred_name="Amina"))


def test_a_save_is_followed_by_a_round_a_little_later(rowan: Connected, heartbeat: Heartbeat) -> None:
    feed = Feed()
    feed.changed.connect(heartbeat.hear)

    def hear(changes: Changes, _initiator: object) -> None:
        feed.announce(changes)

    rowan.store.listen(hear)
    add_person(rowan)
    assert heartbeat.wait_seconds == pytest.approx(AFTER_SAVE_SECONDS, rel=COARSE_TIMER, abs=1)


def test_what_came_from_the_server_begins_no_round_of_its_own(qtbot: QtBot, heartbeat: Heartbeat) -> None:
    run_once(qtbot, heartbeat)
    heartbeat.hear(Changes(records=frozenset({("person", "1")})))
    assert heartbeat.wait_seconds == pytest.approx(BETWEEN_SECONDS, rel=COARSE_TIMER)


def test_while_the_line_is_down_waits_grow_and_a_save_does_not_shorten_them(
    qtbot: QtBot, rowan: Connected, heartbeat: Heartbeat
) -> None:
    rowan.line.is_unplugged = True
    waits = []
    for _ in range(8):
        run_once(qtbot, heartbeat)
        waits.append(heartbeat.wait_seconds)
    doubling = [FIRST_WAIT_SECONDS, 2 * FIRST_WAIT_SECONDS, 4 * FIRST_WAIT_SECONDS]
    assert waits[:3] == pytest.approx(doubling, rel=COARSE_TIMER)
    assert waits[-1] == pytest.approx(LONGEST_WAIT_SECONDS, rel=COARSE_TIMER)
    add_person(rowan)
    heartbeat.hear(Changes(records=frozenset({("person", "1")})))
    assert heartbeat.wait_seconds == pytest.approx(LONGEST_WAIT_SECONDS, rel=COARSE_TIMER)
    rowan.line.is_unplugged = False
    run_once(qtbot, heartbeat)
    assert heartbeat.status().is_all_sent


def test_waits_differ_from_laptop_to_laptop(qtbot: QtBot, rowan: Connected, background: Background) -> None:
    early = Heartbeat(rowan.store, rowan.engine, background, chance=lambda: 0.0)
    run_once(qtbot, early)
    assert early.wait_seconds == pytest.approx(0.8 * BETWEEN_SECONDS, rel=COARSE_TIMER)
    early.stop()


@pytest.mark.parametrize(
    ("asked", "waits"),
    [("0", FIRST_WAIT_SECONDS), ("60", 60), ("9000000000", LONGEST_WAIT_SECONDS), ("9" * 400, LONGEST_WAIT_SECONDS)],
)
def test_a_server_that_asks_for_no_wait_or_for_years_is_asked_again_within_reason(
    qtbot: QtBot, rowan: Connected, heartbeat: Heartbeat, asked: str, waits: float
) -> None:
    send = rowan.line.send

    def too_many(*arguments: Any, **named: Any) -> Any:
        response = send(*arguments, **named)
        response.status_code = 429
        response.headers["Retry-After"] = asked
        response._content = pack(TroubleReply(trouble=Trouble.TOO_MANY, words="", protocol=PROTOCOL))
        return response

    rowan.line.send = too_many  # type: ignore[method-assign]
    run_once(qtbot, heartbeat)
    assert heartbeat.wait_seconds == pytest.approx(waits, rel=COARSE_TIMER)


def test_it_tells_when_a_round_begins_and_how_it_ended(qtbot: QtBot, rowan: Connected, heartbeat: Heartbeat) -> None:
    told: list[SyncStatus] = []
    heartbeat.told.connect(told.append)
    add_person(rowan)
    run_once(qtbot, heartbeat)
    assert [status.is_working for status in told] == [True, False]
    assert told[0].to_send == 1
    assert told[-1].is_all_sent


def test_while_the_line_is_down_it_tells_when_it_tries_next_of_use_to_who_reads_it_and_nothing_once_it_is_up(
    qtbot: QtBot, rowan: Connected, heartbeat: Heartbeat
) -> None:
    told: list[SyncStatus] = []
    heartbeat.told.connect(told.append)
    rowan.line.is_unplugged = True
    for failures in range(3):
        run_once(qtbot, heartbeat)
        wait = FIRST_WAIT_SECONDS * 2**failures
        assert told[-1].next_try == rowan.clock.now() + timedelta(seconds=wait)
        assert ("in less than a minute" in foot_words(told[-1], rowan.clock.today())) == (wait < 60)
    again = f"Tries again at {clock_words(local(rowan.clock.now() + timedelta(minutes=1)).time())}"
    assert again in foot_words(told[-1], rowan.clock.today())
    rowan.line.is_unplugged = False
    run_once(qtbot, heartbeat)
    assert [status.next_try is None for status in told[-2:]] == [True, False]
    assert "Tries again" not in foot_words(told[-1], rowan.clock.today())


def test_stopping_in_the_middle_of_a_round_writes_nothing_more(
    qtbot: QtBot, rowan: Connected, heartbeat: Heartbeat, background: Background
) -> None:
    add_person(rowan)
    arrived, go_on = threading.Event(), threading.Event()
    send = rowan.line.send

    def slow(*arguments: Any, **named: Any) -> Any:
        response = send(*arguments, **named)
        arrived.set()
        go_on.wait(10)
        return response

    rowan.line.send = slow  # type: ignore[method-assign]
    heartbeat.ask()
    assert arrived.wait(10)
    heartbeat.stop()
    go_on.set()
    assert background.shutdown(3000)
    assert heartbeat.status().to_send == 1
    heartbeat.ask()
    assert not heartbeat.is_working


@pytest.mark.parametrize(("trouble", "stays"), [(FullDisk(), False), (FailingDisk(), False), (DamagedFile(), True)])
def test_a_round_that_the_file_or_its_disk_ended_is_told_until_one_comes_about_and_damage_until_it_is_mended(
    qtbot: QtBot, rowan: Connected, heartbeat: Heartbeat, trouble: WorkerCanAct, stays: bool
) -> None:
    told: list[SyncStatus] = []
    heartbeat.told.connect(told.append)
    open_wire = rowan.engine._open_wire

    def fail(*_: object) -> Any:
        raise trouble

    rowan.engine._open_wire = fail
    heartbeat.ask()
    qtbot.waitUntil(lambda: not heartbeat.is_working)
    today = rowan.clock.today()
    assert "file or disk needs a look" in foot_words(told[-1], today)
    assert warnings(told[-1]) == [file_words(trouble)]
    rowan.engine._open_wire = open_wire
    run_once(qtbot, heartbeat)
    assert ("needs a look" in foot_words(told[-1], today)) is stays


def test_a_file_that_cannot_be_read_any_more_is_told_and_how_things_stood_last_stays_on_the_screen(
    qtbot: QtBot, rowan: Connected, heartbeat: Heartbeat, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_person(rowan)
    assert heartbeat.status().to_send == 1

    def unreadable(*_: object, **__: object) -> SyncStatus:
        raise DamagedFile

    monkeypatch.setattr("ewb_desktop.ui.heartbeat.read_status", unreadable)
    status = heartbeat.status()
    assert status.to_send == 1
    assert "newest backup" in status.file_trouble


def test_after_a_round_a_long_log_is_brought_into_the_file_with_nobody_waiting(
    qtbot: QtBot, rowan: Connected, heartbeat: Heartbeat
) -> None:
    with rowan.store.write() as writing:
        for number in range(6):
            writing.note(f"long {number}", "x" * 1_000_000)
    before = rowan.store.path.stat().st_size
    run_once(qtbot, heartbeat)
    qtbot.waitUntil(lambda: rowan.store.path.stat().st_size > before + 6_000_000)


class HeldLine(CutLine):
    """Brings the first bytes of a snapshot, and the rest once the test lets it."""

    def __init__(self, inner: TappedLine) -> None:
        super().__init__(inner)
        self.goes_on = threading.Event()

    def _pieces(self, body: bytes) -> Iterator[bytes]:
        for number, piece in enumerate(super()._pieces(body)):
            if number:
                assert self.goes_on.wait(60)
            yield piece


def test_what_comes_down_a_slow_line_is_told_before_any_record_of_it_is_here_and_ends_the_trouble_of_the_last_try(
    qtbot: QtBot, centre: House, background: Background, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshots, "SNAPSHOT_ROWS", 20)
    fill(centre.join("Rowan Oak"))
    grace = centre.join("Grace Lamb")
    line = grace.line = HeldLine(grace.line)
    heartbeat = Heartbeat(grace.store, grace.engine, background)
    told: list[SyncStatus] = []
    heartbeat.told.connect(told.append)

    def last() -> SyncStatus:
        return told[-1]

    line.breaks_after = 0
    run_once(qtbot, heartbeat)
    assert last().trouble is not None
    heartbeat.ask()
    qtbot.waitUntil(lambda: last().received is not None, timeout=20_000)
    assert 0 < (last().received or 0) < 1
    assert (last().arrived, last().to_arrive > 3 * PEOPLE) == (0, True)
    assert foot_words(last(), grace.clock.today()).startswith("Sending and receiving.")
    assert last().trouble is None
    with qtbot.waitSignal(heartbeat.ended):
        line.goes_on.set()
    assert (last().received, last().to_arrive, last().trouble) == (None, 0, None)
    heartbeat.stop()
