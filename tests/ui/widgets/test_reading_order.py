"""Tab goes on in reading order, whatever was made first; buttons are pressed by Enter; what has the focus is in sight."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QGridLayout, QWidget

from ewb_desktop.ui.focus_ring import FocusRing
from ewb_desktop.ui.page import Page
from ewb_desktop.ui.widgets.button import Button
from ewb_desktop.ui.widgets.card import Card
from ewb_desktop.ui.widgets.choices import Choice, ChoiceList
from ewb_desktop.ui.widgets.field import TextField
from ewb_desktop.ui.widgets.flow import Columns, Flow
from ewb_desktop.ui.widgets.notice import ErrorSummary
from ewb_desktop.ui.widgets.reading_order import tab_stops
from ewb_desktop.ui.widgets.row import Row
from ewb_desktop.ui.widgets.rows import RowList
from ewb_desktop.ui.widgets.scale import ScaleRow
from tests.support.audit.keyboard import against_reading
from tests.support.audit.parts import Parts, settle


def shown(page: Page) -> Page:
    page.show()
    page.activateWindow()
    settle(page)
    return page


def walk(page: QWidget, steps: int, key: Qt.Key = Qt.Key.Key_Tab) -> list[str]:
    """Return the names of what has the keyboard, now and after each of so many steps."""
    names = []
    for _ in range(steps + 1):
        here = QApplication.focusWidget() or page
        names.append(here.objectName())
        QTest.keyClick(here, key)
    return names


def test_rows_made_later_come_where_they_stand(page: Page) -> None:
    rows = RowList(name="rows")
    after = Button("After", name="after")
    page.sheet.add(Columns([rows, after], (1, 0)))
    shown(page)
    rows.set_rows([Row(key, key, action="Open", opens=True) for key in ("a", "b")])
    settle(page)
    assert walk(page, 5) == ["after", "rows.open.0", "rows.act.0", "rows.open.1", "rows.act.1", "after"]


def test_tab_goes_round_and_shift_tab_goes_back(page: Page) -> None:
    for name in ("one", "two", "three"):
        page.sheet.add(Button(name, name=name))
    shown(page)
    assert walk(page, 3) == ["one", "two", "three", "one"]
    assert walk(page, 2, Qt.Key.Key_Backtab) == ["two", "one", "three"]


def test_a_grid_is_read_line_by_line_whatever_was_put_in_first(page: Page) -> None:
    grid = QGridLayout()
    for name, line, column in (("d", 1, 1), ("b", 0, 1), ("c", 1, 0), ("a", 0, 0)):
        grid.addWidget(Button(name, name=name), line, column)
    page.sheet.add(grid)
    shown(page)
    assert [stop.objectName() for stop in tab_stops(page)] == ["a", "b", "c", "d"]


def test_the_choices_of_one_question_are_one_stop_at_the_one_chosen(page: Page) -> None:
    choices = ChoiceList([Choice(number, str(number)) for number in range(4)], says="How often?")
    page.sheet.add(choices)
    page.sheet.add(Button("Next", name="next"))
    shown(page)
    choices.rows[0].setFocus()
    QTest.keyClick(choices.rows[0], Qt.Key.Key_Tab)
    assert page.focusWidget().objectName() == "next"
    choices.value = 2
    QTest.keyClick(page.focusWidget(), Qt.Key.Key_Backtab)
    assert page.focusWidget() is choices.rows[2]


def test_the_first_answer_is_chosen_by_an_arrow_key_too(page: Page) -> None:
    choices = ChoiceList([Choice(number, str(number)) for number in range(4)], says="How often?")
    scale = ScaleRow("How near?", "far", "near")
    page.sheet.add(choices)
    page.sheet.add(scale)
    shown(page)
    for part, key in ((choices, Qt.Key.Key_Down), (scale, Qt.Key.Key_Right)):
        part.setFocus()
        QTest.keyClick(QApplication.focusWidget() or page, key)
        assert part.value == 1


def test_tab_goes_on_from_words_that_have_the_focus_and_are_no_stop(page: Page) -> None:
    before, after = Button("Before", name="before"), Button("After", name="after")
    card = Card("Read this")
    for part in (before, card, after):
        page.sheet.add(part)
    shown(page)
    card.heading.setFocus()
    QTest.keyClick(card.heading, Qt.Key.Key_Tab)
    assert after.hasFocus()
    card.heading.setFocus()
    QTest.keyClick(card.heading, Qt.Key.Key_Backtab)
    assert before.hasFocus()


def test_hidden_and_disabled_widgets_are_passed(page: Page) -> None:
    hidden, disabled, last = Button("Hidden"), Button("Disabled"), Button("Last")
    page.sheet.add(Flow([hidden, disabled, last]))
    hidden.hide()
    disabled.setEnabled(False)
    shown(page)
    assert tab_stops(page) == [last]


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space])
def test_a_button_with_the_focus_is_pressed_by_enter_and_by_space(page: Page, key: Qt.Key) -> None:
    pressed: list[bool] = []
    button = Button("Go")
    button.clicked.connect(lambda: pressed.append(True))
    page.sheet.add(button)
    shown(page)
    button.setFocus()
    QTest.keyClick(button, key)
    assert pressed == [True]


def test_enter_on_the_summary_of_errors_goes_to_the_first_field(page: Page) -> None:
    summary, field = ErrorSummary(), TextField("Name", name="name")
    for part in (summary, Button("Between"), field):
        page.sheet.add(part)
    shown(page)
    summary.show_errors([("Write a name", field)])
    settle(page)
    assert summary.hasFocus()
    QTest.keyClick(summary, Qt.Key.Key_Return)
    assert field.line.hasFocus()


def test_the_ring_outlives_a_part_of_what_was_round_the_focus(page: Page) -> None:
    ring = FocusRing(page)
    card, other = Card("Goes"), Button("Stays")
    button = Button("Goes too")
    card.add(button)
    page.sheet.add(card)
    page.sheet.add(other)
    shown(page)
    button.setFocus()
    page.sheet.body.removeWidget(card)
    card.setParent(None)
    card.deleteLater()
    settle(page)
    page.resize(700, 400)
    other.setFocus()
    settle(page)
    assert ring.isVisible()
    page.sheet.show_near(button)


def test_the_gate_sees_what_is_read_first_and_comes_last_at_whatever_distance(page: Page) -> None:
    head, rows, foot = Button("Head"), Card("Rows"), Button("Foot")
    inner = Button("Row")
    rows.add(inner)
    beside = Button("Beside")
    page.sheet.add(head)
    page.sheet.add(Columns([rows, beside], (1, 1)))
    page.sheet.add(foot)
    parts = Parts(shown(page))
    assert against_reading(parts, [head, inner, beside, foot]) == []
    assert against_reading(parts, [foot, head, inner, beside]) == [], "a round may begin anywhere"
    late = against_reading(parts, [head, beside, foot, inner])
    assert ["'Row'" in fault.message for fault in late] == [True]
