"""The bar that warns before the laptop locks, with a button that keeps it open."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from ewb_desktop.ui.widgets.announce import announce
from ewb_desktop.ui.widgets.button import Button, Look
from ewb_desktop.ui.widgets.flow import Flow
from ewb_desktop.ui.widgets.notice import Notice


class IdleBar(Notice):
    """Counts down in words. Spoken once, not at each second."""

    stayed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", name="idle-bar", parent=parent)
        self.stay_button = Button(self.tr("Stay"), Look.SECONDARY, name="idle-stay")
        self.stay_button.clicked.connect(self.stayed)
        self.add(Flow([self.stay_button]))
        self.hide()

    def warn(self, seconds: int) -> None:
        """Say that the laptop locks in so many seconds."""
        self.set_words(
            self.tr("This laptop locks in {0} seconds").format(seconds),
            self.tr("What you are writing is kept. Press any key to stay."),
        )
        if not self.isVisible():
            self.show()
            announce(self, self.title.text())
