"""Asking a questionnaire: saved at once, skipped freely, taken up again, and never silent about safety."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ewb_desktop.actions.assessments import (
    BY_THEMSELVES,
    CARER,
    finish_assessment,
    record_answer,
    skip_question,
    start_assessment,
)
from ewb_desktop.actions.conversations import start_conversation
from ewb_desktop.actions.desk import Desk
from ewb_desktop.actions.people import add_person
from ewb_desktop.actions.totals import present_series
from ewb_desktop.domain.answers import BadAnswer
from ewb_desktop.storage.cards.assessments import answered_before, answers_of, assessment_card
from ewb_desktop.storage.cards.conversations import conversation_card
from ewb_desktop.storage.cards.safety_talks import open_talk_of, open_talks
from tests.support.clock import HandClock
from tests.support.desks import AREA, library, open_desk

PHQ9 = [item.link_id for item in library().questionnaire("phq-9").questions]
NINTH = "44260-8"


@pytest.fixture
def amina(desk: Desk) -> str:
    return add_person(desk, {"given_name": "Amina", "family_name": "Khan"})


def begin(desk: Desk, person: str, questionnaire: str = "phq-9") -> str:
    return start_assessment(desk, person, start_conversation(desk, person), questionnaire)


def test_an_answer_is_in_the_file_as_soon_as_it_is_given(desk: Desk, amina: str) -> None:
    assessment = begin(desk, amina)
    record_answer(desk, assessment, PHQ9[0], 2, CARER)
    with desk.store.read() as connection:
        answer = answers_of(connection, assessment)[PHQ9[0]]
    assert (answer.value, answer.answered_by, answer.told_by, answer.answered_at) == (2, "Rowan Oak", "carer", desk.clock.now())


def test_records_of_a_conversation_belong_to_the_members_area(desk: Desk, amina: str) -> None:
    record_answer(desk, begin(desk, amina), NINTH, 1)
    with desk.store.read() as connection:
        for entity in ("conversation", "assessment", "answer", "safety_talk"):
            assert connection.exec_driver_sql(f"SELECT DISTINCT area FROM {entity}").scalars().all() == [AREA]


def test_an_unfinished_questionnaire_of_today_is_taken_up_again(desk: Desk, amina: str) -> None:
    first = begin(desk, amina)
    record_answer(desk, first, PHQ9[0], 1)
    assert begin(desk, amina) == first


def test_yesterdays_unfinished_questionnaire_is_left_as_it_is(tmp_path: Path) -> None:
    clock = HandClock()
    with open_desk(tmp_path, clock=clock) as desk:
        person = add_person(desk, {"preferred_name": "Joe"})
        first = begin(desk, person)
        clock.move(days=1)
        assert begin(desk, person) != first


def test_two_laptops_give_one_answer_the_same_id(tmp_path: Path) -> None:
    with open_desk(tmp_path, "one") as one:
        assessment = begin(one, add_person(one, {"preferred_name": "Joe"}))
        record_answer(one, assessment, PHQ9[0], 1)
        record_answer(one, assessment, PHQ9[0], 3)
        with one.store.read() as connection:
            assert connection.exec_driver_sql("SELECT count(*), max(value) FROM answer").one() == (1, "3")


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(answers=st.lists(st.one_of(st.none(), st.integers(0, 3)), min_size=9, max_size=9))
def test_the_ninth_answer_alone_opens_the_safety_conversation(desk: Desk, answers: list[int | None]) -> None:
    person = add_person(desk, {"preferred_name": "Joe"})
    assessment = begin(desk, person)
    opened = False
    for question, value in zip(PHQ9, answers, strict=False):
        if value is not None:
            opened = record_answer(desk, assessment, question, value).opens_safety or opened
    finish_assessment(desk, assessment)
    with desk.store.read() as connection:
        talk = open_talk_of(connection, person)
    assert (talk is not None) == bool(answers[8]) == opened


def test_a_failure_between_the_answer_and_the_talk_leaves_neither(
    desk: Desk, amina: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assessment = begin(desk, amina)

    def break_off(*_: object) -> str:
        raise RuntimeError("the battery died")

    with monkeypatch.context() as broken:
        broken.setattr("ewb_desktop.actions.assessments.open_talk_within", break_off)
        with pytest.raises(RuntimeError):
            record_answer(desk, assessment, NINTH, 3)
    with desk.store.read() as connection:
        assert answers_of(connection, assessment) == {}


def test_taking_the_ninth_answer_back_leaves_the_safety_conversation_open(desk: Desk, amina: str) -> None:
    assessment = begin(desk, amina)
    record_answer(desk, assessment, NINTH, 1)
    assert not record_answer(desk, assessment, NINTH, 0).opens_safety
    with desk.store.read() as connection:
        assert len(open_talks(connection)) == 1


def test_the_open_safety_conversation_is_used_again(desk: Desk, amina: str) -> None:
    first = record_answer(desk, begin(desk, amina), NINTH, 1).talk
    second = record_answer(desk, begin(desk, amina), NINTH, 3).talk
    assert first == second


def test_the_safety_conversation_says_why_it_was_opened(desk: Desk, amina: str) -> None:
    record_answer(desk, begin(desk, amina), NINTH, 1)
    with desk.store.read() as connection:
        assert open_talks(connection)[0].opened_because.endswith("Several days.")


def test_a_skipped_question_is_remembered_and_not_a_nought(desk: Desk, amina: str) -> None:
    assessment = begin(desk, amina)
    record_answer(desk, assessment, PHQ9[0], 3)
    skip_question(desk, assessment, PHQ9[0])
    result = finish_assessment(desk, assessment)
    assert result is not None
    assert result.total is None
    with desk.store.read() as connection:
        assert answers_of(connection, assessment)[PHQ9[0]].skipped


def test_eight_of_nine_answers_are_worked_out_and_said(desk: Desk, amina: str) -> None:
    assessment = begin(desk, amina)
    for question in PHQ9[:8]:
        record_answer(desk, assessment, question, 1)
    result = finish_assessment(desk, assessment, BY_THEMSELVES)
    assert result is not None
    assert result.words == "worked out from 8 of 9 answers"
    assert result.safety_item_missing
    with desk.store.read() as connection:
        card = assessment_card(connection, assessment)
    assert card is not None
    assert (card.total, card.answered, card.questions, card.prorated, card.completed_how) == (9, 8, 9, True, "self")
    assert card.rule_version == result.rule_version


def test_a_correction_after_the_end_corrects_the_kept_total(desk: Desk, amina: str) -> None:
    assessment = begin(desk, amina)
    for question in PHQ9[:9]:
        record_answer(desk, assessment, question, 0)
    finish_assessment(desk, assessment)
    record_answer(desk, assessment, PHQ9[0], 3)
    with desk.store.read() as connection:
        card = assessment_card(connection, assessment)
    assert card is not None
    assert card.total == 3


def test_totals_make_a_series_in_the_order_of_time(tmp_path: Path) -> None:
    clock = HandClock()
    with open_desk(tmp_path, clock=clock) as desk:
        person = add_person(desk, {"preferred_name": "Joe"})
        for value in (3, 1):
            assessment = begin(desk, person)
            for question in PHQ9[:9]:
                record_answer(desk, assessment, question, 0 if question == NINTH else value)
            finish_assessment(desk, assessment)
            clock.move(days=28)
        assert [point.total for point in present_series(desk, person, "phq-9")] == [24, 8]


def test_words_said_before_are_found_with_who_and_when(tmp_path: Path) -> None:
    clock = HandClock()
    with open_desk(tmp_path, clock=clock) as desk:
        person = add_person(desk, {"preferred_name": "Joe"})
        record_answer(desk, begin(desk, person, "first-conversation"), "brings-you", "I lie awake until four.")
        said_at = clock.now()
        clock.move(days=30)
        later = begin(desk, person, "first-conversation")
        record_answer(desk, later, "brings-you", "Better now.")
        with desk.store.read() as connection:
            known = answered_before(connection, person, ["brings-you"], besides=later)
        assert [(card.value, card.answered_by, card.answered_at) for card in known] == [
            ("I lie awake until four.", "Rowan Oak", said_at)
        ]


def test_blank_words_take_an_answer_away(desk: Desk, amina: str) -> None:
    assessment = begin(desk, amina, "first-conversation")
    record_answer(desk, assessment, "matters", "My garden")
    record_answer(desk, assessment, "matters", "  ")
    with desk.store.read() as connection:
        assert answers_of(connection, assessment)["matters"].value is None


def test_nobody_answers_the_wellbeing_questions_for_someone_else(desk: Desk, amina: str) -> None:
    with pytest.raises(BadAnswer, match="Only the person"):
        record_answer(desk, begin(desk, amina, "ons4"), "happy", 5, CARER)


def test_a_conversation_names_its_worker_and_member(desk: Desk, amina: str) -> None:
    conversation = start_conversation(desk, amina)
    with desk.store.read() as connection:
        card = conversation_card(connection, conversation)
    assert card is not None
    assert (card.person_name, card.worker_name, card.ended_at) == ("Amina Khan", "Rowan Oak", None)
