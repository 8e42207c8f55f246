"""The part of the page of sending about sealed files that only the administrator can open."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from ewb_desktop.ui.sync.rows_card import RowsCard

ChoosePlace = Callable[[QWidget, str], Path | None]
"""Asks where to put a file of this name; None when nowhere was chosen."""


class SealedCard(RowsCard):
    """Shows the files. ``moved(file, to)`` asks to take one to the place that was chosen."""

    moved = Signal(str, object)
    said = Signal(str)

    def __init__(self, choose: ChoosePlace | None = None) -> None:
        super().__init__(
            self.tr("Sealed for your administrator"),
            self.tr(
                "Work that this laptop may not send itself. Nothing is lost: your administrator can open it, and nobody else."
            ),
            "sync.sealed",
        )
        self._choose = choose
        self.rows.acted.connect(self._ask)

    def say(self, sentence: str) -> None:
        """Say what was done at the foot of the window."""
        self.said.emit(sentence)

    def _ask(self, key: object) -> None:
        to = self._choose(self, Path(str(key)).name) if self._choose is not None else None
        if to is not None:
            self.moved.emit(str(key), to)
