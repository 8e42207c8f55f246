"""What a colleague answers while a question is on the page stands beside it, and neither answer passes over the other."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from ewb_desktop.actions.assessments import finish_assessment, record_answer, skip_question, start_assessment
from ewb_desktop.actions.conversations import start_conversation
from ewb_desktop.storage.cards.assessments import answers_of, assessments_of
from ewb_desktop.storage.drafts import load_draft
from ewb_desktop.storage.holding.in_hand import words_by_person
from ewb_desktop.storage.ids import answer_id
from ewb_desktop.storage.tables import Answer
from ewb_desktop.ui.conversation.asked import STANDS
from ewb_desktop.ui.conversation.page import build
from ewb_desktop.ui.conversation.presenter import CAME_TO_CHECK, ConversationPresenter
from ewb_desktop.ui.conversation.shown import Staying
from ewb_desktop.ui.conversation.view import ConversationPage
from ewb_desktop.ui.destinations import ToConversation
from ewb_desktop.ui.feed import Feed
from ewb_desktop.ui.meanwhile import BOTH_WAIT, OVER
from ewb_desktop.ui.widgets.choices import ChoiceList
from ewb_desktop.ui.widgets.notice import Notice
from tests.support.audit.parts import settle
from tests.support.looks import Look, expect_accessible, in_every_look
from tests.support.meanwhile import Meanwhile, two_at_once
from tests.ui.conversation.recording import Recording

FIRST, SECOND, NINTH = "44250-9", "44255-8", "44260-8"
"""Questions of the PHQ-9."""


@pytest.fixture
def two(tmp_path: Path) -> Iterator[Meanwhile]:
    with two_at_once(tmp_path) as both:
        yield both


@pytest.fixture
def conversation(two: Meanwhile) -> str:
    return start_conversation(two.desk, two.person)


@pytest.fixture
def phq(two: Meanwhile, conversation: str) -> str:
    made = start_assessment(two.desk, two.person, conversation, "phq-9")
    two.exchange()
    return made


@pytest.fixture
def view() -> Recording:
    return Recording()


def asking(two: Meanwhile, view: Recording, conversation: str, question: str) -> ConversationPresenter:
    page = ConversationPresenter(two.desk, view)
    page.open(two.person, conversation)
    page.change(question)
    return page


def grace_answers(two: Meanwhile, assessment: str, question: str, value: object) -> None:
    record_answer(two.colleagues, assessment, question, value)
    two.arrive()


def test_a_colleague_s_answer_stands_in_words_beside_the_question(
    two: Meanwhile, view: Recording, conversation: str, phq: str
) -> None:
    page = asking(two, view, conversation, f"phq-9/{FIRST}")
    grace_answers(two, phq, FIRST, 3)
    page.renew()
    assert view.beside.words == {"answer": f"“Nearly every day”\n{STANDS}"}
    assert view.beside.new == ["answer"]


def test_not_at_all_is_an_answer_too(two: Meanwhile, view: Recording, conversation: str, phq: str) -> None:
    page = asking(two, view, conversation, f"phq-9/{FIRST}")
    grace_answers(two, phq, FIRST, 0)
    page.renew()
    assert view.beside.words == {"answer": f"“Not at all”\n{STANDS}"}


def test_what_came_changes_no_choice_on_the_page(two: Meanwhile, view: Recording, conversation: str, phq: str) -> None:
    page = asking(two, view, conversation, f"phq-9/{FIRST}")
    before = view.question
    grace_answers(two, phq, FIRST, 3)
    page.renew()
    assert view.question is before


def test_what_stood_there_when_the_question_was_shown_is_no_news(
    two: Meanwhile, view: Recording, conversation: str, phq: str
) -> None:
    grace_answers(two, phq, FIRST, 3)
    page = asking(two, view, conversation, f"phq-9/{FIRST}")
    page.renew()
    assert view.beside.words == {}


def test_who_gives_the_same_answer_is_told_nothing(two: Meanwhile, view: Recording, conversation: str, phq: str) -> None:
    page = asking(two, view, conversation, f"phq-9/{FIRST}")
    page.answer(3)
    grace_answers(two, phq, FIRST, 3)
    page.renew()
    assert view.beside.words == {}


def test_who_answers_otherwise_reads_that_both_wait(two: Meanwhile, view: Recording, conversation: str, phq: str) -> None:
    page = asking(two, view, conversation, f"phq-9/{FIRST}")
    grace_answers(two, phq, FIRST, 3)
    page.renew()
    page.answer(1)
    assert (view.told[-1], view.beside.words["answer"]) == (f"Saved.{BOTH_WAIT}", f"“Nearly every day”\n{OVER}")
    assert two.questions() == {"value": {1, 3}}


def test_two_answers_that_met_stand_beside_the_question_in_words(
    two: Meanwhile, view: Recording, conversation: str, phq: str
) -> None:
    page = asking(two, view, conversation, f"phq-9/{FIRST}")
    page.answer(1)
    grace_answers(two, phq, FIRST, 3)
    two.exchange()
    page.renew()
    assert "“Several days”" in view.beside.words["answer"]
    assert "“Nearly every day”" in view.beside.words["answer"]


def test_the_first_answer_of_all_is_told_where_a_colleague_began(two: Meanwhile, view: Recording, conversation: str) -> None:
    page = asking(two, view, conversation, f"phq-9/{FIRST}")
    begun = start_assessment(two.colleagues, two.person, None, "phq-9")
    grace_answers(two, begun, FIRST, 2)
    page.renew()
    assert view.beside.words == {"answer": f"“More than half the days”\n{STANDS}"}


def test_what_was_said_of_one_question_is_gone_at_the_next(two: Meanwhile, view: Recording, conversation: str, phq: str) -> None:
    page = asking(two, view, conversation, f"phq-9/{FIRST}")
    grace_answers(two, phq, FIRST, 3)
    page.renew()
    page.choose("gad-7")
    assert view.beside.words == {}


def test_what_is_skipped_over_an_answer_that_came_waits_with_it(
    two: Meanwhile, view: Recording, conversation: str, phq: str
) -> None:
    page = asking(two, view, conversation, f"phq-9/{FIRST}")
    grace_answers(two, phq, FIRST, 3)
    page.renew()
    page.skip()
    assert view.told[-1] == f"Saved.{BOTH_WAIT}"
    assert two.questions()["value"] == {None, 3}


def test_a_colleague_s_skip_reads_as_not_answered(two: Meanwhile, view: Recording, conversation: str, phq: str) -> None:
    record_answer(two.desk, phq, FIRST, 1)
    two.exchange()
    page = asking(two, view, conversation, f"phq-9/{FIRST}")
    skip_question(two.colleagues, phq, FIRST)
    two.arrive()
    page.renew()
    assert view.beside.words == {"answer": f"“Not answered”\n{STANDS}"}


def test_who_fills_it_in_alone_reads_nothing_of_colleagues(two: Meanwhile, view: Recording, conversation: str, phq: str) -> None:
    page = asking(two, view, conversation, f"phq-9/{FIRST}")
    page.set_who("self")
    grace_answers(two, phq, FIRST, 3)
    page.renew()
    assert view.beside.words == {}
    page.answer(1)
    assert two.questions() == {"value": {1, 3}}


def test_words_over_which_a_colleague_s_came_wait_with_them_and_that_is_said(
    two: Meanwhile, view: Recording, conversation: str
) -> None:
    begun = start_assessment(two.desk, two.person, conversation, "first-conversation")
    record_answer(two.desk, begun, "matters", "My garden")
    two.exchange()
    page = asking(two, view, conversation, "first-conversation/matters")
    view.words = "My pond"
    grace_answers(two, begun, "matters", "My sons")
    page.renew()
    assert (view.words, view.beside.words) == ("My pond", {"answer": f"“My sons”\n{STANDS}"})
    page.next()
    assert view.told[-1] == f"Saved.{BOTH_WAIT}"
    assert two.questions() == {"value": {"My sons", "My pond"}}


def test_a_draft_of_an_answer_remembers_what_its_writer_had_seen(two: Meanwhile, view: Recording, conversation: str) -> None:
    begun = start_assessment(two.desk, two.person, conversation, "first-conversation")
    record_answer(two.desk, begun, "matters", "My garden")
    two.exchange()
    page = asking(two, view, conversation, "first-conversation/matters")
    page.keep_draft("My pond")
    grace_answers(two, begun, "matters", "My sons")
    again = asking(two, view, conversation, "first-conversation/matters")
    assert (view.words, view.beside.words) == ("My pond", {"answer": f"“My sons”\n{STANDS}"})
    again.next()
    assert two.questions() == {"value": {"My sons", "My pond"}}


def test_what_a_draft_of_an_answer_saw_is_no_word(two: Meanwhile, view: Recording, conversation: str) -> None:
    begun = start_assessment(two.desk, two.person, conversation, "first-conversation")
    record_answer(two.desk, begun, "matters", "My garden")
    page = asking(two, view, conversation, "first-conversation/matters")
    page.keep_draft("")
    with two.hal.store.read() as connection:
        assert words_by_person(connection) == {}


def test_a_draft_stays_where_nothing_was_seen_as_it_was(two: Meanwhile, view: Recording, conversation: str) -> None:
    asking(two, view, conversation, "first-conversation/matters").keep_draft("My pond")
    assert load_draft(two.hal.store, f"answer/{two.person}/first-conversation/matters") == "My pond"


# -- what hangs together


def test_answers_stay_together_where_a_colleague_finishes_meanwhile(two: Meanwhile, view: Recording, conversation: str) -> None:
    begun = start_assessment(two.colleagues, two.person, None, "phq-9")
    grace_answers(two, begun, FIRST, 3)
    page = asking(two, view, conversation, f"phq-9/{SECOND}")
    finish_assessment(two.colleagues, begun)
    two.arrive()
    page.answer(2)
    with two.hal.store.read() as connection:
        assert answers_of(connection, begun).keys() == {FIRST, SECOND}
        assert len(assessments_of(connection, two.person, "phq-9")) == 1


def test_finishing_a_conversation_leaves_a_colleague_to_go_on_asking(two: Meanwhile, view: Recording, conversation: str) -> None:
    begun = start_assessment(two.colleagues, two.person, None, "phq-9")
    grace_answers(two, begun, FIRST, 3)
    page = asking(two, view, conversation, "gad-7/69725-0")
    page.answer(1)
    page.finish()
    with two.hal.store.read() as connection:
        finished = {card.questionnaire: card.completed_at is not None for card in assessments_of(connection, two.person)}
    assert finished == {"gad-7": True, "phq-9": False}


def test_words_are_kept_for_their_question_though_it_is_asked_no_longer(
    two: Meanwhile, view: Recording, conversation: str
) -> None:
    begun = start_assessment(two.desk, two.person, conversation, "first-conversation")
    record_answer(two.desk, begun, "wanted-today", 8)
    two.exchange()
    page = asking(two, view, conversation, "first-conversation/wanted-words")
    view.words = "A lift home"
    grace_answers(two, begun, "wanted-today", 1)
    page.renew()
    page.next()
    assert two.said(Answer, answer_id(begun, "wanted-words"), "value") == "A lift home"


def test_the_same_questions_asked_by_a_colleague_stand_beside_and_in_the_foot(
    two: Meanwhile, view: Recording, conversation: str
) -> None:
    mine = start_assessment(two.desk, two.person, conversation, "phq-9")
    page = asking(two, view, conversation, f"phq-9/{FIRST}")
    theirs = start_assessment(two.colleagues, two.person, None, "phq-9")
    assert theirs != mine
    grace_answers(two, theirs, SECOND, 1)
    page.renew()
    assert view.known[0].words == "Grace asked these questions today too. Both are kept, each with its own answers."
    assert view.told[-1] == "Grace asked these questions today too. It stands under “Already known”."


def test_what_a_colleague_s_answer_opened_is_shown_beside_the_question(
    two: Meanwhile, view: Recording, conversation: str, phq: str
) -> None:
    page = asking(two, view, conversation, f"phq-9/{FIRST}")
    grace_answers(two, phq, NINTH, 1)
    page.renew()
    assert view.staying is Staying.OPEN


def test_what_comes_while_all_is_checked_is_shown_and_said_before_anybody_finishes(
    two: Meanwhile, view: Recording, conversation: str, phq: str
) -> None:
    page = asking(two, view, conversation, f"phq-9/{FIRST}")
    page.choose("check")
    grace_answers(two, phq, FIRST, 3)
    page.renew()
    assert view.check["phq-9"].rows[0].detail == "Nearly every day"
    assert view.told[-1] == CAME_TO_CHECK


def test_a_page_to_check_stays_as_it_is_where_nothing_of_it_changed(
    two: Meanwhile, view: Recording, conversation: str, phq: str
) -> None:
    page = asking(two, view, conversation, f"phq-9/{FIRST}")
    page.choose("check")
    before = view.check
    page.renew()
    assert view.check is before


# -- on the page itself


@pytest.fixture
def pages(two: Meanwhile) -> Iterator[list[ConversationPage]]:
    """Leave every page before the file is closed."""
    made: list[ConversationPage] = []
    yield made
    for page in made:
        page.leaving()


def window(qtbot: QtBot, pages: list[ConversationPage], two: Meanwhile, conversation: str, question: str) -> ConversationPage:
    feed = Feed()
    two.desk.store.listen(lambda changes, _initiator: feed.announce(changes))
    page = build(two.desk, feed)
    assert isinstance(page, ConversationPage)
    qtbot.addWidget(page)
    # nothing else keeps the feed
    page.setProperty("feed", feed)
    pages.append(page)
    page.show()
    page.opened(ToConversation(two.person, conversation))
    page.check.change_asked.emit(question)
    return page


def notice_of(page: ConversationPage) -> Notice:
    (found,) = [each for each in page.findChildren(Notice, "conversation-answer.differing") if not each.isHidden()]
    return found


def test_what_came_stands_between_the_choices_and_next(
    qtbot: QtBot, pages: list[ConversationPage], two: Meanwhile, conversation: str, phq: str
) -> None:
    page = window(qtbot, pages, two, conversation, f"phq-9/{FIRST}")
    grace_answers(two, phq, FIRST, 3)
    with qtbot.waitSignal(page.said) as said:
        pass
    assert said.args == ["A colleague has answered this question too just now. It stands under the answer."]
    pane, notice = page.question, notice_of(page)
    (choices,) = pane.findChildren(ChoiceList)
    tops = [each.mapTo(pane, each.rect().topLeft()).y() for each in (choices, notice, pane.next_button)]
    assert tops == sorted(tops)
    assert choices.rows[0].accessibleDescription() == f"“Nearly every day”\n{STANDS}"


def test_the_way_to_the_safety_conversation_stands_before_what_came(
    qtbot: QtBot, pages: list[ConversationPage], two: Meanwhile, conversation: str, phq: str
) -> None:
    page = window(qtbot, pages, two, conversation, f"phq-9/{NINTH}")
    page.question.answered.emit(3)
    grace_answers(two, phq, NINTH, 1)
    page.asked_again.emit()
    page.resize(1206, 900)
    settle(page)
    pane = page.question
    (choices,) = pane.findChildren(ChoiceList)
    parts = (choices, page.known.open_button, notice_of(page), pane.next_button)
    tops = [each.mapTo(pane, each.rect().topLeft()).y() for each in parts]
    assert tops == sorted(tops)
    assert page.known.open_button.isVisible()


def test_what_came_takes_nobody_s_keyboard_away_from_the_choices(
    qtbot: QtBot, pages: list[ConversationPage], two: Meanwhile, conversation: str, phq: str
) -> None:
    page = window(qtbot, pages, two, conversation, f"phq-9/{FIRST}")
    page.activateWindow()
    (choices,) = page.question.findChildren(ChoiceList)
    choices.rows[2].setFocus()
    grace_answers(two, phq, FIRST, 3)
    page.asked_again.emit()
    assert (page.focusWidget(), choices.value) == (choices.rows[2], None)
    notice_of(page)


@in_every_look
@pytest.mark.parametrize("met", [False, True], ids=["came", "two-answers"])
def test_a_question_with_what_came_meanwhile_has_no_accessibility_faults(
    qtbot: QtBot, look: Look, pages: list[ConversationPage], two: Meanwhile, conversation: str, phq: str, *, met: bool
) -> None:
    def make() -> ConversationPage:
        page = window(qtbot, pages, two, conversation, f"phq-9/{FIRST}")
        if met:
            page.question.answered.emit(1)
        grace_answers(two, phq, FIRST, 3)
        two.exchange()
        page.asked_again.emit()
        notice_of(page)
        return page

    expect_accessible(qtbot, look, make)
