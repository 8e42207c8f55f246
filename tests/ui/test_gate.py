"""The window before anybody is unlocked."""

from __future__ import annotations

from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ewb_desktop.ui import theme
from ewb_desktop.ui.gate import GateWindow
from ewb_desktop.ui.page import Page
from ewb_desktop.ui.widgets.look import Scheme, tokens_of


def test_the_practice_banner_is_a_low_strip_from_edge_to_edge_at_any_text_size(qapp: QApplication, qtbot: QtBot) -> None:
    theme.apply(qapp, Scheme.DARK, 200)
    gate = GateWindow(lambda: Page("Help", "crisis"), practice=True)
    qtbot.addWidget(gate)
    gate.resize(1366, 768)
    gate.show()
    assert gate.banner.height() < 2 * gate.banner.title.fontMetrics().height()
    assert gate.grab().toImage().pixelColor(0, 0) == QColor(tokens_of(gate).notice.fill)
    theme.apply(qapp, Scheme.LIGHT, 100)
