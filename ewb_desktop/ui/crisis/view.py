"""What crisis help looks like: numbers on one side, what to do on the other."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from ewb_desktop.ui.crisis.words import ContactWords, CrisisWords, Step
from ewb_desktop.ui.page import Page
from ewb_desktop.ui.widgets.button import Button, Look
from ewb_desktop.ui.widgets.card import Card
from ewb_desktop.ui.widgets.flow import Columns
from ewb_desktop.ui.widgets.notice import Notice
from ewb_desktop.ui.widgets.page_head import PageHead
from ewb_desktop.ui.widgets.text import Heading, Kind, Level, Text


class CrisisView(Page):
    """Who to call and what to do. Asks nothing and writes nothing."""

    print_asked = Signal()
    """The numbers are wanted on paper."""

    def __init__(self, words: CrisisWords, parent: QWidget | None = None) -> None:
        super().__init__("Crisis help", "crisis", parent=parent)
        self.title = self.tr("Crisis help")
        self.back_button = Button(self.tr("Back"), Look.PRIMARY, key="Esc", icon="arrow-left", name="crisis-back")
        self.print_button = Button(self.tr("Print these numbers"), icon="printer", name="crisis-print")
        self.back_button.clicked.connect(self.back)
        self.print_button.clicked.connect(self.print_asked)
        self.act(self.tr("Leave crisis help"), "Esc", self.back.emit, "crisis-leave")
        self.sheet.add(
            PageHead(
                self.tr("Crisis help"),
                self.tr("You can use this page without unlocking. Nothing is recorded here."),
                [self.print_button, self.back_button],
            )
        )
        if words.at_once is not None:
            self.sheet.add(Notice(words.at_once.words, words.at_once.note, name="crisis-at-once"))
        if words.trouble:
            self.sheet.add(Notice(self.tr("A part of this page cannot be read"), words.trouble, name="crisis-trouble"))
        self.sheet.add(Columns([self._contacts(words), self._steps(words)], (1, 1), stack_under=840))
        self.sheet.fill()
        self.default_focus = self.back_button

    def _contacts(self, words: CrisisWords) -> QWidget:
        column = _column()
        first = Card(self.tr("Who to call"))
        first.add(_grid([contact for contact in words.contacts if contact.first]))
        _add(column, first)
        others = [contact for contact in words.contacts if not contact.first]
        if others:
            more = Card(self.tr("More help by telephone"))
            more.add(_grid(others))
            _add(column, more)
        _fill(column)
        return column

    def _steps(self, words: CrisisWords) -> QWidget:
        column = _column()
        card = Card(words.title)
        for step in words.steps:
            card.add(_step(step))
        _add(column, card)
        if words.if_left:
            left = Card(self.tr("If the person has left"))
            for step in words.if_left:
                left.add(_step(step))
            _add(column, left)
        _fill(column)
        return column


def _column() -> QWidget:
    column = QWidget()
    box = QVBoxLayout(column)
    box.setContentsMargins(0, 0, 0, 0)
    box.setSpacing(16)
    return column


def _add(column: QWidget, part: QWidget) -> None:
    layout = column.layout()
    if layout is not None:
        layout.addWidget(part)


def _fill(column: QWidget) -> None:
    layout = column.layout()
    if isinstance(layout, QVBoxLayout):
        layout.addStretch(1)


def _grid(contacts: Sequence[ContactWords]) -> QWidget:
    """Put the number of each contact before its words; all numbers line up."""
    part = QWidget()
    grid = QGridLayout(part)
    grid.setContentsMargins(0, 4, 0, 0)
    grid.setHorizontalSpacing(20)
    grid.setVerticalSpacing(14)
    grid.setColumnStretch(1, 1)
    for line, contact in enumerate(contacts):
        number = Heading(contact.number, Level.CARD)
        number.setWordWrap(False)
        number.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Minimum)
        grid.addWidget(number, line, 0, Qt.AlignmentFlag.AlignTop)
        words = QWidget()
        box = QVBoxLayout(words)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(1)
        for text in (Text(contact.name, Kind.BOLD), Text(contact.how), Text(contact.checked, Kind.HINT)):
            box.addWidget(text)
        grid.addWidget(words, line, 1)
    return part


def _step(step: Step) -> QWidget:
    part = QWidget()
    across = QHBoxLayout(part)
    across.setContentsMargins(0, 4, 0, 4)
    across.setSpacing(12)
    if step.number:
        number = Text(step.number, Kind.BOLD)
        number.setWordWrap(False)
        number.setMinimumWidth(24)
        number.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Minimum)
        across.addWidget(number, 0, Qt.AlignmentFlag.AlignTop)
    words = QWidget()
    box = QVBoxLayout(words)
    box.setContentsMargins(0, 0, 0, 0)
    box.setSpacing(1)
    box.addWidget(Text(step.words))
    if step.note:
        box.addWidget(Text(step.note, Kind.MUTED))
    across.addWidget(words, 1)
    return part
