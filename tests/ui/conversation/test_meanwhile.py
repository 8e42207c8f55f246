"""What a colleague writes into a need or the goal while the page is open is asked about and not passed over."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ewb_desktop.actions.assessments import record_answer, start_assessment
from ewb_desktop.actions.conversations import start_conversation
from ewb_desktop.actions.goals import set_goal
from ewb_desktop.actions.needs import add_need
from ewb_desktop.storage.ids import answer_id
from ewb_desktop.storage.in_hand import words_by_person
from ewb_desktop.storage.tables import Answer, Goal, Need
from ewb_desktop.ui.conversation.presenter import ConversationPresenter
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
