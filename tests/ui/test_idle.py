"""The idle lock counts what a clock says, and nothing else."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPointF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent
from pytestqt.qtbot import QtBot

from ewb_desktop.ui.idle import IdleLock, awake_seconds
from tests.support.clock import HandClock


class Heard:
    """What an idle lock said."""

    def __init__(self, lock: IdleLock) -> None:
        self.said: list[object] = []
        lock.warned.connect(self.said.append)
        lock.stayed.connect(lambda: self.said.append("stayed"))
        lock.locked.connect(lambda: self.said.append("locked"))


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


class Awake:
    """For how long the laptop has been awake, moved by hand."""

    def __init__(self) -> None:
        self.seconds = 500.0

    def __call__(self) -> float:
        return self.seconds


def begin(clock: HandClock, minutes: int, awake: Awake | None = None) -> tuple[IdleLock, Heard]:
    lock = IdleLock(clock, minutes, awake=awake or Awake())
    heard = Heard(lock)
    lock.start()
    return lock, heard


def pass_by(lock: IdleLock, clock: HandClock, seconds: int) -> None:
    for _ in range(seconds):
        clock.move(seconds=1)
        lock.look()


def test_it_warns_twenty_seconds_before_and_then_locks_once(qtbot: QtBot, clock: HandClock) -> None:
    lock, heard = begin(clock, 1)
    pass_by(lock, clock, 39)
    assert heard.said == []
    pass_by(lock, clock, 1)
    assert heard.said == [20]
    pass_by(lock, clock, 20)
    assert heard.said == [*range(20, 0, -1), "locked"]


def test_a_key_anywhere_keeps_it_open(qtbot: QtBot, clock: HandClock) -> None:
    lock, heard = begin(clock, 1)
    pass_by(lock, clock, 45)
    QCoreApplication.sendEvent(QObject(), QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_A, Qt.KeyboardModifier.NoModifier))
    assert heard.said[-1] == "stayed"
    pass_by(lock, clock, 39)
    assert heard.said[-1] == "stayed"
    lock.stop()


def test_it_locks_at_once_after_sleep(qtbot: QtBot, clock: HandClock) -> None:
    lock, heard = begin(clock, 15)
    clock.move(minutes=2)
    lock.look()
    assert heard.said == ["locked"]


def test_a_window_that_was_busy_for_minutes_is_not_taken_for_sleep(qtbot: QtBot, clock: HandClock) -> None:
    awake = Awake()
    lock, heard = begin(clock, 1, awake)
    pass_by(lock, clock, 30)
    clock.move(minutes=5)
    awake.seconds += 300
    lock.look()
    assert heard.said == []
    pass_by(lock, clock, 30)
    assert heard.said[-1] == "locked"


def test_sleep_in_the_middle_of_busy_work_locks(qtbot: QtBot, clock: HandClock) -> None:
    awake = Awake()
    lock, heard = begin(clock, 15, awake)
    clock.move(minutes=5)
    awake.seconds += 120
    lock.look()
    assert heard.said == ["locked"]


def press(key: Qt.Key) -> None:
    QCoreApplication.sendEvent(QObject(), QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier))


def a_key_ago(clock: HandClock, seconds: int) -> IdleLock:
    """Return one that heard a key so many seconds ago, in which the window was at work."""
    awake = Awake()
    lock, _heard = begin(clock, 15, awake)
    press(Qt.Key.Key_A)
    for _ in range(seconds):
        awake.seconds += 1
        lock.look()
    return lock


def test_seconds_without_a_key_begin_again_with_each_key(qtbot: QtBot, clock: HandClock) -> None:
    lock = a_key_ago(clock, 6)
    assert lock.seconds_without_a_key() == 6
    press(Qt.Key.Key_B)
    assert lock.seconds_without_a_key() == 0
    lock.stop()


@pytest.mark.parametrize(
    ("kind", "waits"), [(QEvent.Type.MouseButtonPress, True), (QEvent.Type.MouseMove, False)], ids=["pressed", "moved"]
)
def test_a_press_of_the_mouse_is_a_press_and_no_key_and_the_pointer_alone_is_neither(
    qtbot: QtBot, clock: HandClock, kind: QEvent.Type, waits: bool
) -> None:
    lock = a_key_ago(clock, 6)
    at, left = QPointF(1, 1), Qt.MouseButton.LeftButton
    QCoreApplication.sendEvent(QObject(), QMouseEvent(kind, at, at, left, left, Qt.KeyboardModifier.NoModifier))
    assert (lock.seconds_without_a_key(), lock.seconds_without_a_press()) == (6, 0 if waits else 6)
    lock.stop()


def test_a_window_that_stood_still_knows_of_no_rest_before_the_keys_that_wait_are_read(qtbot: QtBot, clock: HandClock) -> None:
    awake = Awake()
    lock, _heard = begin(clock, 15, awake)
    press(Qt.Key.Key_A)
    awake.seconds += 30
    # asked from beside the window, which has not looked since
    assert lock.seconds_without_a_key() == 0
    lock.look()
    # the first look after it comes before the keys
    assert lock.seconds_without_a_key() == 0
    press(Qt.Key.Key_B)
    awake.seconds += 1
    lock.look()
    assert lock.seconds_without_a_key() == 1
    lock.stop()


def test_the_clock_of_being_awake_goes_on(qtbot: QtBot) -> None:
    first = awake_seconds()
    assert awake_seconds() >= first


def test_a_clock_set_back_neither_locks_nor_forgets(qtbot: QtBot, clock: HandClock) -> None:
    lock, heard = begin(clock, 1)
    pass_by(lock, clock, 30)
    clock.move(hours=-3)
    lock.look()
    assert heard.said == []
    pass_by(lock, clock, 30)
    assert heard.said[-1] == "locked"


@pytest.mark.parametrize(("asked", "seconds"), [(0, 60), (1, 60), (15, 900), (60, 900)])
def test_minutes_stay_between_one_and_fifteen(qtbot: QtBot, clock: HandClock, asked: int, seconds: int) -> None:
    lock, heard = begin(clock, asked)
    pass_by(lock, clock, seconds - 1)
    assert "locked" not in heard.said
    pass_by(lock, clock, 1)
    assert heard.said[-1] == "locked"
