"""The window round the pages."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt, QTranslator
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ewb_desktop.ui import theme
from ewb_desktop.ui.destinations import Destination, ToDirectory, ToHelp, ToMembers, ToPerson, ToToday
from ewb_desktop.ui.page import Page
from ewb_desktop.ui.shell.find_box import Found
from ewb_desktop.ui.widgets.look import Scheme
from ewb_desktop.ui.window import MainWindow, usual_rail

told: list[str] = []


class Sample(Page):
    """A page that tells what is done with it."""

    def __init__(self, name: str) -> None:
        super().__init__(name, name)
        self.act("New here", "F7", lambda: told.append(f"{name} F7"), f"{name}.new")
        told.append(f"made {name}")

    def opened(self, destination: Destination) -> None:
        told.append(f"opened {self.title} {destination}")

    def leaving(self) -> None:
        told.append(f"left {self.title}")


@pytest.fixture
def window(qtbot: QtBot, qapp: QApplication) -> MainWindow:
    theme.apply(qapp, Scheme.LIGHT, 100)
    window = MainWindow(
        place="St Mary's Hall", worker="Rowan O.",
        pages={ToToday: lambda: Sample("today"), ToPerson: lambda: Sample("person"), ToMembers: lambda: Sample("members"),
               ToHelp: lambda: Sample("help")},
        find=lambda text: [Found("Amina K.", "born 1986", "member", ToPerson("p1"))] if text.startswith("am") else [],
    )  # fmt: skip
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    window.show_page(ToToday())
    told.clear()
    return window


def test_pages_are_made_when_first_asked_for_and_kept(window: MainWindow) -> None:
    window.show_page(ToPerson("p1"))
    window.show_page(ToPerson("p2"))
    assert [line for line in told if line.startswith("made")] == ["made person"]


def test_a_page_is_left_before_the_next_is_opened(window: MainWindow) -> None:
    window.show_page(ToMembers())
    assert told == ["left today", "made members", "opened members ToMembers(search='')"]


def test_back_goes_where_the_window_was(window: MainWindow) -> None:
    window.show_page(ToPerson("p1"))
    window.show_page(ToPerson("p2"))
    QTest.keyClick(window, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert window.here == ToPerson("p1")


def test_a_person_s_page_is_marked_under_members(window: MainWindow) -> None:
    window.show_page(ToPerson("p1"))
    assert [button.entry.name for button in window.rail.buttons if button.isChecked()] == ["members"]


def test_a_page_that_the_laptop_does_not_have_is_told_and_nothing_is_left(window: MainWindow) -> None:
    window.show_page(ToDirectory())
    assert (window.here, told) == (ToToday(), [])
    assert "not part" in window.foot.said.text()


def test_find_opens_what_was_found(window: MainWindow, qtbot: QtBot) -> None:
    QTest.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    line = window.top.find_box.line
    assert QApplication.focusWidget() is line
    QTest.keyClicks(line, "ami")
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert window.here == ToPerson("p1")


def test_lock_saves_drafts_first(window: MainWindow, qtbot: QtBot) -> None:
    window.lock_asked.connect(lambda: told.append("lock"))
    QTest.keyClick(window, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    assert told == ["left today", "lock"]


def test_crisis_help_is_one_key_away(window: MainWindow, qtbot: QtBot) -> None:
    with qtbot.waitSignal(window.crisis_asked):
        QTest.keyClick(window, Qt.Key.Key_F2)


def test_the_keyboard_list_is_made_of_the_real_actions(window: MainWindow) -> None:
    keys = dict(window.shortcuts())
    assert keys["F7"] == "New here"
    assert {"F2", "Ctrl+K, Ctrl+F", "Ctrl+L", "Alt+Left", "F1"} <= set(keys)


def test_a_key_of_a_page_works_only_while_it_is_shown(window: MainWindow) -> None:
    window.show_page(ToMembers())
    told.clear()
    QTest.keyClick(window, Qt.Key.Key_F7)
    assert told == ["members F7"]


def test_no_person_is_named_in_the_title(window: MainWindow) -> None:
    window.show_page(ToPerson("p1"))
    assert window.windowTitle() == "EWB Desktop"


def test_what_a_page_says_stands_at_the_foot(window: MainWindow) -> None:
    assert window.page is not None
    window.page.said.emit("Saved.")
    assert window.foot.said.text() == "Saved."


def test_closing_saves_drafts(window: MainWindow) -> None:
    window.close()
    assert told == ["left today"]


class Louder(QTranslator):
    """A language in which everything is said in capitals."""

    def isEmpty(self) -> bool:
        return False

    def translate(self, context: str, text: str, _disambiguation: str | None = None, _number: int = -1) -> str:
        return text.upper() if context == "Rail" else text


def test_the_rail_says_its_words_in_the_language_of_the_screen(qtbot: QtBot, qapp: QApplication) -> None:
    english = [entry.text for entry in usual_rail()]
    pages = {type(entry.destination): lambda: Sample("any") for entry in usual_rail()}
    language = Louder()
    assert qapp.installTranslator(language)
    try:
        window = MainWindow(place="", worker="", pages=pages, find=lambda _text: [])
        qtbot.addWidget(window)
    finally:
        qapp.removeTranslator(language)
    words = [button.text() for button in window.rail.buttons]
    assert words == [text.upper() for text in english]
    assert [button.accessibleName() for button in window.rail.buttons] == words
