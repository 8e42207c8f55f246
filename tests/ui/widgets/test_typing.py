"""What is typed into fields the way people do: a whole date into the first box, Enter on a list that opens."""

from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from ewb_desktop.ui.widgets.date_field import DateField
from ewb_desktop.ui.widgets.field import SelectField, TextField
from ewb_desktop.ui.widgets.scroll_page import ScrollPage


def boxes(field: DateField) -> list[QLineEdit]:
    return [box for key in ("day", "month", "year") if (box := field.findChild(QLineEdit, f"born.{key}")) is not None]


@pytest.fixture
def field(qtbot: QtBot) -> DateField:
    field = DateField("Date of birth", name="born")
    qtbot.addWidget(field)
    field.show()
    return field


@pytest.mark.parametrize("typed", ["14/3/1986", "14.03.1986", "14-03-1986", "14 3 1986", "14031986"])
def test_a_whole_date_typed_into_the_day_is_given_to_all_three(field: DateField, typed: str) -> None:
    day = boxes(field)[0]
    QTest.keyClicks(day, typed)
    assert field.value == date(1986, 3, 14)
    assert [box.text().lstrip("0") for box in boxes(field)] == ["14", "3", "1986"]
    assert field.focusWidget() is boxes(field)[-1]


def test_a_whole_date_is_pasted_too(field: DateField) -> None:
    QGuiApplication.clipboard().setText("14/03/1986")
    boxes(field)[0].paste()
    assert field.value == date(1986, 3, 14)


@pytest.mark.parametrize("typed", ["1", "14", "14/3", "14/3/86", "1403", "140386"])
def test_less_than_a_whole_date_stays_where_it_was_typed(field: DateField, typed: str) -> None:
    QTest.keyClicks(boxes(field)[0], typed)
    assert [box.text() for box in boxes(field)] == [typed, "", ""]


def test_a_month_takes_its_longest_name_and_a_year_four_numbers(field: DateField) -> None:
    day, month, year = boxes(field)
    for box, text in ((day, "14"), (month, "September"), (year, "19861")):
        QTest.keyClicks(box, text)
    assert field.value == date(1986, 9, 14)


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space])
def test_a_list_opens_with_enter_as_with_space(qtbot: QtBot, key: Qt.Key) -> None:
    select = SelectField("Role", [("a", "Connector"), ("b", "Volunteer")])
    qtbot.addWidget(select)
    select.show()
    QTest.keyClick(select.combo, key)
    assert select.combo.view().isVisible()
    select.combo.hidePopup()


def test_a_field_that_gets_the_keyboard_shows_its_label_too(qtbot: QtBot) -> None:
    page = ScrollPage()
    fields = [TextField(f"Question {number}", "A hint") for number in range(20)]
    for field in fields:
        page.add(field)
    qtbot.addWidget(page)
    page.resize(500, 400)
    page.show()
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    fields[12].setFocus()
    fields[5].setFocus()
    QApplication.processEvents()
    assert QApplication.focusWidget() is fields[5].line
    label = fields[5].label
    assert 0 <= label.mapTo(page.viewport(), label.rect().topLeft()).y() < page.viewport().height()
