"""The afternoon in the church hall, with no network: someone walks in, and leaves with a plan and a name to turn to."""

from __future__ import annotations

from PySide6.QtWidgets import QAbstractButton, QComboBox

from ewb_desktop.storage.cards.people import count_people
from ewb_desktop.storage.cards.safety_talks import open_talk_of
from ewb_desktop.ui.destinations import ToConversation, ToPerson
from tests.journeys.day import MEMBER, Day
from tests.journeys.morning import on_her_list
from tests.support.of_member import handovers_of, signposts_of

PHQ_9 = "2232121"
"""Which answer is pressed, by its score, for questions 1 to 7; 8 and 9 follow by themselves in the walk."""
GAD_7 = "2232121"
DEBT_ADVICE = "Debt advice drop-in"
WALKING_GROUP = "Saturday walking group"


def play_afternoon(day: Day) -> None:
    """Play every step of the afternoon."""
    day.account.begin("In the afternoon, in the church hall, with no network")
    day.step("Rowan shuts the lid, goes to the hall, and unlocks her laptop without a network", unlock_in_the_hall)
    day.step("Today shows who needs a contact", see_today)
    day.step("Kasia walks in: a name, Polish, large print, discreet", someone_walks_in, minutes=4)
    day.step("They talk: what brings her, what she wants most, what matters", first_conversation, minutes=13)
    day.step("PHQ-9 with the number keys, as far as question 9", phq_9, minutes=5)
    day.step("Question 9 opens the safety conversation at once; it is saved unfinished", safety, minutes=9)
    day.step("Back where they were: GAD-7", gad_7, minutes=4)
    day.step("Two needs and a goal, in her words", needs_and_goal, minutes=7)
    day.step("Check the answers and finish", finish, minutes=2)
    day.step("Debt advice in the offline directory: near, open now, step-free", find_debt_advice, minutes=3)
    day.step("Signpost to the walking group, introduced in person", signpost, minutes=4)
    day.step("One leaflet: worry and anxiety, 18 point, Polish, both services, discreet; saved and printed", leaflet, minutes=5)
    day.step("A warm handover to the debt adviser", hand_over, minutes=6)
    day.step("The foot says how many changes wait to be sent", see_what_waits)
    day.step("The lid is shut in the middle of a word: locked, unlocked, and the draft is there", shut_the_lid)


def unlock_in_the_hall(day: Day) -> None:
    day.centre.go_away()
    day.sit_down("Rowan Oak")
    day.come_to(13, 30)
    day.unlock(picture="lock-screen")


def see_today(day: Day) -> None:
    day.hands.click("rail.today")
    day.hands.see("today")
    for name in on_her_list():
        day.hands.read(name)
    day.picture("today")


def someone_walks_in(day: Day) -> None:
    hands = day.hands
    with day.rowan.office.desk.store.read() as connection:
        before = count_people(connection)
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
        if count_people(connection) != before + 1:
            raise AssertionError("one more person should be there")


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
    """Press an answer by its score, and go on with Enter."""
    before = day.hands.see("conversation-question").accessibleName()
    day.hands.press(row)
    day.hands.press("Return")
    day.hands.wait(
        lambda: (pane := day.hands.visible("conversation-question")) is None or pane.accessibleName() != before,
        f'a question after "{before}"',
    )


def safety(day: Day) -> None:
    hands = day.hands
    hands.press("1")
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
    day.picture("safety-conversation", top=True)
    hands.press("Ctrl+S")
    hands.see("conversation-question")


def gad_7(day: Day) -> None:
    hands = day.hands
    hands.read("Thoughts that you would be better off dead")
    hands.press("Return")
    hands.read("how difficult have these problems")
    answer(day, "1")
    hands.click("conversation-step-gad-7")
    day.picture("gad-7")
    for row in GAD_7:
        answer(day, row)


def needs_and_goal(day: Day) -> None:
    hands = day.hands
    hands.click("conversation-step-needs")
    add_need(day, "Money, debt", "The letters from the catalogue and the gas company")
    add_need(day, "Loneliness", "To get out and walk with somebody")
    hands.type("conversation-goal", "Open the letters together with somebody this week")
    hands.click_words("4", within="conversation-goal-rating")
    day.picture("two-needs-and-a-goal", top=True)
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
    day.picture("check-the-answers", top=True)
    hands.click("conversation-finish")
    wait_for_her_page(day)
    day.picture("her-page-after-the-conversation")


def wait_for_her_page(day: Day) -> None:
    """Wait until the member's page is shown."""
    day.hands.wait(lambda: isinstance(day.rowan.office.window.here, ToPerson), "her page")


def look_for_help(day: Day, typed: str) -> None:
    """Go from the member's page to the directory, and search for her."""
    hands = day.hands
    if not isinstance(day.rowan.office.window.here, ToPerson):
        hands.press("Ctrl+K")
        hands.keys(MEMBER)
        hands.open_row("found.list", MEMBER)
        wait_for_her_page(day)
    hands.click("person.signpost")
    hands.click("directory.search")
    hands.keys(typed)
    hands.press("Return")


def set_chip(day: Day, name: str, *, on: bool) -> None:
    """Press a filter unless it stands right already."""
    chip = day.hands.see(name)
    if isinstance(chip, QAbstractButton) and chip.isChecked() != on:
        day.hands.click(name)


def find_debt_advice(day: Day) -> None:
    hands = day.hands
    look_for_help(day, "debt letters")
    for name in ("directory.near", "directory.open", "directory.steps"):
        set_chip(day, name, on=True)
    hands.open_row("directory.list", DEBT_ADVICE)
    hands.see("directory.signpost")
    day.picture("debt-advice-near-open-step-free")
    for name in ("directory.near", "directory.open", "directory.steps"):
        set_chip(day, name, on=False)


def signpost(day: Day) -> None:
    hands = day.hands
    look_for_help(day, "walking")
    hands.open_row("directory.list", WALKING_GROUP)
    hands.read("Stepping Out Stretford")
    hands.click("directory.signpost")
    hands.click_words("Introduced in person", within="signpost.how")
    hands.click_words("They took a leaflet home", within="signpost.leaflet")
    hands.choose("signpost.need", need_offered(day, "walk with somebody"))
    hands.type("signpost.reason", "She likes walking, and wants company")
    day.picture("signpost-to-the-walking-group", top=True)
    hands.click("signpost.save")
    wait_for_her_page(day)
    with day.rowan.office.desk.store.read() as connection:
        made = signposts_of(connection, day.person)
    if [len(each.follow_ups) for each in made] != [2]:
        raise AssertionError("a signpost is followed up after 4 and 12 weeks")


def need_offered(day: Day, words: str) -> str:
    """Return how the list of needs says the need that has these words."""
    box = day.hands.see("signpost.need.input")
    offered = [box.itemText(row) for row in range(box.count())] if isinstance(box, QComboBox) else []
    found = [text for text in offered if words in text or text == "Loneliness and connection"]
    if not found:
        raise AssertionError(f"needs that are offered: {offered}")
    return found[0]


def leaflet(day: Day) -> None:
    hands = day.hands
    look_for_help(day, "debt letters")
    hands.open_row("directory.list", DEBT_ADVICE)
    hands.read("Stretford Money Friends")
    hands.click("directory.leaflet")
    hands.open_row("leaflets.topics", "Worry and anxiety")
    hands.click("leaflets.find_service")
    hands.keys("walking")
    hands.press("Return")
    hands.wait(lambda: hands.visible("leaflets.found.act.0") is not None, "the walking group")
    hands.click("leaflets.found.act.0")
    hands.click("leaflets.add_step")
    hands.type("leaflets.step", "Rowan rings you on Friday morning")
    hands.type("leaflets.telephone", "0161 496 0119")
    for part, number in (("day", "27"), ("month", "11"), ("year", "2026")):
        hands.type(f"leaflets.on.{part}", number)
    hands.wait(lambda: proof_is_ready(day), "the finished leaflet", 60)
    day.picture("leaflet-18-point-polish-discreet", top=True)
    file = day.folder / "saved-leaflet.pdf"
    day.rowan.chosen_files = [str(file)]
    hands.press("Ctrl+S")
    hands.wait(file.is_file, "the saved leaflet")
    hands.press("Ctrl+P")
    hands.wait(lambda: day.rowan.printed, "the printed leaflet")
    if day.rowan.printed != [file.read_bytes()]:
        raise AssertionError("what was printed is what was saved")
    day.leaflet = file.read_bytes()


def proof_is_ready(day: Day) -> bool:
    """Say whether the picture of the leaflet shows everything that was asked for."""
    page = day.rowan.office.window.page
    proof = getattr(getattr(page, "presenter", None), "proof", None)
    return (
        proof is not None
        and len(proof.order.services) == 2
        and proof.order.next_step is not None
        and proof.order.next_step.on is not None
    )


def hand_over(day: Day) -> None:
    hands = day.hands
    look_for_help(day, "debt letters")
    hands.open_row("directory.list", DEBT_ADVICE)
    hands.read("Stretford Money Friends")
    hands.click("directory.handover")
    hands.type("handover.reason", "Letters about money that she does not open any more")
    hands.type("handover.wanted", "To go through them with somebody")
    hands.click_words("Name and how to reach them safely", within="handover.shared.list")
    hands.click_words("Communication and language needs", within="handover.shared.list")
    hands.type("handover.introduced_by", "Rowan, at the next drop-in")
    day.picture("handover-to-the-debt-adviser", top=True)
    hands.click("handover.check")
    hands.see("handover.agree")
    consent = hands.visible("handover.consent")
    if consent is not None:
        for row in consent.findChildren(QAbstractButton):
            hands.click_words(row.text().replace("&&", "&"), within="handover.consent")
    day.picture("check-before-it-is-agreed")
    hands.click("handover.agree")
    wait_for_her_page(day)
    with day.rowan.office.desk.store.read() as connection:
        made = handovers_of(connection, day.person)
    if len(made) != 1:
        raise AssertionError("one handover should stand")
    day.picture("her-page-at-the-end-of-the-afternoon")


def see_what_waits(day: Day) -> None:
    hands = day.hands
    hands.click("rail.today")
    hands.wait(lambda: "to send" in day.rowan.status(), "how many changes wait")
    day.account.figures["changes made without a network"] = day.rowan.status().rpartition(". ")[2].split()[0]
    day.picture("today-with-changes-to-send")


def shut_the_lid(day: Day) -> None:
    hands = day.hands
    hands.press("F7")
    hands.see("newperson")
    hands.keys("Tom, who came with his neigh")
    hands.press("Ctrl+L")
    day.unlock(picture="lock-screen")
    hands.press("F7")
    hands.read("What you typed before is still here")
    hands.wait(
        lambda: hands.see("newperson.preferred_name.input").property("text") == "Tom, who came with his neigh", "the draft"
    )
    day.picture("the-draft-is-still-here")
    hands.click("newperson.start_again")
