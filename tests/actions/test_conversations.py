"""Beginning, pausing, resuming and ending a conversation."""

from __future__ import annotations

from pathlib import Path

from ewb_desktop.actions.conversations import (
    Where,
    conversation_to_resume,
    end_conversation,
    pause_conversation,
    start_conversation,
    where_paused,
)
from ewb_desktop.actions.desk import Desk
from ewb_desktop.actions.people import add_person
from tests.support.clock import HandClock
from tests.support.desks import open_desk
from tests.support.of_member import conversations_of


def test_todays_conversation_that_has_not_ended_is_resumed(tmp_path: Path) -> None:
    clock = HandClock()
    with open_desk(tmp_path, clock=clock) as desk:
        person = add_person(desk, {"preferred_name": "Joe"})
        conversation = start_conversation(desk, person)
        assert conversation_to_resume(desk, person) == conversation
        clock.move(days=1)
        assert conversation_to_resume(desk, person) is None


def test_where_it_stopped_is_remembered_until_it_ends(desk: Desk) -> None:
    person = add_person(desk, {"preferred_name": "Joe"})
    conversation = start_conversation(desk, person)
    pause_conversation(desk, conversation, Where("phq-9", "44259-0"))
    assert where_paused(desk, conversation) == Where("phq-9", "44259-0")
    end_conversation(desk, conversation)
    assert where_paused(desk, conversation) is None
    assert conversation_to_resume(desk, person) is None


def test_a_members_conversations_come_latest_first(tmp_path: Path) -> None:
    clock = HandClock()
    with open_desk(tmp_path, clock=clock) as desk:
        person = add_person(desk, {"preferred_name": "Joe"})
        first = start_conversation(desk, person)
        clock.move(days=2)
        second = start_conversation(desk, person, "telephone")
        with desk.store.read() as connection:
            assert [card.id for card in conversations_of(connection, person)] == [second, first]
