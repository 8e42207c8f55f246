"""One window per profile: the second start asks the first to come forward."""

from __future__ import annotations

from pathlib import Path

from pytestqt.qtbot import QtBot

from ewb_desktop.ui.one_instance import OneInstance


def test_a_second_start_asks_the_first_to_come_forward(qtbot: QtBot, tmp_path: Path) -> None:
    first, second = OneInstance(tmp_path), OneInstance(tmp_path)
    assert first.take()
    first.listen()
    with qtbot.waitSignal(first.asked_forward):
        assert not second.take()
    first.release()


def test_a_second_start_gives_way_before_the_first_one_listens(tmp_path: Path) -> None:
    first, second = OneInstance(tmp_path), OneInstance(tmp_path)
    assert first.take()
    assert not second.take()
    first.release()
    assert second.take()
    second.release()
