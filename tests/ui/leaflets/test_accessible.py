"""The page of leaflets in every look: for a person with everything on it, read as text, and at the lock screen."""

from __future__ import annotations

from pathlib import Path

from pytestqt.qtbot import QtBot

from ewb_desktop.actions.desk import Desk
from ewb_desktop.ui.destinations import ToLeaflets
from ewb_desktop.ui.leaflets.view import LeafletsPage
from ewb_desktop.ui.widgets.button import Button
from ewb_desktop.ui.widgets.search_box import FilterChip
from tests.support.leaflet_desk import PaperTray, leaflets_page
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
