"""The list of pages at the side: its words stand clear of the bar that marks the page shown."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QAccessible, QColor
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ewb_desktop.ui.destinations import ToMembers, ToSync
from ewb_desktop.ui.shell.rail import Rail, RailEntry
from ewb_desktop.ui.widgets.look import Scheme, tokens_of
from tests.support.looks import worn
from tests.support.screens import settle


@pytest.mark.parametrize("right_to_left", [False, True], ids=["ltr", "rtl"])
def test_in_large_letters_the_word_of_the_page_shown_does_not_touch_its_bar(
    qapp: QApplication, qtbot: QtBot, right_to_left: bool
) -> None:
    with worn(qapp, (Scheme.LIGHT, 200, right_to_left)):
        rail = Rail([RailEntry(ToMembers(), "Members", "users"), RailEntry(ToSync(), "Send and receive", "refresh-cw")])
        qtbot.addWidget(rail)
        rail.set_small(True)
        rail.resize(rail.width(), 600)
        rail.show()
        for kind, button in zip((ToMembers, ToSync), rail.buttons, strict=True):
            rail.show_current(kind)
            settle(rail)
            picture, ground = button.grab().toImage(), QColor(tokens_of(button).soft)
            beside = range(5, 8) if not right_to_left else range(button.width() - 8, button.width() - 5)
            middle = range(button.height() // 3, button.height() - 12)
            assert {picture.pixelColor(x, y).name() for x in beside for y in middle} == {ground.name()}


def test_an_entry_is_told_as_a_button_and_which_page_is_shown(qtbot: QtBot) -> None:
    rail = Rail([RailEntry(ToMembers(), "Members", "users"), RailEntry(ToSync(), "Send and receive", "refresh-cw")])
    qtbot.addWidget(rail)
    rail.show_current(ToSync)
    told = [QAccessible.queryAccessibleInterface(button) for button in rail.buttons]
    assert [each.role() for each in told] == [QAccessible.Role.Button] * 2
    assert [each.text(QAccessible.Text.Description) for each in told] == ["Key Ctrl+1", "The page shown. Key Ctrl+2"]
