"""Other ways to hand on a leaflet: by e-mail, as words to be read aloud, or pasted into a message."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QWidget

from ewb_desktop.ui.widgets.button import Button
from ewb_desktop.ui.widgets.card import Card
from ewb_desktop.ui.widgets.flow import Flow


class SendingCard(Card):
    """Three buttons."""

    email_asked = Signal()
    words_asked = Signal()
    copy_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(QCoreApplication.translate("SendingCard", "Instead of paper"), name="leaflets.sending", parent=parent)
        email = Button(self.tr("Save for e-mail"), icon="send", name="leaflets.save_email")
        email.clicked.connect(self.email_asked)
        words = Button(self.tr("Save the words"), icon="file-text", name="leaflets.save_words")
        words.clicked.connect(self.words_asked)
        copy = Button(self.tr("Copy the words"), icon="files", name="leaflets.copy_words")
        copy.clicked.connect(self.copy_asked)
        self.add(Flow([email, words, copy], spacing=8))
