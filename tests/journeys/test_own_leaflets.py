"""A leaflet that is brought in on one laptop is printed on the other, through a real server and two encrypted files."""

from __future__ import annotations

import random
from pathlib import Path

from pytestqt.qtbot import QtBot

from ewb_desktop.actions.desk import Desk, Worker
from ewb_desktop.actions.own_leaflets import MOST_CONTENT, NewPicture, add_picture, bring_leaflet, set_logo, stop_leaflets
from ewb_desktop.leaflets.checking import MOST_SOURCE
from ewb_desktop.leaflets.pictures import MOST_BYTES
from ewb_desktop.leaflets.press import Press
from ewb_desktop.storage.exchange.journal import JournalCounts, counts
from ewb_desktop.storage.tables import OwnLeaflet
from ewb_desktop.ui.own_shelf import own_shelf
from ewb_desktop.ui.widgets.button import Button
from tests.support.connected import AREA, Connected, House
from tests.support.desks import library
from tests.support.leaflet_orders import an_order
from tests.support.own_leaflets import GARDEN, Chooser, own_page, png, warm_press, write


def desk_of(laptop: Connected, role: str = "connector") -> Desk:
    return Desk(laptop.store, laptop.clock, Worker(laptop.store.author, "Rowan Oak", role), library(), AREA)


def press_of(laptop: Connected) -> Press:
    return warm_press().with_own(own_shelf(laptop.store))


def printed(laptop: Connected, topic: str) -> str:
    return " ".join(press_of(laptop).render(an_order(topic)).text.split())


def test_a_file_that_is_used_on_one_laptop_is_printed_on_a_volunteers_with_picture_and_logo(
    qtbot: QtBot, centre: House, tmp_path: Path
) -> None:
    rowan, grace = centre.join("Rowan Oak"), centre.join("Grace Lamb", "volunteer")
    (tmp_path / "hill.png").write_bytes(png())
    path = write(tmp_path, GARDEN.replace("We dig and water.", "![A hill](hill.png)\n\n"))
    set_logo(desk_of(rowan), NewPicture("logo.png", png(), "Northside, our service"))
    page = own_page(qtbot, desk_of(rowan), Chooser(leaflet=str(path)))
    for name in ("ownleaflets.add", "ownleaflets.use"):
        button = page.findChild(Button, name)
        assert isinstance(button, Button)
        button.click()
    rowan.sync()
    grace.sync()
    text = printed(grace, "our-garden")
    assert text.startswith("Picture: Northside, our service")
    assert "Picture: A hill" in text


def test_what_is_stopped_on_one_laptop_is_stopped_on_the_other_and_what_came_with_the_program_is_back(centre: House) -> None:
    rowan, grace = centre.join("Rowan Oak"), centre.join("Grace Lamb")
    leaflet = bring_leaflet(desk_of(rowan), "sleep.md", GARDEN.replace("our-garden", "sleep"))
    rowan.sync()
    grace.sync()
    assert "We drink tea at three." in printed(grace, "sleep")
    stop_leaflets(desk_of(grace), [leaflet])
    grace.sync()
    rowan.sync()
    assert "We drink tea at three." not in printed(rowan, "sleep")


def test_a_broken_one_that_arrives_is_named_and_all_others_are_printed(centre: House) -> None:
    rowan, grace = centre.join("Rowan Oak"), centre.join("Grace Lamb")
    newer = GARDEN.replace("our-garden", "choir").replace("needs", 'sung_by = "everybody"\nneeds')
    with rowan.store.write() as writing:
        # what no page lets through may still come from another version of the program
        writing.add(OwnLeaflet(area="*", file="choir.md", source=newer))
        writing.add(OwnLeaflet(area="*", file="empty.md"))
    bring_leaflet(desk_of(rowan), "garden.md", GARDEN)
    rowan.sync()
    grace.sync()
    assert [str(fault) for fault in press_of(grace).catalogue.faults] == [
        "choir.md, line 9: “sung_by” is not known in the head of a leaflet. Take the line out.",
        "empty.md, line 1: the file does not begin with a head between two lines of +++. Write one as in the example.",
    ]
    assert "We drink tea at three." in printed(grace, "our-garden")
    assert "Sleeping better" in printed(grace, "sleep")


def test_two_who_bring_in_the_same_leaflet_apart_print_the_same_one_afterwards(centre: House) -> None:
    rowan, grace = centre.join("Rowan Oak"), centre.join("Grace Lamb")
    bring_leaflet(desk_of(rowan), "garden.md", GARDEN.replace("tea", "milk"))
    bring_leaflet(desk_of(grace), "garden.md", GARDEN)
    # the server's order decides, whoever wrote first
    for laptop in (grace, rowan, grace):
        laptop.sync()
    assert "We drink milk at three." in printed(rowan, "our-garden")
    assert printed(rowan, "our-garden") == printed(grace, "our-garden")
    assert [read.is_printed for read in press_of(rowan).own] == [False, True]


def test_the_largest_leaflet_and_picture_that_are_taken_are_small_enough_for_the_server(centre: House) -> None:
    rowan = centre.join("Rowan Oak")
    assert MOST_CONTENT == MOST_BYTES
    quotes = GARDEN + '"é" ' * ((MOST_SOURCE - len(GARDEN.encode())) // 5)
    bring_leaflet(desk_of(rowan), "garden.md", quotes)
    noise = random.Random(3).randbytes(MOST_BYTES)
    add_picture(desk_of(rowan), NewPicture("noise.png", noise, "d" * 300, "c" * 300))
    rowan.sync()
    with rowan.store.read() as connection:
        assert counts(connection) == JournalCounts(0, 0, None)


def test_a_picture_arrives_byte_for_byte(centre: House) -> None:
    rowan, grace = centre.join("Rowan Oak"), centre.join("Grace Lamb")
    add_picture(desk_of(rowan), NewPicture("hill.png", png((30, 20)), "A hill", "Ivy Green"))
    rowan.sync()
    grace.sync()
    (picture,) = own_shelf(grace.store).pictures
    assert picture.content == png((30, 20))
