"""Work off the window's thread: what comes back, what is dropped, how it ends."""

from __future__ import annotations

import gc
import threading
import weakref
from collections.abc import Iterator
from functools import partial

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QThread
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ewb_desktop.ui.background import Background, Job
from ewb_desktop.ui.feed import Feed


@pytest.fixture
def background(qapp: QApplication) -> Iterator[Background]:
    background = Background()
    yield background
    assert background.shutdown()


def test_the_result_comes_in_the_window_s_thread(qtbot: QtBot, background: Background) -> None:
    came: list[tuple[int, bool]] = []
    here = QThread.currentThread()
    background.run(lambda _job: 42, done=lambda result: came.append((result, QThread.currentThread() is here)))
    qtbot.waitUntil(lambda: bool(came))
    assert came == [(42, True)]


def test_an_error_comes_to_who_asked(qtbot: QtBot, background: Background) -> None:
    came: list[Exception] = []

    def work(_job: Job) -> None:
        raise OSError("disk full")

    background.run(work, failed=came.append)
    qtbot.waitUntil(lambda: bool(came))
    assert isinstance(came[0], OSError)


def test_nothing_comes_when_the_owner_is_gone(qtbot: QtBot, background: Background) -> None:
    came: list[int] = []
    owner, gate = QObject(), threading.Event()
    background.run(lambda _job: gate.wait(30), owner=owner, done=lambda _result: came.append(1))
    owner.deleteLater()
    del owner
    QApplication.sendPostedEvents(None, 52)  # DeferredDelete
    gate.set()
    qtbot.waitUntil(lambda: not background.busy)
    QApplication.processEvents()
    assert came == []


def _note(order: list[int], number: int, _job: Job) -> None:
    order.append(number)


def test_the_lane_does_one_thing_after_the_other(qtbot: QtBot, background: Background) -> None:
    order: list[int] = []
    for number in range(20):
        background.run(partial(_note, order, number))
    qtbot.waitUntil(lambda: len(order) == 20)
    assert order == list(range(20))


def test_progress_is_told(qtbot: QtBot, background: Background) -> None:
    gate = threading.Event()

    def work(job: Job) -> None:
        gate.wait(30)
        job.report(3, 10, "rows")

    job = background.run(work, in_lane=False)
    with qtbot.waitSignal(job.progressed) as told:
        gate.set()
    assert told.args == [3, 10, "rows"]


def test_shutdown_stops_work_that_looks_at_its_job(qapp: QApplication) -> None:
    background = Background()
    begun, stop = threading.Event(), threading.Event()

    def work(job: Job) -> None:
        begun.set()
        while not job.cancelled:
            stop.wait(0.005)

    background.run(work)
    assert begun.wait(30)
    assert background.shutdown(3000)


class Asker:
    """Somebody who asked for work, such as a page that was left since."""

    def take(self, _result: object) -> None:
        """Nothing is done with it."""


def is_let_go(asker: weakref.ref[Asker]) -> bool:
    """Return whether nothing holds her once everything of this turn was done."""
    QCoreApplication.processEvents()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()
    return asker() is None


@pytest.mark.parametrize("has_begun", [True, False])
def test_cancelled_work_lets_go_of_who_asked(qtbot: QtBot, background: Background, has_begun: bool) -> None:
    begun, gate, asker = threading.Event(), threading.Event(), Asker()
    known = weakref.ref(asker)

    def work(_job: Job) -> None:
        begun.set()
        gate.wait(30)

    if not has_begun:
        background.run(work)
    job = background.run(work, done=asker.take)
    assert begun.wait(30)
    job.cancel()
    del asker, job
    gate.set()
    qtbot.waitUntil(lambda: not background.busy)
    assert is_let_go(known)


def test_the_end_lets_go_of_who_asked_for_work_that_never_began(qapp: QApplication) -> None:
    background, begun, gate, asker = Background(), threading.Event(), threading.Event(), Asker()
    known = weakref.ref(asker)

    def work(_job: Job) -> None:
        begun.set()
        gate.wait(30)

    background.run(work)
    # work that had not begun when all ends would be let go of at once, and nothing would be waited for
    assert begun.wait(30)
    background.run(lambda _job: None, done=asker.take)
    del asker
    assert not background.shutdown(0)
    gate.set()
    assert background.shutdown()
    assert is_let_go(known)


def test_changes_from_another_thread_reach_the_window_s_thread(qtbot: QtBot, background: Background) -> None:
    feed = Feed()
    came: list[tuple[object, bool]] = []
    here = QThread.currentThread()
    feed.changed.connect(lambda changes: came.append((changes, QThread.currentThread() is here)))
    background.run(lambda _job: feed.announce("changes"))
    qtbot.waitUntil(lambda: bool(came))
    assert came == [("changes", True)]


def test_changes_of_the_window_s_own_thread_come_at_once(qapp: QApplication) -> None:
    feed = Feed()
    came: list[object] = []
    feed.changed.connect(came.append)
    feed.announce("changes")
    assert came == ["changes"]
