"""What else may answer than the server, and a laptop that was signed off: said on the screen, and unsent work is kept."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from ewb_desktop.storage.exchange.journal import counts
from ewb_desktop.storage.exchange.sync_state import read_enrolment
from ewb_desktop.syncing import wire
from ewb_desktop.syncing.engine import OpenWire
from ewb_desktop.syncing.troubles import ProgramTooOld, ServerTooOld
from ewb_desktop.syncing.wire import Wire
from sync import outbox
from sync.packing import pack
from sync.protocol.messages import Page, RoundReply, Scope
from sync.protocol.version import PROTOCOL
from tests.journeys.account import Account
from tests.journeys.day import SENT, Day
from tests.journeys.morning import invite, rowan_joins
from tests.journeys.stage import DayClock, InProcess
from tests.journeys.test_bad_input import add_member, people
from tests.support.laptops import CHEAP
from tests.support.scripted import answer, scripted
from tests.support.servers import RunningServer, running, sqlite_settings


class Crossed(InProcess):
    """A server in whose place another address may answer."""

    elsewhere = ""

    def __init__(self, server: RunningServer) -> None:
        super().__init__(server, DayClock())
        self.server = server

    def open_wire(self) -> OpenWire:
        """Return what opens a line to the server, or to who answers in its place."""
        ours = super().open_wire()
        return lambda address, credential: Wire(self.elsewhere, credential) if self.elsewhere else ours(address, credential)


@pytest.fixture
def crossed(tmp_path: Path) -> Iterator[Crossed]:
    with running(sqlite_settings(tmp_path / "server.db")) as server:
        yield Crossed(server)


@pytest.fixture
def day(qapp: QApplication, tmp_path: Path, crossed: Crossed) -> Iterator[Day]:
    """Lend a day on which Rowan has joined, and everything is sent."""
    clock = DayClock()
    lent = Day(crossed, tmp_path, Account(), cost=CHEAP, clock=clock)
    try:
        invite(lent)
        rowan_joins(lent)
        lent.rowan.office.heartbeat.ask()
        lent.hands.wait(lambda: SENT in lent.rowan.status(), SENT)
        yield lent
    finally:
        lent.leave()


def to_send(day: Day) -> int:
    with day.rowan.office.desk.store.read() as connection:
        return counts(connection).to_send


def round_reply(protocol: int) -> bytes:
    scope = Scope(organisation="o", worker="w", role="connector", areas=("*",), classes=("open",))
    return pack(
        RoundReply(protocol=protocol, server_time="2026-11-21T14:05:09.123Z", epoch="e", scope=scope, page=Page(next=0))
    )  # fmt: skip


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        (answer(b"<html>Sign in</html>", media="text/html"), "Open a web browser, sign in to this network, then send again."),
        (None, "no answer came in time. Your work is safe here and is sent again."),
        (answer(round_reply(PROTOCOL + 1)), ProgramTooOld.words),
        (answer(round_reply(0)), ServerTooOld.words),
    ],
    ids=["HTML", "no answer in time", "a newer protocol", "an older protocol"],
)
def test_who_answers_in_the_server_s_place_is_told_and_the_work_waits(
    day: Day, crossed: Crossed, monkeypatch: pytest.MonkeyPatch, said: bytes | None, sentence: str
) -> None:
    monkeypatch.setattr(wire, "SILENCE_SECONDS", 0.3)
    with scripted(said) as stranger:
        crossed.elsewhere = stranger.address
        add_member(day)
        waiting = to_send(day)
        day.hands.click("rail.sync")
        day.hands.click("sync.send")
        day.hands.see("sync.trouble")
        day.hands.read(sentence)
        assert waiting > 0
        assert to_send(day) == waiting
        crossed.elsewhere = ""
    day.hands.wait(lambda: not day.rowan.office.heartbeat.is_working, "the end of the round")
    day.hands.click("sync.send")
    day.hands.wait(lambda: SENT in day.rowan.status(), SENT)
    assert day.hands.visible("sync.trouble") is None
    assert people(day) == 1


def test_a_revoked_laptop_is_told_at_the_next_start_and_unsent_work_is_kept_sealed(day: Day, crossed: Crossed) -> None:
    add_member(day)
    laptop = day.rowan
    with laptop.office.desk.store.read() as connection:
        enrolment = read_enrolment(connection)
    assert enrolment is not None
    crossed.server.revoke(laptop.office.desk.store.device)
    day.hands.click("rail.sync")
    day.hands.click("sync.send")
    day.hands.wait(lambda: laptop.program.gate is not None, "the lock screen", 60)
    day.hands.see("gate-notice")
    day.hands.read("Your administrator signed this laptop off")
    day.hands.read("Ask your administrator for a new code")
    (sealed,) = laptop.folder.rglob("unsent-*.ewb-outbox")
    day.hands.read(f"is kept in the sealed file {sealed.name}")
    changes = outbox.unseal(sealed.read_bytes(), outbox.credential_hash(enrolment.credential)).changes
    assert any("Kasia" in str(change) for change in changes)
    assert list(laptop.folder.rglob("records.ewb")) == []
