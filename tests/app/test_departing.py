"""Members leave the laptop while somebody types about them: nothing typed is lost, and what is told is true."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ewb_desktop.storage.cards.people import person_record
from ewb_desktop.storage.drafts import load_draft, save_draft
from ewb_desktop.storage.holding.scope import let_members_go
from ewb_desktop.syncing.opening import Asked, open_person
from ewb_desktop.ui.destinations import ToEditPerson, ToHelp, ToMembers, ToPerson, ToSync, ToToday
from ewb_desktop.ui.held_words import DEPARTED, THREE_HOURS, WAITS
from ewb_desktop.ui.newperson.view import EditPersonPage
from ewb_desktop.ui.person.view import PersonPage
from ewb_desktop.ui.widgets.button import Button
from ewb_desktop.ui.widgets.notice import Notice
from ewb_desktop.ui.widgets.virtual_list import VirtualList
from sync.server.laptops.outboxes import take_outbox
from tests.support.connected import AREA
from tests.support.departing_desk import (
    BORN,
    SALE,
    Desk,
    begun,
    button,
    desk_of_two_areas,
    member,
    notes_of,
    number_field,
    type_number,
)
from tests.support.programs import PATIENCE, shown
from tests.support.servers import ORGANISATION
from tests.syncing.test_opening import notes


@pytest.fixture
def desk(qapp: QApplication, qtbot: QtBot, tmp_path: Path) -> Iterator[Desk]:
    with desk_of_two_areas(qtbot, tmp_path) as found:
        yield found


def test_one_of_two_areas_is_taken_away_while_a_form_there_is_half_typed(desk: Desk) -> None:
    maryam, _amina, page = begun(desk)
    desk.set_work("connector", SALE)
    desk.exchange()
    # she may finish it, and reads what happened where she is
    assert desk.office.window.page is page
    assert number_field(page).line.text() == "0161 496 01"
    title, words = desk.told()
    assert title == DEPARTED
    assert "Stretford is not among your areas any more. 1 member has left this laptop" in words
    assert "What you typed about Maryam Hasim and did not save waits: save it or let it go." in words
    type_number(page, "0161 496 0123")
    button(desk, "editperson.save").click()
    desk.exchange()
    assert desk.count("person") == 0
    assert isinstance(desk.office.window.here, ToToday)
    assert not any(getattr(each, "person", None) == maryam for each in desk.office.window.history)
    desk.grace.sync()
    with desk.grace.store.read() as connection:
        numbers = connection.exec_driver_sql("SELECT telephone FROM person WHERE id = ?", (maryam,)).scalar_one()
    assert numbers == "0161 496 0123"


def test_what_was_told_of_an_area_stays_until_it_was_read_also_after_a_lock(desk: Desk) -> None:
    _maryam, amina, page = begun(desk)
    button(desk, "editperson.back").click()
    desk.office.window.show_page(ToPerson(amina))
    desk.office.window.show_page(ToHelp())
    desk.set_work("connector", SALE)
    desk.exchange()
    words = desk.told()
    assert words[0] == DEPARTED
    assert "2 members have left this laptop" in words[1]
    assert page.isHidden()
    # the page under help was about somebody who has left
    desk.office.window.back()
    assert not isinstance(desk.office.window.page, PersonPage)
    desk.office.window.lock()
    desk.seat.unlock()
    assert desk.told() == words
    desk.office.window.trouble.tell("This did not work", "The disk is full.")
    desk.office.window.trouble.read_button.click()
    assert desk.told() == words
    desk.office.window.trouble.read_button.click()
    assert desk.told() == ("", "")
    desk.office.window.lock()
    desk.seat.unlock()
    assert desk.told() == ("", "")
    # the page about sending still says it for some days
    desk.office.window.show_page(ToSync())
    assert "Stretford is not among your areas any more" in notes_of(desk)


def test_a_role_without_members_sends_what_was_half_typed_as_a_note_and_tells_the_role(desk: Desk) -> None:
    maryam, _amina, _page = begun(desk)
    desk.set_work("volunteer", SALE, AREA)
    desk.exchange()
    desk.seat.qtbot.waitUntil(lambda: not isinstance(desk.office.window.page, EditPersonPage), timeout=PATIENCE)
    assert desk.told()[0] == DEPARTED
    assert "Your role is now: Volunteer." in desk.told()[1]
    assert desk.count("person") == 0
    assert load_draft(desk.office.desk.store, f"newperson:{maryam}") is None
    desk.grace.sync()
    assert "Telephone: 0161 496 01" in notes(desk.grace)[0]


def opened(desk: Desk) -> tuple[str, PersonPage]:
    # a clock that leaps would lock the screen
    desk.office.idle.stop()
    person = member(desk.grace, "urmston", "Zephyrine")
    desk.grace.sync()
    asked = Asked("here_now", "At my table", name="Zephyrine Hasim", born=BORN)
    open_person(desk.office.desk.store, asked, desk.seat.open_wire)
    desk.office.window.show_page(ToPerson(person, contact=True))
    return person, shown(desk.office.window, PersonPage)


def test_when_three_hours_end_what_is_being_typed_waits_and_what_was_typed_about_another_stays(desk: Desk) -> None:
    maryam, _amina, form = begun(desk)
    person, page = opened(desk)
    page.contact.note.value = "told at the door"
    page.contact.edited.emit()
    # a form about somebody else, under another page, with a draft that is not written yet
    type_number(form, "0161 496 0999")
    desk.seat.clock.move(hours=3)
    with desk.seat.qtbot.waitSignal(desk.office.opened_watch.left, timeout=PATIENCE):
        desk.office.opened_watch.look()
    assert desk.told()[0] == THREE_HOURS
    assert "What you typed about Zephyrine Hasim and did not save waits" in desk.told()[1]
    assert desk.office.window.page is page
    assert (page.contact.isVisible(), page.contact.note.value) == (True, "told at the door")
    drafts = [load_draft(desk.office.desk.store, key) for key in (f"contact/{person}", f"newperson:{maryam}")]
    assert isinstance(drafts[0], dict)
    assert isinstance(drafts[1], dict)
    assert (drafts[0]["note"], drafts[1]["telephone"]) == ("told at the door", "0161 496 0999")
    # behind the lock both wait as well, and the way there is on Send and receive
    desk.office.window.lock()
    desk.seat.unlock()
    assert desk.told()[0] == WAITS
    desk.office.window.show_page(ToSync())
    button(desk, "sync.words-rows.opener.0").click()
    page = shown(desk.office.window, PersonPage)
    assert page.contact.note.value == "told at the door"
    page.contact.reached.value = "spoke"
    page.contact.saved.emit()
    desk.exchange()
    assert desk.count("contact") == 0
    closed = "The page that waited for your words is closed. All you saved was sent, and left this laptop."
    assert desk.office.window.foot.said.text() == closed
    desk.grace.sync()
    assert notes(desk.grace) == ["told at the door"]


def test_a_member_who_was_opened_is_marked_in_the_list_with_the_hour_and_her_coordinator_is_not_changed(desk: Desk) -> None:
    _person, _page = opened(desk)
    assert not button(desk, "person.change_coordinator").isVisible()
    desk.office.window.show_page(ToMembers())
    lines = desk.office.window.findChild(VirtualList, "members.list")
    assert isinstance(lines, VirtualList)
    assert "Here until 17:05" in str(lines.model().index(0, 0).data())


def test_a_member_who_was_opened_is_like_every_other_once_the_area_is_given(desk: Desk) -> None:
    _person, page = opened(desk)
    until = page.findChild(Notice, "person.here_until")
    assert isinstance(until, Notice)
    assert until.isVisible()
    desk.set_work("connector", SALE, AREA, "urmston")
    desk.exchange()
    desk.seat.qtbot.waitUntil(until.isHidden, timeout=PATIENCE)
    assert button(desk, "person.change_coordinator").isVisible()


def test_three_hours_that_end_with_a_round_before_the_watch_looks_are_told_as_well(desk: Desk) -> None:
    person, page = opened(desk)
    page.contact.note.value = "told at the door"
    page.contact.edited.emit()
    desk.seat.clock.move(hours=3)
    desk.exchange()
    assert desk.told()[0] == THREE_HOURS
    assert "What you typed about Zephyrine Hasim and did not save waits" in desk.told()[1]
    assert desk.office.window.page is page
    assert isinstance(load_draft(desk.office.desk.store, f"contact/{person}"), dict)


def test_three_hours_that_end_with_a_round_close_a_page_on_which_nothing_waits(desk: Desk) -> None:
    _person, page = opened(desk)
    desk.seat.clock.move(hours=3)
    desk.exchange()
    assert desk.office.window.page is not page
    assert desk.office.window.foot.said.text() == "The three hours are over. What you had opened has left this laptop."
    assert desk.told() == ("", "")


def test_when_three_hours_end_behind_the_lock_the_program_opens_and_says_which_words_wait(desk: Desk) -> None:
    person, page = opened(desk)
    page.contact.note.value = "told at the door"
    page.contact.edited.emit()
    other = member(desk.grace, "urmston", "Amina")
    desk.grace.sync()
    open_person(desk.office.desk.store, Asked("here_now", "At my table", name="Amina Hasim", born=BORN), desk.seat.open_wire)
    desk.office.window.lock()
    desk.seat.clock.move(hours=3)
    desk.seat.unlock()
    assert desk.told()[0] == WAITS
    with desk.office.desk.store.read() as connection:
        assert [person_record(connection, each) is not None for each in (person, other)] == [True, False]


def test_about_somebody_who_has_left_what_was_begun_is_gone_on_with_and_nothing_else_begins(desk: Desk) -> None:
    person, _page = opened(desk)
    save_draft(desk.office.desk.store, f"newperson:{person}", {"telephone": "0161 496 01"})
    desk.seat.clock.move(hours=3)
    with desk.seat.qtbot.waitSignal(desk.office.opened_watch.left, timeout=PATIENCE):
        desk.office.opened_watch.look()
    desk.office.window.show_page(ToToday())
    desk.office.window.show_page(ToPerson(person))
    begins = ("print", "signpost", "talk", "record_contact", "hand_over", "edit", "change_coordinator")
    assert [button(desk, f"person.{name}").isVisible() for name in begins] == [False] * len(begins)
    button(desk, "person.go_on").click()
    assert desk.office.window.here == ToEditPerson(person)


def test_words_that_wait_are_let_go_of_on_send_and_receive_and_she_leaves_at_once(desk: Desk) -> None:
    person, _page = opened(desk)
    save_draft(desk.office.desk.store, f"contact/{person}", {"note": "told at the door"})
    desk.seat.clock.move(hours=3)
    with desk.seat.qtbot.waitSignal(desk.office.opened_watch.left, timeout=PATIENCE):
        desk.office.opened_watch.look()
    desk.office.window.show_page(ToSync())
    with desk.seat.qtbot.waitSignal(desk.office.opened_watch.words_settled, timeout=PATIENCE):
        assert desk.told()[0] == THREE_HOURS
        button(desk, "sync.words-rows.act.0").click()
    assert desk.count("person") == 0
    # nothing waits, and nothing says so
    assert desk.told() == ("", "")
    assert desk.office.window.findChild(Button, "sync.words-rows.act.0") is None


def test_what_is_typed_in_the_moment_in_which_she_leaves_is_sent_as_a_note(desk: Desk) -> None:
    person, page = opened(desk)
    desk.seat.clock.move(hours=3)
    with desk.seat.qtbot.waitSignal(desk.office.opened_watch.left, timeout=PATIENCE):
        desk.office.opened_watch.look()
        # she has been asked what she typed already, and types on
        page.contact.note.value = "one more word"
        page.contact.edited.emit()
    assert isinstance(desk.office.window.here, ToToday)
    desk.exchange()
    desk.exchange()
    assert (desk.count("contact"), load_draft(desk.office.desk.store, f"contact/{person}")) == (0, None)
    desk.grace.sync()
    assert "one more word" in notes(desk.grace)[0]


def test_saving_about_a_member_who_has_just_left_keeps_the_words_and_says_so(desk: Desk) -> None:
    maryam, _amina, page = begun(desk)
    # her records go without the window having heard of it
    with desk.office.desk.store.write() as writing:
        let_members_go(writing, [maryam])
    type_number(page, "0161 496 0123")
    with desk.seat.qtbot.captureExceptions() as caught:
        button(desk, "editperson.save").click()
    desk.seat.program.tell_fault(caught[0][1])
    desk.seat.qtbot.waitUntil(lambda: bool(desk.told()[0]), timeout=PATIENCE)
    assert desk.told()[0] == "This member has left this laptop"
    assert "What you typed is kept, and is sent as a note to their own page." in desk.told()[1]
    assert isinstance(desk.office.window.here, ToToday)
    desk.exchange()
    desk.exchange()
    desk.grace.sync()
    assert "Telephone: 0161 496 0123" in notes(desk.grace)[0]
    # the way back leads to no empty form
    desk.office.window.show_page(ToEditPerson(maryam))
    assert not button(desk, "editperson.save").isVisible()
    gone = page.findChild(Notice, "editperson.gone")
    assert isinstance(gone, Notice)
    assert gone.isVisible()


def test_a_revoked_laptop_seals_what_is_being_typed(desk: Desk) -> None:
    begun(desk)
    desk.centre.server.revoke(desk.office.desk.store.device)
    data = desk.office.around.paths.data
    desk.office.heartbeat.ask()
    desk.seat.qtbot.waitUntil(lambda: bool(desk.seat.restarts), timeout=PATIENCE)
    (file,) = data.glob("unsent-*.ewb-outbox")
    desk.centre.server.do(lambda c: take_outbox(c, ORGANISATION, file.read_bytes(), desk.centre.server.at[0], 128 << 10))
    desk.grace.sync()
    assert "Telephone: 0161 496 01" in notes(desk.grace)[0]
