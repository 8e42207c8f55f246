"""The bar over a page says what could not be done, and goes when it was read."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from ewb_desktop.ui.page import Page
from ewb_desktop.ui.shell.trouble_bar import TroubleBar
from ewb_desktop.ui.widgets.button import Button
from ewb_desktop.ui.widgets.field import TextField
from tests.support.looks import Look, expect_accessible, in_every_look

FULL = "The disk of this laptop is full. The last change was not saved; everything before it is safe. Make some room."


def test_it_is_hidden_until_something_is_told_and_again_once_it_was_read(qtbot: QtBot) -> None:
    bar = TroubleBar()
    qtbot.addWidget(bar)
    assert bar.isHidden()
    bar.tell("This did not work", FULL)
    assert (bar.isHidden(), bar.text.text()) == (False, FULL)
    bar.read_button.click()
    assert bar.isHidden()


def test_what_has_to_be_read_comes_back_from_under_another_trouble_until_it_was_read_or_is_not_true_any_more(
    qtbot: QtBot,
) -> None:
    bar, read = TroubleBar(), list[str]()
    qtbot.addWidget(bar)
    bar.was_read.connect(read.append)
    bar.tell("Your work changed", "Stretford has left.", has_to_be_read=True)
    bar.tell("What you typed waits", "Save it.", has_to_be_read=True)
    bar.tell("This did not work", FULL)
    bar.tell("This did not work", f"{FULL} Now.")
    bar.read_button.click()
    assert (bar.title.text(), read) == ("What you typed waits", ["This did not work"])
    bar.withdraw("What you typed waits")
    assert (bar.title.text(), bar.text.text()) == ("Your work changed", "Stretford has left.")
    bar.read_button.click()
    assert (bar.isHidden(), read) == (True, ["This did not work", "Your work changed"])


class Desk:
    """A bar over a page with a button and a field, in which somebody types."""

    def __init__(self, qtbot: QtBot) -> None:
        self.window = QWidget()
        qtbot.addWidget(self.window)
        self.bar, self.print_it, self.note = TroubleBar(), Button("Print"), TextField("Note")
        self.printed: list[bool] = []
        self.print_it.clicked.connect(lambda: self.printed.append(True))
        box = QVBoxLayout(self.window)
        for part in (self.bar, self.print_it, self.note):
            box.addWidget(part)
        self.window.show()
        self.window.activateWindow()
        QApplication.processEvents()
        self.note.setFocus()
        self.type("rang at four")

    def type(self, words: str) -> None:
        focus = QApplication.focusWidget()
        assert focus is not None
        QTest.keyClicks(focus, words)

    def go_to_button(self) -> None:
        """Go there by the keyboard."""
        self.bar.read_button.setFocus(Qt.FocusReason.TabFocusReason)


def test_whoever_reads_it_by_the_mouse_keeps_the_keyboard_where_she_writes(qtbot: QtBot) -> None:
    desk = Desk(qtbot)
    desk.bar.tell("Your work changed", "Stretford has left.", has_to_be_read=True)
    QTest.mouseClick(desk.bar.read_button, Qt.MouseButton.LeftButton)
    desk.type(" and again")
    assert (desk.bar.isHidden(), desk.note.value, desk.printed) == (True, "rang at four and again", [])


def test_whoever_reads_it_by_keys_goes_on_writing_where_she_was(qtbot: QtBot) -> None:
    desk = Desk(qtbot)
    desk.bar.tell("Your work changed", "Stretford has left.", has_to_be_read=True)
    desk.bar.tell("What you typed waits", "Save it.", has_to_be_read=True)
    desk.go_to_button()
    QTest.keyClick(desk.bar.read_button, Qt.Key.Key_Space)
    # what was beneath is shown, and the same key reads it
    assert QApplication.focusWidget() is desk.bar.read_button
    QTest.keyClick(desk.bar.read_button, Qt.Key.Key_Space)
    desk.type(" and again")
    assert (desk.note.value, desk.printed) == ("rang at four and again", [])


def test_what_is_not_true_any_more_takes_no_keyboard_with_it(qtbot: QtBot) -> None:
    desk = Desk(qtbot)
    desk.bar.tell("Your work changed", "Stretford has left.", has_to_be_read=True)
    desk.go_to_button()
    desk.bar.withdraw("Your work changed")
    desk.type(" and again")
    assert (desk.note.value, desk.printed) == ("rang at four and again", [])


def test_where_what_was_written_in_is_gone_no_button_gets_the_keyboard(qtbot: QtBot) -> None:
    desk = Desk(qtbot)
    freed: list[bool] = []
    desk.bar.keyboard_freed.connect(lambda: freed.append(True))
    desk.bar.tell("Your work changed", "Stretford has left.", has_to_be_read=True)
    desk.go_to_button()
    desk.note.hide()
    QTest.keyClick(desk.bar.read_button, Qt.Key.Key_Space)
    assert freed == [True]


@in_every_look
def test_it_can_be_read_in_every_look(qtbot: QtBot, look: Look) -> None:
    def page() -> Page:
        shown = Page("Trouble", "page")
        bar = TroubleBar()
        shown.sheet.add(bar)
        bar.tell("This did not work", FULL)
        return shown

    expect_accessible(qtbot, look, page)
