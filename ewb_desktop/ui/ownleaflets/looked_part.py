"""A leaflet's file that was looked at: what must be mended, how it reads, the file itself, and the paper beside it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QVBoxLayout, QWidget

from ewb_desktop.ui.ownleaflets.shown import Looked, Proof
from ewb_desktop.ui.widgets.button import Button, Look
from ewb_desktop.ui.widgets.card import Card
from ewb_desktop.ui.widgets.facts import FactTable
from ewb_desktop.ui.widgets.flow import Columns, Flow
from ewb_desktop.ui.widgets.leading import begin_where_the_words_do
from ewb_desktop.ui.widgets.rows import RowList
from ewb_desktop.ui.widgets.text import Heading, Kind, Level, Text


@dataclass(frozen=True, slots=True)
class Preview:
    """What shows a leaflet as it will be printed: its widget, and what shows a proof in it, or says why there is none."""

    widget: QWidget
    show: Callable[[Proof | None, str], None]


class LookedPart(QWidget):
    """Shows one file. A message or a hard word that is pressed leads to its line in the file."""

    use_asked = Signal()
    again_asked = Signal()
    closed = Signal()

    def __init__(self, preview: Preview, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._preview = preview
        self.use = Button(self.tr("Use this leaflet"), Look.PRIMARY, icon="check", name="ownleaflets.use")
        self.use.clicked.connect(self.use_asked)
        self._again = Button(
            self.tr("Look at the file again"), Look.SECONDARY, icon="refresh-cw", key="F5", name="ownleaflets.again"
        )
        self._again.clicked.connect(self.again_asked)
        self.back = Button(self.tr("Back to our leaflets"), icon="arrow-left", name="ownleaflets.close")
        self.back.clicked.connect(self.closed)
        self._head = Card("", name="ownleaflets.looked")
        self._title = Heading("", Level.CARD)
        self._words = Text("")
        self._messages = RowList(name="ownleaflets.messages")
        self._messages.opened.connect(self.show_line)
        # the way on and the way back before the messages, however many there are
        for part in (self._title, self._words, Flow([self.use, self._again, self.back]), self._messages):
            self._head.add(part)
        self._reading = Card(self.tr("How it reads"), " ", name="ownleaflets.reading")
        self._facts = FactTable()
        self._hard_title = Text(self.tr("Hard words"), Kind.BOLD)
        self._hard = RowList(name="ownleaflets.hard")
        self._hard.opened.connect(self.show_line)
        self._reading.add(self._facts)
        self._reading.add(self._hard_title)
        self._reading.add(self._hard)
        self._source_card = Card(self.tr("The file"), self.tr("To change it, use the program in which it was written."))
        self._source = QPlainTextEdit()
        self._source.setObjectName("ownleaflets.source")
        self._source.setReadOnly(True)
        self._source.setTabChangesFocus(True)
        self._source.setAccessibleName(self.tr("The words of the file"))
        self._source.setMinimumHeight(220)
        begin_where_the_words_do(self._source)
        self._source_card.add(self._source)
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(14)
        for card in (self._head, self._reading, self._source_card):
            column.addWidget(card)
        column.addStretch(1)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(Columns([left, preview.widget], (5, 5), stack_under=820))

    def show_looked(self, looked: Looked) -> None:
        """Show what was found in a file."""
        self._title.setText(looked.title)
        self._head.setAccessibleName(looked.title)
        self._words.setText(looked.words)
        self._words.setVisible(bool(looked.words))
        self._messages.set_rows(looked.messages)
        self._messages.setVisible(bool(looked.messages))
        self.use.setVisible(looked.is_new and looked.usable)
        self._again.setVisible(looked.is_new)
        self._reading.setVisible(bool(looked.reading))
        self._reading.set_hint(looked.reading_hint)
        self._facts.set_facts(looked.reading)
        self._hard.set_rows(looked.hard)
        for part in (self._hard_title, self._hard):
            part.setVisible(bool(looked.hard))
        self._source.setPlainText(looked.source)
        self._source_card.setVisible(bool(looked.source))

    def first(self, looked: Looked) -> QWidget:
        """Return what the keyboard should be on: using the leaflet, else the first message, else the way back."""
        if looked.is_new and looked.usable:
            return self.use
        message = self._messages.findChild(Button, "ownleaflets.messages.open.0") if looked.messages else None
        return message if isinstance(message, Button) else self.back

    def show_proof(self, proof: Proof | None, trouble: str) -> None:
        """Show the leaflet as it would be printed, or why it cannot be."""
        self._preview.show(proof, trouble)

    def show_line(self, line: object) -> None:
        """Put the keyboard on a line of the file and mark it."""
        if not self._source_card.isVisibleTo(self) or not isinstance(line, int):
            return
        block = self._source.document().findBlockByNumber(line - 1)
        cursor = QTextCursor(block)
        cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock, QTextCursor.MoveMode.KeepAnchor)
        self._source.setTextCursor(cursor)
        self._source.centerCursor()
        self._source.setFocus()
