"""One took a record off the screens while another wrote in it: whether it stays is asked, and what was done is told."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from ewb_desktop.storage.tables import Goal, Person, table
from tests.support.connected import AREA, Connected, House
from tests.ui.conflicts.test_conflicts import button, exchange, sit, words_on


def taken_off(centre: House) -> tuple[Connected, Connected, str]:
    """Rowan takes Amina off the screens while Grace writes about her; both know it."""
    rowan, grace = centre.join("Rowan Oak"), centre.join("Grace Lamb")
    with rowan.store.write() as writing:
        person = writing.add(Person(area=AREA, preferred_name="Amina"))
    exchange(rowan, grace)
    with rowan.store.write() as writing:
        writing.remove(Person, person)
    with grace.store.write() as writing:
        writing.edit(Person, person, telephone="0161 496 0001")
    exchange(rowan, grace, rowan)
    return rowan, grace, person


def is_gone(laptop: Connected, person: str) -> bool:
    with laptop.store.read() as connection:
        return bool(connection.execute(select(table(Person).c.gone).where(table(Person).c.id == person)).scalar_one())


def test_who_took_a_member_off_and_who_wrote_meanwhile_are_told_and_she_stays(qtbot: QtBot, centre: House) -> None:
    rowan, grace, person = taken_off(centre)
    told = words_on(sit(qtbot, grace, name="Grace Lamb"))
    for words in (
        "Amina",
        "Does this record stay on the screens?",
        "Before: On the screens",
        "Written by: You, today 14:05",
        "Taken off by: Rowan Oak, today 14:05",
    ):
        assert words in told
    assert not is_gone(rowan, person)


@pytest.mark.parametrize(("which", "gone"), [("shown", False), ("other", True)])
def test_whether_she_stays_is_chosen_and_can_be_taken_back(qtbot: QtBot, centre: House, which: str, gone: bool) -> None:
    rowan, grace, person = taken_off(centre)
    page = sit(qtbot, rowan)
    button(page, f"conflicts.choice.0.{which}").click()
    assert f"Your choice for Amina is saved. The record {'is off' if gone else 'stays on'} the screens." in words_on(page)
    exchange(rowan, grace)
    assert [is_gone(laptop, person) for laptop in (rowan, grace)] == [gone, gone]
    button(page, "undo").click()
    exchange(rowan, grace)
    assert [is_gone(laptop, person) for laptop in (rowan, grace)] == [False, False]


def test_what_was_taken_off_is_called_by_its_own_words(qtbot: QtBot, centre: House) -> None:
    rowan, grace = centre.join("Rowan Oak"), centre.join("Grace Lamb")
    with rowan.store.write() as writing:
        person = writing.add(Person(area=AREA, preferred_name="Amina"))
        goal = writing.add(Goal(area=AREA, person=person, words="Sleep"))
    exchange(rowan, grace)
    with rowan.store.write() as writing:
        writing.remove(Goal, goal)
    with grace.store.write() as writing:
        writing.edit(Goal, goal, words="Sleep well")
    exchange(rowan, grace, rowan)
    assert "Goal “Sleep well”. Does this record stay on the screens?" in words_on(sit(qtbot, rowan))
