"""The gate on the widgets and the shell: no faults in any scheme, text size or direction."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QSize
from pytestqt.qtbot import QtBot

from ewb_desktop.ui.destinations import ToDirectory, ToMembers, ToSync, ToToday
from ewb_desktop.ui.window import MainWindow
from tests.support.gallery import PAGES
from tests.support.looks import Look, expect_accessible, in_every_look


@in_every_look
@pytest.mark.parametrize("page", PAGES)
def test_the_widgets_have_no_faults(qtbot: QtBot, look: Look, page: str) -> None:
    expect_accessible(qtbot, look, PAGES[page], QSize(1160, 680))


@in_every_look
def test_the_shell_has_no_faults(qtbot: QtBot, look: Look) -> None:
    expect_accessible(qtbot, look, shell, QSize(1280, 720))


def shell() -> MainWindow:
    window = MainWindow(
        place="St Mary's Hall, Stretford", worker="Rowan O.", find=lambda _text: (), banner="Practice: made-up people",
        pages=dict.fromkeys((ToToday, ToMembers, ToDirectory, ToSync), PAGES["rows"]),
    )  # fmt: skip
    window.set_status("Working offline. 3 changes to send")
    window.set_count(ToToday, 7)
    window.show_page(ToToday())
    return window
