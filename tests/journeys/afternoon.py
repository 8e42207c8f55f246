"""The afternoon in the church hall, with no network: someone walks in, and leaves with a plan and a name to turn to."""

from __future__ import annotations

from ewb_desktop.storage.people import count_people
from ewb_desktop.storage.safety_talks import open_talk_of
from ewb_desktop.ui.destinations import ToConversation, ToPerson
from tests.journeys.day import MEMBER, PASSPHRASES, Day

PHQ_9 = "2112111"
"""Which row is pressed for questions 1 to 7; 8 and 9 follow by themselves in the walk."""
GAD_7 = "2232121"


def play_afternoon(day: Day) -> None:
    """Play every step of the afternoon."""
    day.account.begin("In the afternoon, in the church hall, with no network")
    day.step("Rowan shuts the lid, goes to the hall, and unlocks her laptop without a network", unlock_in_the_hall)
    day.step("Today shows who needs a contact", see_today)
    day.step("Kasia walks in: a name, Polish, large print, discreet", someone_walks_in)
    day.step("They talk: what brings her, what she wants most, what matters", first_conversation)
    day.step("PHQ-9 with the number keys, as far as question 9", phq_9)
    day.step("Question 9 opens the safety conversation at once; it is saved unfinished", safety)
    day.step("Back where they were: GAD-7", gad_7)
    day.step("Two needs and a goal, in her words", needs_and_goal)
    day.step("Check the answers and finish", finish)


def unlock_in_the_hall(day: Day) -> None:
    day.centre.go_away()
    laptop = day.sit_down("Rowan Oak")
    laptop.hands.press("Ctrl+L")
    unlock(day)


def unlock(day: Day) -> None:
    """Type the passphrase at the lock screen."""
    laptop = day.laptops[day.in_front]
    hands = laptop.hands
    hands.see("lock-unlock")
    day.picture("lock-screen")
    hands.type("lock-passphrase", PASSPHRASES[day.in_front])
    hands.press("Return")
    hands.wait(lambda: laptop.program.office is not None, "the window behind the lock", 60)


def see_today(day: Day) -> None:

    day.hands.click("rail.today")
    day.hands.see("today")
    day.picture("today-in-the-morning")


def someone_walks_in(day: Day) -> None:
    hands = day.hands
    hands.press("F7")
    hands.see("newperson")
    hands.keys(MEMBER)
    hands.choose("newperson.source", "Walked in")
    hands.choose("newperson.spoken_language", "Polish")
    hands.choose("newperson.written_language", "Polish")
    hands.choose("newperson.leaflet_format", "Large print, 18 point")
    hands.click_words("Discreet print", within="newperson.discreet_print")
    day.picture("someone-new-is-here")
    hands.click("newperson.talk")
    hands.wait(lambda: isinstance(day.rowan.office.window.here, ToConversation), "a conversation with her")
    here = day.rowan.office.window.here
    if isinstance(here, ToConversation):
        day.person = here.person
    with day.rowan.office.desk.store.read() as connection:
        if count_people(connection) != 1:
            raise AssertionError("one person should be there")


def first_conversation(day: Day) -> None:
    hands = day.hands
    hands.read("What brings you here today?")
    hands.keys("Letters about money. I do not open them any more, and I do not sleep.")
    day.picture("first-conversation")
    hands.press("Ctrl+Return")
    hands.read("What would you like most today?")
    hands.press("3")
    hands.press("Return")
    hands.read("What matters most to you?")
    hands.keys("My daughter. She must not worry about me.")
    hands.press("Ctrl+Return")
    hands.read("What are you good at?")
    hands.keys("Baking, and walking a long way.")
    hands.press("Ctrl+Return")


def phq_9(day: Day) -> None:
    hands = day.hands
    hands.click("conversation-step-phq-9")
    for row in PHQ_9:
        answer(day, row)
    answer(day, "1")
    hands.read("Thoughts that you would be better off dead")


def answer(day: Day, row: str) -> None:
    """Press a row with its number, and go on with Enter."""
    before = day.hands.see("conversation-question").accessibleName()
    day.hands.press(row)
    day.hands.press("Return")
    day.hands.wait(
        lambda: (pane := day.hands.visible("conversation-question")) is None or pane.accessibleName() != before,
        f'a question after "{before}"',
    )


def safety(day: Day) -> None:
    hands = day.hands
    hands.press("2")
    hands.see("conversation-safety")
    day.picture("question-9-opens-safety")
    with day.rowan.office.desk.store.read() as connection:
        if open_talk_of(connection, day.person) is None:
            raise AssertionError("question 9 above 0 opened no safety conversation")
    hands.click("conversation-open-safety")
    hands.see("safety-explored")
    hands.type("safety-explored", "It comes at night, when she lies awake. She has no plan. Her daughter keeps her here.")
    hands.type("safety-told-whom", "Mina Sale, on duty today")
    hands.click("safety-told-now")
    day.picture("safety-conversation")
    hands.press("Ctrl+S")
    hands.see("conversation-question")


def gad_7(day: Day) -> None:
    hands = day.hands
    hands.click("conversation-step-gad-7")
    day.picture("gad-7")
    for row in GAD_7:
        answer(day, row)


def needs_and_goal(day: Day) -> None:
    hands = day.hands
    hands.click("conversation-step-needs")
    add_need(day, "Debt", "The letters from the catalogue and the gas company")
    add_need(day, "Loneliness", "To get out and walk with somebody")
    hands.type("conversation-goal", "Open the letters together with somebody this week")
    hands.click_words("4", within="conversation-goal-rating")
    day.picture("two-needs-and-a-goal")
    hands.click("conversation-needs-next")


def add_need(day: Day, need: str, words: str) -> None:
    """Add one need from the list, with the person's words."""
    hands = day.hands
    combo = hands.see("conversation-need-code.input")
    offered = [combo.itemText(row) for row in range(combo.count())]  # type: ignore[attr-defined]
    hands.choose("conversation-need-code", next(text for text in offered if text.startswith(need)))
    hands.type("conversation-need-words", words)
    hands.click("conversation-need-add")
    hands.read(words)


def finish(day: Day) -> None:
    hands = day.hands
    hands.see("conversation-finish")
    day.picture("check-the-answers")
    hands.click("conversation-finish")
    hands.wait(lambda: isinstance(day.rowan.office.window.here, ToPerson), "her page")
    day.picture("her-page-after-the-conversation")
