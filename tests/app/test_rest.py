"""Hands rest once no key was pressed for some seconds, and none waits to be read."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from pytestqt.qtbot import QtBot

from ewb_desktop.app.rest import REST_SECONDS, Rest
from ewb_desktop.ui.idle import IdleLock
from tests.support.clock import HandClock
from tests.support.programs import PATIENCE


class Desk:
    """Somebody who types, on a laptop whose seconds go by hand."""

    def __init__(self) -> None:
        self.seconds = 500.0
        self.idle = IdleLock(HandClock(), 15, awake=lambda: self.seconds)
        self.keys = QObject()
        self.rest = Rest(self.idle, self.keys)
        self.came: list[float] = []
        self.rest.came.connect(lambda: self.came.append(self.seconds))
        self.idle.start()

    def press(self) -> None:
        key = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_A, Qt.KeyboardModifier.NoModifier)
        QCoreApplication.sendEvent(self.keys, key)

    def pass_by(self, seconds: float) -> None:
        """Let time go by in which the window is at work."""
        self.seconds += seconds
        self.idle.look()


@pytest.fixture
def desk(qtbot: QtBot) -> Iterator[Desk]:
    found = Desk()
    yield found
    found.rest.stop()
    found.idle.stop()


def rested(desk: Desk) -> None:
    for _ in range(int(REST_SECONDS)):
        desk.pass_by(1)


def test_rest_comes_when_no_key_was_pressed_for_some_seconds(desk: Desk, qtbot: QtBot) -> None:
    desk.press()
    assert not desk.rest.is_now()
    rested(desk)
    assert desk.rest.is_now()
    with qtbot.waitSignal(desk.rest.came, timeout=PATIENCE):
        desk.rest.ask()
    assert desk.came == [505.0]


def test_a_key_that_waits_behind_the_look_is_read_before_it_is_said_that_hands_rest(desk: Desk, qtbot: QtBot) -> None:
    desk.press()
    rested(desk)
    read: list[bool] = []

    def read_key() -> None:
        desk.press()
        read.append(bool(desk.came))

    # the look is asked for first, and the key comes in the same turn or the next
    desk.rest.ask()
    QTimer.singleShot(0, desk.keys, lambda: QTimer.singleShot(0, desk.keys, read_key))
    qtbot.waitUntil(lambda: bool(read), timeout=PATIENCE)
    assert read == [False]
    assert not desk.rest.is_now()


def test_a_laptop_that_stood_still_does_not_rest_by_that(desk: Desk) -> None:
    desk.press()
    desk.seconds += 30
    assert not desk.rest.is_now()
    # the window goes on, and what waits has not been read yet
    desk.idle.look()
    assert not desk.rest.is_now()
    desk.pass_by(1)
    assert desk.rest.is_now()
