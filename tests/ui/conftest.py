"""A desk with a real encrypted file, and a feed, for every test of a page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ewb_desktop.actions.desk import Desk
from ewb_desktop.storage.changes import Changes
from ewb_desktop.ui.feed import Feed
from tests.support.desks import open_desk


@pytest.fixture
def desk(qapp: QApplication, tmp_path: Path) -> Iterator[Desk]:
    with open_desk(tmp_path) as lent:
        yield lent
        # the window goes before the file does, as in the program: no timer of a page may ask a closed file
        for window in QApplication.topLevelWidgets():
            window.hide()
            for timer in window.findChildren(QTimer):
                timer.stop()


@pytest.fixture
def feed(qtbot: QtBot, desk: Desk) -> Feed:  # a feed needs the application that qtbot makes
    feed = Feed()

    def hear(changes: Changes, _initiator: object) -> None:
        feed.announce(changes)

    desk.store.listen(hear)
    return feed
