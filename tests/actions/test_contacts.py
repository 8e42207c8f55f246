"""Recording an attempt to reach somebody, and whether a way is safe for them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ewb_desktop.actions.contacts import record_contact, take_back_contact, warn_of_way
from ewb_desktop.actions.desk import Desk
from ewb_desktop.actions.faults import FaultyFields
from ewb_desktop.actions.people import NEXT_CONTACT, add_person, change_membership
from ewb_desktop.domain.membership import MoveNotPossible
from ewb_desktop.storage.cards.follow_ups import FollowUpCard
from ewb_desktop.storage.cards.people import PersonRecord, person_record
from tests.support.of_member import ContactCard, contacts_of, follow_ups_of


def contacts(desk: Desk, person: str) -> list[ContactCard]:
    with desk.store.read() as connection:
        return contacts_of(connection, person)


def follow_ups(desk: Desk, person: str) -> list[FollowUpCard]:
    with desk.store.read() as connection:
        return follow_ups_of(connection, person)


def record(desk: Desk, **facts: str | None) -> PersonRecord:
    person = add_person(desk, {"given_name": "Joe", **facts})
    with desk.store.read() as connection:
        found = person_record(connection, person)
    assert found is not None
    return found


def test_an_attempt_is_kept_with_who_tried_and_how(desk: Desk) -> None:
    joe = record(desk).id
    record_contact(desk, joe, "ring", "left_word", " Rang after four ")
    (card,) = contacts(desk, joe)
    assert (card.how, card.reached, card.note, card.worker_name) == ("ring", "left_word", "Rang after four", "Rowan Oak")


def test_a_way_and_how_it_went_are_needed(desk: Desk) -> None:
    with pytest.raises(FaultyFields) as fault:
        record_contact(desk, record(desk).id, "", "away")
    assert set(fault.value.sentences) == {"how", "reached"}


@pytest.mark.parametrize(
    ("how", "field"),
    [("ring", "safe_to_call"), ("message", "safe_to_message"), ("email", "safe_to_message"), ("post", "safe_to_post")],
)
def test_a_way_that_is_not_safe_is_warned_of_and_never_blocked(desk: Desk, how: str, field: str) -> None:
    person = record(desk, **{field: "no"})
    assert "unless somebody is in danger" in warn_of_way(desk, person, how)
    assert record_contact(desk, person.id, how, "spoke")


def test_a_way_to_ask_about_first_says_so(desk: Desk) -> None:
    assert warn_of_way(desk, record(desk, safe_to_call="ask_first"), "ring").startswith("They asked us to check first")


def test_safe_ways_and_meeting_need_no_warning(desk: Desk) -> None:
    person = record(desk, safe_to_call="yes", safe_to_message="no")
    assert [warn_of_way(desk, person, how) for how in ("ring", "in_person", "post")] == ["", "", ""]


def test_a_warning_about_a_way_on_which_workers_differ_says_so(desk: Desk) -> None:
    said = warn_of_way(desk, record(desk, safe_to_call="no"), "ring", {"safe_to_call"})
    assert said.startswith("Two answers about this differ")
    assert "unless somebody is in danger" in said


def waiting(desk: Desk) -> tuple[str, str]:
    joe = record(desk).id
    change_membership(desk, joe, "waiting", {"next_date": desk.clock.today()})
    (card,) = follow_ups(desk, joe)
    return joe, card.id


def test_talking_answers_the_follow_up_and_undo_opens_it_again(desk: Desk) -> None:
    joe, due = waiting(desk)
    contact = record_contact(desk, joe, "ring", "spoke", follow_up=due)
    assert not follow_ups(desk, joe)[0].is_open
    take_back_contact(desk, contact, due)
    assert follow_ups(desk, joe)[0].is_open
    assert contacts(desk, joe) == []


def test_a_follow_up_stays_open_while_nobody_was_reached(desk: Desk) -> None:
    joe, due = waiting(desk)
    record_contact(desk, joe, "ring", "could_not_reach", follow_up=due)
    assert follow_ups(desk, joe)[0].is_open


def test_waiting_puts_the_agreed_day_before_the_coordinator(desk: Desk) -> None:
    joe = record(desk).id
    change_membership(desk, joe, "waiting", {"next_date": desk.clock.today() + timedelta(days=7)})
    (card,) = follow_ups(desk, joe)
    assert (card.kind, card.owner, card.due_on) == (NEXT_CONTACT, desk.worker.id, desk.clock.today() + timedelta(days=7))


def test_not_in_touch_keeps_the_day_on_which_somebody_tried(desk: Desk) -> None:
    joe = record(desk).id
    with pytest.raises(MoveNotPossible):
        change_membership(desk, joe, "not_in_touch")
    change_membership(desk, joe, "not_in_touch", {"tried_on": desk.clock.today()})
    (card,) = contacts(desk, joe)
    assert (card.reached, card.at.date()) == ("could_not_reach", desk.clock.today())
