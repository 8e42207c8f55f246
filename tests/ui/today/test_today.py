"""The Today page: who waits, where their buttons lead, what is on here."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import TypeVar

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from ewb_desktop.actions.desk import Desk
from ewb_desktop.actions.people import add_person, change_coordinator
from ewb_desktop.actions.visits import count_visit
from ewb_desktop.domain.handover import HandoverClock
from ewb_desktop.storage.cards.today import TodayItem, Why
from ewb_desktop.storage.cards.visits import people_counted
from ewb_desktop.ui.destinations import (
    ToConversation,
    ToHandover,
    ToLeaflets,
    ToMembers,
    ToNewPerson,
    ToPerson,
    ToSafety,
    ToService,
    ToSettings,
    ToSignpost,
    ToToday,
)  # fmt: skip
from ewb_desktop.ui.feed import Feed
from ewb_desktop.ui.page import Page
from ewb_desktop.ui.today.page import build
from ewb_desktop.ui.today.view import TodayPage
from ewb_desktop.ui.today.wording import day_line, goes_to, greeting, item_row
from ewb_desktop.ui.widgets.button import Button
from ewb_desktop.ui.widgets.notice import UndoBar
from ewb_desktop.ui.widgets.search_box import FilterChip
from ewb_desktop.ui.widgets.text import Label
from tests.support.afternoon import ago, spend_afternoon
from tests.support.desks import GRACE, ROWAN
from tests.support.looks import Look, expect_accessible, in_every_look

Widget = TypeVar("Widget", bound=QWidget)
DAY = date(2026, 11, 21)


def found(page: Page, kind: type[Widget], name: str) -> Widget:
    widget = page.findChild(kind, name)
    assert isinstance(widget, kind)
    return widget


def open_page(qtbot: QtBot, desk: Desk, feed: Feed) -> TodayPage:
    page = build(desk, feed)
    qtbot.addWidget(page)
    page.resize(1160, 660)
    page.show()
    page.opened(ToToday())
    return page


def names(page: Page) -> list[str]:
    buttons = [button for button in page.findChildren(Button) if button.objectName().startswith("today.people.open.")]
    return [button.words() for button in buttons]


def words(page: Page) -> str:
    return " ".join(label.text() for label in page.findChildren(Label) if not label.isHidden())


def went(qtbot: QtBot, page: Page, name: str) -> object:
    with qtbot.waitSignal(page.go) as signal:
        found(page, Button, name).click()
    return (signal.args or [None])[0]


@pytest.mark.parametrize(("hour", "part"), [(8, "morning"), (12, "afternoon"), (17, "afternoon"), (18, "evening")])
def test_the_greeting_knows_the_time_of_day(hour: int, part: str) -> None:
    assert greeting(datetime(2026, 11, 21, hour), "Rowan Oak") == f"Good {part}, Rowan"  # noqa: DTZ001


def test_the_line_tells_the_day_the_hours_and_the_visits() -> None:
    assert day_line(DAY, "open until 16:00", 9) == "Saturday 21 November · drop-in until 16:00 · 9 visits so far today"


def test_each_reason_says_what_it_is_and_leads_where_it_is_done() -> None:
    def item(why: Why, part: str = "", about: str = "") -> TodayItem:
        return TodayItem(why, "id", "joe", "Joe Dunn", ROWAN, DAY, part=part, about=about, about_id="about", subject="Art class")

    rows = {
        (Why.SAFETY, "", ""): ("Open", ToSafety("joe", talk="id")),
        (Why.PAUSED, "", ""): ("Go on", ToConversation("joe", "id")),
        (Why.HANDOVER, "", ""): ("Open", ToHandover("joe", handover="id")),
        (Why.OUT_OF_TOUCH, "", ""): ("Ring", ToPerson("joe", contact=True)),
        (Why.FOLLOW_UP, "four_weeks", "signpost"): ("Ask", ToSignpost("joe", signpost="about")),
        (Why.FOLLOW_UP, "before", "signpost"): ("Plan", ToSignpost("joe", signpost="about")),
        (Why.FOLLOW_UP, "after", "signpost"): ("Ring", ToPerson("joe", contact=True, follow_up="id")),
        (Why.FOLLOW_UP, "started", "handover"): ("Ask", ToHandover("joe", handover="about")),
        (Why.FOLLOW_UP, "next_contact", "membership"): ("Ring", ToPerson("joe", contact=True, follow_up="id")),
    }
    assert {facts: (item_row(item(*facts), ROWAN, DAY).action, goes_to(item(*facts))) for facts in rows} == rows


def test_an_overdue_handover_says_by_how_much() -> None:
    clock = HandoverClock(17, started=False, overdue=True, words="agreed 17 days ago, not started: 3 days overdue")
    row = item_row(TodayItem(Why.HANDOVER, "id", "joe", "Joe", ROWAN, DAY, subject="Debt advice", clock=clock), ROWAN, DAY)
    assert (row.tag, row.detail) == ("Handover, day 17", "Debt advice has not said when they start (3 days overdue)")


def test_somebody_else_s_safety_talk_names_who_had_it() -> None:
    row = item_row(TodayItem(Why.SAFETY, "id", "joe", "Joe", GRACE, DAY, subject="Grace Lamb"), ROWAN, DAY)
    assert row.detail.startswith("Grace Lamb talked about safety today")


def test_a_safety_talk_of_which_nothing_is_written_is_waiting() -> None:
    row = item_row(TodayItem(Why.SAFETY, "id", "joe", "Joe", ROWAN, DAY, unwritten=True), ROWAN, DAY)
    assert (row.detail, row.tag, row.action) == ("A safety conversation is waiting", "Safety talk open", "Open")


def test_the_afternoon_in_the_order_of_what_presses(qtbot: QtBot, desk: Desk, feed: Feed) -> None:
    spend_afternoon(desk)
    page = open_page(qtbot, desk, feed)
    assert names(page) == ["Mina Khan", "Joe Dunn", "Sunita Bose", "Marek Lis", "Mina Khan", "Pat Todd"]
    assert "Good afternoon, Rowan" in words(page)
    assert "drop-in until 16:00 · 9 visits so far today" in words(page)


def test_buttons_lead_to_the_record_and_names_to_the_person(qtbot: QtBot, desk: Desk, feed: Feed) -> None:
    there = spend_afternoon(desk)
    page = open_page(qtbot, desk, feed)
    assert went(qtbot, page, "today.people.act.0") == ToSafety(there.amina, talk=there.talk)
    assert went(qtbot, page, "today.people.open.5") == ToPerson(there.pat)
    assert went(qtbot, page, "today.next.open.0") == ToService(there.debt_advice)
    assert went(qtbot, page, "today.print.act.0") == ToLeaflets(topic="worry-and-anxiety", style="clear_print", language="en")


def test_two_people_of_one_name_are_told_apart(qtbot: QtBot, desk: Desk, feed: Feed) -> None:
    for born in (date(1971, 5, 2), date(1990, 1, 9)):
        add_person(ago(desk, 60), {"given_name": "Joe", "birth_date": born})
    page = open_page(qtbot, desk, feed)
    called = {found(page, Button, f"today.people.act.{number}").accessibleName() for number in (0, 1)}
    assert called == {f"Ring: Joe, Born {born}, Keeping in touch" for born in ("2 May 1971", "9 January 1990")}


def test_the_team_s_people_are_a_press_away(qtbot: QtBot, desk: Desk, feed: Feed) -> None:
    joe = add_person(ago(desk, 60), {"given_name": "Joe"})
    change_coordinator(desk, joe, GRACE)
    page = open_page(qtbot, desk, feed)
    assert names(page) == []
    chip = found(page, FilterChip, "today.team")
    assert chip.text() == "1 for your team"
    chip.click()
    assert names(page) == ["Joe"]


def test_the_rail_is_told_how_many_wait(qtbot: QtBot, desk: Desk, feed: Feed) -> None:
    spend_afternoon(desk)
    page = build(desk, feed)
    qtbot.addWidget(page)
    with qtbot.waitSignal(page.counted) as counted:
        page.opened(ToToday())
    assert counted.args == [6]


def test_more_are_shown_when_asked_for(qtbot: QtBot, desk: Desk, feed: Feed) -> None:
    for number in range(32):
        add_person(ago(desk, 60), {"given_name": f"Sam {number}"})
    page = open_page(qtbot, desk, feed)
    assert len(names(page)) == 12
    found(page, Button, "today.more").click()
    found(page, Button, "today.more").click()
    assert len(names(page)) == 30
    assert found(page, Button, "today.everyone").words() == "And 2 more among all members"


def test_f6_counts_a_visit_and_undo_takes_it_back(qtbot: QtBot, desk: Desk, feed: Feed) -> None:
    page = open_page(qtbot, desk, feed)
    action = page.findChild(QAction, "today.count_action")
    assert isinstance(action, QAction)
    assert action.shortcut().toString() == "F6"
    action.trigger()
    assert "1 visit so far today" in words(page)
    page.findChildren(UndoBar)[0].button.click()
    with desk.store.read() as connection:
        assert people_counted(connection, desk.clock.today()) == 0


def test_a_counted_visit_leads_to_a_new_member(qtbot: QtBot, desk: Desk, feed: Feed) -> None:
    visit = count_visit(desk)
    page = open_page(qtbot, desk, feed)
    assert went(qtbot, page, "today.visits.act.0") == ToNewPerson(visit=visit)


def test_a_visit_that_became_a_member_leads_to_them(qtbot: QtBot, desk: Desk, feed: Feed) -> None:
    joe = add_person(desk, {"preferred_name": "Joe", "first_visit": count_visit(desk)})
    page = open_page(qtbot, desk, feed)
    assert went(qtbot, page, "today.visits.open.0") == ToPerson(joe)


def test_several_people_are_counted_in_place_and_taken_back(qtbot: QtBot, desk: Desk, feed: Feed) -> None:
    page = open_page(qtbot, desk, feed)
    found(page, Button, "today.several").click()
    page.visits.people.value = "4"
    found(page, Button, "today.several_count").click()
    assert "4 visits so far today" in words(page)
    page.findChildren(UndoBar)[0].button.click()
    with desk.store.read() as connection:
        assert people_counted(connection, desk.clock.today()) == 0


def test_more_of_mine_stand_among_those_i_coordinate(qtbot: QtBot, desk: Desk, feed: Feed) -> None:
    for number in range(32):
        add_person(ago(desk, 60), {"given_name": f"Sam {number}"})
    page = open_page(qtbot, desk, feed)
    found(page, Button, "today.more").click()
    found(page, Button, "today.more").click()
    assert went(qtbot, page, "today.everyone") == ToMembers(mine=True)


def test_the_first_button_is_for_someone_new(qtbot: QtBot, desk: Desk, feed: Feed) -> None:
    assert went(qtbot, open_page(qtbot, desk, feed), "today.new") == ToNewPerson()


def test_without_a_place_it_offers_to_choose_one(qtbot: QtBot, desk: Desk, feed: Feed) -> None:
    page = open_page(qtbot, replace(desk, place=None), feed)
    assert went(qtbot, page, "today.place") == ToSettings("place")


def test_the_page_follows_what_is_saved_elsewhere(qtbot: QtBot, desk: Desk, feed: Feed) -> None:
    page = open_page(qtbot, desk, feed)
    add_person(ago(desk, 60), {"given_name": "Joe"})
    qtbot.waitUntil(lambda: names(page) == ["Joe"])


@in_every_look
def test_the_page_has_no_accessibility_faults(qtbot: QtBot, look: Look, desk: Desk, feed: Feed) -> None:
    spend_afternoon(desk)

    def make() -> Page:
        page = build(desk, feed)
        page.opened(ToToday())
        found(page, Button, "today.several").click()
        return page

    expect_accessible(qtbot, look, make)


@in_every_look
def test_the_empty_page_has_no_accessibility_faults(qtbot: QtBot, look: Look, desk: Desk, feed: Feed) -> None:
    def make() -> Page:
        page = build(replace(desk, place=None), feed)
        page.opened(ToToday())
        return page

    expect_accessible(qtbot, look, make)
