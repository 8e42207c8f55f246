"""The page of leaflets by keyboard alone: everything on it is reached, and a leaflet is made to measure and printed."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from ewb_desktop.actions.desk import Desk
from ewb_desktop.ui.destinations import ToLeaflets
from ewb_desktop.ui.leaflets.view import LeafletsPage
from tests.support.leaflet_desk import PaperTray, leaflets_page, words
from tests.support.leaflet_scene import scene

EVERYTHING = [
    "leaflets.nobody", "leaflets.search", "leaflets.topics", "leaflets.before", "leaflets.after", "leaflets.as_text",
    "leaflets.style", "leaflets.language", "leaflets.palette", "leaflets.sheet", "leaflets.cover",
    "leaflets.services.opener.0", "leaflets.services.act.0", "leaflets.services.opener.1", "leaflets.services.act.1",
    "leaflets.find_service", "leaflets.to_directory", "leaflets.add_step",
    "leaflets.save_email", "leaflets.save_words", "leaflets.copy_words",
    "leaflets.copies", "leaflets.view", "leaflets.save", "leaflets.print",
]  # fmt: skip
"""What Tab comes by on a member's leaflet, in this order."""


@pytest.fixture
def tray(tmp_path: Path) -> PaperTray:
    return PaperTray(tmp_path)


def where(page: LeafletsPage) -> str:
    """Return the name of what the keyboard is on, or of the named part that it belongs to."""
    widget: QWidget | None = QApplication.focusWidget()
    while widget is not None and widget is not page:
        if widget.objectName() in EVERYTHING or widget.objectName().startswith("leaflets.step"):
            return widget.objectName()
        widget = widget.parentWidget()
    return ""


def go_to(page: LeafletsPage, name: str) -> None:
    """Press Tab until the keyboard is there."""
    for _ in range(60):
        if where(page) == name:
            return
        QTest.keyClick(QApplication.focusWidget() or page, Qt.Key.Key_Tab)
    raise AssertionError(f"Tab never comes to {name}")


def hit(key: Qt.Key, *, ctrl: bool = False) -> None:
    focused = QApplication.focusWidget()
    assert focused is not None
    QTest.keyClick(focused, key, Qt.KeyboardModifier.ControlModifier if ctrl else Qt.KeyboardModifier.NoModifier)


def type_words(text: str) -> None:
    focused = QApplication.focusWidget()
    assert focused is not None
    QTest.keyClicks(focused, text)


def opened(qtbot: QtBot, desk: Desk, tray: PaperTray) -> LeafletsPage:
    person, services = scene(desk, written_language="en", leaflet_format="clear_print")
    page = leaflets_page(qtbot, desk, tray, ToLeaflets(person, services, "low-mood"))
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    page.default_focus.setFocus()  # type: ignore[union-attr]  # the search line
    return page


def test_tab_comes_by_everything_in_the_order_in_which_it_is_read(qtbot: QtBot, desk: Desk, tray: PaperTray) -> None:
    page = opened(qtbot, desk, tray)
    go_to(page, EVERYTHING[0])
    seen: list[str] = []
    for _ in range(80):
        if where(page) and where(page) not in seen[-1:]:
            seen.append(where(page))
        hit(Qt.Key.Key_Tab)
        if where(page) == EVERYTHING[0]:
            break
    assert seen == EVERYTHING


def test_a_leaflet_is_made_to_measure_and_printed_without_a_mouse(qtbot: QtBot, desk: Desk, tray: PaperTray) -> None:
    page = opened(qtbot, desk, tray)
    type_words("sleep")
    hit(Qt.Key.Key_Return)
    go_to(page, "leaflets.topics")
    hit(Qt.Key.Key_Home)
    hit(Qt.Key.Key_Return)
    assert "Sleeping better" in words(page)
    go_to(page, "leaflets.style")
    hit(Qt.Key.Key_Down)
    go_to(page, "leaflets.cover")
    hit(Qt.Key.Key_Space)
    go_to(page, "leaflets.services.act.0")
    hit(Qt.Key.Key_Space)
    assert where(page) == "leaflets.find_service"
    go_to(page, "leaflets.add_step")
    hit(Qt.Key.Key_Space)
    assert where(page) == "leaflets.step.input"
    type_words("Rowan rings on Monday")
    go_to(page, "leaflets.copies")
    hit(Qt.Key.Key_Down)
    hit(Qt.Key.Key_P, ctrl=True)
    ((_, title, copies),) = tray.printed
    assert (title, copies) == ("Information for you", 2)
    text = words(page)
    assert "Rowan rings on Monday" in text
    assert "Park walking group" in text
    assert "Stretford debt advice" not in text


def test_tab_through_the_topics_that_were_found_changes_nothing_and_a_key_takes_one(
    qtbot: QtBot, desk: Desk, tray: PaperTray
) -> None:
    page = opened(qtbot, desk, tray)
    type_words("grief")
    hit(Qt.Key.Key_Return)
    go_to(page, "leaflets.topics")
    go_to(page, "leaflets.style")
    assert "Low mood" in words(page)
    page.default_focus.setFocus()  # type: ignore[union-attr]  # the search line
    go_to(page, "leaflets.topics")
    hit(Qt.Key.Key_Space)
    assert "Grief" in words(page)
