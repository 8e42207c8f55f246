"""The page of leaflets says which of the organisation's own cannot be printed."""

from __future__ import annotations

from pathlib import Path

from pytestqt.qtbot import QtBot

from ewb_desktop.actions.desk import Desk
from ewb_desktop.actions.own_leaflets import bring_leaflet
from ewb_desktop.ui.destinations import ToLeaflets
from ewb_desktop.ui.leaflets.page import build
from ewb_desktop.ui.own_shelf import own_shelf
from ewb_desktop.ui.page import Page
from ewb_desktop.ui.widgets.text import Text
from tests.support.desks import library
from tests.support.doors import run_now
from tests.support.leaflet_desk import PaperTray
from tests.support.leaflet_orders import RESOURCES
from tests.support.own_leaflets import GARDEN, WarmStudio

BROKEN = GARDEN.replace('version = "1"\n', "")


def opened(qtbot: QtBot, desk: Desk, folder: Path) -> Page:
    studio = WarmStudio(RESOURCES, lambda: own_shelf(desk.store))
    page = build(desk, library(), desk.clock, studio, run_now, PaperTray(folder).edge())
    qtbot.addWidget(page)
    page.resize(1366, 768)
    page.show()
    page.opened(ToLeaflets())
    return page


def trouble(page: Page) -> str:
    line = page.findChild(Text, "leaflets.own_trouble")
    assert line is not None
    return line.text() if line.isVisibleTo(page) else ""


def test_a_leaflet_of_our_own_that_cannot_be_printed_is_named(qtbot: QtBot, desk: Desk, tmp_path: Path) -> None:
    bring_leaflet(desk, "garden.md", BROKEN)
    page = opened(qtbot, desk, tmp_path)
    assert trouble(page) == "Our own leaflet “garden.md” cannot be printed: see Our own leaflets."


def test_sound_ones_are_not_spoken_of(qtbot: QtBot, desk: Desk, tmp_path: Path) -> None:
    bring_leaflet(desk, "garden.md", GARDEN)
    assert trouble(opened(qtbot, desk, tmp_path)) == ""
