"""Work goes from one real window to another in a file and comes back in another one, with the keyboard alone and no line."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog

from ewb_desktop.storage.cards.people import count_people
from ewb_desktop.storage.exchange.journal import counts
from ewb_desktop.storage.tables import Person
from tests.journeys.day import AREA, Day, exchange
from tests.journeys.morning import invite, join
from tests.journeys.test_keyboard import tab_to


@pytest.mark.timeout(300)
def test_two_laptops_hand_each_other_their_work_by_keyboard_alone(
    day: Day, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stick = tmp_path / "stick.ewb-parcel"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_asked: (str(stick), ""))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_asked: (str(stick), ""))
    invite(day)
    for name in ("Rowan Oak", "Grace Lamb"):
        join(day, name)
    for name in ("Rowan Oak", "Grace Lamb", "Rowan Oak"):
        exchange(day, name)
    day.centre.go_away()
    for giver, taker, member in (("Rowan Oak", "Grace Lamb", "Kasia"), ("Grace Lamb", "Rowan Oak", "Bo")):
        meet(day, giver, member)
        hand_over(day, giver, stick)
        take_in(day, taker, f"From {giver}", member)
    day.centre.come_back()
    for name in ("Rowan Oak", "Grace Lamb", "Rowan Oak"):
        exchange(day, name)
    for laptop in (day.rowan, day.grace):
        with laptop.office.desk.store.read() as connection:
            assert (count_people(connection), counts(connection).to_send) == (2, 0)


def meet(day: Day, name: str, member: str) -> None:
    with day.sit_down(name).office.desk.store.write() as writing:
        writing.add(Person(area=AREA, preferred_name=member, telephone="0161 496 0001"))


def hand_over(day: Day, name: str, stick: Path) -> None:
    """Write a file for the only other laptop there is."""
    hands = day.sit_down(name).hands
    go_to_the_page(day)
    tab_to(day, "sync.hand-over")
    hands.press("Return")
    hands.wait(stick.exists, "the file")
    hands.read("1 change sealed for")


def take_in(day: Day, name: str, title: str, member: str) -> None:
    """Look into the file, and take it in: the keyboard is where it goes on."""
    hands = day.sit_down(name).hands
    go_to_the_page(day)
    tab_to(day, "sync.take-in")
    hands.press("Space")
    hands.read(title)
    hands.read(member)
    hands.wait(lambda: hands.focus().objectName() == "sync.accept", "the keyboard on what takes it in")
    hands.press("Return")
    hands.read(f"1 change from {title.removeprefix('From ')} taken in")
    assert hands.focus().objectName() == "sync.take-in"


def go_to_the_page(day: Day) -> None:
    # what was said at the foot may have taken a line more
    day.hands.rest()
    tab_to(day, "rail.sync")
    day.hands.press("Return")
    day.hands.read("Without a connection")
