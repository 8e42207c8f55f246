"""Handing over through the page: the form, the look before it is agreed, the answer and the first meeting."""

from __future__ import annotations

from datetime import date, timedelta

from pytestqt.qtbot import QtBot

from ewb_desktop.actions.desk import Desk
from ewb_desktop.actions.handover import hand_over, record_first_attended
from ewb_desktop.actions.needs import add_need
from ewb_desktop.actions.people import add_person
from ewb_desktop.domain.handover import AnswerKind
from ewb_desktop.storage.cards.handovers import HandoverCard
from ewb_desktop.storage.cards.people import person_record
from ewb_desktop.storage.cards.sharing import sharing_choices
from ewb_desktop.ui.destinations import Did, Done, ToHandover, ToPerson
from ewb_desktop.ui.feed import Feed
from ewb_desktop.ui.handover.page import build
from ewb_desktop.ui.handover.view import HandoverPage
from ewb_desktop.ui.widgets.button import Button
from ewb_desktop.ui.widgets.choices import CheckChoices, ChoiceList
from ewb_desktop.ui.widgets.notice import ErrorSummary
from ewb_desktop.ui.widgets.text import Text
from tests.support.clock import HandClock
from tests.support.desks import GRACE, ROWAN
from tests.support.looks import Look, expect_accessible, in_every_look
from tests.support.of_member import handovers_of


def amina(desk: Desk) -> str:
    return add_person(
        desk,
        {
            "preferred_name": "Amina", "family_name": "Khan", "birth_date": date(1986, 3, 14), "spoken_language": "ur",
            "communication": ["large_print"],
        },
    )  # fmt: skip


def opened(qtbot: QtBot, desk: Desk, destination: ToHandover) -> HandoverPage:
    feed = Feed()
    desk.store.listen(lambda changes, _initiator: feed.announce(changes))
    page = build(desk, feed)
    assert isinstance(page, HandoverPage)
    qtbot.addWidget(page)
    # nothing else keeps the feed
    page.setProperty("feed", feed)
    page.show()
    page.opened(destination)
    return page


def press(page: HandoverPage, name: str) -> None:
    button = page.findChild(Button, name)
    assert isinstance(button, Button)
    assert not button.isHidden()
    button.click()


def filled(page: HandoverPage) -> HandoverPage:
    page.form.to_name.value = "Stretford Debt Advice"
    page.form.reason.value = "wants help with debts"
    return page


def agreed(desk: Desk, person: str) -> HandoverCard:
    with desk.store.read() as connection:
        (card,) = handovers_of(connection, person)
    return card


def coordinator(desk: Desk, person: str) -> str | None:
    with desk.store.read() as connection:
        record = person_record(connection, person)
    assert record is not None
    return record.coordinator


def choose(page: HandoverPage, key: str) -> None:
    choices = page.findChild(ChoiceList, "handover.kind.list")
    assert isinstance(choices, ChoiceList)
    choices.value = key
    page.answer.kind.edited.emit()


def test_it_is_checked_before_it_is_agreed(qtbot: QtBot, desk: Desk) -> None:
    person = amina(desk)
    page = filled(opened(qtbot, desk, ToHandover(person)))
    press(page, "handover.check")
    with desk.store.read() as connection:
        assert handovers_of(connection, person) == []
    with qtbot.waitSignal(page.go) as went:
        press(page, "handover.agree")
    assert went.args == [ToPerson(person)]
    card = agreed(desk, person)
    assert (card.to_name, card.agreed_on) == ("Stretford Debt Advice", desk.clock.today())


def test_the_only_need_is_the_one_it_is_for(qtbot: QtBot, desk: Desk) -> None:
    person = amina(desk)
    need = add_need(desk, person, "money_debt_benefits", "Letters about money")
    page = filled(opened(qtbot, desk, ToHandover(person)))
    press(page, "handover.check")
    shown = [text.text() for text in page.check.findChildren(Text)]
    assert shown[shown.index("For which need") + 1] == "Letters about money"
    press(page, "handover.agree")
    card = agreed(desk, person)
    assert (card.need, card.need_words) == (need, "Letters about money")


def test_one_of_several_needs_is_chosen_and_kept_as_a_draft(qtbot: QtBot, desk: Desk) -> None:
    person = amina(desk)
    second = [add_need(desk, person, code, words) for code, words in (("sleep", "Lying awake"), ("sleep", "Dreams"))][1]
    page = filled(opened(qtbot, desk, ToHandover(person)))
    assert page.form.need.value == ""
    page.form.need.value = second
    page.form.need.edited.emit()
    page.leaving()
    again = opened(qtbot, desk, ToHandover(person))
    assert again.form.need.value == second
    press(again, "handover.check")
    press(again, "handover.agree")
    assert agreed(desk, person).need == second


def test_going_on_with_a_draft_begins_where_something_was_written(qtbot: QtBot, desk: Desk) -> None:
    person = amina(desk)
    page = opened(qtbot, desk, ToHandover(person))
    page.form.wanted.value = "somebody who listens"
    page.form.wanted.edited.emit()
    page.leaving()
    assert page.default_focus is page.form.to_name.input
    with qtbot.waitSignal(page.said) as said:
        page.opened(ToHandover(person))
    assert page.default_focus is page.form.wanted.input
    assert page.form.wanted.label_text in said.args[0]


def test_where_it_stands_says_for_which_need_it_is(qtbot: QtBot, desk: Desk) -> None:
    person = amina(desk)
    need = add_need(desk, person, "sleep", "")
    made = hand_over(desk, person, to_name="Stretford Debt Advice", reason="wants help", need=need)
    page = opened(qtbot, desk, ToHandover(person, handover=made))
    shown = [text.text() for text in page.answer.findChildren(Text)]
    assert shown[shown.index("For which need") + 1] == desk.library.list("needs").words("sleep")


def test_the_coordinator_stays_when_it_is_agreed(qtbot: QtBot, desk: Desk) -> None:
    person = amina(desk)
    page = filled(opened(qtbot, desk, ToHandover(person)))
    press(page, "handover.check")
    press(page, "handover.agree")
    assert coordinator(desk, person) == ROWAN


def test_nothing_is_shared_without_a_yes(qtbot: QtBot, desk: Desk) -> None:
    person = amina(desk)
    page = filled(opened(qtbot, desk, ToHandover(person)))
    page.form.shared.ticks.values = ["summary"]
    press(page, "handover.check")
    press(page, "handover.agree")
    with desk.store.read() as connection:
        assert handovers_of(connection, person) == []
    assert page.form.isHidden()
    (agreement,) = page.check.fields.values()
    assert agreement.isVisible()
    assert agreement.error.text().startswith("Error: Ask whether they agree")
    assert page.form.reason.value == "wants help with debts"


def test_a_yes_is_kept_among_the_sharing_choices(qtbot: QtBot, desk: Desk) -> None:
    person = amina(desk)
    page = filled(opened(qtbot, desk, ToHandover(person)))
    page.form.shared.ticks.values = ["summary"]
    press(page, "handover.check")
    consent = page.findChild(CheckChoices, "handover.consent")
    assert isinstance(consent, CheckChoices)
    consent.values = [True]
    press(page, "handover.agree")
    with desk.store.read() as connection:
        (choice,) = sharing_choices(connection, person)
    assert (choice.shared_with, choice.agreed) == ("Stretford Debt Advice", True)
    assert agreed(desk, person).shared == ("summary",)


def test_communication_needs_stand_on_the_form(qtbot: QtBot, desk: Desk) -> None:
    page = opened(qtbot, desk, ToHandover(amina(desk)))
    assert page.form.needs.text() == "So that they are understood: Large print, speaks Urdu"


def test_a_reason_is_asked_for_and_nothing_is_lost(qtbot: QtBot, desk: Desk) -> None:
    page = opened(qtbot, desk, ToHandover(amina(desk)))
    page.form.to_name.value = "Stretford Debt Advice"
    press(page, "handover.check")
    summary = page.findChild(ErrorSummary)
    assert isinstance(summary, ErrorSummary)
    assert not summary.isHidden()
    assert page.form.to_name.value == "Stretford Debt Advice"


def test_what_was_typed_is_there_again_after_leaving(qtbot: QtBot, desk: Desk) -> None:
    person = amina(desk)
    page = filled(opened(qtbot, desk, ToHandover(person)))
    page.form.reason.edited.emit()
    page.leaving()
    assert opened(qtbot, desk, ToHandover(person)).form.reason.value == "wants help with debts"


def test_there_are_three_answers_and_none_sends_anybody_away(qtbot: QtBot, desk: Desk) -> None:
    person = amina(desk)
    record = hand_over(desk, person, to_name="Debt advice", reason="debts")
    page = opened(qtbot, desk, ToHandover(person, handover=record))
    choices = page.findChild(ChoiceList, "handover.kind.list")
    assert isinstance(choices, ChoiceList)
    words = [row.text() for row in choices.rows]
    assert len(words) == 3
    for forbidden in ("refuse", "reject", "declin", "not accept", "discharge", "close"):
        assert not any(forbidden in each.casefold() for each in words)


def test_an_answer_asks_for_what_it_promises(qtbot: QtBot, desk: Desk) -> None:
    person = amina(desk)
    record = hand_over(desk, person, to_name="Debt advice", reason="debts")
    page = opened(qtbot, desk, ToHandover(person, handover=record))
    choose(page, "better_done_by")
    assert page.answer.start_on.isHidden()
    press(page, "handover.save_answer")
    assert page.answer.better_done_by.error.text().startswith("Error: ")
    page.answer.better_done_by.value = "Citizens Advice"
    press(page, "handover.save_answer")
    answer = agreed(desk, person).answer
    assert answer is not None
    assert (answer.kind, answer.better_done_by) == (AnswerKind.BETTER_DONE_BY, "Citizens Advice")
    assert coordinator(desk, person) == ROWAN


def test_only_a_first_meeting_changes_the_coordinator(qtbot: QtBot, desk: Desk) -> None:
    person = amina(desk)
    record = hand_over(desk, person, to_name="Grace Lamb", reason="debts")
    page = opened(qtbot, desk, ToHandover(person, handover=record))
    page.answer.coordinator.value = GRACE
    press(page, "handover.met")
    assert coordinator(desk, person) == ROWAN
    page.answer.day.value = desk.clock.today()
    press(page, "handover.met")
    assert coordinator(desk, person) == GRACE


def started(desk: Desk, person: str) -> str:
    record = hand_over(desk, person, to_name="Grace Lamb", reason="debts")
    record_first_attended(desk, record, desk.clock.today())
    return record


def test_the_coordination_is_passed_on_once_they_have_met(qtbot: QtBot, desk: Desk) -> None:
    person = amina(desk)
    page = opened(qtbot, desk, ToHandover(person, handover=started(desk, person)))
    assert page.answer.next_coordinator.value == ROWAN
    page.answer.next_coordinator.value = GRACE
    with qtbot.waitSignal(page.go) as went:
        press(page, "handover.pass_on")
    assert coordinator(desk, person) == GRACE
    assert went.args is not None
    assert went.args[0].done == Done(Did.PASSED_ON, ROWAN, "Grace Lamb coordinates from now on.")


def test_there_is_no_choice_of_nobody(qtbot: QtBot, desk: Desk) -> None:
    person = amina(desk)
    page = opened(qtbot, desk, ToHandover(person, handover=started(desk, person)))
    select = page.answer.next_coordinator
    assert select.combo.count() > 1
    for index in range(select.combo.count()):
        select.combo.setCurrentIndex(index)
        assert select.value


def test_before_they_have_met_nothing_can_be_passed_on(qtbot: QtBot, desk: Desk) -> None:
    person = amina(desk)
    page = opened(qtbot, desk, ToHandover(person, handover=hand_over(desk, person, to_name="Debt advice", reason="debts")))
    button = page.findChild(Button, "handover.pass_on")
    assert isinstance(button, Button)
    assert not button.isVisible()


def test_a_handover_made_by_mistake_goes_off_the_screens(qtbot: QtBot, desk: Desk) -> None:
    person = amina(desk)
    record = hand_over(desk, person, to_name="Debt advice", reason="debts")
    page = opened(qtbot, desk, ToHandover(person, handover=record))
    with qtbot.waitSignal(page.go) as went:
        press(page, "handover.take_back")
    with desk.store.read() as connection:
        assert handovers_of(connection, person) == []
    assert went.args is not None
    assert went.args[0].done == Done(Did.HANDOVER_OFF, record, "The handover is off the screens.")


@in_every_look
def test_passing_on_has_no_accessibility_faults(qtbot: QtBot, desk: Desk, look: Look) -> None:
    person = amina(desk)
    record = started(desk, person)
    expect_accessible(qtbot, look, lambda: opened(qtbot, desk, ToHandover(person, handover=record)))


@in_every_look
def test_the_form_has_no_accessibility_faults(qtbot: QtBot, desk: Desk, look: Look) -> None:
    person = amina(desk)

    def make() -> HandoverPage:
        page = opened(qtbot, desk, ToHandover(person))
        press(page, "handover.check")
        return page

    expect_accessible(qtbot, look, make)


@in_every_look
def test_the_check_has_no_accessibility_faults(qtbot: QtBot, desk: Desk, look: Look) -> None:
    person = amina(desk)

    def make() -> HandoverPage:
        page = filled(opened(qtbot, desk, ToHandover(person)))
        page.form.shared.ticks.values = ["summary"]
        press(page, "handover.check")
        return page

    expect_accessible(qtbot, look, make)


@in_every_look
def test_where_it_stands_has_no_accessibility_faults(qtbot: QtBot, desk: Desk, look: Look) -> None:
    person = amina(desk)
    record = hand_over(desk, person, to_name="Debt advice", reason="debts", meeting_on=desk.clock.today() + timedelta(days=3))

    def make() -> HandoverPage:
        page = opened(qtbot, desk, ToHandover(person, handover=record))
        choose(page, "start_and_need")
        return page

    expect_accessible(qtbot, look, make)


def test_what_another_answer_asked_for_is_not_kept_with_this_one(qtbot: QtBot, desk: Desk) -> None:
    person = amina(desk)
    record = hand_over(desk, person, to_name="Debt advice", reason="debts")
    page = opened(qtbot, desk, ToHandover(person, handover=record))
    choose(page, "better_done_by")
    page.answer.better_done_by.value = "Citizens Advice"
    choose(page, "start_and_need")
    page.answer.need.value = "her letters"
    choose(page, "start_on")
    page.answer.start_on.value = desk.clock.today() + timedelta(days=3)
    press(page, "handover.save_answer")
    answer = agreed(desk, person).answer
    assert answer is not None
    assert (answer.kind, answer.need, answer.better_done_by) == (AnswerKind.START_ON, "", "")


def test_the_next_coordinator_is_kept_as_a_draft(qtbot: QtBot, desk: Desk) -> None:
    person = amina(desk)
    record = hand_over(desk, person, to_name="Debt advice", reason="debts")
    record_first_attended(desk, record, desk.clock.today())
    page = opened(qtbot, desk, ToHandover(person, handover=record))
    page.answer.next_coordinator.value = GRACE
    page.answer.next_coordinator.edited.emit()
    page.leaving()
    assert opened(qtbot, desk, ToHandover(person, handover=record)).answer.next_coordinator.value == GRACE


def test_the_day_they_met_may_be_today_when_midnight_has_passed_since_the_page_was_made(qtbot: QtBot, desk: Desk) -> None:
    person = amina(desk)
    record = hand_over(desk, person, to_name="Debt advice", reason="debts")
    page = opened(qtbot, desk, ToHandover(person, handover=record))
    assert isinstance(desk.clock, HandClock)
    desk.clock.move(days=1)
    page.answer.day.value = desk.clock.today()
    press(page, "handover.met")
    assert agreed(desk, person).first_attended_on == desk.clock.today()
