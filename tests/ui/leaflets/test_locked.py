"""A print that is on its way while the window locks: it is counted at the next unlocking, for whom it was."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ewb_desktop.actions.desk import Desk
from ewb_desktop.actions.print_notes import take_in_prints
from ewb_desktop.ui.background import Background
from ewb_desktop.ui.destinations import ToLeaflets
from ewb_desktop.ui.leaflets.edge import PrintResult, Way
from ewb_desktop.ui.leaflets.view import LeafletsPage
from ewb_desktop.ui.widgets.choices import CheckChoices
from tests.support.leaflet_desk import PaperTray, found, leaflets_page, press
from tests.support.leaflet_scene import scene
from tests.support.of_member import copies_printed, leaflets_given


@dataclass
class SlowTray(PaperTray):
    """A printer that answers when it is let."""

    begun: threading.Event = field(default_factory=threading.Event)
    let: threading.Event = field(default_factory=threading.Event)

    def send(self, way: Way, pdf: bytes, title: str, copies: int) -> PrintResult:
        self.begun.set()
        assert self.let.wait(20)
        return super().send(way, pdf, title, copies)


@dataclass
class Afternoon:
    """A page whose printer takes its time, and what locks the window over it."""

    qtbot: QtBot
    desk: Desk
    tray: SlowTray
    background: Background = field(default_factory=Background)

    def open(self, destination: ToLeaflets | None = None) -> LeafletsPage:
        def run(work: Callable[[], object], done: Callable[[object], None], failed: Callable[[Exception], None]) -> None:
            self.background.run(lambda _job: work(), done=done, failed=failed, in_lane=False)

        return leaflets_page(self.qtbot, self.desk, self.tray, destination, run=run)

    def lock_while_it_prints(self, page: LeafletsPage) -> None:
        """Leave the page as a lock does, while the printer has not answered; then let it."""
        self.qtbot.waitUntil(self.tray.begun.is_set)
        page.leaving()
        assert not self.background.shutdown(0)
        self.tray.let.set()
        assert self.background.shutdown()
        QApplication.processEvents()

    @property
    def counted(self) -> int:
        with self.desk.store.read() as connection:
            return copies_printed(connection, self.desk.clock.today())


@pytest.fixture
def afternoon(qtbot: QtBot, desk: Desk, tmp_path: Path) -> Iterator[Afternoon]:
    there = Afternoon(qtbot, desk, SlowTray(tmp_path))
    yield there
    there.tray.let.set()
    assert there.background.shutdown()


def test_a_print_that_ends_after_the_lock_is_counted_at_the_next_unlocking(afternoon: Afternoon) -> None:
    desk, tallies = afternoon.desk, afternoon.tray.edge().tallies
    person, services = scene(desk, written_language="en")
    page = afternoon.open(ToLeaflets(person, services, "low-mood"))
    press(page, "leaflets.print")
    afternoon.lock_while_it_prints(page)
    assert afternoon.counted == 0
    assert person not in tallies.read_text()
    assert "Amina" not in tallies.read_text()
    assert take_in_prints(desk, tallies) == 1
    with desk.store.read() as connection:
        tally = connection.exec_driver_sql("SELECT topic, copies, place FROM print_tally").one()
        (given,) = leaflets_given(connection, person)
    assert tuple(tally) == ("low-mood", 1, desk.place)
    assert (given.topic, given.services) == ("low-mood", services)


def test_one_that_did_not_come_out_after_the_lock_is_not_counted(afternoon: Afternoon) -> None:
    desk = afternoon.desk
    person, _ = scene(desk, written_language="en")
    afternoon.tray.jams = frozenset({"Low mood"})
    page = afternoon.open(ToLeaflets(person, topic="low-mood"))
    press(page, "leaflets.print")
    afternoon.lock_while_it_prints(page)
    assert take_in_prints(desk, afternoon.tray.edge().tallies) == 0
    assert afternoon.counted == 0
    with desk.store.read() as connection:
        assert leaflets_given(connection, person) == []


def test_the_pile_that_was_on_its_way_at_the_lock_is_counted(afternoon: Afternoon) -> None:
    page = afternoon.open()
    press(page, "leaflets.to_stall")
    choices = found(page, CheckChoices, "leaflets.stall.topics")
    afternoon.qtbot.waitUntil(lambda: bool(choices.rows))
    for row in choices.rows[:2]:
        row.click()
    press(page, "leaflets.print_all")
    afternoon.lock_while_it_prints(page)
    assert take_in_prints(afternoon.desk, afternoon.tray.edge().tallies) == 1
    assert afternoon.counted == 20


def test_a_print_that_is_counted_at_once_leaves_no_note_and_is_not_counted_again(afternoon: Afternoon) -> None:
    afternoon.tray.let.set()
    page = afternoon.open()
    press(page, "leaflets.print")
    afternoon.qtbot.waitUntil(lambda: afternoon.counted == 1)
    assert not afternoon.tray.edge().tallies.exists()
