"""The card of one service: its facts, what can be done with it, and a place to say that something is wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ewb_desktop.domain.roles import Duty
from ewb_desktop.ui.directory.sheet import Sheet
from ewb_desktop.ui.widgets.button import Button, Look
from ewb_desktop.ui.widgets.card import Card
from ewb_desktop.ui.widgets.facts import FactTable
from ewb_desktop.ui.widgets.field import TextArea
from ewb_desktop.ui.widgets.flow import Flow
from ewb_desktop.ui.widgets.notice import EmptyState, Notice, Tone, UndoBar
from ewb_desktop.ui.widgets.row import Tint
from ewb_desktop.ui.widgets.rows import RowList
from ewb_desktop.ui.widgets.tag import Tag
from ewb_desktop.ui.widgets.text import Heading, Kind, Level, Text


class ServiceCardView(Card):
    """Shows one service and tells what was asked for. ``may`` says what the worker's role does."""

    signpost_asked = Signal()
    handover_asked = Signal()
    leaflet_asked = Signal()
    wrong_told = Signal(str)
    undo_asked = Signal()
    vouched = Signal()
    note_settled = Signal(object)
    change_asked = Signal(str)

    def __init__(self, may: Callable[[Duty], bool], parent: QWidget | None = None) -> None:
        super().__init__(name="directory.service", parent=parent)
        self._may = may
        self._nothing = EmptyState(
            self.tr("Choose a service"), self.tr("Its times, place and telephone are shown here."), icon="map-pin"
        )
        self.add(self._nothing)
        self._sheet = QWidget()
        box = QVBoxLayout(self._sheet)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(8)
        self._name = Heading("", Level.CARD)
        self._tag = Tag("", Tint.GREY)
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(self._name, 1)
        head.addWidget(self._tag)
        box.addLayout(head)
        self._organisation = Text("", Kind.HINT)
        self._description = Text("", selectable=True)
        self._alert = Notice("", "", Tone.ATTENTION)
        self._closed = Notice("", "", Tone.ATTENTION)
        for part in (self._organisation, self._description, self._alert, self._closed):
            box.addWidget(part)
        self._buttons(box)
        self._facts = FactTable()
        self._notes = Notice(self.tr("Colleagues found something wrong"), "", Tone.INFO, name="directory.notes")
        self._noted = RowList(stack_under=300, name="directory.note")
        self._noted.acted.connect(self.note_settled)
        self._notes.add(self._noted)
        self._undo = UndoBar()
        self._undo.undone.connect(self.undo_asked)
        form = self._wrong_form()
        for widget in (self._notes, self._facts, Flow([self._wrong, self._vouch, self._change], spacing=24), form, self._undo):
            box.addWidget(widget)
        self.add(self._sheet)
        self._called = ""
        self._shown: Sheet | None = None
        self.show_sheet(None)

    def _buttons(self, box: QVBoxLayout) -> None:
        self._signpost = Button(self.tr("Signpost"), Look.PRIMARY, name="directory.signpost")
        self._signpost.clicked.connect(self.signpost_asked)
        self._leaflet = Button(self.tr("Add to leaflet"), Look.SECONDARY, name="directory.leaflet")
        self._leaflet.clicked.connect(self.leaflet_asked)
        self._handover = Button(self.tr("Hand over"), Look.SECONDARY, name="directory.handover")
        self._handover.clicked.connect(self.handover_asked)
        self._wrong = Button(self.tr("Something is wrong"), Look.LINK, name="directory.wrong")
        self._wrong.clicked.connect(self._ask_wrong)
        self._vouch = Button(self.tr("I checked it today"), Look.LINK, name="directory.vouch")
        self._vouch.clicked.connect(self.vouched)
        self._change = Button(self.tr("Change this entry"), Look.LINK, name="directory.change")
        self._change.clicked.connect(lambda: self.change_asked.emit(self._shown.id if self._shown else ""))
        self._wrong.setVisible(self._may(Duty.COUNT))
        self._vouch.setVisible(self._may(Duty.DIRECTORY))
        box.addSpacing(4)
        box.addWidget(Flow([self._signpost, self._leaflet, self._handover], spacing=8))

    def _wrong_form(self) -> QWidget:
        self._form = QWidget()
        box = QVBoxLayout(self._form)
        box.setContentsMargins(0, 8, 0, 8)
        self._words = TextArea(
            self.tr("What is wrong?"), self.tr("For example: the number has changed"), lines=2, name="directory.wrong_words"
        )
        keep = Button(self.tr("Save this note"), Look.SECONDARY, name="directory.wrong_save")
        keep.clicked.connect(lambda: self.wrong_told.emit(self._words.value))
        close = Button(self.tr("Close"), says=self.tr("Close without a note"), name="directory.wrong_close")
        close.clicked.connect(self._close_form)
        box.addWidget(self._words)
        box.addWidget(Flow([keep, close], spacing=12))
        self._form.hide()
        return self._form

    def show_whom(self, called: str) -> None:
        """Name who is to be signposted; nobody hides what needs somebody."""
        self._called = called
        self._show_buttons()

    def show_sheet(self, sheet: Sheet | None) -> None:
        """Show a service, or nothing."""
        other = sheet is None or self._shown is None or sheet.id != self._shown.id
        self._shown = sheet
        self._nothing.setVisible(sheet is None)
        self._sheet.setVisible(sheet is not None)
        if sheet is None:
            self.setAccessibleName(self.tr("No service chosen"))
            return
        self.setAccessibleName(sheet.name)
        self._name.setText(sheet.name)
        self._tag.set(sheet.tag, sheet.tint)
        self._show_text(self._organisation, sheet.organisation)
        self._show_text(self._description, sheet.description)
        for notice, title, words in (
            (self._alert, self.tr("They say"), sheet.alert),
            (self._closed, self.tr("Not now"), sheet.closed),
        ):
            notice.set_words(title, words)
            notice.setVisible(bool(words))
        notes = sheet.notes if self._may(Duty.COUNT) else tuple(replace(note, action="") for note in sheet.notes)
        self._noted.set_rows(notes)
        self._notes.setVisible(bool(sheet.notes))
        self._change.setVisible(sheet.by_hand and self._may(Duty.DIRECTORY))
        self._facts.set_facts(sheet.facts)
        if other:
            self._close_form(focus=False)
            self._undo.hide()
        self._show_buttons()

    def show_wrong_fault(self, sentence: str) -> None:
        """Say what is missing in the note."""
        self._words.show_error(sentence)
        self._words.setFocus()

    def note_kept(self) -> None:
        """Close the form and offer to take the note back."""
        self._words.value = ""
        self._close_form()
        self.offer_undo(self.tr("Thank you. The note stands by this service until somebody has put it right."))

    def offer_undo(self, words: str) -> None:
        """Say what was done and offer to undo it."""
        self._undo.offer(words)

    def _show_buttons(self) -> None:
        named = self._shown.name if self._shown is not None else ""
        self._signpost.set_text(self.tr("Signpost {0} to {1}").format(self._called, named))
        self._handover.set_text(self.tr("Hand over"), says=self.tr("Hand over {0} to {1}").format(self._called, named))
        runs = self._shown is not None and not self._shown.closed and self._may(Duty.CARE)
        self._signpost.setVisible(bool(self._called) and runs)
        self._handover.setVisible(bool(self._called) and runs)

    @staticmethod
    def _show_text(label: Text, words: str) -> None:
        label.setText(words)
        label.setVisible(bool(words))

    def _ask_wrong(self) -> None:
        self._form.show()
        self._words.setFocus()

    def _close_form(self, *_: object, focus: bool = True) -> None:
        had = self._form.isVisible()
        self._words.show_error()
        self._form.hide()
        if had and focus:
            self._wrong.setFocus()
