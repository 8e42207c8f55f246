"""The evening: a network, a colleague who sees the afternoon, and two answers to one question that are both kept."""

from __future__ import annotations

import time

from ewb_desktop.storage.cards.conflicts import count_open_conflicts
from ewb_desktop.storage.cards.people import count_people, person_record
from ewb_desktop.storage.cards.services import count_services
from ewb_desktop.ui.destinations import ToPerson
from tests.journeys.day import MEMBER, Day, exchange

MEMBERS_WORDS = (b"Kasia", b"Letters about money", b"My daughter", b"Mina Sale, on duty", b"walk with somebody")
"""Words of the member's record that a volunteer's laptop must not hold."""


def play_evening(day: Day) -> None:
    """Play every step of the evening."""
    day.account.begin("In the evening, where there is a network")
    day.step("The network is there: everything is sent", send_everything, minutes=2)
    day.step("Grace receives, and sees the same person with her timeline", grace_sees_her)
    day.step("Dawn's laptop, a volunteer's, holds the directory and no word about any member", volunteer_holds_nothing)
    day.step("With no network again, Rowan and Grace both name another coordinator", two_answers)
    day.step("Both answers are kept and shown, until somebody chooses", choose_one)


def send_everything(day: Day) -> None:
    day.come_to(18, 40)
    day.centre.come_back()
    day.sit_down("Rowan Oak")
    before = day.centre.tally.sent
    began = time.monotonic()
    outcome = exchange(day, "Rowan Oak")
    figures = day.account.figures
    figures["seconds from pressing the button to everything sent"] = f"{time.monotonic() - began:.1f}"
    figures["changes sent"] = str(outcome.sent)
    figures["rounds"] = str(outcome.rounds)
    figures["bytes sent"] = f"{day.centre.tally.sent - before:,}"
    day.picture("everything-is-sent")


def grace_sees_her(day: Day) -> None:
    before = day.centre.tally.received
    outcome = exchange(day, "Grace Lamb")
    day.account.figures["records received by Grace"] = str(outcome.received)
    day.account.figures["bytes received by Grace"] = f"{day.centre.tally.received - before:,}"
    hands = day.hands
    hands.click("rail.members")
    day.picture("grace-members")
    hands.open_row("members.list", MEMBER)
    hands.wait(lambda: isinstance(day.grace.office.window.here, ToPerson), "her page")
    hands.read("Polish")
    day.picture("grace-sees-the-same-person")


def volunteer_holds_nothing(day: Day) -> None:
    exchange(day, "Dawn Reed")
    laptop = day.laptops["Dawn Reed"]
    with laptop.office.desk.store.read() as connection:
        people, services = count_people(connection), count_services(connection).services
    if people:
        raise AssertionError("a volunteer's laptop holds a member")
    if not services:
        raise AssertionError("a volunteer's laptop needs the directory")
    holds = laptop.everything_kept()
    for words in (day.person.encode(), *MEMBERS_WORDS):
        if words in holds:
            raise AssertionError(f"a volunteer's laptop holds {words!r}")
    day.account.figures["bytes searched on the volunteer's laptop"] = f"{len(holds):,}"
    day.hands.click("rail.directory")
    day.picture("a-volunteer-has-the-directory")


def two_answers(day: Day) -> None:
    day.centre.go_away()
    for name, coordinator in (("Rowan Oak", "Mina Sale"), ("Grace Lamb", "Grace Lamb")):
        hands = day.sit_down(name).hands
        hands.click("rail.members")
        hands.open_row("members.list", MEMBER)
        hands.click("person.change_coordinator")
        hands.choose("person.coordinator.who", coordinator)
        hands.click_words("Save the coordinator")
        hands.read(f"Coordinator: {coordinator}")


def choose_one(day: Day) -> None:
    day.centre.come_back()
    exchange(day, "Rowan Oak")
    exchange(day, "Grace Lamb")
    hands = day.hands
    hands.click("sync.choose")
    hands.see("conflicts.choice.0.other")
    with day.grace.office.desk.store.read() as connection:
        if count_open_conflicts(connection) != 1:
            raise AssertionError("one question with two answers should wait")
    day.picture("both-answers-are-kept")
    hands.click("conflicts.choice.0.other")
    hands.wait(lambda: hands.visible("conflicts.choice.0.other") is None, "the choice")
    exchange(day, "Grace Lamb")
    exchange(day, "Rowan Oak")
    day.picture("settled-on-every-laptop")
    coordinators = set()
    for laptop in (day.rowan, day.grace):
        with laptop.office.desk.store.read() as connection:
            record = person_record(connection, day.person)
            coordinators.add(record.coordinator if record else "")
            if count_open_conflicts(connection):
                raise AssertionError("the choice did not reach every laptop")
    if len(coordinators) != 1:
        raise AssertionError("two laptops know different coordinators")
