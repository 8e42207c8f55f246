"""The part of the page of sending about words that wait: what was typed about members who leave this laptop."""

from __future__ import annotations

from PySide6.QtCore import Signal

from ewb_desktop.ui.sync.rows_card import RowsCard


class WordsCard(RowsCard):
    """Shows whose words wait. ``opened(key)`` asks for the page of a row, ``let_go(key)`` to forget its words."""

    opened = Signal(object)
    let_go = Signal(object)

    def __init__(self) -> None:
        super().__init__(
            self.tr("What you typed and did not save"),
            self.tr("These members leave this laptop once you have saved your words or let them go."),
            "sync.words",
        )
        self.rows.opened.connect(self.opened)
        self.rows.acted.connect(self.let_go)
