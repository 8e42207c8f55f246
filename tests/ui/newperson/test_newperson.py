"""The front door: a name is enough, likely duplicates come before saving, nothing typed is lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QLabel
from pytestqt.qtbot import QtBot

from ewb_desktop.actions.desk import Desk
from ewb_desktop.actions.people import add_person, take_off
from ewb_desktop.actions.visits import count_visit
from ewb_desktop.storage.cards.people import PersonRecord, person_order, person_record
from ewb_desktop.storage.cards.visits import people_counted
from ewb_desktop.storage.exchange.sync_state import note_progress, read_progress
from ewb_desktop.ui.destinations import ToConversation, ToEditPerson, ToNewPerson, ToPerson
from ewb_desktop.ui.feed import Feed
from ewb_desktop.ui.newperson.page import build, build_edit
from ewb_desktop.ui.newperson.view import EditPersonPage, NewPersonPage
from ewb_desktop.ui.widgets.button import Button
from ewb_desktop.ui.widgets.field import LineEdit, SelectField
from ewb_desktop.ui.widgets.look import Scheme
from ewb_desktop.ui.widgets.notice import ErrorSummary
from ewb_desktop.ui.widgets.search_box import FilterChip
from tests.support.looks import Look, expect_accessible, in_every_look, worn


def front_door(qtbot: QtBot, desk: Desk, destination: ToNewPerson | None = None) -> NewPersonPage:
    page = build(desk)
    assert isinstance(page, NewPersonPage)
    qtbot.addWidget(page)
    page.show()
    page.opened(destination or ToNewPerson())
    return page


def correcting(qtbot: QtBot, desk: Desk, person: str) -> EditPersonPage:
    feed = Feed()
    desk.store.listen(lambda changes, _initiator: feed.announce(changes))
    page = build_edit(desk, feed)
    assert isinstance(page, EditPersonPage)
    qtbot.addWidget(page)
    # nothing else keeps the feed
    page.setProperty("feed", feed)
    page.show()
    page.opened(ToEditPerson(person))
    return page


def type_in(page: NewPersonPage | EditPersonPage, name: str, words: str) -> None:
    line = page.findChild(LineEdit, name)
    assert isinstance(line, LineEdit)
    line.clear()
    QTest.keyClicks(line, words)


def press(page: NewPersonPage | EditPersonPage, name: str) -> None:
    button = page.findChild(Button, name)
    assert isinstance(button, Button)
    button.click()


def everyone(desk: Desk) -> list[PersonRecord]:
    with desk.store.read() as connection:
        records = [person_record(connection, person) for person in person_order(connection)]
    return [record for record in records if record is not None]


def test_a_name_is_enough(qtbot: QtBot, desk: Desk) -> None:
    page = front_door(qtbot, desk)
    type_in(page, "newperson.preferred_name.input", "Mina")
    with qtbot.waitSignal(page.go) as went:
        press(page, "newperson.save")
    (record,) = everyone(desk)
    assert record.name == "Mina"
    assert went.args == [ToPerson(record.id)]


@pytest.mark.parametrize("modifier", [Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier])
def test_return_in_a_line_adds_once(qtbot: QtBot, desk: Desk, modifier: Qt.KeyboardModifier) -> None:
    page = front_door(qtbot, desk)
    page.activateWindow()
    type_in(page, "newperson.preferred_name.input", "Mina")
    line = page.findChild(LineEdit, "newperson.preferred_name.input")
    assert line is not None
    with qtbot.waitSignal(page.go) as went:
        QTest.keyClick(line, Qt.Key.Key_Return, modifier)
    (record,) = everyone(desk)
    assert went.args == [ToPerson(record.id)]


def test_a_conversation_can_begin_at_once(qtbot: QtBot, desk: Desk) -> None:
    page = front_door(qtbot, desk, ToNewPerson(name="Mina"))
    with qtbot.waitSignal(page.go) as went:
        press(page, "newperson.talk")
    assert went.args == [ToConversation(everyone(desk)[0].id)]


def test_a_counted_visit_becomes_a_member(qtbot: QtBot, desk: Desk) -> None:
    visit = count_visit(desk)
    page = front_door(qtbot, desk, ToNewPerson(visit=visit, name="Joe"))
    press(page, "newperson.save")
    assert everyone(desk)[0].first_visit == visit


def test_a_day_that_does_not_exist_is_told_and_nothing_is_lost(qtbot: QtBot, desk: Desk) -> None:
    page = front_door(qtbot, desk, ToNewPerson(name="Mina"))
    for part, words in (("day", "31"), ("month", "2"), ("year", "1986")):
        type_in(page, f"newperson.birth_date.{part}", words)
    press(page, "newperson.save")
    summary = page.findChild(ErrorSummary)
    assert isinstance(summary, ErrorSummary)
    assert "no such day" in summary.accessibleDescription()
    assert everyone(desk) == []
    assert page.form.facts()["preferred_name"] == "Mina"


def test_a_birth_date_in_the_future_is_told_at_its_field(qtbot: QtBot, desk: Desk) -> None:
    page = front_door(qtbot, desk, ToNewPerson(name="Mina"))
    for part, words in (("day", "1"), ("month", "1"), ("year", "2027")):
        type_in(page, f"newperson.birth_date.{part}", words)
    press(page, "newperson.save")
    assert page.form.fields["birth_date"].error.text().startswith("Error: ")
    assert everyone(desk) == []


@pytest.mark.parametrize(
    ("pressed", "words"), [("newperson.save", "Add and open their page"), ("newperson.talk", "Add and start a conversation")]
)
def test_the_question_who_it_is_says_what_each_button_does(qtbot: QtBot, desk: Desk, pressed: str, words: str) -> None:
    add_person(desk, {"preferred_name": "Mina Khan"})
    page = front_door(qtbot, desk)
    type_in(page, "newperson.preferred_name.input", "Mina Khan")
    press(page, pressed)
    asked = page._same_words.text()
    assert "press “Open their page” beside the name: nobody is added" in asked
    assert f"press “{words}” again: a new member is added" in asked
    beside = page.findChild(Button, "newperson.same_rows.act.0")
    assert isinstance(beside, Button)
    assert beside.words() == "Open their page"


def test_at_twice_the_text_who_it_could_be_comes_into_sight(qapp: QApplication, qtbot: QtBot, desk: Desk) -> None:
    add_person(desk, {"preferred_name": "Mina Khan"})
    with worn(qapp, (Scheme.LIGHT, 200, False)):
        page = front_door(qtbot, desk, ToNewPerson(name="Mina Khan"))
        page.resize(1206, 625)
        QApplication.processEvents()
        press(page, "newperson.save")
        qtbot.waitUntil(lambda: not page._settled.isActive())
        QApplication.processEvents()
        assert page._same.isVisible()
        assert page._same.visibleRegion().boundingRect().y() == 0
        assert page._same_words.visibleRegion().boundingRect().height() == page._same_words.height()


def test_someone_alike_is_shown_before_saving_and_a_second_press_adds(qtbot: QtBot, desk: Desk) -> None:
    add_person(desk, {"given_name": "Amina", "family_name": "Khan", "birth_date": date(1986, 3, 14)})
    page = front_door(qtbot, desk, ToNewPerson(name="Ameena"))
    type_in(page, "newperson.family_name.input", "Kahn")
    for part, words in (("day", "14"), ("month", "3"), ("year", "1986")):
        type_in(page, f"newperson.birth_date.{part}", words)
    press(page, "newperson.save")
    assert len(everyone(desk)) == 1
    assert page.findChild(Button, "newperson.same_rows.act.0") is not None
    press(page, "newperson.save")
    assert len(everyone(desk)) == 2


def test_whoever_was_taken_off_the_screens_is_brought_back_rather_than_added_again(qtbot: QtBot, desk: Desk) -> None:
    there = add_person(desk, {"preferred_name": "Mina Khan", "birth_date": date(1986, 3, 14)})
    take_off(desk, there)
    page = front_door(qtbot, desk, ToNewPerson(name="Mina Khan"))
    press(page, "newperson.save")
    beside = page.findChild(Button, "newperson.same_rows.act.0")
    assert isinstance(beside, Button)
    assert "taken off the screens: open their page to bring it back" in words_of(page)
    with qtbot.waitSignal(page.go) as went:
        beside.click()
    assert went.args == [ToPerson(there)]


def words_of(page: NewPersonPage) -> str:
    return " ".join(label.text() for label in page.findChildren(QLabel))


def test_the_one_who_is_alike_can_be_opened_instead(qtbot: QtBot, desk: Desk) -> None:
    there = add_person(desk, {"preferred_name": "Mina Khan", "birth_date": date(1986, 3, 14)})
    page = front_door(qtbot, desk, ToNewPerson(name="Mina Khan"))
    press(page, "newperson.save")
    with qtbot.waitSignal(page.go) as went:
        press(page, "newperson.same_rows.act.0")
    assert went.args == [ToPerson(there)]


def test_what_was_typed_is_there_again_after_leaving(qtbot: QtBot, desk: Desk) -> None:
    page = front_door(qtbot, desk)
    type_in(page, "newperson.preferred_name.input", "Mina")
    type_in(page, "newperson.birth_date.day", "3x")
    page.leaving()
    again = front_door(qtbot, desk)
    assert again.form.facts()["preferred_name"] == "Mina"
    assert again.form.typed()["birth_date"] == ["3x", "", ""]
    press(again, "newperson.start_again")
    assert again.form.facts()["preferred_name"] is None


def test_a_draft_is_kept_by_itself_while_typing(qtbot: QtBot, desk: Desk) -> None:
    page = front_door(qtbot, desk)
    with qtbot.waitSignal(page.typed):
        type_in(page, "newperson.preferred_name.input", "Mina")
    assert front_door(qtbot, desk).form.facts()["preferred_name"] == "Mina"


def test_turned_away_elsewhere_asks_by_whom_and_why(qtbot: QtBot, desk: Desk) -> None:
    page = front_door(qtbot, desk)
    assert not page.form.fields["turned_away_by"].isVisible()
    page.form.set_facts({"source": "turned_away_elsewhere"})
    assert page.form.fields["turned_away_by"].isVisible()
    assert page.form.fields["turned_away_reason"].isVisible()


def test_an_nhs_number_with_a_wrong_digit_is_told_and_the_rest_stays(qtbot: QtBot, desk: Desk) -> None:
    person = add_person(desk, {"given_name": "Amina"})
    page = correcting(qtbot, desk, person)
    type_in(page, "editperson.nhs_number.input", "999 000 0019")
    type_in(page, "editperson.pronouns.input", "she/her")
    press(page, "editperson.save")
    assert "digit is wrong" in page.form.fields["nhs_number"].error.text()
    assert page.form.facts()["pronouns"] == "she/her"
    assert everyone(desk)[0].pronouns is None


def test_communication_needs_are_kept(qtbot: QtBot, desk: Desk) -> None:
    person = add_person(desk, {"given_name": "Amina"})
    page = correcting(qtbot, desk, person)
    for key in ("hearing_loop", "quiet_room"):
        chip = page.findChild(FilterChip, f"editperson.communication.{key}")
        assert isinstance(chip, FilterChip)
        chip.click()
    press(page, "editperson.save")
    assert everyone(desk)[0].communication == ["hearing_loop", "quiet_room"]


@in_every_look
def test_the_front_door_has_no_accessibility_faults(qtbot: QtBot, look: Look, desk: Desk) -> None:
    add_person(desk, {"preferred_name": "Mina Khan", "birth_date": date(1986, 3, 14)})

    def make() -> NewPersonPage:
        page = front_door(qtbot, desk, ToNewPerson(name="Mina Khan"))
        press(page, "newperson.save")
        return page

    expect_accessible(qtbot, look, make)


def counted_today(desk: Desk) -> int:
    with desk.store.read() as connection:
        return people_counted(connection, desk.clock.today())


def test_someone_new_is_counted_as_one_visit(qtbot: QtBot, desk: Desk) -> None:
    page = front_door(qtbot, desk)
    type_in(page, "newperson.preferred_name.input", "Joe")
    press(page, "newperson.save")
    assert counted_today(desk) == 1
    assert everyone(desk)[0].first_visit is not None


def test_someone_who_was_counted_already_is_not_counted_again(qtbot: QtBot, desk: Desk) -> None:
    page = front_door(qtbot, desk, ToNewPerson(visit=count_visit(desk)))
    type_in(page, "newperson.preferred_name.input", "Joe")
    press(page, "newperson.save")
    assert counted_today(desk) == 1


def test_someone_new_who_rang_need_not_be_counted(qtbot: QtBot, desk: Desk) -> None:
    page = front_door(qtbot, desk)
    page.findChildren(QCheckBox)[-1].click()
    type_in(page, "newperson.preferred_name.input", "Joe")
    press(page, "newperson.save")
    assert (len(everyone(desk)), counted_today(desk)) == (1, 0)


def test_cancel_goes_back_and_keeps_what_was_typed(qtbot: QtBot, desk: Desk) -> None:
    page = front_door(qtbot, desk)
    type_in(page, "newperson.preferred_name.input", "Joe")
    with qtbot.waitSignal(page.back):
        press(page, "newperson.cancel")
    assert everyone(desk) == []
    again = front_door(qtbot, desk)
    line = again.findChild(LineEdit, "newperson.preferred_name.input")
    assert isinstance(line, LineEdit)
    assert line.text() == "Joe"


def test_the_buttons_stay_in_sight_on_a_small_screen(qtbot: QtBot, desk: Desk) -> None:
    page = front_door(qtbot, desk)
    page.resize(1072, 600)
    QApplication.processEvents()
    button = page.findChild(Button, "newperson.save")
    assert isinstance(button, Button)
    assert button.mapTo(page, button.rect().bottomLeft()).y() <= 600


def work_in(desk: Desk, *areas: str) -> None:
    with desk.store.write() as writing:
        note_progress(writing, replace(read_progress(writing.connection), areas=areas))


def test_the_area_is_not_asked_where_there_is_one(qtbot: QtBot, desk: Desk) -> None:
    work_in(desk, "stretford")
    page = front_door(qtbot, desk, ToNewPerson(name="Mina"))
    assert not page.form.fields["area"].isVisible()
    assert "A name is enough. No address and no ID are needed." in words_of(page)
    press(page, "newperson.save")
    assert everyone(desk)[0].area == "stretford"


def test_a_worker_with_several_areas_is_asked_for_one_and_the_next_time_it_stands_there(qtbot: QtBot, desk: Desk) -> None:
    work_in(desk, "stretford", "sale")
    page = front_door(qtbot, desk, ToNewPerson(name="Mina"))
    where = page.findChild(SelectField, "newperson.area")
    assert isinstance(where, SelectField)
    assert where.isVisible()
    said = words_of(page)
    assert "A name and their area are enough. No address and no ID are needed." in said
    assert "A name is enough" not in said
    press(page, "newperson.save")
    summary = page.findChild(ErrorSummary)
    assert isinstance(summary, ErrorSummary)
    assert "Choose their area" in summary.accessibleDescription()
    assert everyone(desk) == []
    where.value = "sale"
    press(page, "newperson.save")
    assert everyone(desk)[0].area == "sale"
    page.opened(ToNewPerson(name="Joe"))
    assert where.value == "sale"


@in_every_look
def test_the_form_that_asks_for_an_area_has_no_accessibility_faults(qtbot: QtBot, look: Look, desk: Desk) -> None:
    work_in(desk, "stretford", "sale")

    def make() -> NewPersonPage:
        page = front_door(qtbot, desk, ToNewPerson(name="Mina"))
        press(page, "newperson.save")
        return page

    expect_accessible(qtbot, look, make)
