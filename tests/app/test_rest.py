"""Hands rest once no key was pressed for some seconds, and none waits: until then nothing is taken away under them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPointF, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ewb_desktop.app import rest
from ewb_desktop.app.rest import REST_SECONDS, Rest
from ewb_desktop.ui.destinations import ToHelp, ToSync, ToToday
from ewb_desktop.ui.held_words import DEPARTED
from ewb_desktop.ui.idle import IdleLock
from ewb_desktop.ui.newperson.view import EditPersonPage
from ewb_desktop.ui.widgets.field import TextField
from tests.support.clock import HandClock
from tests.support.connected import AREA
from tests.support.departing_desk import SALE, Desk, begun, button, desk_of_two_areas, notes_of, number_field, typed_on
from tests.support.programs import PATIENCE, shown
from tests.syncing.test_opening import notes


class Typist:
    """Somebody who types, on a laptop whose seconds go by hand."""

    def __init__(self) -> None:
        self.seconds = 500.0
        self.idle = IdleLock(HandClock(), 15, awake=lambda: self.seconds)
        self.keys = QObject()
        self.rest = Rest(self.idle, self.keys)
        self.came: list[float] = []
        self.rest.came.connect(lambda: self.came.append(self.seconds))
        self.idle.start()

    def click(self) -> None:
        at = QPointF(1, 1)
        left, nothing = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        QCoreApplication.sendEvent(self.keys, QMouseEvent(QEvent.Type.MouseButtonPress, at, at, left, left, nothing))

    def press(self) -> None:
        key = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_A, Qt.KeyboardModifier.NoModifier)
        QCoreApplication.sendEvent(self.keys, key)

    def pass_by(self, seconds: float) -> None:
        """Let time go by in which the window is at work."""
        self.seconds += seconds
        self.idle.look()


@pytest.fixture
def typist(qtbot: QtBot) -> Iterator[Typist]:
    found = Typist()
    yield found
    found.rest.stop()
    found.idle.stop()


def rested(typist: Typist) -> None:
    for _ in range(int(REST_SECONDS)):
        typist.pass_by(1)


def test_rest_comes_when_no_key_was_pressed_for_some_seconds(typist: Typist, qtbot: QtBot) -> None:
    typist.press()
    assert not typist.rest.nobody_types()
    rested(typist)
    assert typist.rest.nobody_types()
    with qtbot.waitSignal(typist.rest.came, timeout=PATIENCE):
        typist.rest.ask()
    assert typist.came == [505.0]


def test_a_key_that_waits_behind_the_look_is_read_before_it_is_said_that_hands_rest(typist: Typist, qtbot: QtBot) -> None:
    typist.press()
    rested(typist)
    read: list[bool] = []

    def read_key() -> None:
        typist.press()
        read.append(bool(typist.came))

    # the look is asked for first, and the key comes in the same turn or the next
    typist.rest.ask()
    QTimer.singleShot(0, typist.keys, lambda: QTimer.singleShot(0, typist.keys, read_key))
    qtbot.waitUntil(lambda: bool(read), timeout=PATIENCE)
    assert read == [False]
    assert not typist.rest.nobody_types()


def test_a_button_pressed_a_moment_ago_holds_up_what_is_built_again_and_is_no_typing(typist: Typist, qtbot: QtBot) -> None:
    typist.press()
    rested(typist)
    typist.click()
    assert typist.rest.nobody_types()
    typist.rest.ask()
    qtbot.waitUntil(typist.rest._timer.isActive, timeout=PATIENCE)
    assert typist.rest._timer.interval() == REST_SECONDS * 1000


def test_a_laptop_that_stood_still_does_not_rest_by_that(typist: Typist) -> None:
    typist.press()
    typist.seconds += 30
    assert not typist.rest.nobody_types()
    # the window goes on, and what waits has not been read yet
    typist.idle.look()
    assert not typist.rest.nobody_types()
    typist.pass_by(1)
    assert typist.rest.nobody_types()


@pytest.fixture
def desk(qapp: QApplication, qtbot: QtBot, tmp_path: Path) -> Iterator[Desk]:
    with desk_of_two_areas(qtbot, tmp_path) as found:
        yield found


def test_her_own_area_changes_while_she_types_and_the_sentence_goes_on_where_it_was(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    _maryam, _amina, page = begun(desk)
    monkeypatch.setattr(rest, "REST_SECONDS", 1.0)
    number_field(page).line.setFocus()
    number_field(page).line.setCursorPosition(0)
    typed_on(desk, "+44 ")
    desk.set_work("connector", AREA)
    desk.exchange()
    # not under her hands
    assert desk.office.window.page is page
    typed_on(desk, "(0)")
    desk.seat.qtbot.waitUntil(lambda: desk.office.window.page is not page, timeout=PATIENCE)
    assert desk.office.desk.area == AREA
    typed_on(desk, " ")
    again = shown(desk.office.window, EditPersonPage)
    assert number_field(again).line.text() == "+44 (0) 0161 496 01"
    name = again.form.fields["given_name"]
    assert isinstance(name, TextField)
    assert name.line.text() == "Maryam"


def test_a_word_after_a_blank_stays_a_word_of_its_own_when_the_window_is_built_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    _maryam, _amina, page = begun(desk)
    monkeypatch.setattr(rest, "REST_SECONDS", 1.0)
    number_field(page).line.setFocus()
    typed_on(desk, " ")
    desk.set_work("connector", AREA)
    desk.exchange()
    desk.seat.qtbot.waitUntil(lambda: desk.office.window.page is not page, timeout=PATIENCE)
    typed_on(desk, "after four")
    assert number_field(shown(desk.office.window, EditPersonPage)).line.text() == "0161 496 01 after four"


def test_her_role_shrinks_while_she_types_and_no_key_does_what_nobody_asked_for(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    _maryam, _amina, page = begun(desk)
    monkeypatch.setattr(rest, "REST_SECONDS", 1.0)
    number_field(page).line.setFocus()
    typed_on(desk, "2")
    desk.set_work("volunteer", SALE, AREA)
    desk.exchange()
    typed_on(desk, "3")
    assert desk.office.window.page is page
    desk.seat.qtbot.waitUntil(lambda: desk.office.window.page is not page, timeout=PATIENCE)
    typed_on(desk, " and on Friday ")
    assert desk.count("visit") == 0
    desk.seat.qtbot.waitUntil(lambda: desk.count("person") == 0, timeout=PATIENCE)
    desk.grace.sync()
    # one note, with all of it
    (note,) = notes(desk.grace)
    assert "Telephone: 0161 496 0123" in note


def test_while_she_types_the_notice_says_who_is_still_to_leave_and_once_read_the_foot_says_it_truly(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun(desk)
    button(desk, "editperson.back").click()
    desk.office.window.show_page(ToHelp())
    monkeypatch.setattr(rest, "REST_SECONDS", 2.0)
    typed_on(desk, "a")
    desk.set_work("connector", SALE)
    desk.exchange()
    soon = "2 members leave this laptop soon: when you stop typing for a moment and all that you saved is sent."
    assert desk.told() == (DEPARTED, f"Stretford is not among your areas any more. {soon}")
    assert desk.count("person") == 2
    desk.office.window.trouble.read_button.click()
    desk.office.window.show_page(ToSync())
    assert soon in notes_of(desk)
    foot = desk.office.window.foot.said
    desk.seat.qtbot.waitUntil(lambda: "left this laptop" in foot.text(), timeout=PATIENCE)
    assert foot.text() == (
        "2 members have left this laptop, because your areas or your role changed. All you saved was sent, and left this laptop."
    )
    assert desk.count("person") == 0
    assert desk.told() == ("", "")
    desk.office.window.show_page(ToToday())
    desk.office.window.show_page(ToSync())
    assert "2 members have left this laptop, with all that is written about them." in notes_of(desk)


def test_a_notice_that_was_not_read_while_she_typed_says_in_the_end_who_has_left(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun(desk)
    button(desk, "editperson.back").click()
    desk.office.window.show_page(ToHelp())
    monkeypatch.setattr(rest, "REST_SECONDS", 1.0)
    typed_on(desk, "a")
    desk.set_work("connector", SALE)
    desk.exchange()
    desk.seat.qtbot.waitUntil(lambda: "2 members have left this laptop" in desk.told()[1], timeout=PATIENCE)
    assert "soon" not in desk.told()[1]
