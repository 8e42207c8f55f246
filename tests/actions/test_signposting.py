"""Signposting: follow-ups after 4 and 12 weeks in one go, nobody sent to a closed door, answers that correct the directory."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from ewb_desktop.actions.desk import Desk
from ewb_desktop.actions.faults import FaultyFields
from ewb_desktop.actions.follow_ups import answer_follow_up, open_again, put_off, tick_off
from ewb_desktop.actions.people import add_person
from ewb_desktop.actions.signposting import ServiceClosed, bring_back_signpost, signpost, take_back_signpost
from ewb_desktop.storage.cards.follow_ups import FollowUpCard, due
from ewb_desktop.storage.cards.signposts import SignpostCard
from ewb_desktop.storage.tables import Service
from tests.support.clock import HandClock
from tests.support.desks import GRACE, ROWAN
from tests.support.of_member import follow_ups_of, signposts_of


def a_service(desk: Desk, status: str = "active") -> str:
    with desk.store.write() as writing:
        return writing.add(Service(area="*", name="Debt advice drop-in", status=status))


def a_person(desk: Desk) -> str:
    return add_person(desk, {"preferred_name": "Amina"})


def of(desk: Desk, person: str) -> SignpostCard:
    with desk.store.read() as connection:
        (card,) = signposts_of(connection, person)
    return card


def open_ones(desk: Desk, person: str) -> list[FollowUpCard]:
    with desk.store.read() as connection:
        return [each for each in follow_ups_of(connection, person) if each.is_open]


def today_page(desk: Desk, owner: str | None = None) -> list[str]:
    with desk.store.read() as connection:
        return [each.kind for each in due(connection, desk.clock.today(), owner)]


def later(desk: Desk, days: int) -> None:
    assert isinstance(desk.clock, HandClock)
    desk.clock.move(days=days)


def test_a_signpost_is_asked_about_after_4_and_12_weeks(desk: Desk) -> None:
    person = a_person(desk)
    signpost(desk, person, a_service(desk), how="called_together")
    today = desk.clock.today()
    assert [(each.kind, each.due_on) for each in open_ones(desk, person)] == [
        ("four_weeks", today + timedelta(weeks=4)), ("twelve_weeks", today + timedelta(weeks=12)),
    ]  # fmt: skip


def test_a_follow_up_comes_to_the_today_page_on_its_day_and_not_before(desk: Desk) -> None:
    signpost(desk, a_person(desk), a_service(desk), how="told")
    later(desk, 27)
    assert today_page(desk) == []
    later(desk, 1)
    assert today_page(desk, ROWAN) == ["four_weeks"]
    assert today_page(desk, GRACE) == []


def test_bridging_brings_a_talk_before_and_after_and_going_along(desk: Desk) -> None:
    person, today = a_person(desk), desk.clock.today()
    signpost(
        desk, person, a_service(desk), how="went_along",
        before_on=today, along_on=today + timedelta(days=3), after_on=today + timedelta(days=5),
    )  # fmt: skip
    assert [each.kind for each in open_ones(desk, person)] == ["before", "along", "after", "four_weeks", "twelve_weeks"]
    assert of(desk, person).introduced == "yes"


@pytest.mark.parametrize("status", ["temporarily closed", "defunct", "inactive"])
def test_nobody_is_signposted_to_a_service_that_does_not_run(desk: Desk, status: str) -> None:
    person = a_person(desk)
    with pytest.raises(ServiceClosed, match="nobody can be signposted there"):
        signpost(desk, person, a_service(desk, status=status), how="told")
    assert open_ones(desk, person) == []


def test_how_must_be_said(desk: Desk) -> None:
    with pytest.raises(FaultyFields) as fault:
        signpost(desk, a_person(desk), a_service(desk), how="")
    assert set(fault.value.sentences) == {"how"}


def test_a_day_that_has_passed_is_told_at_its_field(desk: Desk) -> None:
    with pytest.raises(FaultyFields) as fault:
        signpost(desk, a_person(desk), a_service(desk), how="told", after_on=desk.clock.today() - timedelta(days=1))
    assert set(fault.value.sentences) == {"after_on"}


def test_a_signpost_made_by_mistake_is_taken_back_with_its_follow_ups(desk: Desk) -> None:
    person = a_person(desk)
    made = signpost(desk, person, a_service(desk), how="told")
    take_back_signpost(desk, made)
    assert open_ones(desk, person) == []
    bring_back_signpost(desk, made)
    assert len(open_ones(desk, person)) == 2


def test_an_answer_stands_on_the_signpost_and_the_next_question_waits(desk: Desk) -> None:
    person = a_person(desk)
    signpost(desk, person, a_service(desk), how="told")
    answered = answer_follow_up(desk, open_ones(desk, person)[0].id, arrived="arrived", was_good="good", note="They were kind")
    assert not answered.check_entry
    card = of(desk, person)
    assert (card.arrived, card.was_good, card.outcome_note) == ("arrived", "good", "They were kind")
    assert [each.kind for each in open_ones(desk, person)] == ["twelve_weeks"]


def test_what_is_not_asked_again_keeps_its_answer(desk: Desk) -> None:
    person = a_person(desk)
    signpost(desk, person, a_service(desk), how="told")
    answer_follow_up(desk, open_ones(desk, person)[0].id, arrived="arrived", was_good="good")
    answer_follow_up(desk, open_ones(desk, person)[0].id, still_going="stopped")
    card = of(desk, person)
    assert (card.arrived, card.still_going, card.was_good) == ("arrived", "stopped", "good")


@pytest.mark.parametrize("answers", [{"was_good": "bad"}, {"arrived": "service_could_not"}])
def test_a_bad_answer_offers_to_correct_the_directory(desk: Desk, answers: dict[str, Any]) -> None:
    person, service = a_person(desk), a_service(desk)
    signpost(desk, person, service, how="told")
    answered = answer_follow_up(desk, open_ones(desk, person)[0].id, **answers)
    assert (answered.check_entry, answered.service) == (True, service)


def test_no_answer_at_all_is_asked_for_again(desk: Desk) -> None:
    person = a_person(desk)
    signpost(desk, person, a_service(desk), how="told")
    with pytest.raises(FaultyFields):
        answer_follow_up(desk, open_ones(desk, person)[0].id)
    assert len(open_ones(desk, person)) == 2


def test_a_follow_up_can_be_put_off_but_not_into_the_past(desk: Desk) -> None:
    person = a_person(desk)
    signpost(desk, person, a_service(desk), how="told")
    first = open_ones(desk, person)[0]
    put_off(desk, first.id, first.due_on + timedelta(days=7))
    assert open_ones(desk, person)[0].due_on == first.due_on + timedelta(days=7)
    with pytest.raises(FaultyFields):
        put_off(desk, first.id, desk.clock.today() - timedelta(days=1))


def test_what_was_ticked_off_can_be_opened_again(desk: Desk) -> None:
    person = a_person(desk)
    signpost(desk, person, a_service(desk), how="told", before_on=desk.clock.today())
    talk = open_ones(desk, person)[0]
    tick_off(desk, talk.id)
    assert talk.id not in {each.id for each in open_ones(desk, person)}
    open_again(desk, talk.id)
    assert talk.id in {each.id for each in open_ones(desk, person)}
