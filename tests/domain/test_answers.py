"""What is taken as an answer, and which questions are asked."""

from __future__ import annotations

from datetime import date

import pytest

from ewb_desktop.domain.answers import BadAnswer, accept, answer_words, asked
from ewb_desktop.domain.questionnaire import Condition, Item, ItemType, Option, Questionnaire
from ewb_desktop.library import Library

CHOICE = Item("c", "How often?", ItemType.CHOICE, options=(Option(0, "no", "Never"), Option(1, "yes", "Often")))
SCALE = Item("n", "How much?", ItemType.INTEGER, minimum=0, maximum=10)
DAY = Item("d", "When?", ItemType.DATE)
YES_NO = Item("b", "Will you?", ItemType.BOOLEAN)
SHORT = Item("s", "Name?", ItemType.STRING, max_length=5)


def form(*items: Item) -> Questionnaire:
    return Questionnaire("urn:x", "x", "1", "X", "", "own", "own", "own", items)


@pytest.mark.parametrize(
    ("item", "value", "kept"),
    [
        (CHOICE, 0, 0),
        (SCALE, 10, 10),
        (DAY, date(2026, 2, 28), "2026-02-28"),
        (DAY, "2026-02-28", "2026-02-28"),
        (YES_NO, False, False),
        (SHORT, "Mina", "Mina"),
    ],
)
def test_an_answer_is_kept_as_it_is(item: Item, value: object, kept: object) -> None:
    assert accept(item, value) == kept


@pytest.mark.parametrize(
    ("item", "value", "sentence"),
    [
        (CHOICE, 2, "Choose one of: Never; Often."),
        (CHOICE, True, "Choose one of"),
        (CHOICE, "no", "Choose one of"),
        (SCALE, 11, "Choose a number from 0 to 10."),
        (SCALE, -1, "from 0 to 10"),
        (SCALE, 3.5, "whole number"),
        (SCALE, True, "whole number"),
        (DAY, "2026-02-31", "not a day in the calendar"),
        (YES_NO, 1, "yes or no"),
        (SHORT, "Minaaa", "Nothing has been cut"),
        (SHORT, 5, "in words"),
        (Item("g", "About you", ItemType.GROUP), "x", "not a question"),
    ],
)
def test_what_is_no_answer_is_told_in_a_sentence(item: Item, value: object, sentence: str) -> None:
    with pytest.raises(BadAnswer, match=sentence):
        accept(item, value)


def test_a_question_that_depends_on_another_is_asked_only_then(library: Library) -> None:
    questionnaire = library.questionnaire("first-conversation")
    something_else = next(o.value for o in questionnaire.item("wanted-today").options if o.code == "something-else")
    assert "wanted-words" not in [item.link_id for item in asked(questionnaire, {})]
    assert "wanted-words" not in [item.link_id for item in asked(questionnaire, {"wanted-today": 1})]
    assert "wanted-words" in [item.link_id for item in asked(questionnaire, {"wanted-today": something_else})]


def test_above_a_number_is_a_condition() -> None:
    more = Item("m", "More?", ItemType.TEXT, conditions=(Condition("n", ">", 5),))
    questionnaire = form(SCALE, more)
    assert [item.link_id for item in asked(questionnaire, {"n": 5})] == ["n"]
    assert [item.link_id for item in asked(questionnaire, {"n": 6})] == ["n", "m"]


def test_any_of_two_conditions_is_enough_when_the_file_says_any() -> None:
    conditions = (Condition("n", ">", 5), Condition("b", "=", True))
    both = Item("m", "More?", ItemType.TEXT, conditions=conditions)
    either = Item("e", "Either?", ItemType.TEXT, conditions=conditions, enable_any=True)
    assert [item.link_id for item in asked(form(SCALE, YES_NO, both, either), {"b": True})] == ["n", "b", "e"]


def test_a_group_that_is_not_shown_hides_its_questions() -> None:
    group = Item("g", "More", ItemType.GROUP, items=(SHORT,), conditions=(Condition("b", "=", True),))
    assert [item.link_id for item in asked(form(YES_NO, group), {"b": False})] == ["b"]


@pytest.mark.parametrize(
    ("item", "value", "words"),
    [
        (CHOICE, 1, "Often"),
        (SCALE, 7, "7 out of 10"),
        (DAY, "1986-03-14", "14 March 1986"),
        (YES_NO, False, "No"),
        (SHORT, None, "not answered"),
    ],
)
def test_an_answer_reads_in_words(item: Item, value: str | int | bool | None, words: str) -> None:
    assert answer_words(item, value) == words
