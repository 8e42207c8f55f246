"""Leaflets of our own for the gallery: a file with messages, mended, seen on paper, used, and printed with picture and logo."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw
from PySide6.QtWidgets import QApplication

from ewb_desktop.actions.own_leaflets import NewPicture, set_logo
from ewb_desktop.leaflets.press import Press
from ewb_desktop.leaflets.preview import page_images
from ewb_desktop.ui import theme
from ewb_desktop.ui.own_shelf import own_shelf
from ewb_desktop.ui.ownleaflets.view import OwnLeafletsPage
from ewb_desktop.ui.widgets.button import Button
from ewb_desktop.ui.widgets.look import Scheme
from tests.support.desks import open_desk
from tests.support.leaflet_orders import RESOURCES, an_order
from tests.support.own_leaflets import GARDEN, Chooser, own_page, write

_SIZE = (1366, 860)
_PICTURED = GARDEN.replace("We dig and water.", "![Three people at a raised bed](garden.png)\n\nWe dig and water.")
_BROKEN = _PICTURED.replace("Three people at a raised bed", "").replace("- Friday", "> Bring gloves.\n\n- Friday")


def play_own_leaflets(folder: Path) -> list[str]:
    """Bring one in through its page as a worker does; leave pictures of each step and the printed pages; return their names."""
    folder.mkdir(parents=True, exist_ok=True)
    application = QApplication.instance()
    if isinstance(application, QApplication):
        theme.apply(application, Scheme.LIGHT, 100)
    left: list[str] = []
    with tempfile.TemporaryDirectory(prefix="ewb-own-") as there, open_desk(Path(there)) as desk:
        (Path(there) / "garden.png").write_bytes(_garden())
        set_logo(desk, NewPicture("logo.png", _logo(), "Northside, our service", ""))
        page = own_page(None, desk, Chooser(leaflet=str(write(Path(there), _BROKEN))))
        page.resize(*_SIZE)
        page.show()
        _press(page, "ownleaflets.add")
        left.append(_keep(page, folder, "own-1-messages"))
        write(Path(there), _PICTURED)
        _press(page, "ownleaflets.again")
        left.append(_keep(page, folder, "own-2-on-paper"))
        _press(page, "ownleaflets.use")
        left.append(_keep(page, folder, "own-3-in-use"))
        press = Press.open(RESOURCES).with_own(own_shelf(desk.store))
        page.close()
        page.deleteLater()
    for style in ("clear-14", "large-24"):
        order = replace(an_order("our-garden", style=style), service_name="Northside")
        rendered = press.render(order)
        (folder / f"own-{style}.pdf").write_bytes(rendered.pdf)
        left.append(f"own-{style}-page-1.png")
        (folder / left[-1]).write_bytes(page_images(rendered.pdf, 1000)[0].png())
    return left


def _press(page: OwnLeafletsPage, name: str) -> None:
    button = page.findChild(Button, name)
    if not isinstance(button, Button) or not button.isVisibleTo(page):
        raise RuntimeError(f"{name} is not there to be pressed")
    button.click()


def _keep(page: OwnLeafletsPage, folder: Path, name: str) -> str:
    for _ in range(3):
        QApplication.processEvents()
    page.grab().save(str(folder / f"{name}.png"))
    return f"{name}.png"


def _garden() -> bytes:
    """Return a drawing of a garden, made up."""
    picture = Image.new("RGB", (900, 480), "#CFE8F7")
    brush = ImageDraw.Draw(picture)
    brush.rectangle((0, 320, 900, 480), fill="#6B4A2F")
    for left in range(60, 860, 100):
        brush.line((left, 330, left, 240), fill="#2E6B2E", width=10)
        brush.ellipse((left - 34, 190, left + 34, 258), fill="#3F9A3F")
    for left in (180, 440, 700):
        brush.ellipse((left, 90, left + 70, 160), fill="#8A5A3C")
        brush.rounded_rectangle((left - 14, 160, left + 84, 330), 30, fill="#1F4E79")
    return _png(picture)


def _logo() -> bytes:
    """Return a logo, made up."""
    picture = Image.new("RGB", (420, 140), "white")
    brush = ImageDraw.Draw(picture)
    brush.ellipse((10, 20, 110, 120), fill="#1F4E79")
    brush.text((130, 42), "Northside", fill="#1F4E79", font_size=56)
    return _png(picture)


def _png(picture: Image.Image) -> bytes:
    out = BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()
