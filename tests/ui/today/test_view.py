"""The Today page of who holds no members' records: visits, what is on here and leaflets, and nothing that leads to anybody."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from ewb_desktop.actions.desk import Desk, Worker
from ewb_desktop.actions.visits import count_visit
from ewb_desktop.storage.cards.visits import people_counted
from ewb_desktop.storage.tables import Conflict
from ewb_desktop.ui.destinations import ToConflicts, ToToday
from ewb_desktop.ui.feed import Feed
from ewb_desktop.ui.today.page import build
from ewb_desktop.ui.today.view import TodayPage
from ewb_desktop.ui.widgets.button import Button
from ewb_desktop.ui.widgets.icon import IconView
from ewb_desktop.ui.widgets.text import Label
from tests.support.afternoon import spend_afternoon
from tests.support.desks import ROWAN, begin_first_pull, end_first_pull
from tests.support.looks import Look, expect_accessible, in_every_look


def with_role(desk: Desk, role: str) -> Desk:
    return replace(desk, worker=Worker(ROWAN, "Rowan Oak", role))


def open_page(qtbot: QtBot, desk: Desk, feed: Feed) -> TodayPage:
    page = build(desk, feed)
    qtbot.addWidget(page)
    page.resize(1160, 660)
    page.show()
    page.opened(ToToday())
    return page


def words(page: QWidget) -> str:
    return " ".join(label.text() for label in page.findChildren(Label) if label.isVisible())


@pytest.mark.parametrize("role", ["volunteer", "administrator", "governance"])
def test_nobody_s_name_is_read_or_shown(qtbot: QtBot, desk: Desk, feed: Feed, role: str) -> None:
    spend_afternoon(desk)
    page = open_page(qtbot, with_role(desk, role), feed)
    for name in ("Mina", "Joe", "Sunita", "Marek", "Pat Todd", "Who needs a contact"):
        assert name not in words(page)
    assert page.findChild(QWidget, "today.people") is None
    assert page.findChild(Button, "today.new") is None
    assert "Next here" in words(page)
    assert "Print quickly" in words(page)


def test_a_volunteer_counts_a_visit_with_the_first_button_and_its_key(qtbot: QtBot, desk: Desk, feed: Feed) -> None:
    page = open_page(qtbot, with_role(desk, "volunteer"), feed)
    button = page.findChild(Button, "today.count")
    assert page.default_focus is button
    key = page.findChild(QAction, "today.count_action")
    assert key is not None
    key.trigger()
    with desk.store.read() as connection:
        assert people_counted(connection, desk.clock.today(), desk.place) == 1


def test_a_counted_visit_leads_a_volunteer_to_nobody(qtbot: QtBot, desk: Desk, feed: Feed) -> None:
    count_visit(desk)
    page = open_page(qtbot, with_role(desk, "volunteer"), feed)
    assert "People who came in. Press F6 for each of them" in words(page)
    assert "1, at" in words(page)
    assert page.findChild(Button, "today.visits.act.0") is None
    assert page.findChild(Button, "today.visits.open.0") is None


def test_a_governance_lead_reads_the_visits_and_counts_none(qtbot: QtBot, desk: Desk, feed: Feed) -> None:
    count_visit(desk)
    page = open_page(qtbot, with_role(desk, "governance"), feed)
    several = page.findChild(Button, "today.several")
    assert "1, at" in words(page)
    assert "Reports come later" in words(page)
    assert page.findChild(Button, "today.count") is None
    assert several is not None
    assert not several.isVisible()


@in_every_look
@pytest.mark.parametrize("role", ["volunteer", "governance"])
def test_today_without_names_has_no_faults(qtbot: QtBot, desk: Desk, feed: Feed, look: Look, role: str) -> None:
    spend_afternoon(desk)
    count_visit(desk)
    expect_accessible(qtbot, look, lambda: open_page(qtbot, with_role(desk, role), feed))


def test_while_members_are_on_their_way_nobody_is_told_that_nobody_waits(qtbot: QtBot, desk: Desk, feed: Feed) -> None:
    begin_first_pull(desk)
    page = open_page(qtbot, desk, feed)
    pictures = page.findChildren(IconView)
    assert "More members are still to come" in words(page)
    assert "circle-check" not in [picture.name for picture in pictures if picture.isVisible()]
    end_first_pull(desk)
    page.opened(ToToday())
    assert "Nobody waits for you" in words(page)
    assert "circle-check" in [picture.name for picture in pictures if picture.isVisible()]


def test_two_answers_are_told_and_lead_to_choosing(qtbot: QtBot, desk: Desk, feed: Feed) -> None:
    page = open_page(qtbot, desk, feed)
    choose = page.findChild(Button, "today.choose")
    assert isinstance(choose, Button)
    assert not choose.isVisible()
    with desk.store.write() as writing:
        writing.add(Conflict(area="sale", entity="person", record="r", field="coordinator", shown="one", other="two"))
    page.opened(ToToday())
    assert "One question has two answers" in words(page)
    with qtbot.waitSignal(page.go) as asked:
        choose.click()
    assert asked.args == [ToConflicts()]
