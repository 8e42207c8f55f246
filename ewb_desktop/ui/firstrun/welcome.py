"""The first page of the first start: text size and colours, live, and the ways to go on."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ewb_desktop.ui.narrow import NarrowColumn
from ewb_desktop.ui.page import Page
from ewb_desktop.ui.widgets.button import Button, Look
from ewb_desktop.ui.widgets.card import Card
from ewb_desktop.ui.widgets.choices import Choice, ChoiceList
from ewb_desktop.ui.widgets.field import SelectField
from ewb_desktop.ui.widgets.flow import Columns, Flow
from ewb_desktop.ui.widgets.text import Heading, Kind, Level, Text


class WelcomePage(Page):
    """Asks how the program should look, then how to begin."""

    look_chosen = Signal(str, int)
    """Scheme ("system", "light", "dark" or "contrast") and text size in per cent."""
    set_up_asked = Signal()
    enrol_asked = Signal()
    practice_asked = Signal()
    bring_back_asked = Signal()
    crisis_asked = Signal()

    def __init__(
        self, scheme: str, text_percent: int, *, practice: bool = False, can_go_back: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__("Welcome", "welcome", parent=parent)
        self.title = self.tr("Welcome")
        self.text_size = ChoiceList(
            [
                Choice(100, self.tr("Usual size")),
                Choice(130, self.tr("Larger")),
                Choice(150, self.tr("Much larger")),
                Choice(200, self.tr("Largest")),
            ],
            says=self.tr("Size of the text"),
            name="welcome-text",
        )
        self.scheme = SelectField(
            self.tr("Colours"),
            [
                ("system", self.tr("As on this computer")),
                ("light", self.tr("Light")),
                ("dark", self.tr("Dark")),
                ("contrast", self.tr("High contrast")),
            ],
            name="welcome-scheme",
        )
        self.text_size.value = text_percent
        self.scheme.value = scheme
        self.set_up_button = Button(self.tr("Set up this laptop"), Look.PRIMARY, name="welcome-set-up")
        self.enrol_button = Button(self.tr("I have a code from my service"), Look.SECONDARY, name="welcome-enrol")
        self.practice_button = Button(self.tr("Try with made-up people"), Look.SECONDARY, name="welcome-practice")
        self.bring_back_button = Button(self.tr("Bring back a backup"), Look.SECONDARY, name="welcome-bring-back")
        self._practice = practice
        self.crisis_button = Button(self.tr("Crisis help"), Look.CRISIS, key="F2", icon="life-buoy", name="welcome-crisis")
        self.back_button = Button(self.tr("Back"), icon="arrow-left", name="welcome-back")
        self.back_button.clicked.connect(self.back)
        self._can_go_back = can_go_back
        self._lay_out()
        self.text_size.chosen.connect(self._chosen)
        self.scheme.chosen.connect(self._chosen)
        self.set_up_button.clicked.connect(self.set_up_asked)
        self.enrol_button.clicked.connect(self.enrol_asked)
        self.practice_button.clicked.connect(self.practice_asked)
        self.bring_back_button.clicked.connect(self.bring_back_asked)
        self.crisis_button.clicked.connect(self.crisis_asked)
        self.default_focus = self.text_size

    def _lay_out(self) -> None:
        look = Card(self.tr("How should it look?"), self.tr("You can change this at any time in Settings"))
        look.body.setSpacing(12)
        look.add(Text(self.tr("Size of the text"), Kind.BOLD))
        look.add(self.text_size)
        look.add(self.scheme)
        begin = Card(self.tr("How do you want to begin?"))
        begin.body.setSpacing(16)
        for button, words in (
            (self.set_up_button, self.tr("Make your own locked part of this laptop. A server can be added later.")),
            (self.enrol_button, self.tr("Your lead gave you the address of a server and a code that works once.")),
            (self.bring_back_button, self.tr("Your other laptop was lost or broken, and you have a backup on a memory stick.")),
            (self.practice_button, self.tr("Look around first. Nothing is real, and nothing is sent.")),
        ):
            if self._practice and button in (self.practice_button, self.bring_back_button):
                continue
            way = QVBoxLayout()
            way.setSpacing(6)
            way.addWidget(Flow([button]))
            way.addWidget(Text(words, Kind.HINT))
            begin.add(way)
        middle = NarrowColumn(960)
        middle.add(Heading(self.tr("Welcome to EWB Desktop"), Level.PAGE))
        middle.add(
            Text(
                self.tr("It works without a network, keeps everything in a locked file, and prints leaflets people can read."),
                Kind.MUTED,
            )
        )
        middle.add(Columns([look, begin], (1, 1), stack_under=700))
        middle.add(Flow([self.crisis_button, *([self.back_button] if self._can_go_back else [])], spacing=12))
        self.sheet.body.addStretch(1)
        self.sheet.add(middle)
        self.sheet.body.addStretch(2)

    def _chosen(self, _value: object) -> None:
        self.look_chosen.emit(str(self.scheme.value), int(self.text_size.value))
