"""Where a window stands: on the screen there is, and where it stood before."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from ewb_desktop.ui.window_place import WindowPlace, fitted, place_of, put_instead, put_window, read_place, show_instead

LARGE, SMALL = QRect(0, 0, 1920, 1040), QRect(0, 0, 1280, 680)


def test_on_a_large_screen_the_window_has_its_usual_size_in_the_middle() -> None:
    assert fitted(None, [LARGE]) == WindowPlace(277, 136, 1366, 768)


def test_a_small_screen_is_filled_and_nothing_lies_beyond_its_edge() -> None:
    assert fitted(None, [SMALL]) == WindowPlace(0, 0, 1280, 680, maximised=True)


def test_the_window_comes_back_where_it_stood() -> None:
    stood = WindowPlace(300, 100, 900, 700)
    assert fitted(stood, [LARGE]) == stood
    assert fitted(read_place("300 100 900 700 maximised"), [LARGE]) == WindowPlace(300, 100, 900, 700, maximised=True)


def test_a_place_on_a_screen_that_is_gone_is_forgotten() -> None:
    assert fitted(WindowPlace(2500, 100, 900, 700), [LARGE]) == fitted(None, [LARGE])


def test_a_place_larger_than_the_screen_is_brought_onto_it() -> None:
    assert fitted(WindowPlace(-50, 20, 1366, 768), [SMALL]) == WindowPlace(0, 0, 1280, 680)


@pytest.mark.parametrize("text", ["", "maximised", "1 2 3", "1 2 0 4", "a b c d", "1 2 3 4 5"])
def test_what_nobody_can_read_is_no_place(text: str) -> None:
    assert read_place(text) is None


def test_what_is_kept_of_a_window_puts_the_next_one_there(qtbot: QtBot) -> None:
    first, second = QWidget(), QWidget()
    for window in (first, second):
        qtbot.addWidget(window)
    first.setGeometry(40, 60, 500, 400)
    put_window(second, place_of(first))
    assert second.geometry() == first.geometry()
    first.showMaximized()
    put_window(second, place_of(first))
    assert second.isMaximized()


@pytest.mark.parametrize("is_maximised", [True, False])
@pytest.mark.parametrize("was_in_front", [True, False])
def test_a_window_that_is_built_again_asks_for_the_keyboard_only_if_the_old_one_had_it(
    qtbot: QtBot, was_in_front: bool, is_maximised: bool
) -> None:
    old, other, new = QWidget(), QWidget(), QWidget()
    for each in (old, other, new):
        qtbot.addWidget(each)
    if is_maximised:
        old.setWindowState(Qt.WindowState.WindowMaximized)
    for each in (other, old) if was_in_front else (old, other):
        each.show()
        each.activateWindow()
        qtbot.waitUntil(each.isActiveWindow)
    put_instead(new, old)
    show_instead(new, old)
    handle = new.windowHandle()
    assert handle is not None
    # where Qt's platforms look; the one without windows gives the keyboard to each all the same
    assert bool(handle.property("_q_showWithoutActivating")) is not was_in_front
    assert new.isMaximized() is is_maximised


def test_a_window_that_was_put_away_stays_away_when_it_is_built_again(qtbot: QtBot) -> None:
    old, new = QWidget(), QWidget()
    for each in (old, new):
        qtbot.addWidget(each)
    old.showMinimized()
    put_instead(new, old)
    show_instead(new, old)
    assert new.isMinimized()
