"""Leaflets, pictures and a page of an organisation's own, made up."""

from __future__ import annotations

import functools
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

from PIL import Image
from pytestqt.qtbot import QtBot

from ewb_desktop.actions.desk import Desk
from ewb_desktop.app.leaflet_edge import make_preview
from ewb_desktop.leaflets.press import Press
from ewb_desktop.ui.destinations import ToOwnLeaflets
from ewb_desktop.ui.feed import Feed
from ewb_desktop.ui.leaflets.studio import Studio
from ewb_desktop.ui.own_shelf import own_shelf
from ewb_desktop.ui.ownleaflets.page import build
from ewb_desktop.ui.ownleaflets.shown import Edge
from ewb_desktop.ui.ownleaflets.view import OwnLeafletsPage
from tests.support.doors import run_now
from tests.support.leaflet_orders import RESOURCES

HEAD = """+++
id = "our-garden"
title = "Come to our garden"
lang = "en"
version = "1"
date = 2026-11-21
review = 2027-11-21
sources = ["Our own garden group"]
needs = ["getting_active"]
credit = "Photographs: Northside Garden Club, who allow us to print them"
+++
"""
BODY = """
# Come to our garden

We dig and water. We drink tea at three.

- Tuesday, 2pm to 4pm
- Friday, 10am to 12 noon
"""
GARDEN = HEAD + BODY


def png(size: tuple[int, int] = (60, 40), colour: str = "darkgreen") -> bytes:
    """Return a small picture."""
    made = BytesIO()
    Image.new("RGB", size, colour).save(made, "PNG")
    return made.getvalue()


@functools.cache
def warm_press() -> Press:
    """Return the press that comes with the program, opened once for all tests."""
    return Press.open(RESOURCES)


class WarmStudio(Studio):
    """A studio whose faces are warm: opening the press takes most of a second."""

    def _open(self) -> Press:
        return warm_press()


@dataclass
class Chooser:
    """The dialogs: what they answer next."""

    leaflet: str = ""
    picture: str = ""
    save_as: str = ""
    offered: list[str] = field(default_factory=list)

    def edge(self) -> Edge:
        """Return the dialogs as the page wants them."""

        def save(name: str) -> str:
            self.offered.append(name)
            return self.save_as

        return Edge(lambda: self.leaflet, lambda: self.picture, save)


def own_page(qtbot: QtBot | None, desk: Desk, chooser: Chooser) -> OwnLeafletsPage:
    """Return the page, opened; work beside the window is done here and now."""
    studio = WarmStudio(RESOURCES, lambda: own_shelf(desk.store))
    desk.store.listen(lambda _changes, _initiator: studio.renew())
    page = build(desk, Feed(), studio, run_now, chooser.edge(), make_preview, RESOURCES)
    assert isinstance(page, OwnLeafletsPage)
    if qtbot is not None:
        qtbot.addWidget(page)
        page.resize(1160, 660)
        page.show()
    page.opened(ToOwnLeaflets())
    return page


def write(folder: Path, text: str = GARDEN, name: str = "garden.md") -> Path:
    """Write a leaflet's file and return it."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path
