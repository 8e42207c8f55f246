"""A page that scrolls: what has the keyboard comes into sight, and who scrolled away from it is left there."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from ewb_desktop.ui.focus_ring import FocusRing
from ewb_desktop.ui.page import Page
from ewb_desktop.ui.widgets.button import Button
from ewb_desktop.ui.widgets.field import TextField
from ewb_desktop.ui.widgets.text import Text
from ewb_desktop.ui.widgets.virtual_list import VirtualList
from tests.support.audit.parts import settle
from tests.support.gallery import Rows


def shown(page: Page) -> Page:
    page.show()
    page.activateWindow()
    settle(page)
    return page


def test_what_gets_the_focus_comes_wholly_into_sight_above_the_edge(page: Page) -> None:
    fields = [TextField(f"Field {number}") for number in range(12)]
    for field in fields:
        page.sheet.add(field)
    shown(page)
    port = page.sheet.viewport()
    for field in (fields[-1], fields[5], fields[0]):
        field.setFocus()
        settle(page)
        top = field.line.mapTo(port, QPoint(0, 0)).y()
        assert top >= FocusRing.REACH
        assert top + field.line.height() + FocusRing.REACH <= port.height()
    page.resize(900, 200)
    fields[7].setFocus()
    page.resize(900, 160)
    settle(page)
    assert fields[7].line.visibleRegion().boundingRect().height() == fields[7].line.height()


def long_page(page: Page) -> tuple[TextField, Page]:
    """Fill a page with more than it can show, the keyboard in its first field."""
    first = TextField("First")
    page.sheet.add(first)
    for number in range(30):
        page.sheet.add(Button(f"Button {number}"))
    shown(page)
    first.setFocus()
    settle(page)
    return first, page


def turn_the_wheel(page: Page, lines: int) -> None:
    """Turn the mouse's wheel over the middle of the page, down for a positive number."""
    port = page.sheet.viewport()
    middle = QPointF(port.rect().center())
    turned = QWheelEvent(
        middle, port.mapToGlobal(middle), QPoint(), QPoint(0, -120 * lines), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(port, turned)


def test_who_scrolled_away_from_the_keyboard_stays_there_when_the_page_gets_less_room(page: Page) -> None:
    long_page(page)
    turn_the_wheel(page, 4)
    bar = page.sheet.verticalScrollBar()
    there = bar.value()
    assert there > 0
    page.resize(page.width(), page.height() - 30)
    settle(page)
    assert bar.value() == there


def test_a_page_that_shows_its_beginning_stays_there_when_what_it_says_grows(page: Page) -> None:
    report = Text("Nothing yet")
    page.sheet.add(report)
    long_page(page)
    last = page.sheet.findChildren(Button)[-1]
    last.setFocus()
    settle(page)
    report.setText("A row was read. " * 100)
    page.sheet.show_top()
    settle(page)
    assert page.sheet.verticalScrollBar().value() == 0
    last.clearFocus()
    last.setFocus()
    settle(page)
    assert last.visibleRegion().boundingRect().height() == last.height()


def test_who_scrolled_and_still_sees_the_keyboard_keeps_it_in_sight(page: Page) -> None:
    long_page(page)
    last = page.sheet.findChildren(Button)[7]
    last.setFocus()
    settle(page)
    turn_the_wheel(page, 1)
    page.resize(page.width(), 100)
    settle(page)
    assert last.visibleRegion().boundingRect().height() == last.height()


def test_a_field_that_was_pressed_and_is_typed_in_stays_in_sight_when_what_stands_above_it_grows(page: Page) -> None:
    came = Text("Nothing yet")
    page.sheet.add(came)
    field, _ = long_page(page)
    field.clearFocus()
    QTest.mouseClick(field.line, Qt.MouseButton.LeftButton)
    QTest.keyClicks(field.line, "She sleeps badly")
    came.setText("Written by a colleague meanwhile. " * 200)
    settle(page)
    assert field.line.visibleRegion().boundingRect().height() == field.line.height()


def test_the_page_goes_along_with_the_row_that_the_keyboard_is_on(page: Page) -> None:
    rows = VirtualList("Topics")
    rows.setModel(Rows(40, rows))
    rows.setMinimumHeight(40 * rows.sizeHintForRow(0) + 10)
    page.sheet.add(Button("Before"))
    page.sheet.add(rows)
    page.sheet.add(Button("After"))
    shown(page)
    rows.setFocus(Qt.FocusReason.TabFocusReason)
    settle(page)
    assert page.sheet.verticalScrollBar().value() == 0
    for key in (Qt.Key.Key_Down, Qt.Key.Key_End, Qt.Key.Key_Up, Qt.Key.Key_Home):
        QTest.keyClick(rows, key)
        settle(page)
        place = rows.visualRect(rows.currentIndex())
        assert rows.viewport().visibleRegion().contains(place), f"row {rows.currentIndex().row()}"
    last = rows.model().index(39, 0)
    rows.clearFocus()
    rows.setCurrentIndex(last)
    settle(page)
    seen = rows.viewport().visibleRegion()
    assert not seen.contains(rows.visualRect(last)), "what the program chooses takes nobody away from the head"
    rows.setFocus(Qt.FocusReason.TabFocusReason)
    settle(page)
    assert rows.viewport().visibleRegion().contains(rows.visualRect(last))


def test_page_keys_scroll_where_no_field_takes_them(page: Page) -> None:
    first = Button("First")
    page.sheet.add(first)
    for number in range(30):
        page.sheet.add(Button(f"Button {number}"))
    shown(page)
    bar = page.sheet.verticalScrollBar()
    first.setFocus()
    places = []
    for key in (Qt.Key.Key_PageDown, Qt.Key.Key_End, Qt.Key.Key_PageUp, Qt.Key.Key_Home):
        QTest.keyClick(first, key)
        places.append(bar.value())
    down, end, up, home = places
    assert (end, home) == (bar.maximum(), 0)
    assert 0 < down < end
    assert 0 < up < end
