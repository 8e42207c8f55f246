"""One window per profile: the second start asks the first to come forward."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from pytestqt.qtbot import QtBot

from ewb_desktop.ui.one_instance import OneInstance
from tests.support.programs import PATIENCE


def test_a_second_start_asks_the_first_to_come_forward(qtbot: QtBot, tmp_path: Path) -> None:
    first, second = OneInstance(tmp_path), OneInstance(tmp_path, patience=0)
    assert first.take()
    first.listen()
    with qtbot.waitSignal(first.asked_forward):
        assert not second.take()
    first.release()


_SECOND = """
import sys
from pathlib import Path
from ewb_desktop.ui.one_instance import OneInstance

second = OneInstance(Path(sys.argv[1]), patience=60_000)
sys.exit(0 if not second.take() and second.has_answered else 1)
"""


def second_start(folder: Path) -> subprocess.Popen[bytes]:
    """Start a second one: a process of its own, which ends with 0 once it was answered."""
    return subprocess.Popen([sys.executable, "-c", _SECOND, str(folder)])


def test_the_one_that_runs_answers_a_second_start(qtbot: QtBot, tmp_path: Path) -> None:
    first = OneInstance(tmp_path)
    assert first.take()
    first.listen()
    second = second_start(tmp_path)
    qtbot.waitUntil(lambda: second.poll() is not None, timeout=PATIENCE)
    first.release()
    assert second.returncode == 0


def test_a_second_start_knows_when_the_one_that_runs_does_not_answer(tmp_path: Path) -> None:
    first, second = OneInstance(tmp_path), OneInstance(tmp_path, patience=200)
    assert first.take()
    first.listen()
    assert not second.take()
    assert not second.has_answered
    first.release()


def test_a_second_start_gives_way_before_the_first_one_listens(tmp_path: Path) -> None:
    first, second = OneInstance(tmp_path), OneInstance(tmp_path, patience=0)
    assert first.take()
    assert not second.take()
    first.release()
    assert second.take()
    second.release()
