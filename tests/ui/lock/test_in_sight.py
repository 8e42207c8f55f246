"""Crisis help is the first thing on the lock screen and in sight at any text size."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ewb_desktop.ui.lock.page import build
from ewb_desktop.ui.widgets.look import Scheme
from tests.support.doors import MadeUpDoors, run_now
from tests.support.looks import worn


@pytest.mark.parametrize("percent", [100, 200])
def test_crisis_help_and_unlock_are_in_sight_with_the_keyboard_in_the_passphrase(
    qapp: QApplication, qtbot: QtBot, percent: int
) -> None:
    with worn(qapp, (Scheme.LIGHT, percent, False)):
        page = build(MadeUpDoors(), run_now, lambda _opened: None)
        qtbot.addWidget(page)
        page.resize(1366, 720)
        page.show()
        page.passphrase.line.setFocus()
        qapp.processEvents()
        bottoms = [
            part.mapTo(page.sheet.viewport(), part.rect().bottomLeft()).y() for part in (page.crisis_button, page.unlock_button)
        ]
        tops = [part.mapTo(page.sheet.viewport(), part.rect().topLeft()).y() for part in (page.crisis_button, page.who)]
        assert 0 <= tops[0] < bottoms[0] < tops[1]
        assert bottoms[1] < page.sheet.viewport().height()
        page.hide()
