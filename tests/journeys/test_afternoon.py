"""The main job from the first start to a colleague's screen, and what may go wrong in the middle of it."""

from __future__ import annotations

import threading

import pytest

from ewb_desktop.storage.cards.assessments import answers_of, assessments_of
from ewb_desktop.storage.cards.people import person_record
from ewb_desktop.storage.drafts import load_draft
from ewb_desktop.storage.exchange.journal import counts
from ewb_desktop.ui.destinations import ToConversation, ToPerson
from tests.journeys.afternoon import answer, play_afternoon, someone_walks_in
from tests.journeys.day import MEMBER, PASSPHRASES, REAL_DIRECTORY, SENT, Day, exchange
from tests.journeys.evening import MEMBERS_WORDS, play_evening
from tests.journeys.morning import VENUE, choose_venue, invite, join, play_morning, read_made_up_directory, rowan_joins
from tests.journeys.stage import ROOT, InProcess


@pytest.fixture
def rowan_is_in(day: Day) -> Day:
    """Lend a day on which Rowan has joined and works at her venue."""
    invite(day)
    rowan_joins(day)
    choose_venue(day)
    return day


@pytest.mark.timeout(300)
def test_a_drop_in_afternoon_from_the_first_start_to_a_colleague_s_screen(day: Day) -> None:
    play_morning(day)
    play_afternoon(day)
    play_evening(day)
    assert day.leaflet.startswith(b"%PDF")
    assert int(day.account.figures["changes sent"]) == int(day.account.figures["changes made without a network"])
    without_real_directory = 0 if REAL_DIRECTORY.is_dir() else 1
    assert f": {len(day.account.done) + without_real_directory} steps" in (ROOT / "README.md").read_text("utf-8")


@pytest.mark.timeout(300)
def test_a_volunteer_s_search_would_find_what_rowan_s_laptop_holds(rowan_is_in: Day) -> None:
    day = rowan_is_in
    someone_walks_in(day)
    day.hands.keys("Letters about money")
    day.hands.press("Ctrl+Return")
    day.hands.read("What would you like most today?")
    holds = day.rowan.everything_kept()
    assert MEMBERS_WORDS[0] in holds
    assert MEMBERS_WORDS[1] in holds


@pytest.mark.timeout(300)
def test_after_a_power_cut_in_mid_conversation_everything_is_there(rowan_is_in: Day) -> None:
    day = rowan_is_in
    someone_walks_in(day)
    hands = day.hands
    hands.click("conversation-step-phq-9")
    for row in "232":
        answer(day, row)
    hands.click("conversation-step-first-conversation")
    hands.read("What brings you here today?")
    hands.keys("I cannot sleep for wor")
    store = day.rowan.office.desk.store
    key = f"answer/{day.person}/first-conversation/brings-you"
    hands.wait(lambda: load_draft(store, key) == "I cannot sleep for wor", "her words in the encrypted file")
    day.rowan.power_cut()
    day.unlock()
    day.rowan.office.go(ToPerson(day.person))
    hands.click("person.talk")
    hands.read("What brings you here today?")
    hands.wait(lambda: hands.see("conversation-answer.input").property("plainText") == "I cannot sleep for wor", "her words")
    with day.rowan.office.desk.store.read() as connection:
        (phq_9,) = [each for each in assessments_of(connection, day.person) if each.questionnaire == "phq-9"]
        kept = [card.value for card in answers_of(connection, phq_9.id).values()]
    assert kept == [2, 3, 2]


@pytest.mark.timeout(300)
def test_the_front_door_and_phq_9_work_without_a_mouse(rowan_is_in: Day) -> None:
    day = rowan_is_in
    hands = day.hands
    hands.press("Ctrl+L")
    hands.see("lock-unlock")
    hands.keys(PASSPHRASES["Rowan Oak"])
    hands.press("Return")
    hands.wait(lambda: day.rowan.program.office is not None, "the window behind the lock")
    hands.press("Ctrl+1")
    hands.press("F7")
    hands.see("newperson")
    hands.keys(MEMBER)
    tab_to(day, "newperson.talk")
    hands.press("Space")
    hands.wait(lambda: isinstance(day.rowan.office.window.here, ToConversation), "a conversation")
    hands.keys("I do not sleep")
    hands.press("Ctrl+Return")
    hands.read("What would you like most today?")
    tab_to(day, "conversation-step-phq-9")
    hands.press("Space")
    for _ in range(8):
        answer(day, "1")
    hands.press("1")
    hands.see("conversation-safety")
    tab_to(day, "conversation-open-safety")
    hands.press("Space")
    hands.see("safety-explored")
    hands.keys("It comes at night")
    hands.press("Ctrl+S")
    hands.see("conversation-question")
    hands.press("Ctrl+1")
    hands.read("Safety talk open")


def tab_to(day: Day, name: str) -> None:
    """Press Tab until the keyboard is on what has this name, and not more often than the page has stops."""
    for _ in range(80):
        if day.hands.focus().objectName() == name:
            return
        day.hands.press("Tab")
    raise AssertionError(f"Tab never came to {name}; it is on {day.hands.focus().objectName()}")


@pytest.mark.timeout(300)
def test_an_edit_while_a_push_is_under_way_is_sent_with_the_next_round(rowan_is_in: Day) -> None:
    day = rowan_is_in
    assert isinstance(day.centre, InProcess)
    someone_walks_in(day)
    reached, go_on = threading.Event(), threading.Event()

    def hold() -> None:
        reached.set()
        go_on.wait(30)

    day.centre.before_answer = hold
    hands = day.hands
    hands.click("rail.sync")
    hands.click("sync.send")
    hands.wait(reached.is_set, "the server's answer on its way")
    day.rowan.office.go(ToPerson(day.person))
    hands.click("person.edit")
    hands.type("editperson.given_name", "Katarzyna")
    hands.click("editperson.save")
    hands.wait(lambda: isinstance(day.rowan.office.window.here, ToPerson), "her page")
    day.centre.before_answer = None
    go_on.set()
    hands.click("rail.sync")
    hands.wait(lambda: not day.rowan.office.heartbeat.is_working, "the end of the round")
    hands.click("sync.send")
    hands.wait(lambda: SENT in day.rowan.status(), SENT)
    with day.rowan.office.desk.store.read() as connection:
        record = person_record(connection, day.person)
        assert counts(connection).to_send == 0
    assert record is not None
    assert record.given_name == "Katarzyna"


def test_the_directory_is_there_without_a_network(rowan_is_in: Day) -> None:
    day = rowan_is_in
    day.centre.go_away()
    read_made_up_directory(day)
    day.hands.click("importing.directory")
    day.hands.open_row("directory.list", "Debt advice drop-in")
    day.hands.read("Stretford Money Friends")


@pytest.mark.timeout(300)
def test_a_volunteer_joins_to_a_window_without_members_and_sees_the_only_place_once_it_arrives(rowan_is_in: Day) -> None:
    day = rowan_is_in
    exchange(day, "Rowan Oak")
    join(day, "Dawn Reed")
    exchange(day, "Dawn Reed")
    dawn = day.laptops["Dawn Reed"]
    dawn.hands.wait(lambda: dawn.office.window.top.place.text() == VENUE, "the only place there is", 30)
    assert dawn.hands.visible("rail.members") is None
    dawn.hands.click("rail.today")
    dawn.hands.press("F6")
    dawn.hands.read("One visit counted, without a name.")
    exchange(day, "Dawn Reed")
