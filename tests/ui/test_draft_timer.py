"""Typing is kept a moment after the last key, and every few seconds without a rest; nothing falls between the two."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from ewb_desktop.ui.draft_timer import DraftTimer


@pytest.fixture
def timer(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[DraftTimer]:
    # the same two waits, ten times as fast
    monkeypatch.setattr(DraftTimer, "AFTER_MS", 80)
    monkeypatch.setattr(DraftTimer, "LATEST_MS", 500)
    timer = DraftTimer()
    yield timer
    timer.forget()


def test_it_is_due_a_moment_after_the_last_key(qtbot: QtBot, timer: DraftTimer) -> None:
    with qtbot.waitSignal(timer.due):
        timer.touch()


def test_typing_without_a_rest_is_kept_all_the_same(qtbot: QtBot, timer: DraftTimer) -> None:
    keys = QTimer(interval=20)
    keys.timeout.connect(timer.touch)
    keys.start()
    with qtbot.waitSignals([timer.due, timer.due, timer.due], timeout=5_000):
        timer.touch()
    keys.stop()


@pytest.mark.parametrize("last_key", [440, 470, 490, 499, 510])
def test_a_last_key_shortly_before_the_latest_moment_is_kept(qtbot: QtBot, timer: DraftTimer, last_key: int) -> None:
    kept: list[int] = []
    typed: list[int] = []
    timer.due.connect(lambda: kept.append(len(typed)))

    def key() -> None:
        typed.append(1)
        timer.touch()

    for at in (*range(0, last_key, 40), last_key):
        QTimer.singleShot(at, key)
    keys = len([*range(0, last_key, 40)]) + 1
    qtbot.waitUntil(lambda: bool(kept) and kept[-1] == keys, timeout=5_000)


def test_what_waits_is_kept_when_the_page_is_left(qtbot: QtBot, timer: DraftTimer) -> None:
    timer.touch()
    with qtbot.waitSignal(timer.due, timeout=0):
        timer.flush()


def test_nothing_is_due_when_nothing_was_typed_or_it_was_saved(qtbot: QtBot, timer: DraftTimer) -> None:
    timer.touch()
    timer.forget()
    with qtbot.assertNotEmitted(timer.due, wait=600):
        timer.flush()
