"""A worker's window as a whole: keys that work on every page, where it stands, the place, and what practice says."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from pytestqt.qtbot import QtBot

from ewb_desktop.actions.directory import load_made_up
from ewb_desktop.actions.people import add_person
from ewb_desktop.storage.cards.places import places
from ewb_desktop.storage.cards.visits import people_counted
from ewb_desktop.syncing.rounds import Outcome
from ewb_desktop.ui import theme
from ewb_desktop.ui.destinations import ToDirectory, ToEditPerson, ToNewPerson, ToPerson, ToSettings, ToSync, ToToday
from ewb_desktop.ui.person.view import PersonPage
from ewb_desktop.ui.settings.page import SettingsPage
from ewb_desktop.ui.sync.view import SyncPage
from ewb_desktop.ui.today.view import TodayPage
from ewb_desktop.ui.widgets.look import Scheme
from tests.support.programs import Seat


def test_a_visit_is_counted_and_somebody_new_begun_from_any_page(seat: Seat) -> None:
    office = seat.set_up()
    window = office.window
    window.activateWindow()
    seat.qtbot.waitUntil(window.isActiveWindow)

    def visits() -> int:
        with office.desk.store.read() as connection:
            return people_counted(connection, office.desk.clock.today())

    for destination in (ToSettings(), ToToday(), ToDirectory()):
        window.show_page(destination)
        QTest.keyClick(window, Qt.Key.Key_F6)
    assert visits() == 3
    window.undo.button.click()
    assert visits() == 2
    QTest.keyClick(window, Qt.Key.Key_F7)
    assert isinstance(window.here, ToNewPerson)


def test_the_idle_lock_closes_a_dialog_that_waits_over_the_window(seat: Seat) -> None:
    office = seat.set_up()
    # without a parent, as when no window was active: nobody but the lock closes it
    dialog = QDialog()
    seat.qtbot.addWidget(dialog)
    dialog.open()
    office.idle.locked.emit()
    assert dialog.result() == QDialog.DialogCode.Rejected
    assert seat.restarts == [False]
    assert [window for window in QApplication.topLevelWidgets() if window.isVisible()] == [seat.program.gate]


def test_after_a_lock_the_window_comes_back_where_it_stood(seat: Seat) -> None:
    office = seat.set_up()
    office.window.setWindowState(Qt.WindowState.WindowNoState)
    office.window.setGeometry(30, 40, 900, 700)
    office.window.lock()
    assert seat.program.gate is not None
    assert seat.program.gate.geometry().getRect() == (30, 40, 900, 700)
    assert seat.unlock().window.geometry().getRect() == (30, 40, 900, 700)


def test_a_new_place_is_said_in_settings_and_the_way_back_is_kept(seat: Seat) -> None:
    office = seat.set_up()
    office.window.show_page(ToSettings("place"))
    page = office.window.page
    assert isinstance(page, SettingsPage)
    page.place_name.value, page.place_postcode.value = "St Mary's", "M32 0JT"
    page.place_button.click()
    page = office.window.page
    assert isinstance(page, SettingsPage)
    assert page._done["place"].text() == "St Mary's is added. You are at St Mary's today."
    assert page.default_focus is page.place
    assert "do not know where the postcode M32 0JT is; distances are not shown" in page.where.text()
    load_made_up(office.desk)
    page.opened(ToSettings("place"))
    assert "about the middle of M32" in page.where.text()
    page.latitude.value, page.longitude.value = "53.446", "-2.308"
    page.where_button.click()
    page = office.window.page
    assert isinstance(page, SettingsPage)
    assert page.where.text() == ""
    page.back_button.click()
    assert office.window.here == ToToday()


def test_practice_says_that_nothing_is_sent_and_asks_for_no_code(qapp: QApplication, qtbot: QtBot, tmp_path: Path) -> None:
    seat = Seat(qtbot, tmp_path, practice=True)
    try:
        window = seat.office.window
        window.activateWindow()
        QTest.keyClick(window, Qt.Key.Key_F6)
        assert window.foot.status.text() == "Practice: nothing is sent."
        window.show_page(ToSync())
        page = window.page
        assert isinstance(page, SyncPage)
        assert not page._form.isVisible()
    finally:
        seat.leave()


def test_ctrl_z_undoes_what_is_offered_last_and_nothing_that_is_not_offered(seat: Seat) -> None:
    office = seat.set_up()
    window = office.window
    window.activateWindow()
    seat.qtbot.waitUntil(window.isActiveWindow)

    def visits() -> int:
        with office.desk.store.read() as connection:
            return people_counted(connection, office.desk.clock.today())

    window.show_page(ToDirectory())
    QTest.keyClick(window, Qt.Key.Key_F6)
    window.undo.withdraw()  # as after half a minute
    QTest.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert visits() == 1
    assert "nothing to undo" in window.foot.said.text()
    QTest.keyClick(window, Qt.Key.Key_F6)
    QTest.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert visits() == 1
    window.show_page(ToToday())
    QTest.keyClick(window, Qt.Key.Key_F6)
    QTest.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert visits() == 1


def test_a_visit_that_became_a_member_is_not_offered_to_be_taken_back(seat: Seat) -> None:
    office = seat.set_up()
    office.window.activateWindow()
    seat.qtbot.waitUntil(office.window.isActiveWindow)
    office.window.show_page(ToDirectory())
    QTest.keyClick(office.window, Qt.Key.Key_F6)
    assert office.window.undo.isVisible()
    add_person(office.desk, {"preferred_name": "Kasia"})
    assert not office.window.undo.isVisible()


def test_a_member_who_left_with_a_round_is_told_and_her_page_is_left(seat: Seat) -> None:
    office = seat.set_up()
    person = add_person(office.desk, {"given_name": "Amina"})
    office.window.show_page(ToPerson(person))
    office.heartbeat.ended.emit(Outcome(left=("somebody else",)))
    assert isinstance(office.window.page, PersonPage)
    office.heartbeat.ended.emit(Outcome(left=(person, "somebody else")))
    assert isinstance(office.window.page, TodayPage)
    assert office.window.foot.said.text().startswith("2 members are in another area now, or with another worker.")


LONG = (
    "Sale is not among your areas any more. 752 members have left this laptop, with all that is written about them. What you "
    "typed about Kasia and did not save waits: save it or let it go. It stands in Send and receive."
)


def test_what_is_told_in_large_letters_leaves_the_window_on_the_screen_and_is_read_to_its_end_by_keys(
    seat: Seat, qapp: QApplication
) -> None:
    window = seat.set_up().window
    person = add_person(seat.office.desk, {"preferred_name": "Kasia"})
    theme.apply(qapp, Scheme.LIGHT, 200)
    try:
        window.resize(1366, 749)
        window.show_page(ToEditPerson(person))
        window.trouble.tell("Your work changed", LONG, has_to_be_read=True)
        seat.qtbot.waitUntil(lambda: window.trouble._words.verticalScrollBar().maximum() > 0)
        assert window.minimumSizeHint().height() <= 749
        assert window.height() == 749
        words, bar = window.trouble._words, window.trouble._words.verticalScrollBar()
        words.setFocus(Qt.FocusReason.TabFocusReason)
        assert window.focusWidget() is words
        for _ in range(bar.maximum()):
            QTest.keyClick(words, Qt.Key.Key_Down)
        assert bar.value() == bar.maximum()
        assert window.trouble.read_button.visibleRegion().boundingRect().height() == window.trouble.read_button.height()
    finally:
        theme.apply(qapp, Scheme.LIGHT, 100)
    # nothing scrolls where there is room for all of it
    seat.qtbot.waitUntil(lambda: bar.maximum() == 0)
    assert words.height() >= window.trouble.text.height()


def test_a_window_built_again_behind_another_takes_the_keyboard_from_none(seat: Seat) -> None:
    seat.set_up()
    other = QWidget()
    seat.qtbot.addWidget(other)
    other.show()
    other.activateWindow()
    seat.qtbot.waitUntil(other.isActiveWindow)
    seat.office.build_again()
    handle = seat.office.window.windowHandle()
    assert handle is not None
    assert handle.property("_q_showWithoutActivating") is True


def test_a_place_is_called_by_what_is_seen_of_its_name(seat: Seat) -> None:
    office = seat.set_up()
    office.choices().add_place("St\u200b Mary's Hall", "\u2066m32 0th\u2069")
    with office.desk.store.read() as connection:
        assert "St Mary's Hall" in [place.name for place in places(connection)]
