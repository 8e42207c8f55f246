"""A handover: its answers, its owner and its clock."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ewb_desktop.domain.handover import (
    AnswerKind,
    BadHandoverAnswer,
    Handover,
    HandoverAnswer,
    answer_sentence,
    check_answer,
    clock,
    owner_of,
)
from ewb_desktop.library import Library

AGREED = date(2026, 11, 24)
HANDOVER = Handover(owner="connector", receiver="adviser", agreed_on=AGREED)
START = HandoverAnswer(AnswerKind.START_ON, start_on=date(2026, 12, 1))
NEED = HandoverAnswer(AnswerKind.START_AND_NEED, start_on=date(2026, 12, 1), need="her letters")
BETTER = HandoverAnswer(AnswerKind.BETTER_DONE_BY, better_done_by="Harbour Debt Advice")


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (START, "We start on 1 December 2026"),
        (NEED, "We start with you on 1 December 2026, and need her letters"),
        (BETTER, "Better done by Harbour Debt Advice, and we stay with it until they have started"),
    ],
)
def test_each_answer_reads_as_a_promise(answer: HandoverAnswer, sentence: str) -> None:
    assert answer_sentence(check_answer(answer)) == sentence


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (replace(START, start_on=None), "the day on which you start"),
        (replace(NEED, need=" "), "what you need"),
        (replace(BETTER, better_done_by=""), "You stay with the person until they have started"),
    ],
)
def test_an_answer_that_leaves_out_its_promise_is_told(answer: HandoverAnswer, words: str) -> None:
    with pytest.raises(BadHandoverAnswer, match=words):
        check_answer(answer)


def test_the_answers_in_the_program_are_those_in_the_list(library: Library) -> None:
    assert library.list("handover_answers").keys == tuple(AnswerKind)


def test_no_answer_can_refuse(library: Library) -> None:
    refusal = re.compile(r"\b(no|not|cannot|reject\w*|refus\w*|declin\w*|unsuitable|close\w*|discharg\w*)\b", re.IGNORECASE)
    said = [answer_sentence(answer) for answer in (START, NEED, BETTER)]
    for text in (*said, *AnswerKind, *(entry.words for entry in library.list("handover_answers").entries)):
        assert not refusal.search(text.replace("_", " "))


@given(
    kind=st.sampled_from(AnswerKind),
    start=st.none() | st.dates(date(2026, 1, 1), date(2028, 1, 1)),
    name=st.text(max_size=20),
)
def test_no_answer_moves_the_person_to_another_owner(kind: AnswerKind, start: date | None, name: str) -> None:
    answer = HandoverAnswer(kind, start_on=start, need=name, better_done_by=name)
    assert owner_of(replace(HANDOVER, answer=answer)) == "connector"


def test_the_owner_changes_with_the_first_contact_the_person_came_to() -> None:
    assert owner_of(replace(HANDOVER, first_attended_on=date(2026, 12, 3))) == "adviser"


def test_the_clock_counts_days_since_it_was_agreed(library: Library) -> None:
    assert clock(HANDOVER, AGREED, library.times).words == "agreed today"
    assert clock(HANDOVER, AGREED + timedelta(days=1), library.times).words == "agreed 1 day ago, not started yet"


def test_a_handover_is_overdue_after_the_days_in_the_file_and_not_on_them() -> None:
    times = {"handover_overdue_days": 7}
    assert not clock(HANDOVER, AGREED + timedelta(days=7), times).overdue
    late = clock(HANDOVER, AGREED + timedelta(days=9), times)
    assert late.overdue
    assert late.words == "agreed 9 days ago, not started: 2 days overdue"


def test_a_handover_that_started_is_never_overdue_and_its_clock_stands() -> None:
    started = clock(replace(HANDOVER, first_attended_on=AGREED + timedelta(days=20)), AGREED + timedelta(days=300))
    assert (started.days, started.started, started.overdue) == (20, True, False)
    assert started.words == "started after 20 days"
