"""A button whose work is under way: it keeps the keyboard and cannot be pressed twice."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from ewb_desktop.ui.widgets.button import Button


@pytest.fixture
def pressed(qtbot: QtBot) -> tuple[Button, list[bool]]:
    button, heard = Button("Check"), list[bool]()
    button.clicked.connect(lambda: heard.append(True))
    qtbot.addWidget(button)
    button.show()
    button.setFocus()
    return button, heard


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space])
def test_while_its_work_is_under_way_a_key_does_nothing_and_the_keyboard_stays(
    pressed: tuple[Button, list[bool]], key: Qt.Key
) -> None:
    button, heard = pressed
    button.show_busy(True, "Checking")
    QTest.keyClick(button, key)
    assert (heard, button.focusWidget(), button.words()) == ([], button, "Checking")
    button.show_busy(False, "Check")
    QTest.keyClick(button, key)
    assert len(heard) == 1


def test_while_its_work_is_under_way_a_click_does_nothing(pressed: tuple[Button, list[bool]]) -> None:
    button, heard = pressed
    button.show_busy(True, "Checking")
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert heard == []
    button.show_busy(False, "Check")
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert len(heard) == 1
