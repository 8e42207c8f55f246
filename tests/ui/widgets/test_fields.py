"""Fields of a form: what is read from what was typed, room for letters, and errors that are spoken with their field."""

from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from ewb_desktop.ui.widgets.date_field import DateField
from ewb_desktop.ui.widgets.field import SelectField, TextArea, TextField
from ewb_desktop.ui.widgets.notice import ErrorSummary
from ewb_desktop.ui.widgets.passphrase_field import PassphraseField
from tests.ui.widgets.test_widgets import shown

pytestmark = pytest.mark.usefixtures("dressed")


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        (("14", "3", "1986"), date(1986, 3, 14)),
        (("14", "March", "1986"), date(1986, 3, 14)),
        (("1", "sep", "2001"), date(2001, 9, 1)),
    ],
)
def test_a_date_is_read_from_numbers_or_a_month_s_name(qtbot: QtBot, typed: tuple[str, str, str], day: date) -> None:
    field = DateField("Born")
    qtbot.addWidget(field)
    field.typed = typed
    assert field.read() == (day, "")


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        (("31", "2", "2026"), "no such day"),
        (("", "2", "2026"), "add a day"),
        (("1", "2", "26"), "four numbers"),
        (("1", "13", "2026"), "numbers"),
        (("27", "11", "2026"), "Born: enter 26 November 2026 or an earlier day"),
        (("", "", ""), "Born: enter the day"),
    ],
)
def test_a_date_that_is_none_says_what_is_wrong(qtbot: QtBot, typed: tuple[str, str, str], words: str) -> None:
    field = DateField("Born", latest=date(2026, 11, 26))
    qtbot.addWidget(field)
    field.typed = typed
    found, problem = field.read()
    assert found is None
    assert words in problem


def test_an_error_is_spoken_with_its_field(qtbot: QtBot) -> None:
    field = TextField("Name", "What they like to be called")
    qtbot.addWidget(field)
    field.show_error("Write a name")
    assert field.line.accessibleDescription() == "Error: Write a name. What they like to be called"


def test_the_error_summary_takes_the_focus_and_leads_to_the_field(qtbot: QtBot) -> None:
    page = QWidget()
    box = QVBoxLayout(page)
    summary, field = ErrorSummary(), TextField("Name")
    box.addWidget(summary)
    box.addWidget(field)
    shown(qtbot, page)
    summary.show_errors([("Write a name", field)])
    assert QApplication.focusWidget() is summary
    summary._links[0].click()
    assert QApplication.focusWidget() is field.line


def test_a_text_area_grows_with_its_text_and_tells_only_of_typing(qtbot: QtBot) -> None:
    area = TextArea("Notes")
    told: list[int] = []
    area.edited.connect(lambda: told.append(1))
    shown(qtbot, area)
    before = area.area.sizeHint().height()
    area.value = "\n".join("line" for _ in range(8))
    QApplication.processEvents()
    assert (told, area.area.sizeHint().height() > before) == ([], True)


def test_a_select_gives_its_value_and_not_its_words(qtbot: QtBot) -> None:
    field = SelectField("Source", [("self", "Came by themselves"), ("gp", "GP")])
    qtbot.addWidget(field)
    field.value = "gp"
    assert (field.value, field.combo.currentText()) == ("gp", "GP")


def test_a_passphrase_is_hidden_again_when_it_is_cleared(qtbot: QtBot) -> None:
    field = PassphraseField("Passphrase")
    qtbot.addWidget(field)
    field.line.setText("four made up words")
    field.toggle.click()
    field.clear()
    assert (field.value, field.line.echoMode()) == ("", field.line.EchoMode.Password)


def test_an_error_that_was_put_right_leaves_its_field(qtbot: QtBot) -> None:
    summary, field = ErrorSummary(), TextField("Name")
    qtbot.addWidget(summary)
    qtbot.addWidget(field)
    summary.show_errors([("Write a name", field)])
    summary.show_errors([])
    assert (field.error.text(), summary.isHidden()) == ("", True)


def paste(area: TextArea, words: str, at: int) -> None:
    cursor = area.area.textCursor()
    cursor.setPosition(at)
    cursor.insertText(words)


def test_a_paste_beyond_the_room_loses_its_own_end_and_is_told(qtbot: QtBot) -> None:
    area = TextArea("Notes", most_letters=20)
    shown(qtbot, area)
    area.value = "before after"
    paste(area, "1234567890", 7)
    assert area.value == "before 12345678after"
    assert "There is room for 20 letters here" in area.error.text()
    area.area.moveCursor(QTextCursor.MoveOperation.End)
    QTest.keyClick(area.area, Qt.Key.Key_Backspace)
    assert not area.error.isVisible()


def test_a_letter_of_several_parts_is_never_cut_in_two(qtbot: QtBot) -> None:
    area = TextArea("Notes", most_letters=4)
    shown(qtbot, area)
    paste(area, "abc\N{SLIGHTLY SMILING FACE}", 0)
    assert area.value == "abc"


def test_words_that_are_longer_already_are_shown_whole_and_can_be_shortened(qtbot: QtBot) -> None:
    area, line = TextArea("Notes", most_letters=5), TextField("Name", most=5)
    for field in (area, line):
        shown(qtbot, field)
        field.value = "longer than that"
        assert field.value == "longer than that"
    line.line.setFocus()
    QTest.keyClick(line.line, Qt.Key.Key_Backspace)
    assert line.value == "longer than tha"
    assert not line.error.isVisible()


def test_a_line_that_is_full_says_so_until_there_is_room_again(qtbot: QtBot) -> None:
    line = TextField("Name", most=3)
    shown(qtbot, line)
    QTest.keyClicks(line.line, "Amin")
    assert line.value == "Ami"
    assert "There is room for 3 letters here" in line.error.text()
    QTest.keyClick(line.line, Qt.Key.Key_Backspace)
    assert not line.error.isVisible()


def test_a_form_s_own_error_stays_while_somebody_writes(qtbot: QtBot) -> None:
    line = TextField("Name", most=10)
    shown(qtbot, line)
    line.show_error("Type a name")
    QTest.keyClicks(line.line, "A")
    assert "Type a name" in line.error.text()
