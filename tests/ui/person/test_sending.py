"""What of a member the server has not taken is said on her own page."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from ewb_desktop.actions.desk import Desk, Worker
from ewb_desktop.storage.tables import Contact, Person
from ewb_desktop.ui.destinations import ToPerson
from ewb_desktop.ui.feed import Feed
from ewb_desktop.ui.person.page import build
from ewb_desktop.ui.widgets.tag import Tag
from tests.support.connected import AREA, Connected, House
from tests.support.desks import library


def desk_of(laptop: Connected) -> Desk:
    return Desk(laptop.store, laptop.clock, Worker(laptop.store.author, "Rowan Oak", "connector"), library(), AREA, "")


def tags(qtbot: QtBot, desk: Desk, person: str) -> list[str]:
    page = build(desk, Feed())
    qtbot.addWidget(page)
    page.opened(ToPerson(person))
    return [tag.text() for tag in page.findChildren(Tag) if "send" in tag.text() or "taken" in tag.text()]


def test_a_member_s_page_says_how_much_about_her_waits_and_what_was_not_taken(qtbot: QtBot, centre: House) -> None:
    rowan = centre.join("Rowan Oak")
    desk = desk_of(rowan)
    with rowan.store.write() as writing:
        amina, bo = (writing.add(Person(area=AREA, preferred_name=name)) for name in ("Amina", "Bo"))
    rowan.sync()
    assert tags(qtbot, desk, amina) == []
    with rowan.store.write() as writing:
        writing.add(Contact(area=AREA, person=amina, how="phone", note="rang"))
        writing.edit(Person, amina, telephone="0161 496 0000")
        # longer than the server takes
        writing.add(Contact(area=AREA, person=amina, how="phone", note="rang again " * 20_000))
    assert tags(qtbot, desk, amina) == ["3 changes to send"]
    assert tags(qtbot, desk, bo) == []
    rowan.sync()
    assert tags(qtbot, desk, amina) == ["1 change was not taken: see Send and receive"]
    assert tags(qtbot, desk, bo) == []


def test_a_laptop_without_a_server_says_nothing_of_sending(qtbot: QtBot, centre: House) -> None:
    alone = centre.newcomer("Rowan Oak")
    with alone.store.write() as writing:
        amina = writing.add(Person(area=AREA, preferred_name="Amina"))
    assert tags(qtbot, desk_of(alone), amina) == []
