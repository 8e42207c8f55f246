"""Signposting through the page: the form, its draft, and the questions of how it went."""

from __future__ import annotations

from datetime import date, timedelta

from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ewb_desktop.actions.desk import Desk
from ewb_desktop.actions.directory import load_made_up
from ewb_desktop.actions.needs import add_need
from ewb_desktop.actions.people import add_person
from ewb_desktop.actions.signposting import signpost
from ewb_desktop.domain.time import local
from ewb_desktop.storage.cards.services import Filters, Standpoint, open_notes, search
from ewb_desktop.storage.cards.signposts import SignpostCard
from ewb_desktop.storage.tables import Service
from ewb_desktop.ui.destinations import Did, Done, ToDirectory, ToPerson, ToSignpost
from ewb_desktop.ui.feed import Feed
from ewb_desktop.ui.signpost.page import build
from ewb_desktop.ui.signpost.view import SignpostPage
from ewb_desktop.ui.widgets.button import Button
from ewb_desktop.ui.widgets.choices import ChoiceList
from ewb_desktop.ui.widgets.field import TextArea
from ewb_desktop.ui.widgets.notice import ErrorSummary, Notice
from ewb_desktop.ui.widgets.text import Text
from tests.support.looks import Look, expect_accessible, in_every_look
from tests.support.of_member import signposts_of


def debt_advice(desk: Desk) -> str:
    load_made_up(desk)
    with desk.store.read() as connection:
        standpoint = Standpoint(local(desk.clock.now()).replace(tzinfo=None))
        return search(connection, "debt advice", Filters(), standpoint).lines[0].id


def amina(desk: Desk) -> str:
    return add_person(desk, {"preferred_name": "Amina", "family_name": "Khan", "birth_date": date(1986, 3, 14)})


def opened(qtbot: QtBot, desk: Desk, destination: ToSignpost) -> SignpostPage:
    feed = Feed()
    desk.store.listen(lambda changes, _initiator: feed.announce(changes))
    page = build(desk, feed)
    assert isinstance(page, SignpostPage)
    qtbot.addWidget(page)
    # nothing else keeps the feed
    page.setProperty("feed", feed)
    page.show()
    page.opened(destination)
    return page


def press(page: SignpostPage, name: str) -> None:
    button = page.findChild(Button, name)
    assert isinstance(button, Button)
    assert not button.isHidden()
    button.click()


def choose(page: SignpostPage, name: str, key: str) -> None:
    choices = page.findChild(ChoiceList, name)
    assert isinstance(choices, ChoiceList)
    choices.value = key


def write(page: SignpostPage, name: str, words: str) -> None:
    area = page.findChild(TextArea, name)
    assert isinstance(area, TextArea)
    area.value = words
    area.edited.emit()


def made(desk: Desk, person: str) -> SignpostCard:
    with desk.store.read() as connection:
        (card,) = signposts_of(connection, person)
    return card


def test_the_two_identifiers_stand_above_the_form(qtbot: QtBot, desk: Desk) -> None:
    page = opened(qtbot, desk, ToSignpost(amina(desk), service=debt_advice(desk)))
    assert page.whose == "Amina Khan · born 14 March 1986"


def test_saving_brings_both_follow_ups_and_goes_to_the_person(qtbot: QtBot, desk: Desk) -> None:
    person, service = amina(desk), debt_advice(desk)
    need = add_need(desk, person, "money_debt_and_benefits", "The letters frighten me")
    page = opened(qtbot, desk, ToSignpost(person, service=service))
    choose(page, "signpost.how.list", "called_together")
    write(page, "signpost.reason", "wants help with letters")
    with qtbot.waitSignal(page.go) as went:
        press(page, "signpost.save")
    assert went.args == [ToPerson(person)]
    card = made(desk, person)
    assert (card.need, card.reason, card.introduced) == (need, "wants help with letters", "yes")
    today = desk.clock.today()
    assert [each.due_on for each in card.follow_ups] == [today + timedelta(days=28), today + timedelta(days=84)]


def test_how_is_asked_for_and_nothing_is_lost(qtbot: QtBot, desk: Desk) -> None:
    person = amina(desk)
    page = opened(qtbot, desk, ToSignpost(person, service=debt_advice(desk)))
    write(page, "signpost.reason", "wants help with letters")
    press(page, "signpost.save")
    summary = page.findChild(ErrorSummary)
    assert isinstance(summary, ErrorSummary)
    assert not summary.isHidden()
    assert page.form.reason.value == "wants help with letters"
    with desk.store.read() as connection:
        assert signposts_of(connection, person) == []


def test_what_was_typed_is_there_again_after_leaving(qtbot: QtBot, desk: Desk) -> None:
    person, service = amina(desk), debt_advice(desk)
    page = opened(qtbot, desk, ToSignpost(person, service=service))
    choose(page, "signpost.how.list", "booked")
    write(page, "signpost.reason", "wants help")
    page.leaving()
    again = opened(qtbot, desk, ToSignpost(person, service=service))
    assert (again.form.how.value, again.form.reason.value) == ("booked", "wants help")


def test_a_service_that_closed_meanwhile_gets_a_sentence_and_saves_nothing(qtbot: QtBot, desk: Desk) -> None:
    person, service = amina(desk), debt_advice(desk)
    page = opened(qtbot, desk, ToSignpost(person, service=service))
    with desk.store.write() as writing:
        writing.edit(Service, service, status="temporarily closed")
    choose(page, "signpost.how.list", "told")
    press(page, "signpost.save")
    closed = page.findChild(Notice, "signpost.closed")
    assert isinstance(closed, Notice)
    assert "closed for now" in closed.text.text()
    with desk.store.read() as connection:
        assert signposts_of(connection, person) == []


def test_without_a_service_the_directory_is_offered(qtbot: QtBot, desk: Desk) -> None:
    person = amina(desk)
    page = opened(qtbot, desk, ToSignpost(person))
    with qtbot.waitSignal(page.go) as went:
        press(page, "signpost.find")
    assert went.args == [ToDirectory(person=person)]


def test_a_good_answer_is_saved_and_the_next_question_waits(qtbot: QtBot, desk: Desk) -> None:
    person, service = amina(desk), debt_advice(desk)
    record = signpost(desk, person, service, how="told")
    page = opened(qtbot, desk, ToSignpost(person, signpost=record))
    choose(page, "followup.arrived.list", "arrived")
    choose(page, "followup.was_good.list", "good")
    with qtbot.waitSignal(page.go):
        press(page, "followup.save")
    card = made(desk, person)
    assert (card.arrived, card.was_good) == ("arrived", "good")
    assert [each.kind for each in card.follow_ups if each.is_open] == ["twelve_weeks"]


def test_a_bad_answer_leads_to_a_note_for_the_directory(qtbot: QtBot, desk: Desk) -> None:
    person, service = amina(desk), debt_advice(desk)
    record = signpost(desk, person, service, how="told")
    page = opened(qtbot, desk, ToSignpost(person, signpost=record))
    choose(page, "followup.arrived.list", "service_could_not")
    press(page, "followup.save")
    write(page, "followup.wrong", "They are full until March")
    with qtbot.waitSignal(page.go) as went:
        press(page, "followup.wrong_save")
    assert went.args == [ToPerson(person)]
    with desk.store.read() as connection:
        assert [note.words for note in open_notes(connection, service)] == ["They are full until March"]


def test_it_can_be_asked_in_a_week_instead(qtbot: QtBot, desk: Desk) -> None:
    person, service = amina(desk), debt_advice(desk)
    record = signpost(desk, person, service, how="told")
    desk.clock.move(days=28)  # type: ignore[attr-defined]  # the test's own clock
    page = opened(qtbot, desk, ToSignpost(person, signpost=record))
    press(page, "followup.later")
    assert made(desk, person).next_due == desk.clock.today() + timedelta(days=7)


def test_a_talk_before_the_first_visit_is_ticked_off(qtbot: QtBot, desk: Desk) -> None:
    person, service = amina(desk), debt_advice(desk)
    record = signpost(desk, person, service, how="told", before_on=desk.clock.today())
    page = opened(qtbot, desk, ToSignpost(person, signpost=record))
    press(page, "followup.tick")
    assert [each.kind for each in made(desk, person).follow_ups if not each.is_open] == ["before"]


def done_of(args: list[object] | None) -> Done | None:
    assert args is not None
    (to,) = args
    assert isinstance(to, ToPerson)
    return to.done


def test_a_new_signpost_can_be_undone_on_the_next_page(qtbot: QtBot, desk: Desk) -> None:
    person = amina(desk)
    page = opened(qtbot, desk, ToSignpost(person, service=debt_advice(desk)))
    choose(page, "signpost.how.list", "called_together")
    with qtbot.waitSignal(page.go) as went:
        press(page, "signpost.save")
    done = done_of(went.args)
    assert done is not None
    assert (done.did, done.about) == (Did.SIGNPOSTED, made(desk, person).id)
    assert done.words.startswith("Signposted to ")


def test_a_signpost_made_by_mistake_goes_off_the_screens(qtbot: QtBot, desk: Desk) -> None:
    person = amina(desk)
    record = signpost(desk, person, debt_advice(desk), how="told")
    page = opened(qtbot, desk, ToSignpost(person, signpost=record))
    with qtbot.waitSignal(page.go) as went:
        press(page, "signpost.take_back")
    with desk.store.read() as connection:
        assert signposts_of(connection, person) == []
    assert done_of(went.args) == Done(Did.SIGNPOST_OFF, record, "The signpost is off the screens.")


def test_what_was_done_by_mistake_is_opened_again(qtbot: QtBot, desk: Desk) -> None:
    person = amina(desk)
    record = signpost(desk, person, debt_advice(desk), how="told", before_on=desk.clock.today())
    page = opened(qtbot, desk, ToSignpost(person, signpost=record))
    press(page, "followup.tick")
    page.opened(ToSignpost(person, signpost=record))
    assert [each.is_open for each in made(desk, person).follow_ups] == [False, True, True]
    press(page, "followup.steps.act.0")
    assert all(each.is_open for each in made(desk, person).follow_ups)


@in_every_look
def test_the_form_has_no_accessibility_faults(qtbot: QtBot, desk: Desk, look: Look) -> None:
    person, service = amina(desk), debt_advice(desk)

    def make() -> SignpostPage:
        page = opened(qtbot, desk, ToSignpost(person, service=service))
        press(page, "signpost.save")
        return page

    expect_accessible(qtbot, look, make)


@in_every_look
def test_the_questions_have_no_accessibility_faults(qtbot: QtBot, desk: Desk, look: Look) -> None:
    person, service = amina(desk), debt_advice(desk)
    record = signpost(desk, person, service, how="told", before_on=desk.clock.today() + timedelta(days=40))
    expect_accessible(qtbot, look, lambda: opened(qtbot, desk, ToSignpost(person, signpost=record)))


def test_whom_it_is_about_and_saving_stay_in_sight_while_the_form_scrolls(qtbot: QtBot, desk: Desk) -> None:
    page = opened(qtbot, desk, ToSignpost(amina(desk), service=debt_advice(desk)))
    page.resize(1160, 400)
    QApplication.processEvents()
    bar = page.sheet.verticalScrollBar()
    assert bar.maximum() > 0
    bar.setValue(bar.maximum())
    whose = page.findChild(Text, "signpost.whose")
    save = page.findChild(Button, "signpost.save")
    for part in (whose, save):
        assert part is not None
        assert page.rect().contains(QRect(part.mapTo(page, QPoint(0, 0)), part.size()))
        assert not part.visibleRegion().isEmpty()
