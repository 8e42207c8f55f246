"""The bar over a page that says what could not be done and what to do about it; it stays until it was read."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from ewb_desktop.ui.widgets.announce import announce
from ewb_desktop.ui.widgets.button import Button, Look
from ewb_desktop.ui.widgets.flow import Flow
from ewb_desktop.ui.widgets.notice import Notice


class TroubleBar(Notice):
    """Hidden while all is well. The page under it keeps what was typed, and the keyboard stays where it is."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", name="trouble", parent=parent)
        self.read_button = Button(self.tr("I have read this"), Look.SECONDARY, name="trouble-read")
        self.read_button.clicked.connect(self.hide)
        self.add(Flow([self.read_button]))
        self.hide()

    def tell(self, title: str, sentence: str) -> None:
        """Show a trouble in the place of the one before. The same one again is spoken only once while it is shown."""
        if self.isVisible() and (title, sentence) == (self.title.text(), self.text.text()):
            return
        self.set_words(title, sentence)
        self.show()
        announce(self, f"{title}. {sentence}")
