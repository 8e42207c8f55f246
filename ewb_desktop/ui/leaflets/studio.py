"""Makes leaflets and their pictures beside the window: one press, one order at a time, and no order that nobody waits for."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ewb_desktop.leaflets.order import LeafletOrder, Rendered
from ewb_desktop.leaflets.own import Own

if TYPE_CHECKING:
    from ewb_desktop.leaflets.press import Press
    from ewb_desktop.leaflets.preview import PageImage

PICTURE_WIDTH = 900
"""Dots across a page on the screen: sharp on a screen of twice the usual density."""
MANY_PAGES = 16
"""More pages than these are drawn with half the dots: their pictures would take hundreds of megabytes."""


@dataclass(frozen=True, slots=True)
class Proof:
    """A finished leaflet and a picture of each page."""

    order: LeafletOrder
    rendered: Rendered
    pages: tuple[PageImage, ...]


class Studio:
    """Opens the press when it is first wanted. Every method may be called from any thread."""

    def __init__(self, resources: Path, own: Callable[[], Own] = Own) -> None:
        self._resources = resources
        self._own = own
        self._shipped: Press | None = None
        self._press: Press | None = None
        self._one_at_a_time = threading.Lock()
        self._wanted = 0

    def press(self) -> Press:
        """Return the press, with the organisation's own leaflets. Raises ``LeafletError`` when the program is not whole."""
        with self._one_at_a_time:
            if self._press is None:
                self._press = self._open().with_own(self._own())
            return self._press

    def renew(self) -> None:
        """The organisation's own leaflets are others now: they are read again when the press is next wanted."""
        self._press = None

    def _open(self) -> Press:
        from ewb_desktop.leaflets.press import Press

        if self._shipped is None:
            self._shipped = Press.open(self._resources)
        return self._shipped

    def try_out(self, order: LeafletOrder, own: Own) -> Proof:
        """Return a leaflet as it would be with other leaflets of the organisation's own. Raises ``LeafletError``."""
        from ewb_desktop.leaflets.preview import page_images

        with self._one_at_a_time:
            rendered = self._open().with_own(own).render(order)
            return Proof(order, rendered, page_images(rendered.pdf, _width(rendered.pages)))

    def next_number(self) -> int:
        """Return the number of an order; with it every earlier order that has not begun is dropped."""
        self._wanted += 1
        return self._wanted

    def proof(self, order: LeafletOrder, number: int) -> Proof | None:
        """Return the leaflet with its pictures, or ``None`` when a later order was placed. Raises ``LeafletError``."""
        from ewb_desktop.leaflets.preview import page_images

        press = self.press()
        with self._one_at_a_time:
            if number != self._wanted:
                return None
            rendered = press.render(order)
            if number != self._wanted:
                return None
            return Proof(order, rendered, page_images(rendered.pdf, _width(rendered.pages)))

    def html(self, order: LeafletOrder) -> str:
        """Return the leaflet as one file for e-mail. Raises ``LeafletError``."""
        press = self.press()
        with self._one_at_a_time:
            return press.html(order)

    def words(self, order: LeafletOrder) -> str:
        """Return the words of the leaflet as they are saved or copied. Raises ``LeafletError``."""
        press = self.press()
        with self._one_at_a_time:
            return press.words(order)

    def render(self, order: LeafletOrder) -> Rendered:
        """Return the leaflet without pictures of its pages, whatever else is wanted meanwhile. Raises ``LeafletError``."""
        press = self.press()
        with self._one_at_a_time:
            return press.render(order)


def _width(pages: int) -> int:
    return PICTURE_WIDTH if pages <= MANY_PAGES else PICTURE_WIDTH // 2
