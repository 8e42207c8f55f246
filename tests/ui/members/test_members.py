"""The page of members: who is found, in what order, and how many it can hold."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from ewb_desktop.actions.desk import Desk
from ewb_desktop.actions.people import add_person, change_coordinator, take_off
from ewb_desktop.storage.cards.visits import people_counted
from ewb_desktop.ui.destinations import ToMembers, ToNewPerson, ToPerson
from ewb_desktop.ui.feed import Feed
from ewb_desktop.ui.members.list_model import PAGE, MembersModel
from ewb_desktop.ui.members.page import build
from ewb_desktop.ui.page import Page
from ewb_desktop.ui.widgets.button import Button
from ewb_desktop.ui.widgets.notice import UndoBar
from ewb_desktop.ui.widgets.row import Row
from ewb_desktop.ui.widgets.search_box import FilterChip, SearchBox
from ewb_desktop.ui.widgets.virtual_list import VirtualList
from tests.support.desks import GRACE, begin_first_pull, end_first_pull
from tests.support.looks import Look, expect_accessible, in_every_look

Widget = TypeVar("Widget", bound=QWidget)


def shown(page: Page) -> list[str]:
    model = found(page, VirtualList, "members.list").model()
    return [str(model.index(row, 0).data()).split(".")[0] for row in range(model.rowCount())]


def found(page: Page, kind: type[Widget], name: str) -> Widget:
    widget = page.findChild(kind, name)
    assert isinstance(widget, kind)
    return widget


def words(page: Page) -> str:
    return "\n".join(label.text() for label in page.findChildren(QLabel) if label.isVisible())


def open_page(qtbot: QtBot, desk: Desk, feed: Feed) -> Page:
    page = build(desk, feed)
    qtbot.addWidget(page)
    page.resize(1160, 660)
    page.show()
    page.opened(ToMembers())
    return page


def test_everybody_is_listed_by_family_name(qtbot: QtBot, desk: Desk, feed: Feed) -> None:
    add_person(desk, {"given_name": "Joe", "family_name": "Dunn"})
    add_person(desk, {"given_name": "Amina", "family_name": "Bose"})
    assert shown(open_page(qtbot, desk, feed)) == ["Amina Bose", "Joe Dunn"]


def test_while_members_are_on_their_way_nobody_is_told_that_there_are_none(qtbot: QtBot, desk: Desk, feed: Feed) -> None:
    begin_first_pull(desk)
    page = open_page(qtbot, desk, feed)
    assert "Look once more before you add them" in words(page)
    end_first_pull(desk)
    page.opened(ToMembers())
    assert "press F7" in words(page)


def test_typing_finds_by_name_and_enter_opens(qtbot: QtBot, desk: Desk, feed: Feed) -> None:
    add_person(desk, {"given_name": "Joe", "family_name": "Dunn"})
    amina = add_person(desk, {"given_name": "Amina", "family_name": "Bose", "birth_date": date(1986, 3, 14)})
    page = open_page(qtbot, desk, feed)
    box = found(page, SearchBox, "members.search")
    QTest.keyClicks(box, "ami")
    QTest.keyClick(box, Qt.Key.Key_Return)
    assert shown(page) == ["Amina Bose"]
    people = found(page, VirtualList, "members.list")
    people.setCurrentIndex(people.model().index(0, 0))
    with qtbot.waitSignal(page.go) as went:
        QTest.keyClick(people, Qt.Key.Key_Return)
    assert went.args == [ToPerson(amina)]


def test_a_name_that_is_not_found_goes_with_the_worker_to_the_front_door(qtbot: QtBot, desk: Desk, feed: Feed) -> None:
    page = open_page(qtbot, desk, feed)
    QTest.keyClicks(found(page, SearchBox, "members.search"), "Zoe")
    with qtbot.waitSignal(page.go) as went:
        found(page, Button, "members.new").click()
    assert went.args == [ToNewPerson(name="Zoe")]


def test_whoever_was_taken_off_is_found_with_the_words_for_it_and_is_in_no_list(qtbot: QtBot, desk: Desk, feed: Feed) -> None:
    taken_off = add_person(desk, {"given_name": "Amina", "family_name": "Bose"})
    add_person(desk, {"given_name": "Amir", "family_name": "Dunn"})
    take_off(desk, taken_off)
    page = open_page(qtbot, desk, feed)
    assert shown(page) == ["Amir Dunn"]
    box = found(page, SearchBox, "members.search")
    QTest.keyClicks(box, "ami")
    QTest.keyClick(box, Qt.Key.Key_Return)
    assert shown(page) == ["Amir Dunn", "Amina Bose"]
    people = found(page, VirtualList, "members.list")
    second = people.model().index(1, 0)
    assert "Taken off the screens" in str(second.data())
    with qtbot.waitSignal(page.go) as went:
        people.clicked.emit(second)
    assert went.args == [ToPerson(taken_off)]


def test_my_members_are_those_whom_i_coordinate(qtbot: QtBot, desk: Desk, feed: Feed) -> None:
    add_person(desk, {"given_name": "Joe"})
    other = add_person(desk, {"given_name": "Amina"})
    change_coordinator(desk, other, GRACE)
    page = open_page(qtbot, desk, feed)
    found(page, FilterChip, "members.mine").click()
    assert shown(page) == ["Joe"]


def test_the_list_follows_what_is_saved_elsewhere(qtbot: QtBot, desk: Desk, feed: Feed) -> None:
    page = open_page(qtbot, desk, feed)
    assert shown(page) == []
    add_person(desk, {"given_name": "Joe"})
    assert shown(page) == ["Joe"]


def test_a_visit_is_counted_and_can_be_taken_back(qtbot: QtBot, desk: Desk, feed: Feed) -> None:
    page = open_page(qtbot, desk, feed)
    found(page, Button, "members.count").click()
    with desk.store.read() as connection:
        assert people_counted(connection, desk.clock.today()) == 1
    undo = page.findChild(UndoBar)
    assert isinstance(undo, UndoBar)
    undo.button.click()
    with desk.store.read() as connection:
        assert people_counted(connection, desk.clock.today()) == 0


def test_rows_are_read_a_page_at_a_time(qtbot: QtBot) -> None:
    asked: list[int] = []
    model = MembersModel()

    def read(ids: Sequence[str]) -> list[Row]:
        asked.append(len(ids))
        return []

    model.show([str(number) for number in range(100_000)], read)
    assert (model.rowCount(), asked) == (100_000, [])
    model.index(99_999, 0).data()
    assert asked == [PAGE]


@in_every_look
def test_the_page_has_no_accessibility_faults(qtbot: QtBot, look: Look, desk: Desk, feed: Feed) -> None:
    add_person(desk, {"given_name": "Amina", "family_name": "Bose", "birth_date": date(1986, 3, 14)})

    def make() -> Page:
        page = build(desk, feed)
        page.opened(ToMembers())
        return page

    expect_accessible(qtbot, look, make)
