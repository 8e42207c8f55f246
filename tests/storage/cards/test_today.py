"""Who needs a contact today: each reason, whose turn it is, and that many people cost no more queries."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, insert

from ewb_desktop.actions.contacts import record_contact
from ewb_desktop.actions.conversations import end_conversation, start_conversation
from ewb_desktop.actions.desk import Desk, Worker
from ewb_desktop.actions.handover import hand_over, record_answer, record_first_attended
from ewb_desktop.actions.people import add_person, change_coordinator, change_membership, take_off
from ewb_desktop.actions.safety import close_safety_talk, open_safety_talk, save_safety_talk
from ewb_desktop.actions.signposting import signpost
from ewb_desktop.domain.handover import AnswerKind, HandoverAnswer
from ewb_desktop.storage.cards.today import LISTED, Today, TodayItem, Why, who_needs_a_contact
from ewb_desktop.storage.tables import Person, Service, table
from tests.support.clock import HandClock
from tests.support.desks import AREA, GRACE, PLACE, ROWAN, open_desk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with open_desk(tmp_path) as lent:
        yield lent


@pytest.fixture
def joe(desk: Desk) -> str:
    return add_person(desk, {"given_name": "Joe", "family_name": "Dunn"})


@pytest.fixture
def service(desk: Desk) -> str:
    with desk.store.write() as writing:
        return writing.add(Service(area="*", name="Walking group", status="active"))


def today(desk: Desk, place: str | None = PLACE) -> Today:
    with desk.store.read() as connection:
        return who_needs_a_contact(connection, desk.clock.now(), desk.worker.id, place=place, times=desk.library.times)


def mine(desk: Desk) -> list[TodayItem]:
    return list(today(desk).mine)


def move(desk: Desk, **by: float) -> None:
    assert isinstance(desk.clock, HandClock)
    desk.clock.move(**by)


def as_grace(desk: Desk) -> Desk:
    return replace(desk, worker=Worker(GRACE, "Grace Lamb", "connector"))


def test_a_new_member_needs_nothing_yet(desk: Desk, joe: str) -> None:
    assert mine(desk) == []


def test_an_open_safety_talk_comes_first_for_everybody_until_it_is_closed(desk: Desk, joe: str) -> None:
    amina = add_person(desk, {"given_name": "Amina"})
    start_conversation(desk, joe)
    talk = open_safety_talk(desk, amina)
    first = mine(desk)[0]
    assert (first.why, first.id, first.unwritten) == (Why.SAFETY, talk, True)
    assert [item.id for item in mine(as_grace(desk))] == [talk]
    assert talk in {item.id for item in today(as_grace(desk)).team}
    save_safety_talk(
        desk, talk,
        {"explored": "Thoughts at night", "told_whom": "Her sister", "told_at": desk.clock.now(), "agreed": "Ring Thursday",
         "plan": "made"},
    )  # fmt: skip
    assert not mine(desk)[0].unwritten
    close_safety_talk(desk, talk, closed_by=ROWAN)
    assert talk not in {item.id for item in mine(desk)}


def test_a_conversation_of_today_that_has_not_ended_waits_for_its_worker_only(desk: Desk, joe: str) -> None:
    talk = start_conversation(desk, joe)
    assert [(item.why, item.id) for item in mine(desk)] == [(Why.PAUSED, talk)]
    assert mine(as_grace(desk)) == []
    end_conversation(desk, talk)
    assert mine(desk) == []


def test_a_signpost_is_asked_about_after_four_weeks_and_not_before(desk: Desk, joe: str, service: str) -> None:
    made = signpost(desk, joe, service, how="told")
    move(desk, days=27)
    assert [item for item in mine(desk) if item.why is Why.FOLLOW_UP] == []
    move(desk, days=1)
    (item,) = mine(desk)
    assert (item.part, item.about_id, item.subject, item.owner) == ("four_weeks", made, "Walking group", ROWAN)


def test_a_contact_before_a_visit_is_seen_the_day_before(desk: Desk, joe: str, service: str) -> None:
    signpost(desk, joe, service, how="went_along", before_on=desk.clock.today() + timedelta(days=1))
    assert [item.part for item in mine(desk)] == ["before"]


def test_a_handover_waits_until_somebody_says_when_they_start(desk: Desk, joe: str, service: str) -> None:
    made = hand_over(desk, joe, reason="Letters about money", service=service)
    move(desk, days=3)
    item = next(item for item in mine(desk) if item.why is Why.HANDOVER)
    assert item.clock is not None
    assert (item.id, item.clock.days, item.clock.overdue) == (made, 3, False)
    record_answer(desk, made, HandoverAnswer(AnswerKind.START_ON, desk.clock.today() + timedelta(days=2)))
    assert [item for item in mine(desk) if item.why is Why.HANDOVER] == []
    move(desk, days=2)
    assert [item.id for item in mine(desk) if item.why is Why.HANDOVER] == [made]
    record_first_attended(desk, made, desk.clock.today())
    assert [item for item in mine(desk) if item.why is Why.HANDOVER] == []


def test_a_handover_that_is_overdue_waits_whatever_was_promised(desk: Desk, joe: str, service: str) -> None:
    made = hand_over(desk, joe, reason="Letters about money", service=service)
    record_answer(desk, made, HandoverAnswer(AnswerKind.START_ON, desk.clock.today() + timedelta(days=60)))
    move(desk, days=15)
    item = next(item for item in mine(desk) if item.why is Why.HANDOVER)
    assert item.clock is not None
    assert item.clock.overdue


def test_a_member_nobody_talked_with_for_four_weeks_is_out_of_touch(desk: Desk, joe: str) -> None:
    move(desk, days=27)
    assert mine(desk) == []
    move(desk, days=2)
    (item,) = mine(desk)
    assert (item.why, item.person, item.day, item.tried) == (Why.OUT_OF_TOUCH, joe, date(2026, 11, 21), 0)


def test_talking_with_somebody_counts_and_trying_gives_a_week_of_peace(desk: Desk, joe: str) -> None:
    move(desk, days=40)
    record_contact(desk, joe, "ring", "could_not_reach")
    assert mine(desk) == []
    move(desk, days=8)
    (item,) = mine(desk)
    assert item.tried == 1
    record_contact(desk, joe, "ring", "spoke")
    move(desk, days=20)
    assert mine(desk) == []


def test_who_paused_by_choice_is_left_in_peace(desk: Desk, joe: str) -> None:
    change_membership(desk, joe, "paused")
    move(desk, days=400)
    assert mine(desk) == []


def test_members_of_a_colleague_stand_under_the_team(desk: Desk, joe: str) -> None:
    change_coordinator(desk, joe, GRACE)
    move(desk, days=60)
    found = today(desk)
    assert (found.mine_count, found.team_count, [item.person for item in found.team]) == (0, 1, [joe])


def test_here_are_those_whom_somebody_talked_with_at_this_place(desk: Desk, joe: str) -> None:
    add_person(desk, {"given_name": "Amina"})
    end_conversation(desk, start_conversation(desk, joe))
    move(desk, days=60)
    assert [item.person for item in today(desk).here] == [joe]
    assert today(desk, place=None).here == ()


def test_nobody_stands_twice_when_one_contact_serves_both(desk: Desk, joe: str, service: str) -> None:
    signpost(desk, joe, service, how="told")
    move(desk, days=40)
    assert [item.why for item in mine(desk)] == [Why.FOLLOW_UP]


def test_a_record_taken_off_the_screens_is_not_here_either(desk: Desk, joe: str) -> None:
    move(desk, days=60)
    take_off(desk, joe)
    assert mine(desk) == []


def test_ten_thousand_people_cost_no_more_queries_than_one(desk: Desk, joe: str) -> None:
    def queries() -> tuple[int, Today]:
        said: list[str] = []

        def hear(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            said.append(statement)

        event.listen(desk.store.engine, "before_cursor_execute", hear)
        found = today(desk)
        event.remove(desk.store.engine, "before_cursor_execute", hear)
        return len(said), found

    move(desk, days=60)
    few, _ = queries()
    with desk.store.write() as writing, writing.echo(bulk=True):
        writing.connection.execute(
            insert(table(Person)),
            [
                {"id": f"many-{number:05}", "area": AREA, "author": ROWAN, "given_name": "Sam", "coordinator": ROWAN,
                 "membership": "active", "joined_on": date(2026, 1, 1)}
                for number in range(10_000)
            ],
        )  # fmt: skip
    many, found = queries()
    assert many == few <= 9
    assert (found.mine_count, len(found.mine)) == (10_001, LISTED)
