"""The look in which widgets are tried, and a page with nothing on it yet for those that need one."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ewb_desktop.ui import theme
from ewb_desktop.ui.page import Page
from ewb_desktop.ui.widgets.look import Scheme


@pytest.fixture
def dressed(qapp: QApplication) -> None:
    theme.apply(qapp, Scheme.LIGHT, 100)


@pytest.fixture
def page(qtbot: QtBot, qapp: QApplication) -> Page:
    theme.apply(qapp, Scheme.LIGHT, 100)
    page = Page("Sample", "sample")
    qtbot.addWidget(page)
    page.resize(900, 500)
    return page
