"""Makes leaflets and their pictures beside the window: one press, one order at a time, and no order that nobody waits for."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ewb_desktop.leaflets.order import LeafletOrder, Rendered

if TYPE_CHECKING:
    from ewb_desktop.leaflets.press import Press
    from ewb_desktop.leaflets.preview import PageImage

PICTURE_WIDTH = 900
"""Dots across a page on the screen: sharp on a screen of twice the usual density."""


@dataclass(frozen=True, slots=True)
class Proof:
    """A finished leaflet and a picture of each page."""

    order: LeafletOrder
    rendered: Rendered
    pages: tuple[PageImage, ...]


class Studio:
    """Opens the press when it is first wanted. Every method may be called from any thread."""

    def __init__(self, resources: Path, own_leaflets: tuple[Path, ...] = ()) -> None:
        self._resources = resources
        self._own = own_leaflets
        self._press: Press | None = None
        self._one_at_a_time = threading.Lock()
        self._wanted = 0

    def press(self) -> Press:
        """Return the press. Raises ``LeafletError`` when the program's own files are not whole."""
        from ewb_desktop.leaflets.press import Press

        with self._one_at_a_time:
            if self._press is None:
                self._press = Press.open(self._resources, self._own)
            return self._press

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
            return Proof(order, rendered, page_images(rendered.pdf, PICTURE_WIDTH))
