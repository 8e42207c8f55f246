"""The page of our own leaflets in every look: the lists, a file with messages, a sound one, and the words of a picture."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from ewb_desktop.actions.desk import Desk
from ewb_desktop.actions.own_leaflets import NewPicture, add_picture, bring_leaflet, set_logo
from ewb_desktop.ui.ownleaflets.view import OwnLeafletsPage
from ewb_desktop.ui.widgets.button import Button
from tests.support.looks import Look, expect_accessible, in_every_look
from tests.support.own_leaflets import GARDEN, Chooser, own_page, png, write


def press(page: QWidget, name: str) -> None:
    button = page.findChild(Button, name)
    assert isinstance(button, Button)
    button.click()


@in_every_look
def test_lists_with_a_picture_that_is_being_described(qtbot: QtBot, look: Look, desk: Desk, tmp_path: Path) -> None:
    first = bring_leaflet(desk, "garden.md", GARDEN)
    bring_leaflet(desk, "garden.md", GARDEN, replaces=[first])
    bring_leaflet(desk, "choir.md", GARDEN.replace("our-garden", "choir").replace("We dig", "> We sing"))
    add_picture(desk, NewPicture("garden.png", png(), "The garden", "The club"))
    set_logo(desk, NewPicture("logo.png", png(), "Northside"))
    (tmp_path / "hill.png").write_bytes(png())

    def make() -> OwnLeafletsPage:
        page = own_page(None, desk, Chooser(picture=str(tmp_path / "hill.png")))
        press(page, "ownleaflets.add_picture")
        press(page, "ownleaflets.keep_picture")
        return page

    expect_accessible(qtbot, look, make)


@in_every_look
def test_a_file_with_messages(qtbot: QtBot, look: Look, desk: Desk, tmp_path: Path) -> None:
    path = write(tmp_path, GARDEN.replace("We dig", "> We dig").replace("- Friday", "![](garden.png)\n\n- Friday"))

    def make() -> OwnLeafletsPage:
        page = own_page(None, desk, Chooser(leaflet=str(path)))
        press(page, "ownleaflets.add")
        return page

    expect_accessible(qtbot, look, make)


@in_every_look
def test_a_file_that_can_be_used(qtbot: QtBot, look: Look, desk: Desk, tmp_path: Path) -> None:
    path = write(tmp_path, GARDEN.replace("We dig", "We provide comprehensive information, dig").replace('"getting', '"digging'))

    def make() -> OwnLeafletsPage:
        page = own_page(None, desk, Chooser(leaflet=str(path)))
        press(page, "ownleaflets.add")
        return page

    expect_accessible(qtbot, look, make)
