"""The find box in the top of the window: what was found is read whole, however large the letters are."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QFontMetrics
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from ewb_desktop.app.finding import LOOK_FURTHER
from ewb_desktop.ui import theme
from ewb_desktop.ui.destinations import ToOpening
from ewb_desktop.ui.shell.find_box import FindBox, Found
from ewb_desktop.ui.widgets.look import Scheme
from ewb_desktop.ui.widgets.tag import tag_size
from ewb_desktop.ui.widgets.text import sized
from ewb_desktop.ui.widgets.virtual_list import VirtualList

FURTHER = Found(LOOK_FURTHER, "For a member of another area", "server", ToOpening("zara"))


@pytest.mark.parametrize("percent", [100, 150, 200])
def test_what_was_found_stands_there_whole(qtbot: QtBot, qapp: QApplication, percent: int) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    theme.apply(qapp, Scheme.LIGHT, percent)
    try:
        box = FindBox(lambda _text: [FURTHER], "Find a person", window)
        window.resize(1280, 800)
        box.resize(420, 60)
        window.show()
        QTest.keyClicks(box.line, "zara")
        qtbot.waitUntil(lambda: window.findChild(VirtualList, "found.list") is not None)
        found = window.findChild(VirtualList, "found.list")
        assert isinstance(found, VirtualList)
        # as the rows are painted: 16 pixels of air at each side, 12 before the tag
        room = found.viewport().width() - 32 - tag_size(FURTHER.kind).width() - 12
        assert QFontMetrics(sized(17, bold=True)).horizontalAdvance(FURTHER.title) <= room
    finally:
        theme.apply(qapp, Scheme.LIGHT, 100)
