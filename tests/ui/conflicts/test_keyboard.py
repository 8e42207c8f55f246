"""Choosing with the keyboard alone: where it stands after a choice, what is heard there, and what no key settles."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from ewb_desktop.storage.cards.conflicts import open_conflicts
from ewb_desktop.storage.tables import Goal, Person, table
from ewb_desktop.ui.conflicts.choice_box import ChoiceBox
from ewb_desktop.ui.page import Page
from tests.support.connected import AREA, Connected, House
from tests.support.screens import settle
from tests.ui.conflicts.test_conflicts import button, exchange, focused, safe_to_call

SAVED = "Your choice for Amina is saved: “Ask first each time”. The other answer stays in the history."


def test_the_keyboard_alone_chooses(qtbot: QtBot, centre: House) -> None:
    rowan, _grace, person = safe_to_call(centre)
    page = focused(qtbot, rowan)
    for _ in range(4):
        at = page.focusWidget()
        assert at is not None
        if at.objectName() == "conflicts.choice.0.other":
            break
        QTest.keyClick(at, Qt.Key.Key_Tab)
    QTest.keyClick(page.focusWidget(), Qt.Key.Key_Space)
    with rowan.store.read() as connection:
        assert (
            connection.execute(select(table(Person).c.safe_to_call).where(table(Person).c.id == person)).scalar() == "ask_first"
        )


def test_the_key_that_opens_or_chose_settles_nothing(qtbot: QtBot, centre: House) -> None:
    rowan, _grace, _person = safe_to_call(centre)
    page = focused(qtbot, rowan)
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Space):
        QTest.keyClick(page.focusWidget(), key)
    with rowan.store.read() as connection:
        assert len(open_conflicts(connection)) == 1


def asked_twice(centre: House) -> Connected:
    """Return a laptop whose worker and a colleague have answered two questions differently."""
    rowan, grace, _person = safe_to_call(centre)
    with rowan.store.write() as writing:
        goal = writing.add(Goal(area=AREA, words="Sleep"))
    exchange(rowan, grace)
    for laptop, said in ((rowan, "Sleep well"), (grace, "Sleep until six")):
        with laptop.store.write() as writing:
            writing.edit(Goal, goal, words=said)
    exchange(rowan, grace, rowan)
    return rowan


def test_after_a_choice_the_keyboard_stands_on_nothing_that_settles_the_next(qtbot: QtBot, centre: House) -> None:
    rowan = asked_twice(centre)
    page = focused(qtbot, rowan)
    button(page, "conflicts.choice.0.shown").setFocus()
    for _ in range(2):
        QTest.keyClick(page.focusWidget(), Qt.Key.Key_Return)
    with rowan.store.read() as connection:
        assert len(open_conflicts(connection)) == 1


def test_who_comes_to_a_question_with_tab_sees_it_with_its_answers(qtbot: QtBot, centre: House) -> None:
    page = focused(qtbot, asked_twice(centre))
    # one question has its place in it, two have not
    page.resize(1160, 580)
    settle(page)
    for _ in range(6):
        at = page.focusWidget()
        assert at is not None
        if at.objectName() == "conflicts.history.1":
            break
        QTest.keyClick(at, Qt.Key.Key_Tab)
    settle(page)
    _first, second = page.findChildren(ChoiceBox)
    assert page.focusWidget() is second.focusProxy()
    assert second.visibleRegion().boundingRect() == second.rect()


def chosen_last(qtbot: QtBot, laptop: Connected) -> tuple[Page, QWidget]:
    """Choose with Enter where nothing else waits; return the page and what has the keyboard then."""
    page = focused(qtbot, laptop)
    button(page, "conflicts.choice.0.other").setFocus()
    QTest.keyClick(page.focusWidget(), Qt.Key.Key_Return)
    return page, page.focusWidget()


def test_after_the_last_choice_the_keyboard_hears_that_nothing_waits_and_what_was_done(qtbot: QtBot, centre: House) -> None:
    rowan, _grace, _person = safe_to_call(centre)
    _page, at = chosen_last(qtbot, rowan)
    spoken = QAccessible.queryAccessibleInterface(at)
    said = [spoken.text(part) for part in (QAccessible.Text.Name, QAccessible.Text.Description)]
    assert (at.hasFocus(), said) == (True, ["Nothing waits for you to choose", SAVED])


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Space])
def test_the_key_that_made_the_last_choice_does_not_undo_it(qtbot: QtBot, centre: House, key: Qt.Key) -> None:
    rowan, _grace, _person = safe_to_call(centre)
    _page, at = chosen_last(qtbot, rowan)
    QTest.keyClick(at, key)
    with rowan.store.read() as connection:
        assert open_conflicts(connection) == []


def test_tab_leads_from_there_to_the_button_that_undoes_it(qtbot: QtBot, centre: House) -> None:
    rowan, _grace, _person = safe_to_call(centre)
    page, _at = chosen_last(qtbot, rowan)
    for _ in range(2):
        QTest.keyClick(page.focusWidget(), Qt.Key.Key_Tab)
        if page.focusWidget() is button(page, "undo"):
            break
    QTest.keyClick(page.focusWidget(), Qt.Key.Key_Return)
    with rowan.store.read() as connection:
        assert len(open_conflicts(connection)) == 1


def test_news_that_alter_nothing_here_leave_the_keyboard_where_it_is(qtbot: QtBot, centre: House) -> None:
    rowan, _grace, person = safe_to_call(centre)
    page = focused(qtbot, rowan)
    button(page, "conflicts.choice.0.other").setFocus()
    with rowan.store.write() as writing:
        writing.edit(Person, person, pronouns="she")
    assert page.focusWidget().objectName() == "conflicts.choice.0.other"
