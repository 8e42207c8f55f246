"""When a safety conversation opens, and what is needed before it closes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ewb_desktop.domain.questionnaire import Questionnaire
from ewb_desktop.domain.safety import (
    NotYetClosed,
    SafetyPlan,
    SafetyTalk,
    check_may_close,
    opens_safety_talk,
    safety_items,
    still_needed,
)
from ewb_desktop.library import Library, open_library

ITEM_9 = "44260-8"
WHOLE = SafetyTalk(
    explored="We talked about the last few days.",
    told_whom="Duty worker",
    told_at=datetime(2026, 11, 24, 14, 5, tzinfo=UTC),
    agreed="We speak again tomorrow at 10.",
    plan=SafetyPlan.MADE,
)


@pytest.mark.parametrize("value", [1, 2, 3])
def test_any_answer_above_nought_to_item_9_opens_the_talk(phq_9: Questionnaire, value: int) -> None:
    assert opens_safety_talk(phq_9, ITEM_9, value)


@pytest.mark.parametrize("value", [0, None, True, "1"])
def test_nought_or_no_answer_to_item_9_opens_nothing(phq_9: Questionnaire, value: object) -> None:
    assert not opens_safety_talk(phq_9, ITEM_9, value)


def test_item_9_is_named_by_the_file(phq_9: Questionnaire) -> None:
    assert safety_items(phq_9) == (ITEM_9,)
    assert "better off dead" in phq_9.item(ITEM_9).text


LIBRARY = open_library()


@given(value=st.integers(0, 3), place=st.integers(0, 8))
def test_no_other_question_of_phq_9_opens_the_talk(value: int, place: int) -> None:
    item = LIBRARY.questionnaire("phq-9").questions[place]
    assert opens_safety_talk(LIBRARY.questionnaire("phq-9"), item.link_id, value) == (item.link_id == ITEM_9 and value > 0)


def test_a_question_that_is_not_in_the_form_opens_nothing(library: Library) -> None:
    assert not opens_safety_talk(library.questionnaire("gad-7"), ITEM_9, 3)


def test_an_empty_talk_can_be_saved_and_says_all_that_is_still_to_write() -> None:
    assert len(still_needed(SafetyTalk())) == 5


def test_a_whole_talk_can_be_closed_by_a_named_person() -> None:
    check_may_close(WHOLE, "Ruth Adeyemi")


def test_nobody_in_particular_cannot_close_a_talk() -> None:
    with pytest.raises(NotYetClosed, match="the name of the person who closes it"):
        check_may_close(WHOLE, " ")


@pytest.mark.parametrize("field", ["explored", "told_whom", "told_at", "agreed", "plan"])
def test_each_part_is_needed_to_close_and_the_sentence_names_it(field: str) -> None:
    empty = getattr(SafetyTalk(), field)
    with pytest.raises(NotYetClosed, match="stays on the Today page") as caught:
        check_may_close(replace(WHOLE, **{field: empty}), "Ruth Adeyemi")
    assert str(caught.value).endswith(f"{still_needed(replace(WHOLE, **{field: empty}))[0]}.")


def test_a_plan_offered_and_not_wanted_is_an_answer() -> None:
    check_may_close(replace(WHOLE, plan=SafetyPlan.OFFERED_NOT_WANTED), "Ruth Adeyemi")


def test_a_talk_holds_no_grade_of_any_kind() -> None:
    assert set(SafetyTalk.__slots__) == {"explored", "told_whom", "told_at", "agreed", "plan", "closed_by"}
