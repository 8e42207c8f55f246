"""The line at the foot of the window: what is sent and not, and what was just done, in words."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QHBoxLayout, QWidget

from ewb_desktop.ui.widgets.announce import announce
from ewb_desktop.ui.widgets.look import tokens_of
from ewb_desktop.ui.widgets.text import Kind
from ewb_desktop.ui.widgets.two_lines import TwoLines


class Foot(QWidget):
    """Shows a lasting status and the last sentence a page said; each is announced once.

    A sentence goes after ten seconds, or when another page is opened later than in the same breath: "Saved" is said just
    before a page is left. Neither takes more than two lines.
    """

    SECONDS = 10

    def __init__(self, resting: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("foot")
        self._resting = self._usual = resting
        self.status = TwoLines("", Kind.HINT)
        self.status.setObjectName("foot.status")
        self.said = TwoLines(resting, Kind.HINT)
        self.said.setObjectName("foot.said")
        self.said.set_end()
        across = QHBoxLayout(self)
        across.setContentsMargins(16, 6, 16, 6)
        across.setSpacing(24)
        across.addWidget(self.status, 1)
        across.addWidget(self.said, 1)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._rest)
        self._breath = QTimer(self)
        self._breath.setSingleShot(True)
        self._breath.setInterval(0)

    def set_status(self, text: str) -> None:
        """Show the lasting status; it is spoken only when it changed."""
        if text != self.status.text():
            self.status.setText(text)
            announce(self.status, text)

    def say(self, text: str) -> None:
        """Show what was just done, and have it spoken at the next pause; no text takes the last sentence away."""
        if not text:
            self._timer.stop()
            self._rest()
            return
        self.said.setText(text)
        announce(self.said, text)
        self._timer.start(self.SECONDS * 1000)
        self._breath.start()

    def turn_page(self) -> None:
        """Another page is opened: what was said of the last one goes."""
        if not self._breath.isActive():
            self.say("")

    def claim_saved(self, saved: bool) -> None:
        """Say at rest what is usual, or nothing while not everything is saved."""
        self._resting = self._usual if saved else ""
        if not self._timer.isActive():
            self._rest()

    def _rest(self) -> None:
        self.said.setText(self._resting)

    def paintEvent(self, _event: object) -> None:
        """Draw the ground and the line above."""
        tokens = tokens_of(self)
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(tokens.card))
        painter.setPen(QPen(QColor(tokens.line), 1))
        painter.drawLine(0, 0, self.width(), 0)
        painter.end()
