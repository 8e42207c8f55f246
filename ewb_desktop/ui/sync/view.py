"""The page of sending and receiving: how things stand, what has to be chosen or looked at, and joining a server."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ewb_desktop.domain.laptop import LONGEST_NAME
from ewb_desktop.ui.authority_field import AuthorityField, ChooseFile
from ewb_desktop.ui.destinations import Destination, ToConflicts
from ewb_desktop.ui.joining_words import AUTHORITY, CODE, FINGERPRINT, SERVER
from ewb_desktop.ui.page import Page
from ewb_desktop.ui.sync.asides_box import AsidesBox
from ewb_desktop.ui.sync.handing_card import HandingCard
from ewb_desktop.ui.sync.held_card import HeldCard
from ewb_desktop.ui.sync.presenter import SyncPresenter, Told
from ewb_desktop.ui.sync.sealed_card import ChoosePlace, SealedCard
from ewb_desktop.ui.sync.words_card import WordsCard
from ewb_desktop.ui.widgets.announce import announce
from ewb_desktop.ui.widgets.button import Button, Look
from ewb_desktop.ui.widgets.card import Card
from ewb_desktop.ui.widgets.facts import FactTable
from ewb_desktop.ui.widgets.field import Field, TextField
from ewb_desktop.ui.widgets.flow import Columns, Flow
from ewb_desktop.ui.widgets.notice import ErrorSummary, Notice, Tone
from ewb_desktop.ui.widgets.page_head import PageHead
from ewb_desktop.ui.widgets.text import Kind, Text
from sync.invitation import read_line


class SyncPage(Page):
    """Shows what the presenter says, and tells what is asked for."""

    opens = Signal()
    send_asked = Signal()
    joined_asked = Signal(str, str, str)
    """Address, code, and what the laptop is to be called."""
    check_asked = Signal()

    def __init__(
        self, choose_file: ChooseFile | None = None, handing: HandingCard | None = None, parent: QWidget | None = None,
        choose_authority: ChooseFile | None = None, choose_place: ChoosePlace | None = None,
    ) -> None:  # fmt: skip
        super().__init__(self.tr("Send and receive"), "sync", parent=parent)
        self._choose_authority = choose_authority
        self._is_joining_again = False
        self.presenter: SyncPresenter | None = None
        self._send = Button(self.tr("Send and receive now"), Look.PRIMARY, icon="refresh-cw", name="sync.send")
        self._send.clicked.connect(self.send_asked)
        self._head = PageHead(self.tr("Send and receive"), "", [self._send])
        self.sheet.add(self._head)
        self._trouble = Notice("", name="sync.trouble")
        self._notes = Notice("", tone=Tone.INFO, name="sync.notes")
        self.sheet.add(self._trouble)
        self.sheet.add(self._notes)
        self.sheet.add(self._choices_notice())
        self.asides = AsidesBox()
        self.asides.said.connect(self.said)
        self.asides.left.connect(self._send.setFocus)
        self.sheet.add(self.asides)
        self.words = WordsCard()
        self.words.emptied.connect(self._send.setFocus)
        self.sheet.add(self.words)
        self.held = HeldCard(choose_file)
        self.held.go.connect(self.go)
        self.held.said.connect(self.said)
        self.sheet.add(self.held)
        self.sheet.add(self.held.gone)
        self.sealed = SealedCard(choose_place)
        self.sealed.said.connect(self.said)
        self.sealed.emptied.connect(self._send.setFocus)
        self.sheet.add(self.sealed)
        self._stand = Card(self.tr("How things stand"))
        self._facts = FactTable()
        self._stand.add(self._facts)
        self._check = Button(self.tr("Check what is on this laptop"), name="sync.check")
        self._check.clicked.connect(self.check_asked)
        self._stand.add(Flow([self._check]))
        self.sheet.add(Columns([self._stand, self._server_side()], (1, 1), stack_under=760))
        self.handing = handing or HandingCard()
        self.handing.said.connect(self.said)
        self.sheet.add(self.handing)
        self.sheet.fill()
        self.default_focus = self._send

    def _choices_notice(self) -> Notice:
        self._choices = Notice("", name="sync.choices")
        choose = Button(self.tr("Choose"), Look.SECONDARY, says=self.tr("Choose between two answers"), name="sync.choose")
        choose.clicked.connect(lambda: self.go.emit(ToConflicts()))
        self._choices.add(Flow([choose]))
        return self._choices

    def _server_side(self) -> QWidget:
        self._server = Card(self.tr("Your server"))
        self._server_facts = FactTable()
        self._server.add(self._server_facts)
        self._again = Button(self.tr("Join again"), says=self.tr("Join again with a new code"), name="sync.join-again")
        self._again.clicked.connect(self._join_again)
        self._server.add(Flow([self._again]))
        self._form = Card(self.tr("Enter a code"), name="sync.form")
        self._why = Text("", Kind.MUTED)
        self._summary = ErrorSummary()
        self._address = TextField(self.tr("Server address"), self.tr("It begins with https://"), name="sync.address")
        self._code = TextField(
            self.tr("Code"),
            self.tr("Capital or small letters are the same. It works once, for 24 hours. The line in its QR code fills in all."),
            name="sync.code",
        )
        self._fingerprint = TextField(
            self.tr("Fingerprint"),
            self.tr("Only if your administrator gave you one: 32 letters and figures, in groups of four."),
            optional=True,
            name="sync.fingerprint",
        )
        self._authority = AuthorityField(
            self.tr("Your service's own authority"),
            self.tr("Only if your administrator gave you its file."),
            self._choose_authority,
            name="sync.authority",
        )
        self._laptop = TextField(
            self.tr("Name of this laptop"),
            self.tr("Your colleagues and your administrator read it."),
            most=LONGEST_NAME,
            name="sync.laptop",
        )
        self._join = Button(self.tr("Join"), Look.PRIMARY, name="sync.join")
        self._join.clicked.connect(self._ask_to_join)
        self._cancel = Button(self.tr("Cancel"), says=self.tr("Cancel joining again"), name="sync.join-cancel")
        self._cancel.clicked.connect(self._stay_joined)
        self._escape = self.act(self.tr("Cancel joining again"), "Esc", self._stay_joined, "sync.join-cancel-action")
        self._code.line.returnPressed.connect(self._ask_to_join)
        for field in (self._address, self._code):
            field.edited.connect(partial(self._spread, field))
        fields = (self._address, self._code, self._laptop, self._fingerprint, self._authority)
        for part in (self._why, self._summary, *fields, Flow([self._join, self._cancel], spacing=12)):
            self._form.add(part)
        side = QWidget()
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        column.addWidget(self._server)
        column.addWidget(self._form)
        column.addStretch(1)
        return side

    def _spread(self, pasted: TextField) -> None:
        """Put each part of a whole invitation that was pasted where it belongs."""
        invited = read_line(pasted.value)
        if invited is not None:
            self._address.value, self._code.value = invited.address, invited.code
            self._fingerprint.value = invited.fingerprint
            self._join.setFocus()
            announce(self, self.tr("Address and code are filled in."))

    def opened(self, destination: Destination) -> None:  # noqa: ARG002
        """Show everything as it is now."""
        if self.presenter is not None:
            self.presenter.refresh()
        self.opens.emit()

    def leaving(self) -> None:
        """Keep what was typed."""
        self.held.flush()

    def show_told(self, told: Told) -> None:
        """Show how things stand."""
        self._head.set_line(told.line)
        self._trouble.set_words(told.trouble_title, told.trouble)
        self._trouble.setVisible(bool(told.trouble))
        self._notes.set_words("", "\n".join(told.notes))
        self._notes.setVisible(bool(told.notes))
        self._choices.set_words(told.choices, self.tr("Both are kept until somebody chooses."))
        self._choices.setVisible(bool(told.choices))
        self._facts.set_facts(told.facts)
        self._server_facts.set_facts(told.server)
        self._server.setVisible(told.is_enrolled)
        self._show_form(told)
        self._send.setVisible(told.is_enrolled)
        self._check.setVisible(told.is_enrolled)
        self._send.set_text(self.tr("Sending and receiving") if told.is_working else self.tr("Send and receive now"))
        self.default_focus = self._send if told.is_enrolled else self._address

    def _show_form(self, told: Told) -> None:
        """Offer to enter a code where there is no place at a server, or a new one is needed or wanted."""
        is_shown = not told.is_enrolled or told.is_unknown or self._is_joining_again
        self._form.setVisible(is_shown and not told.is_practice)
        self._again.setVisible(told.is_enrolled and not is_shown)
        self._offer_cancel(told.is_enrolled and not told.is_unknown and self._is_joining_again)
        self._why.setText(
            self.tr(
                "Ask your administrator for a new code. If the server's address changed, type the new one. "
                "Nothing on this laptop is lost: what waits here is sent once it has joined."
            )
            if told.is_enrolled
            else self.tr(
                "Your administrator gives you the server's address and a code. Until then, all work stays on this laptop."
            )
        )
        if told.is_enrolled and not self._address.value:
            self._address.value = told.address
        if not self._laptop.value and not self._laptop.line.hasFocus():
            self._laptop.value = told.laptop

    def _join_again(self) -> None:
        self._is_joining_again = True
        self._form.show()
        self._again.hide()
        self._offer_cancel(True)
        self._code.line.setFocus()

    def _offer_cancel(self, offered: bool) -> None:
        """Offer the way out of a form that nobody needs to fill in."""
        self._cancel.setVisible(offered)
        self._escape.setEnabled(offered)

    def _stay_joined(self) -> None:
        if self._join.is_busy:
            return
        self._is_joining_again = False
        self._code.value = ""
        self.show_faults({})
        self._form.hide()
        self._offer_cancel(False)
        self._again.show()
        self._again.setFocus()

    def show_faults(self, faults: Mapping[str, str]) -> None:
        """Show what is wrong at its field."""
        fields: dict[str, Field] = {
            SERVER: self._address, CODE: self._code, FINGERPRINT: self._fingerprint, AUTHORITY: self._authority,
        }  # fmt: skip
        for field in fields.values():
            field.show_error()
        self._summary.show_errors([(text, fields[name]) for name, text in faults.items()])

    def show_joining(self, joining: bool) -> None:
        """Say that the code is on its way."""
        self._join.show_busy(joining, self.tr("Joining") if joining else self.tr("Join"))

    def show_joined(self) -> None:
        """Take the code away: it was used."""
        self._is_joining_again = False
        self._code.value = ""

    def show_checking(self, checking: bool) -> None:
        """Say that this laptop is being compared with the server."""
        self._check.show_busy(checking, self.tr("Checking") if checking else self.tr("Check what is on this laptop"))

    def say(self, sentence: str) -> None:
        """Say what was done at the foot of the window."""
        self.said.emit(sentence)

    def _ask_to_join(self) -> None:
        if not self._join.is_busy:
            # of the two a fingerprint says more: this one server, not any that the authority vouches for
            vouched = self._fingerprint.value.strip() or self._authority.behind
            address = self._address.value.strip()
            behind = f"#{vouched}" if vouched and address else ""
            self.joined_asked.emit(f"{address}{behind}", self._code.value, self._laptop.value)
