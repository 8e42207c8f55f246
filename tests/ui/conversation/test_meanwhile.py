"""What a colleague writes into a need or the goal while the page is open is asked about and not passed over."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from ewb_desktop.actions.assessments import record_answer, start_assessment
from ewb_desktop.actions.conversations import start_conversation
from ewb_desktop.actions.goals import set_goal
from ewb_desktop.actions.needs import add_need
from ewb_desktop.storage.holding.in_hand import words_by_person
from ewb_desktop.storage.ids import answer_id
from ewb_desktop.storage.tables import Answer, Goal, Need
from ewb_desktop.ui.conversation.page import build
from ewb_desktop.ui.conversation.presenter import ConversationPresenter
from ewb_desktop.ui.conversation.view import ConversationPage
from ewb_desktop.ui.destinations import ToConversation
from ewb_desktop.ui.feed import Feed
from ewb_desktop.ui.meanwhile import BOTH_WAIT
from tests.support.looks import Look, expect_accessible, in_every_look
from tests.support.meanwhile import Meanwhile, two_at_once
from tests.ui.conversation.recording import Recording


@pytest.fixture
def two(tmp_path: Path) -> Iterator[Meanwhile]:
    with two_at_once(tmp_path) as both:
        yield both


@pytest.fixture
def conversation(two: Meanwhile) -> str:
    return start_conversation(two.desk, two.person)


@pytest.fixture
def need(two: Meanwhile, conversation: str) -> str:
    made = add_need(two.desk, two.person, "sleep", "Noise", conversation=conversation)
    two.exchange()
    return made


@pytest.fixture
def goal(two: Meanwhile, conversation: str) -> str:
    made = set_goal(two.desk, two.person, "Sleep until six", conversation=conversation)
    two.exchange()
    return made


@pytest.fixture
def view() -> Recording:
    return Recording()


def page_of(two: Meanwhile, view: Recording, conversation: str) -> ConversationPresenter:
    page = ConversationPresenter(two.desk, view)
    page.open(two.person, conversation)
    page.choose("needs")
    return page


def test_both_answers_stay_where_both_changed_a_need(two: Meanwhile, view: Recording, conversation: str, need: str) -> None:
    page = page_of(two, view, conversation)
    page.open_need(need)
    two.grace_writes(Need, need, words="The lorries", wanted="later")
    page.save_need("sleep", "Noise at night", "now", None)
    assert two.questions() == {"words": {"The lorries", "Noise at night"}}
    assert two.said(Need, need, "wanted") == "later"


def changing(two: Meanwhile, view: Recording, conversation: str, need: str, words: str) -> ConversationPresenter:
    """Return the page, on which a need is put in other ``words`` that are not saved yet."""
    page = page_of(two, view, conversation)
    page.open_need(need)
    view.form = ("sleep", words, "now", None)
    return page


def test_what_a_colleague_wrote_of_a_need_stands_beside_what_was_typed_and_is_shown_elsewhere(
    two: Meanwhile, view: Recording, conversation: str, need: str
) -> None:
    page = changing(two, view, conversation, need, "Noise at night")
    two.grace_writes(Need, need, words="The lorries", wanted="later")
    page.renew()
    assert view.form == ("sleep", "Noise at night", "later", None)
    assert view.beside.words["words"].startswith("“The lorries”\nWhat you typed is still in the field.")
    assert view.beside.new == ["words"]


def test_who_saves_a_need_over_what_came_reads_that_both_wait(
    two: Meanwhile, view: Recording, conversation: str, need: str
) -> None:
    page = changing(two, view, conversation, need, "Noise at night")
    two.grace_writes(Need, need, words="The lorries", wanted="later")
    page.renew()
    page.save_need(*view.form)
    assert view.told[-1] == f"Saved.{BOTH_WAIT}"
    assert two.questions() == {"words": {"The lorries", "Noise at night"}}
    assert two.said(Need, need, "wanted") == "later"


def test_what_came_of_a_need_and_was_shown_may_be_changed(two: Meanwhile, view: Recording, conversation: str, need: str) -> None:
    page = page_of(two, view, conversation)
    page.open_need(need)
    two.grace_writes(Need, need, words="The lorries")
    page.renew()
    page.save_need("sleep", "The lorries at five", "now", None)
    assert two.questions() == {}
    assert two.said(Need, need, "words") == "The lorries at five"


def test_another_goal_stands_beside_the_one_that_is_typed(two: Meanwhile, view: Recording, conversation: str, goal: str) -> None:
    page = page_of(two, view, conversation)
    view.words = "Sleep until seven"
    two.grace_writes(Goal, goal, words="A night at her sister's")
    page.renew()
    assert view.words == "Sleep until seven"
    assert view.beside.words["goal"].startswith("“A night at her sister's”\nWhat you typed")


def test_the_words_of_a_goal_stay_in_their_field_while_both_wait(
    two: Meanwhile, view: Recording, conversation: str, goal: str
) -> None:
    page = page_of(two, view, conversation)
    two.grace_writes(Goal, goal, words="A night at her sister's")
    for words in ("Sleep until", "Sleep until seven"):
        view.words = words
        page.keep_goal(words)
        two.exchange()
        page.renew()
        assert view.words == words
    assert two.questions() == {"words": {"A night at her sister's", "Sleep until seven"}}


def window(qtbot: QtBot, two: Meanwhile, conversation: str, need: str) -> ConversationPage:
    """Return the page itself, on which a need is put in other words."""
    feed = Feed()
    two.desk.store.listen(lambda changes, _initiator: feed.announce(changes))
    page = build(two.desk, feed)
    assert isinstance(page, ConversationPage)
    qtbot.addWidget(page)
    # nothing else keeps the feed
    page.setProperty("feed", feed)
    page.show()
    page.opened(ToConversation(two.person, conversation))
    page.step_asked.emit("needs")
    page.needs.need_opened.emit(need)
    page.needs.words.value = "Noise at night"
    return page


def test_what_came_of_a_need_takes_nobody_s_keyboard_away(qtbot: QtBot, two: Meanwhile, conversation: str, need: str) -> None:
    page = window(qtbot, two, conversation, need)
    page.activateWindow()
    page.needs.words.setFocus()
    two.grace_writes(Need, need, words="The lorries", wanted="later")
    with qtbot.waitSignal(page.said) as said:
        pass
    assert said.args == ["A colleague wrote into “In their own words” too just now. It stands beside the field."]
    assert (page.needs.wanted.value, page.focusWidget()) == ("later", page.needs.words.area)


@in_every_look
def test_a_need_with_what_came_meanwhile_has_no_accessibility_faults(
    qtbot: QtBot, look: Look, two: Meanwhile, conversation: str, need: str
) -> None:
    def make() -> ConversationPage:
        page = window(qtbot, two, conversation, need)
        two.grace_writes(Need, need, words=f"The lorries, {look[0][0]}")
        page.asked_again.emit()
        return page

    expect_accessible(qtbot, look, make)


def test_a_need_that_was_only_looked_at_is_not_put_back(two: Meanwhile, view: Recording, conversation: str, need: str) -> None:
    page = page_of(two, view, conversation)
    page.open_need(need)
    two.grace_writes(Need, need, words="The lorries")
    page.choose("gad-7")
    assert two.questions() == {}
    assert two.said(Need, need, "words") == "The lorries"


def test_a_draft_of_a_need_remembers_what_its_writer_had_seen(
    two: Meanwhile, view: Recording, conversation: str, need: str
) -> None:
    page = page_of(two, view, conversation)
    page.open_need(need)
    page.agreed.keep_draft("sleep", "Noise at night", "now", None)
    two.grace_writes(Need, need, words="The lorries", wanted="later")
    again = ConversationPresenter(two.desk, view)
    again.open(two.person, conversation)
    assert view.form == ("sleep", "Noise at night", "later", None)
    again.save_need(*view.form)
    assert two.questions() == {"words": {"The lorries", "Noise at night"}}
    assert two.said(Need, need, "wanted") == "later"


def test_what_a_draft_of_a_need_saw_is_no_word(two: Meanwhile, view: Recording, conversation: str, need: str) -> None:
    page = page_of(two, view, conversation)
    page.open_need(need)
    page.agreed.keep_draft("sleep", "", "now", None)
    with two.hal.store.read() as connection:
        assert words_by_person(connection) == {}


def test_both_goals_stay_where_both_put_it_in_other_words(two: Meanwhile, view: Recording, conversation: str, goal: str) -> None:
    page = page_of(two, view, conversation)
    two.grace_writes(Goal, goal, words="A night at her sister's")
    for words in ("Sleep until", "Sleep until seven"):
        page.keep_goal(words)
        two.exchange()
    assert two.questions() == {"words": {"A night at her sister's", "Sleep until seven"}}


def test_a_goal_that_was_only_looked_at_is_not_put_back(two: Meanwhile, view: Recording, conversation: str, goal: str) -> None:
    page = page_of(two, view, conversation)
    two.grace_writes(Goal, goal, words="A night at her sister's")
    page.choose("gad-7")
    assert two.questions() == {}
    assert two.said(Goal, goal, "words") == "A night at her sister's"


def test_a_goal_that_came_under_the_empty_field_stays(two: Meanwhile, view: Recording, conversation: str) -> None:
    two.exchange()
    page = page_of(two, view, conversation)
    goal = set_goal(two.colleagues, two.person, "Sleep until six", conversation=conversation)
    two.arrive()
    page.choose("gad-7")
    assert two.said(Goal, goal, "gone") == 0


def test_emptying_takes_off_the_words_that_were_shown_and_no_newer_ones(
    two: Meanwhile, view: Recording, conversation: str, goal: str
) -> None:
    page = page_of(two, view, conversation)
    two.grace_writes(Goal, goal, words="A night at her sister's")
    page.keep_goal("")
    assert (two.said(Goal, goal, "gone"), two.said(Goal, goal, "words")) == (0, "A night at her sister's")


def test_a_goal_that_was_seen_may_be_changed(two: Meanwhile, view: Recording, conversation: str, goal: str) -> None:
    two.grace_writes(Goal, goal, words="A night at her sister's")
    page_of(two, view, conversation).keep_goal("Two nights at her sister's")
    assert two.questions() == {}
    assert two.said(Goal, goal, "words") == "Two nights at her sister's"


@pytest.fixture
def begun(two: Meanwhile, conversation: str) -> str:
    made = start_assessment(two.desk, two.person, conversation, "first-conversation")
    record_answer(two.desk, made, "matters", "My garden")
    two.exchange()
    return made


def asked(two: Meanwhile, view: Recording, conversation: str) -> ConversationPresenter:
    page = ConversationPresenter(two.desk, view)
    page.open(two.person, conversation)
    page.change("first-conversation/matters")
    return page


def test_both_answers_to_a_question_stay(two: Meanwhile, view: Recording, conversation: str, begun: str) -> None:
    page = asked(two, view, conversation)
    record_answer(two.colleagues, begun, "matters", "My sons")
    two.arrive()
    view.words = "My garden and the pond"
    page.choose("needs")
    assert two.questions() == {"value": {"My sons", "My garden and the pond"}}


def test_an_answer_that_was_only_looked_at_is_not_put_back(
    two: Meanwhile, view: Recording, conversation: str, begun: str
) -> None:
    page = asked(two, view, conversation)
    record_answer(two.colleagues, begun, "matters", "My sons")
    two.arrive()
    page.choose("needs")
    assert two.questions() == {}
    assert two.said(Answer, answer_id(begun, "matters"), "value") == "My sons"


def test_a_first_answer_meets_the_one_that_came_under_the_open_question(
    two: Meanwhile, view: Recording, conversation: str
) -> None:
    phq = start_assessment(two.desk, two.person, conversation, "phq-9")
    two.exchange()
    page = ConversationPresenter(two.desk, view)
    page.open(two.person, conversation)
    page.change("phq-9/44250-9")
    record_answer(two.colleagues, phq, "44250-9", 1)
    two.arrive()
    page.answer(3)
    assert two.questions() == {"value": {1, 3}}


def test_an_answer_that_was_shown_may_be_changed_as_often_as_they_like(
    two: Meanwhile, view: Recording, conversation: str, begun: str
) -> None:
    page = asked(two, view, conversation)
    for words in ("My pond", "My sons"):
        view.words = words
        page.leave()
        two.exchange()
    assert two.questions() == {}
    assert two.said(Answer, answer_id(begun, "matters"), "value") == "My sons"
