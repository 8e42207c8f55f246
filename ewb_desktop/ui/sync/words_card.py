"""The part of the page of sending about words that wait: what was typed about members who leave this laptop."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QApplication, QWidget

from ewb_desktop.ui.widgets.button import Look
from ewb_desktop.ui.widgets.card import Card
from ewb_desktop.ui.widgets.row import Row
from ewb_desktop.ui.widgets.rows import RowList


class WordsCard(Card):
    """Hidden while no words wait. ``opened(key)`` asks for the page of a row, ``let_go(key)`` to forget its words."""

    opened = Signal(object)
    let_go = Signal(object)
    emptied = Signal()
    """The last row went while the keyboard was in it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(
            self.tr("What you typed and did not save"),
            self.tr("These members leave this laptop once you have saved your words or let them go."),
            name="sync.words",
        )
        if parent is not None:
            self.setParent(parent)
        self._rows = RowList(look=Look.SECONDARY, name="sync.words-rows")
        self._rows.opened.connect(self.opened)
        self._rows.acted.connect(self.let_go)
        self.add(self._rows)
        self.hide()

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Show whose words wait; nobody hides it all."""
        focus = QApplication.focusWidget()
        had_keyboard = focus is not None and self.isAncestorOf(focus)
        self._rows.set_rows(rows)
        self.setVisible(bool(rows))
        if had_keyboard and not rows:
            self.emptied.emit()
