"""The main job without a mouse: Tab, Space, Enter, the arrow keys and letters, and no way that is long."""

from __future__ import annotations

from functools import partial

import pytest
from PySide6.QtWidgets import QAbstractButton, QWidget

from ewb_desktop.storage.cards.assessments import assessments_of
from ewb_desktop.storage.cards.goals import goals_of
from ewb_desktop.storage.cards.needs import needs_of
from ewb_desktop.storage.cards.people import count_people
from ewb_desktop.storage.cards.safety_talks import open_talk_of
from ewb_desktop.ui.destinations import ToConversation, ToNewPerson, ToPerson, ToSafety
from tests.journeys.day import MEMBER, Day
from tests.journeys.morning import choose_venue, invite, rowan_joins

NEAR = 3
"""Most presses of Tab from an answer to what goes on from it."""
FAR = 60
"""More stops than a page has."""


@pytest.mark.timeout(300)
def test_from_someone_new_to_a_finished_conversation_by_keyboard_alone(day: Day) -> None:
    invite(day)
    rowan_joins(day)
    choose_venue(day)
    someone_new(day)
    first_answers(day)
    phq_9_and_safety(day)
    a_need_and_a_goal(day)
    check_and_finish(day)


def someone_new(day: Day) -> None:
    hands, window = day.hands, day.rowan.office.window
    tab_to(day, "rail.today")
    hands.press("Return")
    tab_to(day, "today.new")
    hands.press("Return")
    hands.wait(lambda: isinstance(window.here, ToNewPerson), "the page of someone new")
    # nothing is written yet: the summary leads to the first field, and is as near as the next key
    tab_to(day, "newperson.talk")
    hands.press("Space")
    hands.wait(lambda: "put right" in hands.focus().accessibleName(), "what is to be put right")
    hands.press("Return")
    hands.keys(MEMBER)
    tab_to(day, "newperson.talk")
    hands.press("Return")
    hands.wait(lambda: isinstance(window.here, ToConversation), "a conversation")
    with day.rowan.office.desk.store.read() as connection:
        assert count_people(connection) == 1
    here = window.here
    assert isinstance(here, ToConversation)
    day.person = here.person


def first_answers(day: Day) -> None:
    hands = day.hands
    hands.read("What brings you here today?")
    hands.keys("I do not sleep")
    assert tab_to(day, "conversation-next") <= NEAR
    hands.press("Return")
    hands.read("What would you like most today?")
    hands.press("Down")
    assert tab_to(day, "conversation-next") <= NEAR
    hands.press("Space")
    hands.read("What matters most to you?")


def phq_9_and_safety(day: Day) -> None:
    hands, window = day.hands, day.rowan.office.window
    tab_to(day, "conversation-step-phq-9")
    hands.press("Return")
    for _ in range(8):
        asked = hands.see("conversation-question").accessibleName()
        hands.press("Down")
        assert tab_to(day, "conversation-next") <= NEAR, asked
        hands.press("Space")
        assert hands.see("conversation-question").accessibleName() != asked
    hands.press("Down")
    hands.see("conversation-safety")
    assert tab_to(day, "conversation-open-safety") == 1
    assert tab_to(day, "conversation-next") <= NEAR - 1
    hands.press("F8")
    hands.wait(lambda: isinstance(window.here, ToSafety), "the safety conversation")
    assert hands.focus().objectName() == "safety-explored.input"
    hands.keys("It comes at night")
    tab_to(day, "safety-save")
    hands.press("Return")
    hands.see("conversation-question")
    with day.rowan.office.desk.store.read() as connection:
        assert open_talk_of(connection, day.person) is not None


def a_need_and_a_goal(day: Day) -> None:
    hands = day.hands
    tab_to(day, "conversation-step-needs")
    hands.press("Return")
    hands.see("conversation-needs")
    assert hands.focus().objectName() == "conversation-need-code.input"
    hands.press("Down")
    assert tab_to(day, "conversation-need-words.input") == 1
    hands.keys("Letters about money")
    assert tab_to(day, "conversation-need-add") <= NEAR
    hands.press("Return")
    hands.read("Letters about money")
    tab_to(day, "conversation-goal.input")
    hands.keys("Open them together")
    assert tab_to(day, "conversation-needs-next") <= NEAR
    hands.press("Return")


def check_and_finish(day: Day) -> None:
    hands, window = day.hands, day.rowan.office.window
    hands.wait(lambda: hands.visible("conversation-finish"), "everything, to be read")
    hands.rest()
    sheet = window.page.sheet if window.page is not None else None
    assert sheet is not None
    bar = sheet.verticalScrollBar()
    assert bar.value() == 0
    assert bar.maximum() > 0, "more than one screen to read"
    hands.press("Return")
    assert isinstance(window.here, ToConversation), "Enter finishes nothing unread"
    hands.press("End")
    assert bar.value() == bar.maximum()
    hands.press("Home")
    hands.press("PgDown")
    assert bar.value() > 0
    tab_to(day, "conversation-finish")
    hands.press("Return")
    hands.wait(lambda: isinstance(window.here, ToPerson), "her page")
    with day.rowan.office.desk.store.read() as connection:
        assert [card.words for card in needs_of(connection, day.person)] == ["Letters about money"]
        assert [card.words for card in goals_of(connection, day.person)] == ["Open them together"]
        assert len(assessments_of(connection, day.person)) == 2


def _is_all_in_sight(here: QWidget) -> bool:
    return here.visibleRegion().boundingRect().height() == here.height()


def tab_to(day: Day, name: str) -> int:
    """Press Tab until the keyboard is on what has this name; return how often. All of what has it is in sight on the way."""
    for presses in range(FAR):
        here = day.hands.focus()
        if isinstance(here, QAbstractButton):
            # what is said meanwhile may have moved the page just now
            day.hands.wait(partial(_is_all_in_sight, here), f"all of {here.objectName()}")
        if here.objectName() == name:
            return presses
        day.hands.press("Tab")
        day.hands.rest()
    raise AssertionError(f"Tab never came to {name}; it is on {day.hands.focus().objectName()}")
