"""A page is read again once for many changes, and no change puts it off."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QObject, QTimer
from pytestqt.qtbot import QtBot

from ewb_desktop.ui.reading_again import ReadingAgain


def test_many_changes_are_one_reading_and_changes_without_a_rest_put_it_off_for_nobody(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    # the same wait, shorter
    monkeypatch.setattr(ReadingAgain, "AFTER_MS", 60)
    page = QObject()
    again = ReadingAgain(page)
    readings: list[int] = []
    asked = [0]
    again.timeout.connect(lambda: readings.append(asked[0]))

    def ask() -> None:
        asked[0] += 1
        again.ask()

    changes = QTimer(page, interval=10)
    changes.timeout.connect(ask)
    changes.start()
    qtbot.waitUntil(lambda: len(readings) == 1)
    changes.stop()
    assert readings[0] > 1
