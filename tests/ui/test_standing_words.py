"""The marks on lines of which not everything is sent, taken or settled: in the list of members, on Today, on a timeline."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from ewb_desktop.actions.contacts import record_contact
from ewb_desktop.actions.desk import Desk
from ewb_desktop.storage.cards.standing import Standing
from ewb_desktop.storage.exchange.sync_state import Enrolment, note_enrolment
from ewb_desktop.storage.tables import Conflict
from ewb_desktop.ui.destinations import ToMembers, ToPerson, ToToday
from ewb_desktop.ui.feed import Feed
from ewb_desktop.ui.members.page import build as build_members
from ewb_desktop.ui.page import Page
from ewb_desktop.ui.person.page import build as build_person
from ewb_desktop.ui.standing_words import mark_of
from ewb_desktop.ui.today.page import build as build_today
from ewb_desktop.ui.widgets.row import Row
from ewb_desktop.ui.widgets.rows import RowList
from ewb_desktop.ui.widgets.virtual_list import ROW_ROLE, VirtualList
from sync.protocol.errors import Refusal
from tests.support.afternoon import Afternoon, spend_afternoon
from tests.support.looks import Look, expect_accessible, in_every_look

NOT_ALLOWED = "set aside: your role or area does not allow this change"


@pytest.fixture
def afternoon(desk: Desk) -> Afternoon:
    there = spend_afternoon(desk)
    with desk.store.write() as writing:
        note_enrolment(writing, Enrolment("https://ewb.example.org", "kalla.a.b", desk.worker.id, "Rowan Oak", "Kalla"))
    send_all(desk)
    return there


def send_all(desk: Desk) -> None:
    with desk.store.write() as writing:
        writing.connection.exec_driver_sql("UPDATE journal SET settled_at = at, number = counter WHERE settled_at IS NULL")


def not_taken(desk: Desk, record: str) -> None:
    with desk.store.write() as writing:
        writing.connection.exec_driver_sql("UPDATE journal SET refusal = 'not_allowed' WHERE record = ?", (record,))


def answered_twice(desk: Desk, there: Afternoon) -> None:
    with desk.store.write() as writing:
        writing.add(
            Conflict(
                area=desk.area, person=there.joe, entity="signpost", record=there.signposted, field="arrived",
                shown="yes", other="no",
            )
        )  # fmt: skip


def everything(desk: Desk, there: Afternoon) -> None:
    """Something of Marek's waits, a contact of Amina's was not taken, and an answer about Joe stands twice."""
    answered_twice(desk, there)
    send_all(desk)
    record_contact(desk, there.marek, "ring", "spoke", "")
    not_taken(desk, record_contact(desk, there.amina, "ring", "spoke", ""))


def opened(qtbot: QtBot, page: Page, where: object) -> Page:
    qtbot.addWidget(page)
    page.resize(1160, 660)
    page.show()
    page.opened(where)  # type: ignore[arg-type]
    return page


def in_list(page: Page) -> dict[str, str]:
    """Return what is marked in the list of members, by their names."""
    people = page.findChild(VirtualList, "members.list")
    assert isinstance(people, VirtualList)
    model = people.model()
    rows = [model.index(place, 0).data(ROW_ROLE) for place in range(model.rowCount())]
    return {row.title: row.mark.text for row in rows if isinstance(row, Row) and row.mark is not None}


def marks(page: Page, rows: str) -> list[tuple[str, str]]:
    """Return titles and marks of a short list, as a screen reader is told them."""
    shown = page.findChild(RowList, rows)
    assert isinstance(shown, RowList)
    said = [each.accessibleName().split(". ") for each in shown.findChildren(QWidget) if ". " in each.accessibleName()]
    return [(words[0], words[-1]) for words in said]


def test_a_mark_says_what_waits_and_what_is_to_be_done_before_it() -> None:
    assert mark_of(None) is None
    told = {
        "not sent yet": Standing(unsent=True),
        "needs your choice: it has two answers; not sent yet": Standing(unsent=True, choose=True),
        f"{NOT_ALLOWED}; not sent yet": Standing(unsent=True, held=(Refusal.NOT_ALLOWED,)),
    }
    for words, standing in told.items():
        mark = mark_of(standing)
        assert mark is not None
        assert mark.words == words
        assert words.startswith(mark.text)


def test_the_list_marks_of_whom_something_is_not_sent_and_no_longer_once_it_is(
    qtbot: QtBot, desk: Desk, feed: Feed, afternoon: Afternoon
) -> None:
    page = opened(qtbot, build_members(desk, feed), ToMembers())
    assert in_list(page) == {}
    everything(desk, afternoon)
    assert in_list(page) == {"Marek Lis": "not sent yet", "Mina Khan": "set aside", "Joe Dunn": "needs your choice"}
    with desk.store.write() as writing:
        writing.connection.exec_driver_sql("UPDATE journal SET settled_at = at, refusal = NULL")
        # as the journal does when the server has answered
        writing.touch("contact", "any")
    assert in_list(page) == {"Joe Dunn": "needs your choice"}


def test_today_marks_who_waits(qtbot: QtBot, desk: Desk, feed: Feed, afternoon: Afternoon) -> None:
    everything(desk, afternoon)
    page = opened(qtbot, build_today(desk, feed), ToToday())
    assert ("Mina Khan", "set aside: your role or area does not allow this change") in marks(page, "today.people")


def test_the_timeline_marks_what_is_not_sent_and_says_why_something_was_not_taken(
    qtbot: QtBot, desk: Desk, feed: Feed, afternoon: Afternoon
) -> None:
    page = opened(qtbot, build_person(desk, feed), ToPerson(afternoon.amina))
    before = marks(page, "person.happened")
    everything(desk, afternoon)
    page.opened(ToPerson(afternoon.amina))
    after = marks(page, "person.happened")
    new = [line for line in after if line not in before]
    assert [words for _, words in new] == ["set aside: your role or area does not allow this change"]


@in_every_look
def test_lists_with_marks_have_no_accessibility_faults(
    qtbot: QtBot, look: Look, desk: Desk, feed: Feed, afternoon: Afternoon
) -> None:
    everything(desk, afternoon)

    def make() -> Page:
        return opened(qtbot, build_person(desk, feed), ToPerson(afternoon.amina))

    expect_accessible(qtbot, look, make)
