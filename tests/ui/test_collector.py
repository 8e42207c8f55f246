"""Garbage is collected in the window's thread, and nowhere else."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from ewb_desktop.ui.collector import Collector


class Knot:
    """Part of a cycle; tells in which thread it was let go."""

    def __init__(self, told: list[int]) -> None:
        self.me = self
        self.told = told

    def __del__(self) -> None:
        self.told.append(threading.get_ident())


@pytest.fixture
def collector(qtbot: QtBot) -> Iterator[Collector]:
    was_on = gc.isenabled()
    collector = Collector()
    yield collector
    collector.stop()
    if not was_on:
        gc.disable()


def allocate(told: list[int]) -> None:
    Knot(told)
    kept = [[number] for number in range(50_000)]
    assert kept


def test_a_thread_beside_the_window_collects_nothing(qtbot: QtBot, collector: Collector) -> None:
    told: list[int] = []
    beside = threading.Thread(target=allocate, args=(told,))
    beside.start()
    beside.join()
    assert told == []
    collector.look()
    assert told == [threading.get_ident()]


def test_it_looks_by_itself(qtbot: QtBot, collector: Collector) -> None:
    told: list[int] = []
    allocate(told)
    qtbot.waitUntil(lambda: bool(told), timeout=5_000)


def test_stopping_leaves_it_to_python_again(qtbot: QtBot, collector: Collector) -> None:
    assert not gc.isenabled()
    collector.stop()
    assert gc.isenabled()
