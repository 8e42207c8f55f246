"""A day for tests: the real server in this process, real encrypted files with cheap keys, no pictures."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from ewb_desktop.app import rest
from tests.journeys.account import Account
from tests.journeys.day import Day
from tests.journeys.stage import DayClock, in_process
from tests.support.laptops import CHEAP


@pytest.fixture(autouse=True)
def quick_hands(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let hands rest sooner than a person's do: a walk waits for it after each round that changes the window."""
    monkeypatch.setattr(rest, "REST_SECONDS", 0.3)


@pytest.fixture
def day(qapp: QApplication, tmp_path: Path) -> Iterator[Day]:
    """Lend a day at its beginning, and close every laptop afterwards."""
    clock = DayClock()
    with in_process(tmp_path / "server", clock) as centre:
        lent = Day(centre, tmp_path, Account(), cost=CHEAP, clock=clock)
        try:
            yield lent
        finally:
            lent.leave()
