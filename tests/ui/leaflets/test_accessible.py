"""The page of leaflets in every look: for a person with everything on it, read as text, and at the lock screen."""

from __future__ import annotations

from pathlib import Path

from pytestqt.qtbot import QtBot

from ewb_desktop.actions.desk import Desk
from ewb_desktop.actions.leaflets import Printed, count_print
from ewb_desktop.ui.destinations import ToLeaflets
from ewb_desktop.ui.leaflets.view import LeafletsPage
from ewb_desktop.ui.widgets.button import Button
from ewb_desktop.ui.widgets.choices import CheckChoices
from ewb_desktop.ui.widgets.search_box import FilterChip
from tests.support.leaflet_desk import PaperTray, found, leaflets_page, press
from tests.support.leaflet_scene import scene
from tests.support.looks import Look, expect_accessible, in_every_look


@in_every_look
def test_for_a_person_with_services_and_a_next_step(qtbot: QtBot, look: Look, desk: Desk, tmp_path: Path) -> None:
    person, services = scene(desk, safe_to_post="no")

    def make() -> LeafletsPage:
        page = leaflets_page(None, desk, PaperTray(tmp_path), ToLeaflets(person, services, "worry-and-anxiety"))
        step = page.findChild(Button, "leaflets.add_step")
        assert isinstance(step, Button)
        step.click()
        return page

    expect_accessible(qtbot, look, make)


@in_every_look
def test_read_as_text_at_the_lock_screen(qtbot: QtBot, look: Look, desk: Desk, tmp_path: Path) -> None:
    def make() -> LeafletsPage:
        page = leaflets_page(None, None, PaperTray(tmp_path), clock=desk.clock)
        chip = page.findChild(FilterChip, "leaflets.as_text")
        assert isinstance(chip, FilterChip)
        chip.click()
        return page

    expect_accessible(qtbot, look, make)


@in_every_look
def test_a_service_opened_and_the_other_ways_to_hand_it_on(qtbot: QtBot, look: Look, desk: Desk, tmp_path: Path) -> None:
    person, services = scene(desk, communication=["bsl_video"], written_language="gu")

    def make() -> LeafletsPage:
        page = leaflets_page(None, desk, PaperTray(tmp_path), ToLeaflets(person, services))
        press(page, "leaflets.services.opener.1")
        return page

    expect_accessible(qtbot, look, make)


@in_every_look
def test_a_stall_with_one_that_failed(qtbot: QtBot, look: Look, desk: Desk, tmp_path: Path) -> None:
    def make() -> LeafletsPage:
        page = leaflets_page(None, desk, PaperTray(tmp_path, jams=frozenset({"Panic"})))
        press(page, "leaflets.to_stall")
        topics = found(page, CheckChoices, "leaflets.stall.topics")
        topics.values = ["panic", "sleep"]
        topics.changed.emit(topics.values)
        press(page, "leaflets.print_all")
        return page

    expect_accessible(qtbot, look, make)


@in_every_look
def test_what_was_printed_and_lately(qtbot: QtBot, look: Look, desk: Desk, tmp_path: Path) -> None:
    count_print(desk, Printed("sleep", "pl", "large-18", 20, "cream", "a5"))
    count_print(desk, Printed("panic", "en", "clear-14", 5, "white", "a4"))

    def make() -> LeafletsPage:
        page = leaflets_page(None, desk, PaperTray(tmp_path))
        press(page, "leaflets.to_printed")
        return page

    expect_accessible(qtbot, look, make)
