"""The real members page over 100,000 members: from the click to the list, and from a key to what it found, painted."""

from __future__ import annotations

import random
import tempfile
from pathlib import Path

from PySide6.QtWidgets import QApplication

from ewb_desktop.actions.desk import Desk, Worker
from ewb_desktop.ui import theme
from ewb_desktop.ui.destinations import ToMembers
from ewb_desktop.ui.feed import Feed
from ewb_desktop.ui.members.page import build
from ewb_desktop.ui.members.view import MembersPage
from tests.benchmarks.figures import Figure, milliseconds, percentile_95, seconds
from tests.benchmarks.filled import filled_laptop
from tests.benchmarks.searching import MEMBERS, keystrokes
from tests.benchmarks.workload import FAMILY, GIVEN
from tests.support.desks import AREA, PLACE, ROWAN, library
from tests.support.offscreen import use_offscreen_screen


def measure() -> list[Figure]:
    """Return how long the window's thread is busy until the list is there, and for each key the 95th percentile."""
    use_offscreen_screen()
    found = QApplication.instance()
    application = found if isinstance(found, QApplication) else QApplication([])
    theme.apply(application)
    with tempfile.TemporaryDirectory() as folder:
        lent = filled_laptop(Path(folder), MEMBERS, everything=False)
        try:
            desk = Desk(lent.store, lent.clock, Worker(ROWAN, "Rowan Oak", "connector"), library(), AREA, PLACE)
            return _measured(application, desk)
        finally:
            lent.store.close()


def _measured(application: QApplication, desk: Desk) -> list[Figure]:
    page = build(desk, Feed())
    if not isinstance(page, MembersPage):
        raise TypeError("the members page is another one now")
    page.resize(1366, 700)
    page.show()
    application.processEvents()

    def open_list() -> None:
        page.opened(ToMembers())
        application.processEvents()

    def press(typed: str) -> None:
        page.searched.emit(typed)
        application.processEvents()

    opened = sorted(seconds(open_list) for _ in range(5))
    chance = random.Random(4)
    names = [f"{chance.choice(GIVEN)} {chance.choice(FAMILY)}".lower() for _ in range(8)]
    keys = [seconds(lambda text=text: press(text)) for text in keystrokes(names)]  # type: ignore[misc]
    page.close()
    page.deleteLater()
    application.processEvents()
    return [
        Figure(f"members list of {MEMBERS:,} opens, painted", milliseconds(opened[2]), "under 100 ms", "in the window's thread"),
        Figure(
            "a key to a painted list, 95th percentile", milliseconds(percentile_95(keys)), "under 50 ms",
            f"{len(keys)} keys, median {milliseconds(sorted(keys)[len(keys) // 2])}",
        ),
    ]  # fmt: skip
