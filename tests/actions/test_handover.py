"""Warm handover: agreed is accepted, three answers and no other, the coordinator stays until the first meeting."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ewb_desktop.actions.desk import Desk
from ewb_desktop.actions.faults import FaultyFields
from ewb_desktop.actions.handover import (
    NotStartedYet,
    bring_back_handover,
    hand_over,
    pass_coordination,
    record_answer,
    record_first_attended,
    take_back_handover,
)
from ewb_desktop.actions.people import add_person
from ewb_desktop.actions.signposting import ServiceClosed
from ewb_desktop.domain.handover import AnswerKind, HandoverAnswer, answer_sentence
from ewb_desktop.library import Library
from ewb_desktop.storage.cards.handovers import HandoverCard, handover_card, open_handovers
from ewb_desktop.storage.cards.people import person_record
from ewb_desktop.storage.tables import Service
from tests.support.clock import HandClock
from tests.support.desks import GRACE, ROWAN, library
from tests.support.of_member import follow_ups_of, handovers_of

NO_SUCH_WORDS = ("refus", "reject", "declin", "discharg", "not accept", "turned away", "dna", "case", "patient", "client")


def a_person(desk: Desk) -> str:
    return add_person(desk, {"preferred_name": "Amina"})


def begun(desk: Desk, person: str) -> str:
    return hand_over(desk, person, to_name="Stretford Debt Advice", reason="wants help with debts")


def card(desk: Desk, handover: str) -> HandoverCard:
    with desk.store.read() as connection:
        found = handover_card(connection, handover)
    assert found is not None
    return found


def coordinator(desk: Desk, person: str) -> str | None:
    with desk.store.read() as connection:
        record = person_record(connection, person)
    assert record is not None
    return record.coordinator


def later(desk: Desk, days: int) -> None:
    assert isinstance(desk.clock, HandClock)
    desk.clock.move(days=days)


def test_it_is_accepted_on_the_day_it_is_agreed(desk: Desk) -> None:
    made = card(desk, begun(desk, a_person(desk)))
    assert made.agreed_on == desk.clock.today()
    assert made.clock(desk.clock.today()).words == "agreed today"


def test_the_coordinator_stays_when_it_is_agreed_and_when_it_is_answered(desk: Desk) -> None:
    person = a_person(desk)
    made = begun(desk, person)
    record_answer(desk, made, HandoverAnswer(AnswerKind.START_ON, desk.clock.today()))
    assert coordinator(desk, person) == ROWAN


def test_the_coordinator_cannot_be_passed_on_before_the_first_meeting(desk: Desk) -> None:
    person = a_person(desk)
    made = begun(desk, person)
    with pytest.raises(NotStartedYet, match="has not met"):
        pass_coordination(desk, made, GRACE)
    record_first_attended(desk, made, desk.clock.today())
    assert coordinator(desk, person) == ROWAN
    pass_coordination(desk, made, GRACE)
    assert coordinator(desk, person) == GRACE


def test_a_first_meeting_does_all_that_was_to_be_done(desk: Desk) -> None:
    person = a_person(desk)
    made = begun(desk, person)
    record_first_attended(desk, made, desk.clock.today(), coordinator=GRACE)
    with desk.store.read() as connection:
        assert not any(each.is_open for each in follow_ups_of(connection, person))
        assert open_handovers(connection) == []
    assert coordinator(desk, person) == GRACE


def test_a_first_meeting_cannot_lie_in_the_future_or_before_it_was_agreed(desk: Desk) -> None:
    made = begun(desk, a_person(desk))
    for day in (desk.clock.today() + timedelta(days=1), desk.clock.today() - timedelta(days=1)):
        with pytest.raises(FaultyFields):
            record_first_attended(desk, made, day)


def test_it_is_overdue_after_the_days_of_the_file(desk: Desk) -> None:
    made = begun(desk, a_person(desk))
    allowed = desk.library.times["handover_overdue_days"]
    later(desk, allowed)
    assert not card(desk, made).clock(desk.clock.today(), desk.library.times).overdue
    later(desk, 1)
    assert card(desk, made).clock(desk.clock.today(), desk.library.times).overdue


def test_the_longest_under_way_comes_first(desk: Desk) -> None:
    first = begun(desk, a_person(desk))
    later(desk, 3)
    second = begun(desk, a_person(desk))
    with desk.store.read() as connection:
        assert [each.id for each in open_handovers(connection, ROWAN)] == [first, second]
        assert open_handovers(connection, GRACE) == []


def test_a_joint_meeting_and_the_question_whether_it_started_are_to_be_done(desk: Desk) -> None:
    person, today = a_person(desk), desk.clock.today()
    hand_over(desk, person, to_name="Debt advice", reason="debts", meeting_on=today + timedelta(days=3))
    with desk.store.read() as connection:
        assert [(each.kind, each.subject) for each in follow_ups_of(connection, person)] == [
            ("meeting", "Debt advice"), ("started", "Debt advice"),
        ]  # fmt: skip


def test_nobody_is_handed_over_to_a_closed_service(desk: Desk) -> None:
    person = a_person(desk)
    with desk.store.write() as writing:
        service = writing.add(Service(area="*", name="Debt advice", status="defunct"))
    with pytest.raises(ServiceClosed):
        hand_over(desk, person, service=service, reason="debts")
    with desk.store.read() as connection:
        assert handovers_of(connection, person) == []


def test_a_receiver_and_a_reason_are_asked_for(desk: Desk) -> None:
    with pytest.raises(FaultyFields) as fault:
        hand_over(desk, a_person(desk), reason=" ")
    assert set(fault.value.sentences) == {"to_name", "reason"}


@pytest.mark.parametrize(
    ("answer", "field"),
    [
        (HandoverAnswer(AnswerKind.START_ON), "start_on"),
        (HandoverAnswer(AnswerKind.START_AND_NEED, date(2026, 12, 1)), "need"),
        (HandoverAnswer(AnswerKind.BETTER_DONE_BY), "better_done_by"),
    ],
)
def test_an_answer_needs_what_it_promises(desk: Desk, answer: HandoverAnswer, field: str) -> None:
    made = begun(desk, a_person(desk))
    with pytest.raises(FaultyFields) as fault:
        record_answer(desk, made, answer)
    assert set(fault.value.sentences) == {field}
    assert card(desk, made).answer is None


def test_better_done_by_somebody_else_leaves_it_open_with_us(desk: Desk) -> None:
    person = a_person(desk)
    made = begun(desk, person)
    record_answer(desk, made, HandoverAnswer(AnswerKind.BETTER_DONE_BY, better_done_by="Citizens Advice"))
    assert card(desk, made).answer_words == "Better done by Citizens Advice, and we stay with it until they have started"
    with desk.store.read() as connection:
        assert [each.id for each in open_handovers(connection)] == [made]
    assert coordinator(desk, person) == ROWAN


def test_what_was_made_by_mistake_is_taken_back_and_brought_back(desk: Desk) -> None:
    person = a_person(desk)
    made = begun(desk, person)
    take_back_handover(desk, made)
    with desk.store.read() as connection:
        assert follow_ups_of(connection, person) == []
    bring_back_handover(desk, made)
    with desk.store.read() as connection:
        assert len(follow_ups_of(connection, person)) == 1


def test_the_answers_in_the_file_are_the_answers_that_can_be_given() -> None:
    known: Library = library()
    assert set(known.list("handover_answers").keys) == set(AnswerKind)


def test_no_word_of_the_lists_refuses_anybody() -> None:
    known = library()
    for name in ("handover_answers", "handover_shares", "signpost_ways", "arrival_answers", "still_going_answers"):
        for entry in known.list(name).entries:
            assert not any(word in entry.words.casefold() for word in NO_SUCH_WORDS), entry.words


@given(
    kind=st.sampled_from(AnswerKind),
    day=st.dates(date(2026, 1, 1), date(2030, 1, 1)),
    words=st.sampled_from(["a form", "Citizens Advice"]),
)
def test_no_answer_reads_as_sending_somebody_away(kind: AnswerKind, day: date, words: str) -> None:
    sentence = answer_sentence(HandoverAnswer(kind, day, words, words)).casefold()
    assert not any(word in sentence for word in NO_SUCH_WORDS)
    assert "start" in sentence


def test_signs_that_nobody_sees_are_not_kept_in_who_takes_over(desk: Desk) -> None:
    made = hand_over(desk, a_person(desk), to_name="\u202eStretford\u200b Debt Advice\u202c", reason="wants help with debts")
    assert card(desk, made).to_name == "Stretford Debt Advice"
