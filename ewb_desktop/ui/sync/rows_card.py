"""A part of the page of sending that is rows and nothing else: it is there while there are any."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal

from ewb_desktop.ui.widgets.card import Card
from ewb_desktop.ui.widgets.reading_order import has_keyboard
from ewb_desktop.ui.widgets.row import Row
from ewb_desktop.ui.widgets.rows import RowList


class RowsCard(Card):
    """Hidden while there are no rows. What is to be done with one follows from ``rows``."""

    emptied = Signal()
    """The last row went while the keyboard was in it."""

    def __init__(self, title: str, hint: str, name: str) -> None:
        super().__init__(title, hint, name=name)
        self.rows = RowList(name=f"{name}-rows")
        self.add(self.rows)
        self.hide()

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Show these rows; none hides it all."""
        had_keyboard = has_keyboard(self)
        self.rows.set_rows(rows)
        self.setVisible(bool(rows))
        if had_keyboard and not rows:
            self.emptied.emit()
