"""What a colleague writes about a handover while its page is open is asked about and not passed over."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from ewb_desktop.actions.handover import hand_over, record_answer, record_first_attended
from ewb_desktop.domain.handover import AnswerKind, HandoverAnswer
from ewb_desktop.storage.holding.in_hand import words_by_person, write_down
from ewb_desktop.storage.tables import Contact, Handover, Person, SharingChoice, table
from ewb_desktop.ui.destinations import ToHandover
from ewb_desktop.ui.handover.view import HandoverPage
from ewb_desktop.ui.meanwhile import BOTH_WAIT
from ewb_desktop.ui.widgets.choices import CheckChoices
from ewb_desktop.ui.widgets.notice import Notice
from tests.support.connected import AREA
from tests.support.looks import Look, expect_accessible, in_every_look
from tests.support.meanwhile import Meanwhile, two_at_once
from tests.ui.handover.test_handover import choose, filled, opened, press


@pytest.fixture
def two(tmp_path: Path) -> Iterator[Meanwhile]:
    with two_at_once(tmp_path) as both:
        yield both


@pytest.fixture
def handover(two: Meanwhile) -> str:
    made = hand_over(two.desk, two.person, to_name="Debt Advice", reason="wants help with debts")
    two.exchange()
    return made


def answered(two: Meanwhile, handover: str) -> None:
    record_answer(two.desk, handover, HandoverAnswer(AnswerKind.START_AND_NEED, date(2026, 12, 3), "a letter"))
    two.exchange()


def page_of(qtbot: QtBot, two: Meanwhile, handover: str) -> HandoverPage:
    return opened(qtbot, two.desk, ToHandover(two.person, handover=handover))


def beside(page: HandoverPage, place: str) -> str | None:
    """Return what stands beside a field."""
    notice = page.findChild(Notice, f"handover.{place}.differing")
    return notice.text.text() if notice is not None and notice.isVisibleTo(page) else None


def type_need(page: HandoverPage, words: str) -> None:
    page.answer.need.value = words
    page.answer.need.edited.emit()


def test_what_came_stands_beside_what_was_typed_and_is_shown_elsewhere(qtbot: QtBot, two: Meanwhile, handover: str) -> None:
    answered(two, handover)
    page = page_of(qtbot, two, handover)
    type_need(page, "his card")
    said: list[str] = []
    page.said.connect(said.append)
    two.grace_writes(Handover, handover, answer_needs="a lift", start_on=date(2026, 12, 10))
    assert beside(page, "need") == (
        "“a lift”\nWhat you typed is still in the field. If you save it, both answers wait until somebody chooses."
    )
    assert (page.answer.need.value, page.answer.start_on.value) == ("his card", date(2026, 12, 10))
    assert said == ["A colleague wrote into “What they need to start” too just now. It stands beside the field."]


def test_who_saves_over_what_came_reads_that_both_wait(qtbot: QtBot, two: Meanwhile, handover: str) -> None:
    answered(two, handover)
    page = page_of(qtbot, two, handover)
    type_need(page, "his card")
    two.grace_writes(Handover, handover, answer_needs="a lift")
    with qtbot.waitSignal(page.said) as said:
        press(page, "handover.save_answer")
    assert said.args == [f"The answer is saved.{BOTH_WAIT}"]


def test_what_came_and_was_shown_may_be_changed(qtbot: QtBot, two: Meanwhile, handover: str) -> None:
    answered(two, handover)
    page = page_of(qtbot, two, handover)
    two.grace_writes(Handover, handover, answer_needs="a lift")
    assert page.answer.need.value == "a lift"
    type_need(page, "a lift on Monday")
    press(page, "handover.save_answer")
    assert two.questions() == {}
    assert two.said(Handover, handover, "answer_needs") == "a lift on Monday"


def test_a_first_meeting_that_a_colleague_wrote_down_stands_over_the_button(qtbot: QtBot, two: Meanwhile, handover: str) -> None:
    page = page_of(qtbot, two, handover)
    two.grace_writes(Handover, handover, first_attended_on=date(2026, 11, 20))
    assert str(beside(page, "met_button")).endswith(
        "“20 November 2026”\nIf you save another day, both wait until somebody chooses."
    )


def test_another_coordinator_is_shown_where_nobody_was_chosen(qtbot: QtBot, two: Meanwhile, handover: str) -> None:
    page = page_of(qtbot, two, handover)
    two.grace_writes(Person, two.person, coordinator=two.grace.store.author)
    assert page.answer.coordinator.combo.currentText() == "Grace Lamb, as before"


@in_every_look
def test_an_answer_with_what_came_meanwhile_has_no_accessibility_faults(
    qtbot: QtBot, look: Look, two: Meanwhile, handover: str
) -> None:
    answered(two, handover)
    page = page_of(qtbot, two, handover)
    type_need(page, "his card")
    page.leaving()
    two.grace_writes(Handover, handover, answer_needs="a lift")
    expect_accessible(qtbot, look, lambda: page_of(qtbot, two, handover))


def test_both_answers_stay_where_both_wrote_one(qtbot: QtBot, two: Meanwhile, handover: str) -> None:
    page = page_of(qtbot, two, handover)
    choose(page, "start_on")
    page.answer.start_on.value = date(2026, 12, 3)
    record_answer(two.colleagues, handover, HandoverAnswer(AnswerKind.BETTER_DONE_BY, better_done_by="Citizens Advice"))
    two.arrive()
    press(page, "handover.save_answer")
    assert two.questions()["answer"] == {"better_done_by", "start_on"}


def test_what_was_not_touched_is_not_written_back(qtbot: QtBot, two: Meanwhile, handover: str) -> None:
    answered(two, handover)
    page = page_of(qtbot, two, handover)
    two.grace_writes(Handover, handover, start_on=date(2026, 12, 10))
    page.answer.need.value = "a letter and his card"
    press(page, "handover.save_answer")
    assert two.questions() == {}
    assert two.said(Handover, handover, "start_on") == date(2026, 12, 10)
    assert two.said(Handover, handover, "answer_needs") == "a letter and his card"


def test_a_draft_stands_over_what_came_and_is_asked_about(qtbot: QtBot, two: Meanwhile, handover: str) -> None:
    answered(two, handover)
    page = page_of(qtbot, two, handover)
    page.answer.need.value = "his card"
    page.answer.need.edited.emit()
    page.leaving()
    two.grace_writes(Handover, handover, answer_needs="a lift", start_on=date(2026, 12, 10))
    again = page_of(qtbot, two, handover)
    assert (again.answer.need.value, again.answer.start_on.value) == ("his card", date(2026, 12, 10))
    press(again, "handover.save_answer")
    assert two.questions() == {"answer_needs": {"a lift", "his card"}}
    assert two.said(Handover, handover, "start_on") == date(2026, 12, 10)


def test_another_day_of_the_first_meeting_is_asked_about(qtbot: QtBot, two: Meanwhile, handover: str) -> None:
    page = page_of(qtbot, two, handover)
    today = two.desk.clock.today()
    # the day on which it was agreed is the first on which they can have met
    two.grace_writes(Handover, handover, agreed_on=date(2026, 11, 1), first_attended_on=date(2026, 11, 2))
    page.answer.day.value = today
    press(page, "handover.met")
    assert two.questions()["first_attended_on"] == {date(2026, 11, 2), today}


def test_the_coordinator_whom_a_draft_only_showed_is_not_put_back(qtbot: QtBot, two: Meanwhile, handover: str) -> None:
    page = page_of(qtbot, two, handover)
    page.answer.day.value = two.desk.clock.today()
    page.answer.day.edited.emit()
    page.leaving()
    two.grace_writes(Person, two.person, coordinator=two.grace.store.author)
    again = page_of(qtbot, two, handover)
    press(again, "handover.met")
    assert two.questions() == {}
    assert two.said(Person, two.person, "coordinator") == two.grace.store.author


def test_another_coordinator_is_asked_about(qtbot: QtBot, two: Meanwhile, handover: str) -> None:
    record_first_attended(two.desk, handover, two.desk.clock.today())
    two.exchange()
    page = page_of(qtbot, two, handover)
    page.answer.next_coordinator.value = two.grace.store.author
    two.grace_writes(Person, two.person, coordinator=None)
    press(page, "handover.pass_on")
    assert two.questions() == {"coordinator": {None, two.grace.store.author}}


def test_a_note_of_an_unsaved_answer_holds_what_was_typed_alone(qtbot: QtBot, two: Meanwhile, handover: str) -> None:
    answered(two, handover)
    page = page_of(qtbot, two, handover)
    page.answer.need.value = "his card"
    page.answer.need.edited.emit()
    page.leaving()
    with two.hal.store.write() as writing:
        write_down(writing, words_by_person(writing.connection)[two.person])
        note = writing.connection.execute(select(table(Contact).c.note)).scalar_one()
    assert note == "Typed on a laptop and not saved there (a handover):\nNeed: his card"


def test_an_answer_that_was_typed_and_taken_out_again_is_no_draft(qtbot: QtBot, two: Meanwhile, handover: str) -> None:
    answered(two, handover)
    page = page_of(qtbot, two, handover)
    for words in ("his card", "a letter"):
        page.answer.need.value = words
        page.answer.need.edited.emit()
        page.leaving()
    with two.hal.store.read() as connection:
        assert words_by_person(connection) == {}


def test_a_members_name_that_arrives_stands_over_the_handover(qtbot: QtBot, two: Meanwhile, handover: str) -> None:
    page = page_of(qtbot, two, handover)
    two.grace_writes(Person, two.person, preferred_name="Maud")
    assert page.whose.startswith("Maud · ")


def test_a_members_name_that_arrives_stands_in_the_title_of_a_new_handover(qtbot: QtBot, two: Meanwhile) -> None:
    page = opened(qtbot, two.desk, ToHandover(two.person))
    two.grace_writes(Person, two.person, preferred_name="Maud")
    assert page.head.title.text() == "Hand Maud over"


def grace_hears_a_no(two: Meanwhile) -> None:
    with two.grace.store.write() as writing:
        now = writing.clock.now()
        writing.add(
            SharingChoice(
                area=AREA, person=two.person, shared_with="Debt desk", what="needs and goals", agreed=False, decided_at=now
            )
        )
    two.exchange()


def checked(qtbot: QtBot, two: Meanwhile) -> HandoverPage:
    """Look at a new handover that shares something, with the member's yes ticked."""
    page = filled(opened(qtbot, two.desk, ToHandover(two.person)))
    page.form.shared.ticks.values = ["summary"]
    press(page, "handover.check")
    consent = page.findChild(CheckChoices, "handover.consent")
    assert isinstance(consent, CheckChoices)
    consent.values = [True]
    return page


def test_a_no_to_sharing_that_arrives_stands_in_the_form_and_is_said(qtbot: QtBot, two: Meanwhile) -> None:
    page = opened(qtbot, two.desk, ToHandover(two.person))
    with qtbot.waitSignal(page.said) as said:
        grace_hears_a_no(two)
    told = "Not (any more): needs and goals with Debt desk."
    assert said.args == [f"Their sharing choices have changed just now. {told}"]
    assert (page.form.changed.text.text(), page.form.changed.isVisible()) == (told, True)
    assert page.form.choices.text() == f"Their sharing choices so far. {told}"


def test_what_is_looked_at_is_asked_anew_where_a_no_to_sharing_arrives(qtbot: QtBot, two: Meanwhile) -> None:
    page = checked(qtbot, two)
    grace_hears_a_no(two)
    assert page.check.changed.isVisible()
    assert "Not (any more): needs and goals with Debt desk." in words_of(page.check)
    press(page, "handover.agree")
    with two.hal.store.read() as connection:
        assert connection.execute(select(table(Handover).c.id)).all() == []


def test_what_is_looked_at_names_the_choices_so_far(qtbot: QtBot, two: Meanwhile) -> None:
    grace_hears_a_no(two)
    assert "Not (any more): needs and goals with Debt desk." in words_of(checked(qtbot, two).check)


def test_another_record_that_arrives_asks_nothing_anew(qtbot: QtBot, two: Meanwhile) -> None:
    page = checked(qtbot, two)
    two.grace_writes(Person, two.person, postcode="M33 2AB")
    assert not page.check.changed.isVisible()
    press(page, "handover.agree")
    with two.hal.store.read() as connection:
        assert len(connection.execute(select(table(Handover).c.id)).all()) == 1


def test_a_member_who_is_taken_off_while_the_form_is_open_is_told_with_what_becomes_of_it(qtbot: QtBot, two: Meanwhile) -> None:
    page = opened(qtbot, two.desk, ToHandover(two.person))
    with qtbot.waitSignal(page.said) as said:
        with two.grace.store.write() as writing:
            writing.remove(Person, two.person)
        two.exchange()
    told = "What you save here is kept and sent, and somebody is asked whether they stay on the screens."
    assert said.args == [f"A colleague took this member off the screens just now. {told}"]
    assert page._closed.isVisible()


def words_of(widget: QWidget) -> str:
    return " ".join(label.text() for label in widget.findChildren(QLabel) if label.isVisibleTo(widget))
