"""A person in front of the whole program, for every test of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.support.programs import Seat


@pytest.fixture
def seat(qapp: QApplication, qtbot: QtBot, tmp_path: Path) -> Iterator[Seat]:
    sitting = Seat(qtbot, tmp_path)
    yield sitting
    sitting.leave()
