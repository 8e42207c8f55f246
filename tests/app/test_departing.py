"""Members leave the laptop while somebody types about them: nothing typed is lost, and what is told is true."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ewb_desktop.app import rest
from ewb_desktop.app.office import Office
from ewb_desktop.storage.drafts import load_draft, save_draft
from ewb_desktop.storage.people import person_record
from ewb_desktop.storage.scope import let_members_go
from ewb_desktop.storage.tables import Person
from ewb_desktop.syncing.enrol import enrol
from ewb_desktop.syncing.opening import Asked, open_person
from ewb_desktop.ui.destinations import ToEditPerson, ToHelp, ToPerson, ToSync, ToToday
from ewb_desktop.ui.held_words import DEPARTED, THREE_HOURS, WAITS
from ewb_desktop.ui.newperson.view import EditPersonPage
from ewb_desktop.ui.person.view import PersonPage
from ewb_desktop.ui.sync.view import SyncPage
from ewb_desktop.ui.widgets.button import Button
from ewb_desktop.ui.widgets.field import TextField
from ewb_desktop.ui.widgets.notice import Notice
from sync.server.outboxes import take_outbox
from sync.server.people import change_worker
from tests.support.clock import HandClock
from tests.support.connected import ADDRESS, AREA, Connected, House, TappedLine, house
from tests.support.programs import PATIENCE, Seat, shown
from tests.support.servers import ORGANISATION
from tests.syncing.test_opening import notes

SALE = "sale"
BORN = date(1986, 3, 14)


@dataclass
class Desk:
    """A worker in front of her program, joined to a server, and a colleague in the area that she also works in."""

    seat: Seat
    centre: House
    grace: Connected

    @property
    def office(self) -> Office:
        return self.seat.office

    def exchange(self) -> None:
        """Press "Send and receive now" and wait for the end."""
        with self.seat.qtbot.waitSignal(self.office.heartbeat.ended, timeout=PATIENCE):
            self.office.heartbeat.ask()
        # what has to be built again is, in the turn after
        QApplication.processEvents()

    def set_work(self, role: str, *areas: str) -> None:
        """Have the administrator change what and where she works."""
        worker = self.office.desk.store.author
        self.centre.server.do(
            lambda c: change_worker(c, ORGANISATION, worker, self.centre.server.at[0], role=role, areas=list(areas))
        )

    def told(self) -> tuple[str, str]:
        """Return what stands over the page, until it is read."""
        bar = self.office.window.trouble
        return ("", "") if bar.isHidden() else (bar.title.text(), bar.text.text())

    def count(self, kind: str) -> int:
        with self.office.desk.store.read() as connection:
            return int(connection.exec_driver_sql(f'SELECT count(*) FROM "{kind}"').scalar_one())


def member(laptop: Connected, area: str, name: str) -> str:
    with laptop.store.write() as writing:
        return writing.add(Person(area=area, given_name=name, family_name="Hasim", birth_date=BORN))


@pytest.fixture
def desk(qapp: QApplication, qtbot: QtBot, tmp_path: Path) -> Iterator[Desk]:
    with house(tmp_path) as centre:
        grace = centre.join("Grace Lamb", areas=(AREA, "urmston"))
        line = Connected(grace.laptop, TappedLine(centre.server.adapter()))
        seat = Seat(qtbot, tmp_path / "desk", clock=HandClock(centre.server.at[0]), open_wire=line.open_wire)
        office = seat.set_up("Rowan Oak")
        code = centre.server.invite("Rowan Oak", "connector", [SALE, AREA]).code
        office.join(enrol(office.desk.store, ADDRESS, code, "Rowan's laptop", line.open_wire))
        QApplication.processEvents()
        yield Desk(seat, centre, grace)
        seat.leave()


def number_field(page: EditPersonPage) -> TextField:
    field = page.form.fields["telephone"]
    assert isinstance(field, TextField)
    return field


def type_number(page: EditPersonPage, number: str) -> None:
    """Type into the form, not long enough ago for the draft to have been kept."""
    number_field(page).line.setText(number)
    page.form.edited.emit()


def begun(desk: Desk) -> tuple[str, str, EditPersonPage]:
    """Return a member whose form is open and half typed, a second one of the same area, and the form."""
    ids = member(desk.grace, AREA, "Maryam"), member(desk.grace, AREA, "Amina")
    desk.grace.sync()
    desk.exchange()
    desk.office.window.show_page(ToEditPerson(ids[0]))
    page = shown(desk.office.window, EditPersonPage)
    type_number(page, "0161 496 01")
    return *ids, page


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


def button(desk: Desk, name: str) -> Button:
    found = desk.office.window.findChild(Button, name)
    assert isinstance(found, Button)
    return found


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


def notes_of(desk: Desk) -> str:
    return str(shown(desk.office.window, SyncPage)._notes.text.text())


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


def typed_on(desk: Desk, words: str) -> None:
    """Press keys where the keyboard stands now."""
    focus = desk.office.window.focusWidget()
    assert focus is not None
    QTest.keyClicks(focus, words)


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
    desk.grace.sync()
    assert notes(desk.grace) == ["told at the door"]


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
    (file,) = data.glob("unsent-*.outbox")
    desk.centre.server.do(lambda c: take_outbox(c, ORGANISATION, file.read_bytes(), desk.centre.server.at[0], 128 << 10))
    desk.grace.sync()
    assert "Telephone: 0161 496 01" in notes(desk.grace)[0]
