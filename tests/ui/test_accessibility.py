"""The gate on the widgets and the shell: no faults in any scheme, text size or direction."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from ewb_desktop.ui import theme
from ewb_desktop.ui.destinations import ToDirectory, ToMembers, ToSync, ToToday
from ewb_desktop.ui.widgets.look import Scheme
from ewb_desktop.ui.window import MainWindow
from tests.support.audit import faults
from tests.support.gallery import PAGES

LOOKS = [
    (Scheme.LIGHT, 100, False),
    (Scheme.LIGHT, 200, True),
    (Scheme.DARK, 100, True),
    (Scheme.DARK, 200, False),
    (Scheme.CONTRAST, 100, False),
    (Scheme.CONTRAST, 200, True),
]


@pytest.fixture(params=LOOKS, ids=lambda look: f"{look[0]}-{look[1]}-{'rtl' if look[2] else 'ltr'}")
def look(qapp: QApplication, request: pytest.FixtureRequest) -> Iterator[None]:
    scheme, percent, right_to_left = request.param
    theme.apply(qapp, scheme, percent, right_to_left=right_to_left)
    yield
    theme.apply(qapp, Scheme.LIGHT, 100)


def gate(window: QWidget) -> None:
    found = faults(window)
    assert not found, "\n".join(map(str, found))


@pytest.mark.parametrize("page", PAGES)
def test_the_widgets_have_no_faults(qtbot: QtBot, look: None, page: str) -> None:
    widget = PAGES[page]()
    qtbot.addWidget(widget)
    widget.resize(1160, 680)
    gate(widget)


def test_the_shell_has_no_faults(qtbot: QtBot, look: None) -> None:
    window = MainWindow(
        place="St Mary's Hall, Stretford", worker="Rowan O.", find=lambda _text: (), banner="Practice: made-up people",
        pages=dict.fromkeys((ToToday, ToMembers, ToDirectory, ToSync), PAGES["rows"]),
    )  # fmt: skip
    qtbot.addWidget(window)
    window.set_status("Working offline. 3 changes to send")
    window.set_count(ToToday, 7)
    window.show_page(ToToday())
    window.resize(1280, 720)
    gate(window)
