"""The window round the pages."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt, QTranslator
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from ewb_desktop.storage.errors import FullDisk
from ewb_desktop.ui import theme
from ewb_desktop.ui.destinations import Destination, ToDirectory, ToHelp, ToMembers, ToPerson, ToToday
from ewb_desktop.ui.help.presenter import read_topics
from ewb_desktop.ui.help.view import HelpView
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


def test_what_was_said_goes_when_a_page_turns_to_another_step_of_its_own(window: MainWindow, qtbot: QtBot) -> None:
    page = window.page
    assert page is not None
    page.said.emit("The need is taken off.")
    qtbot.waitUntil(lambda: not window.foot._breath.isActive())
    page.turned.emit()
    assert window.foot.said.text() == "Everything is saved on this laptop"


def test_the_place_in_the_rail_is_in_sight_at_twice_the_text(window: MainWindow, qapp: QApplication, qtbot: QtBot) -> None:
    theme.apply(qapp, Scheme.LIGHT, 200)
    try:
        window.resize(900, 400)
        for destination, last in ((ToHelp(), True), (ToToday(), False)):
            window.show_page(destination)
            qtbot.waitUntil(lambda: not window.rail._settled.isActive())
            button = window.rail.buttons[-1 if last else 0]
            assert button.is_current
            assert button.visibleRegion().boundingRect().height() == button.height()
    finally:
        theme.apply(qapp, Scheme.LIGHT, 100)


def test_pages_are_made_when_first_asked_for_and_kept(window: MainWindow) -> None:
    window.show_page(ToPerson("p1"))
    window.show_page(ToPerson("p2"))
    assert [line for line in told if line.startswith("made")] == ["made person"]


def test_a_page_is_left_before_the_next_is_opened(window: MainWindow) -> None:
    window.show_page(ToMembers())
    assert told == ["left today", "made members", f"opened members {ToMembers()}"]


def test_back_goes_where_the_window_was(window: MainWindow) -> None:
    window.show_page(ToPerson("p1"))
    window.show_page(ToPerson("p2"))
    QTest.keyClick(window, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert window.here == ToPerson("p1")


def test_the_keyboard_goes_to_the_page_itself_when_what_was_told_is_read_and_nothing_had_it_before(window: MainWindow) -> None:
    window.trouble.tell("This did not work", "The disk is full.")
    window.trouble.read_button.setFocus()
    window.trouble._came_from = None
    window.trouble.read_button.click()
    assert window.focusWidget() is window.page


def test_a_person_s_page_is_marked_under_members(window: MainWindow) -> None:
    window.show_page(ToPerson("p1"))
    assert [button.entry.name for button in window.rail.buttons if button.is_current] == ["members"]


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


class OnAFullDisk(Sample):
    """A page whose words cannot be kept."""

    def leaving(self) -> None:
        raise FullDisk


def test_a_full_disk_keeps_no_laptop_from_being_locked_or_closed(window: MainWindow) -> None:
    window._factories[ToDirectory] = lambda: OnAFullDisk("directory")
    window.show_page(ToDirectory())
    window.lock_asked.connect(lambda: told.append("lock"))
    window.closing.connect(lambda: told.append("closing"))
    window.lock()
    window.close()
    assert told[-2:] == ["lock", "closing"]


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


class Typing(Page):
    """A page with a line to type into, which is emptied whenever the page is opened."""

    def __init__(self) -> None:
        super().__init__("typing", "typing")
        self.line = QLineEdit()
        self.sheet.add(self.line)

    def opened(self, destination: Destination) -> None:
        self.line.clear()

    def leaving(self) -> None:
        told.append(f"kept {self.line.text()}")


@pytest.mark.parametrize(
    "key", [(Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier), (Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)]
)
def test_help_goes_back_to_what_was_being_typed(window: MainWindow, key: tuple[Qt.Key, Qt.KeyboardModifier]) -> None:
    page = Typing()
    topics = read_topics(theme.RESOURCES / "help")
    window._factories |= {ToMembers: lambda: page, ToHelp: lambda: HelpView(topics, list)}
    window.show_page(ToMembers())
    page.line.setFocus()
    QTest.keyClicks(page.line, "half a word")
    QTest.keyClick(window, Qt.Key.Key_F1)
    assert window.page is not page
    QTest.keyClick(window, *key)
    assert window.page is page
    assert page.line.text() == "half a word"
    assert QApplication.focusWidget() is page.line
    window.back()
    assert window.here == ToToday()


def test_what_is_under_help_is_kept_at_a_lock(window: MainWindow) -> None:
    page = Typing()
    window._factories[ToMembers] = lambda: page
    window.show_page(ToMembers())
    page.line.setText("half a word")
    window.show_page(ToHelp())
    window.lock()
    assert "kept half a word" in told


def test_a_page_under_help_catches_up_with_what_was_announced(window: MainWindow) -> None:
    window.show_page(ToMembers())
    page = window.page
    assert page is not None
    heard: list[object] = []
    page.heard.connect(heard.append)
    window.show_page(ToHelp())
    page.hear("somebody else saved")
    assert heard == []
    window.back()
    assert heard == ["somebody else saved"]


def test_a_key_for_everywhere_yields_to_a_page_with_its_own_use_of_it(window: MainWindow) -> None:
    page = Typing()
    window._factories[ToMembers] = lambda: page
    window.act_everywhere("New", "F7", lambda: told.append("everywhere F7"), "new_everywhere")
    QTest.keyClick(window, Qt.Key.Key_F7)
    window.show_page(ToMembers())
    QTest.keyClick(window, Qt.Key.Key_F7)
    assert [line for line in told if "F7" in line] == ["today F7", "everywhere F7"]


def test_a_page_that_is_as_it_was_is_not_opened_afresh_on_the_way_back(window: MainWindow) -> None:
    class Kept(Sample):
        def returned(self, destination: Destination) -> bool:
            told.append(f"returned to {destination}")
            return True

    window._factories[ToMembers] = lambda: Kept("members")
    window.show_page(ToMembers("x"))
    window.show_page(ToPerson("p1"))
    told.clear()
    window.back()
    assert told == ["left person", "returned to ToMembers(search='x', mine=False)"]
