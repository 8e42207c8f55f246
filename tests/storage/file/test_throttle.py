"""Guessing gets slow, a moved clock does not help, and nothing is ever wiped."""

from __future__ import annotations

from pathlib import Path

import pytest

from ewb_desktop.storage.file.throttle import Throttle, wait_after
from tests.support.clock import HandClock


def test_five_tries_are_free_then_waits_double_to_a_quarter_of_an_hour() -> None:
    assert [wait_after(failures) for failures in range(16)] == [0, 0, 0, 0, 0, 5, 10, 20, 40, 80, 160, 320, 640, 900, 900, 900]


@pytest.fixture
def waiting(tmp_path: Path) -> tuple[Throttle, HandClock]:
    clock = HandClock()
    throttle = Throttle(tmp_path / "tries.json", clock)
    for _ in range(8):
        throttle.count()
    return throttle, clock


def test_the_wait_passes_with_the_clock(waiting: tuple[Throttle, HandClock]) -> None:
    throttle, clock = waiting
    assert throttle.wait_seconds() == 40
    clock.move(seconds=39)
    assert throttle.wait_seconds() == 1
    clock.move(seconds=1)
    assert throttle.wait_seconds() == 0


def test_a_clock_set_back_neither_shortens_nor_stretches_the_wait(waiting: tuple[Throttle, HandClock]) -> None:
    throttle, clock = waiting
    clock.move(days=-4000)
    assert throttle.wait_seconds() == 40
    clock.move(seconds=30)
    assert throttle.wait_seconds() == 10


def test_it_survives_a_restart(waiting: tuple[Throttle, HandClock], tmp_path: Path) -> None:
    assert Throttle(tmp_path / "tries.json", waiting[1]).wait_seconds() == 40


def test_a_damaged_count_is_one_long_wait_that_ends(tmp_path: Path) -> None:
    clock = HandClock()
    (tmp_path / "tries.json").write_text("[]")
    throttle = Throttle(tmp_path / "tries.json", clock)
    assert throttle.wait_seconds() == 900
    clock.move(minutes=15)
    assert throttle.wait_seconds() == 0


def test_the_right_passphrase_begins_anew(waiting: tuple[Throttle, HandClock]) -> None:
    throttle, _ = waiting
    throttle.forget()
    assert throttle.wait_seconds() == 0
    assert throttle.count() == 0
