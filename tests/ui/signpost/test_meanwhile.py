"""What a colleague was told of a signpost while its questions are open is asked about and not passed over."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from ewb_desktop.actions.follow_ups import answer_follow_up, put_off, tick_off
from ewb_desktop.storage.cards.follow_ups import ALONG, FOUR_WEEKS, SIGNPOST
from ewb_desktop.storage.holding.in_hand import words_by_person, write_down
from ewb_desktop.storage.tables import Contact, FollowUp, Person, Signpost, table
from ewb_desktop.ui.destinations import ToSignpost
from ewb_desktop.ui.signpost.view import SignpostPage
from ewb_desktop.ui.widgets.button import Button
from ewb_desktop.ui.widgets.notice import Notice
from ewb_desktop.ui.widgets.rows import RowList
from ewb_desktop.ui.widgets.tag import Tag
from tests.support.looks import Look, expect_accessible, in_every_look
from tests.support.meanwhile import Meanwhile, two_at_once
from tests.ui.signpost.test_signpost import choose, opened, press, write


@dataclass(frozen=True, slots=True)
class Told:
    """A signpost that both laptops hold, and what is to be asked or done about it."""

    two: Meanwhile
    signpost: str
    follow_up: str

    def page(self, qtbot: QtBot) -> SignpostPage:
        return opened(qtbot, self.two.desk, ToSignpost(self.two.person, signpost=self.signpost))


@pytest.fixture
def two(tmp_path: Path) -> Iterator[Meanwhile]:
    with two_at_once(tmp_path) as both:
        yield both


def told(two: Meanwhile, kind: str = FOUR_WEEKS) -> Told:
    signpost = two.share(Signpost(area="", person=two.person, service_name="Debt Advice"))
    to_do = FollowUp(
        area="", person=two.person, about=SIGNPOST, about_id=signpost, kind=kind, owner=two.desk.worker.id,
        due_on=date(2026, 11, 21),
    )  # fmt: skip
    return Told(two, signpost, two.share(to_do))


BOTH = "If you save it, both answers wait until somebody chooses."


def beside(page: SignpostPage, field: str) -> str | None:
    """Return what stands beside a question."""
    notice = page.findChild(Notice, f"followup.{field}.differing")
    return notice.text.text() if notice is not None and notice.isVisibleTo(page) else None


def test_both_answers_stay_where_both_asked(qtbot: QtBot, two: Meanwhile) -> None:
    about = told(two)
    page = about.page(qtbot)
    answer_follow_up(two.colleagues, about.follow_up, arrived="service_could_not", note="A long list")
    two.arrive()
    choose(page, "followup.arrived.list", "arrived")
    write(page, "followup.note", "They were kind")
    press(page, "followup.save")
    asked = two.questions()
    assert asked["arrived"] == {"service_could_not", "arrived"}
    assert (asked["note"], asked["outcome_note"]) == ({"A long list", "They were kind"},) * 2
    assert asked["done_by"] == {two.desk.worker.id, two.colleagues.worker.id}


def test_what_a_colleague_answered_is_said_beside_each_question(qtbot: QtBot, two: Meanwhile) -> None:
    about = told(two)
    page = about.page(qtbot)
    choose(page, "followup.arrived.list", "arrived")
    answer_follow_up(two.colleagues, about.follow_up, arrived="service_could_not", note="A long list")
    two.arrive()
    qtbot.waitUntil(lambda: beside(page, "arrived") is not None)
    assert [beside(page, name) for name in ("arrived", "note", "buttons", "still_going")] == [
        f"“The service could not see them”\nWhat you typed is still in the field. {BOTH}",
        "“A long list”\nYou gave no answer here: if you save without one, theirs stands.",
        "Done by: “Grace Lamb”\nIf you save, both answers wait until somebody chooses.",
        None,
    ]


def test_what_a_colleague_has_done_stands_done_beside_the_questions(qtbot: QtBot, two: Meanwhile) -> None:
    about = told(two)
    page = about.page(qtbot)
    choose(page, "followup.arrived.list", "arrived")
    answer_follow_up(two.colleagues, about.follow_up, arrived="service_could_not", note="A long list")
    two.arrive()
    steps = page.findChild(RowList, "followup.steps")
    assert isinstance(steps, RowList)
    qtbot.waitUntil(lambda: [tag.text() for tag in steps.findChildren(Tag)] == ["done"])
    # it is still asked here: nothing on the page takes the answers away
    assert page.findChild(Button, "followup.steps.act.0") is None
    assert page.answers()["arrived"] == "arrived"


def test_what_came_is_said_in_the_foot_once(qtbot: QtBot, two: Meanwhile) -> None:
    about = told(two)
    page = about.page(qtbot)
    said: list[str] = []
    page.said.connect(said.append)
    two.grace_writes(Signpost, about.signpost, arrived="service_could_not")
    two.grace_writes(Signpost, about.signpost, reason="wants help with debts")
    assert said == ["A colleague wrote into “Did they get there?” too just now. It stands beside the field."]


def test_who_saves_over_what_came_reads_that_both_wait(qtbot: QtBot, two: Meanwhile) -> None:
    about = told(two, ALONG)
    page = about.page(qtbot)
    tick_off(two.colleagues, about.follow_up, "Went along")
    two.arrive()
    with qtbot.waitSignal(page.go) as gone:
        press(page, "followup.tick")
    assert gone.args is not None
    assert gone.args[0].done.words == (
        "Done. A colleague answered otherwise meanwhile: both answers will wait for somebody to choose."
    )


def test_an_answer_that_was_not_given_leaves_a_colleague_s_note(qtbot: QtBot, two: Meanwhile) -> None:
    about = told(two)
    page = about.page(qtbot)
    answer_follow_up(two.colleagues, about.follow_up, arrived="arrived", note="A long list")
    two.arrive()
    choose(page, "followup.arrived.list", "arrived")
    press(page, "followup.save")
    assert two.questions().keys() == {"done_by"}
    assert two.said(FollowUp, about.follow_up, "note") == "A long list"


def test_the_same_answer_is_nothing_to_tell_of(qtbot: QtBot, two: Meanwhile) -> None:
    about = told(two)
    page = about.page(qtbot)
    choose(page, "followup.arrived.list", "arrived")
    two.grace_writes(Signpost, about.signpost, arrived="arrived")
    assert beside(page, "arrived") is None


def test_what_came_stands_beside_a_draft_that_is_shown_again(qtbot: QtBot, two: Meanwhile) -> None:
    about = told(two)
    page = about.page(qtbot)
    write(page, "followup.note", "They were kind")
    page.leaving()
    two.grace_writes(Signpost, about.signpost, outcome_note="A long list")
    assert str(beside(about.page(qtbot), "note")).startswith("“A long list”\nWhat you typed")


@in_every_look
def test_questions_with_what_came_meanwhile_have_no_accessibility_faults(qtbot: QtBot, look: Look, two: Meanwhile) -> None:
    about = told(two)
    page = about.page(qtbot)
    write(page, "followup.note", "They were kind")
    page.leaving()
    answer_follow_up(two.colleagues, about.follow_up, arrived="service_could_not", note="A long list")
    two.arrive()
    expect_accessible(qtbot, look, lambda: about.page(qtbot))


def test_a_draft_of_answers_remembers_what_its_writer_had_seen(qtbot: QtBot, two: Meanwhile) -> None:
    about = told(two)
    page = about.page(qtbot)
    write(page, "followup.note", "They were kind")
    page.leaving()
    two.grace_writes(Signpost, about.signpost, outcome_note="A long list")
    again = about.page(qtbot)
    press(again, "followup.save")
    assert two.questions() == {"outcome_note": {"A long list", "They were kind"}}


def test_what_two_ticked_off_keeps_what_each_wrote(qtbot: QtBot, two: Meanwhile) -> None:
    about = told(two, ALONG)
    page = about.page(qtbot)
    tick_off(two.colleagues, about.follow_up, "Went along")
    two.arrive()
    write(page, "followup.note", "Met at the door")
    press(page, "followup.tick")
    assert two.questions()["note"] == {"Went along", "Met at the door"}


def test_another_day_that_it_was_put_off_to_is_asked_about(qtbot: QtBot, two: Meanwhile) -> None:
    about = told(two)
    page = about.page(qtbot)
    put_off(two.colleagues, about.follow_up, date(2027, 1, 8))
    two.arrive()
    press(page, "followup.later")
    assert two.questions() == {"due_on": {date(2027, 1, 8), date(2026, 11, 28)}}


def test_what_was_seen_may_be_answered_anew(qtbot: QtBot, two: Meanwhile) -> None:
    about = told(two)
    two.grace_writes(Signpost, about.signpost, arrived="not_known")
    page = about.page(qtbot)
    choose(page, "followup.arrived.list", "arrived")
    press(page, "followup.save")
    assert two.questions() == {}
    assert two.said(Signpost, about.signpost, "arrived") == "arrived"


def test_a_note_of_unsaved_answers_says_nothing_of_numbers(qtbot: QtBot, two: Meanwhile) -> None:
    page = told(two).page(qtbot)
    write(page, "followup.note", "They were kind")
    page.leaving()
    with two.hal.store.write() as writing:
        write_down(writing, words_by_person(writing.connection)[two.person])
        note = writing.connection.execute(select(table(Contact).c.note)).scalar_one()
    assert note.splitlines()[1:] == ["They were kind"]


def test_a_members_name_that_arrives_stands_over_the_questions(qtbot: QtBot, two: Meanwhile) -> None:
    page = told(two).page(qtbot)
    two.grace_writes(Person, two.person, preferred_name="Maud")
    assert page.whose.startswith("Maud · ")


def test_a_members_name_that_arrives_stands_in_the_title_where_a_service_is_chosen(qtbot: QtBot, two: Meanwhile) -> None:
    page = opened(qtbot, two.desk, ToSignpost(two.person))
    two.grace_writes(Person, two.person, preferred_name="Maud")
    assert page.head.title.text() == "Signpost Maud"


def test_a_member_who_is_taken_off_while_the_form_is_open_is_told_with_what_becomes_of_it(qtbot: QtBot, two: Meanwhile) -> None:
    page = opened(qtbot, two.desk, ToSignpost(two.person))
    with qtbot.waitSignal(page.said) as said:
        with two.grace.store.write() as writing:
            writing.remove(Person, two.person)
        two.exchange()
    told = "What you save here is kept and sent, and somebody is asked whether they stay on the screens."
    assert said.args == [f"A colleague took this member off the screens just now. {told}"]
    assert page._closed.isVisible()
