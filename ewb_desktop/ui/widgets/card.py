"""The white rounded container that most of a page stands in."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLayout, QVBoxLayout, QWidget

from ewb_desktop.ui.widgets.look import tokens_of
from ewb_desktop.ui.widgets.painting import draw_box
from ewb_desktop.ui.widgets.text import Heading, Kind, Level, Text


class Card(QFrame):
    """A container with an optional title, words under it and a widget at the title's far end.

    Put content in with :meth:`add` (widget or layout); ``body`` is the layout itself.
    """

    def __init__(
        self, title: str = "", hint: str = "", *, aside: QWidget | None = None, name: str = "",
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.setObjectName(name)
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(20, 16, 20, 16)
        self.body.setSpacing(8)
        self.heading = Heading(title, Level.CARD)
        self.hint = Text(hint, Kind.HINT)
        if title or aside is not None:
            head = QHBoxLayout()
            head.setSpacing(12)
            head.addWidget(self.heading, 1)
            if aside is not None:
                head.addWidget(aside)
            self.body.addLayout(head)
        self.set_hint(hint)
        self.body.addWidget(self.hint)
        if not (title or aside is not None):
            self.heading.setParent(self)
            self.heading.hide()
        # what a tall card has to spare lies under its content, not between it
        self.body.addStretch(0)
        self.setAccessibleName(title)

    def set_title(self, title: str) -> None:
        """Change the title's words."""
        self.heading.setText(title)
        self.setAccessibleName(title)

    def set_hint(self, hint: str) -> None:
        """Change the words under the title; none hides them."""
        self.hint.setText(hint)
        self.hint.setVisible(bool(hint))

    def add(self, part: QWidget | QLayout, stretch: int = 0) -> None:
        """Put a widget or a layout at the end of the card."""
        end = self.body.count() - 1
        if isinstance(part, QWidget):
            self.body.insertWidget(end, part, stretch)
        else:
            self.body.insertLayout(end, part, stretch)

    def minimumSizeHint(self) -> QSize:
        """Leave at least room for a short word."""
        return super().minimumSizeHint().expandedTo(QSize(120, 40))

    def paintEvent(self, _event: object) -> None:
        """Draw the card's ground and edge."""
        tokens = tokens_of(self)
        painter = QPainter(self)
        draw_box(painter, self.rect(), tokens.card, tokens.line, 1, 12)
        painter.end()


def stacked(*cards: QWidget) -> QWidget:
    """Return the cards under one another."""
    holder = QWidget()
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(16)
    for card in cards:
        column.addWidget(card)
    column.addStretch(1)
    return holder
