"""The part of the page of sending about sealed files that only the administrator can open."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QApplication, QWidget

from ewb_desktop.ui.widgets.button import Look
from ewb_desktop.ui.widgets.card import Card
from ewb_desktop.ui.widgets.row import Row
from ewb_desktop.ui.widgets.rows import RowList

ChoosePlace = Callable[[QWidget, str], Path | None]
"""Asks where to put a file of this name; None when nowhere was chosen."""


class SealedCard(Card):
    """Hidden while there are none. ``moved(file, to)`` asks to take a file to the place that was chosen."""

    moved = Signal(str, object)
    said = Signal(str)
    emptied = Signal()
    """The last row went while the keyboard was in it."""

    def __init__(self, choose: ChoosePlace | None = None) -> None:
        super().__init__(
            self.tr("Sealed for your administrator"),
            self.tr(
                "Work that this laptop may not send itself. Nothing is lost: your administrator can open it, and nobody else."
            ),
            name="sync.sealed",
        )
        self._choose = choose
        self._rows = RowList(look=Look.SECONDARY, name="sync.sealed-rows")
        self._rows.acted.connect(self._ask)
        self.add(self._rows)
        self.hide()

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Show the files; none hides it all."""
        focus = QApplication.focusWidget()
        had_keyboard = focus is not None and self.isAncestorOf(focus)
        self._rows.set_rows(rows)
        self.setVisible(bool(rows))
        if had_keyboard and not rows:
            self.emptied.emit()

    def say(self, sentence: str) -> None:
        """Say what was done at the foot of the window."""
        self.said.emit(sentence)

    def _ask(self, key: object) -> None:
        to = self._choose(self, Path(str(key)).name) if self._choose is not None else None
        if to is not None:
            self.moved.emit(str(key), to)
