"""The form that makes a worker's part of the laptop, and the page with the recovery key."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from ewb_desktop.domain.laptop import LONGEST_NAME, suggested_name
from ewb_desktop.domain.lists import WordList
from ewb_desktop.ui.authority_field import AuthorityField, ChooseFile
from ewb_desktop.ui.firstrun.key_view import KeySheet
from ewb_desktop.ui.firstrun.presenter import NewWorker
from ewb_desktop.ui.narrow import NarrowColumn
from ewb_desktop.ui.page import Page
from ewb_desktop.ui.widgets.announce import announce
from ewb_desktop.ui.widgets.button import Button, Look
from ewb_desktop.ui.widgets.card import Card
from ewb_desktop.ui.widgets.field import Field, SelectField, TextField
from ewb_desktop.ui.widgets.flow import Flow
from ewb_desktop.ui.widgets.notice import ErrorSummary, Notice, ProgressPanel
from ewb_desktop.ui.widgets.passphrase_field import PassphraseField
from ewb_desktop.ui.widgets.scroll_page import ScrollPage
from ewb_desktop.ui.widgets.text import Heading, Kind, Level, Text
from sync.invitation import read_line

_PAUSE_MILLISECONDS = 300


class FirstRunView(Page):
    """A form, then the recovery key. ``enrol`` asks for a server and a code as well, and for no role: the code knows it."""

    make_asked = Signal(object, str)
    advice_asked = Signal(str, str)
    keep_asked = Signal(str)
    print_asked = Signal()
    confirmed = Signal(list)

    def __init__(
        self, pick_file: Callable[[], str], roles: WordList | None, *, enrol: bool, choose_authority: ChooseFile | None = None,
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__("Set up this laptop", "firstrun", scrolled=False, parent=parent)
        self.title = self.tr("Join your service") if enrol else self.tr("Set up this laptop")
        self._enrol = enrol
        self.summary = ErrorSummary()
        self.trouble = Notice("", name="firstrun-trouble")
        self.trouble.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.progress = ProgressPanel(self.tr("Making your locked part of this laptop"), can_cancel=False)
        self.progress.set_progress(0, 0)
        self.name = TextField(self.tr("Your name"), self.tr("As your colleagues know you"), name="firstrun-name")
        self.role = SelectField(
            self.tr("What do you do?"), [(role.key, role.words) for role in roles.entries] if roles else [], name="firstrun-role"
        )
        self.role.value = None
        self.server = TextField(self.tr("Address of the server"), self.tr("It begins with https"), name="firstrun-server")
        self.code = TextField(
            self.tr("Code"), self.tr("It works once. The line from its QR code fills in the address, too"), name="firstrun-code"
        )
        self.laptop = TextField(
            self.tr("Name of this laptop"),
            self.tr("Your colleagues and your administrator read it"),
            most=LONGEST_NAME,
            name="firstrun-laptop",
        )
        self._is_laptop_named = False
        self.fingerprint = TextField(
            self.tr("Fingerprint"),
            self.tr("Only if your administrator gave you one: 32 letters and figures"),
            optional=True,
            name="firstrun-fingerprint",
        )
        self.authority = AuthorityField(
            self.tr("Your service's own authority"),
            self.tr("Only if your administrator gave you its file"),
            choose_authority,
            name="firstrun-authority",
        )
        self.passphrase = PassphraseField(
            self.tr("Passphrase"),
            self.tr("Four words that do not belong together, or 12 characters or more"),
            name="firstrun-passphrase",
        )
        self.advice = Text("", Kind.HINT)
        self.again = PassphraseField(self.tr("The passphrase again"), name="firstrun-again")
        words = self.tr("Join and make my part") if enrol else self.tr("Make my part of this laptop")
        self.make_button = Button(words, Look.PRIMARY, name="firstrun-make")
        self.back_button = Button(self.tr("Back"), icon="arrow-left", name="firstrun-back")
        self.key = KeySheet(pick_file)
        self._steps = QStackedWidget()
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self._steps)
        self._steps.addWidget(self._form())
        self._steps.addWidget(self.key)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MILLISECONDS)
        self._pause.timeout.connect(lambda: self.advice_asked.emit(self.passphrase.value, self.name.value))
        self.passphrase.edited.connect(self._pause.start)
        self.name.edited.connect(self._suggest)
        self.laptop.edited.connect(self._note_named)
        for field in (self.server, self.code):
            field.edited.connect(partial(self._spread, field))
        self.make_button.clicked.connect(self._make)
        self.again.entered.connect(self._make)
        self.back_button.clicked.connect(self.back)
        self.key.keep_asked.connect(self.keep_asked)
        self.key.print_asked.connect(self.print_asked)
        self.key.confirmed.connect(self.confirmed)
        self.default_focus = self.name

    def _form(self) -> QWidget:
        sheet = ScrollPage()
        middle = NarrowColumn(620)
        middle.add(Heading(self.title, Level.PAGE))
        for part in (self.trouble, self.summary, self.progress):
            middle.add(part)
        you = Card(self.tr("You"))
        you.body.setSpacing(14)
        joins: list[Field] = [self.name, self.laptop, self.server, self.code, self.fingerprint, self.authority]
        fields: list[Field] = joins if self._enrol else [self.name, self.role]
        for field in fields:
            you.add(field)
        for left_out in {self.role, *joins}.difference(fields):
            # a field of no page would stay when the page goes, and keep the whole page
            left_out.setParent(self)
            left_out.hide()
        middle.add(you)
        secret = Card(
            self.tr("Your passphrase"),
            self.tr("It locks your part of this laptop. Nobody can look it up, and we cannot either."),
        )
        secret.body.setSpacing(14)
        for line in (self.passphrase, self.advice, self.again):
            secret.add(line)
        self.advice.hide()
        middle.add(secret)
        middle.add(Flow([self.make_button, self.back_button], spacing=12))
        sheet.add(middle)
        sheet.fill()
        self.trouble.hide()
        self.progress.hide()
        self._form_sheet = sheet
        return sheet

    def _spread(self, pasted: TextField) -> None:
        """Put each part of a whole invitation that was pasted where it belongs."""
        invited = read_line(pasted.value)
        if invited is not None:
            self.server.value, self.code.value = invited.address, invited.code
            self.fingerprint.value = invited.fingerprint
            announce(self, self.tr("Address and code are filled in."))
            self.passphrase.setFocus()

    def _suggest(self) -> None:
        """Let the laptop's name follow the worker's until she writes one herself."""
        if not self._is_laptop_named:
            self.laptop.value = suggested_name(self.name.value)

    def _note_named(self) -> None:
        self._is_laptop_named = bool(self.laptop.value)

    def _make(self) -> None:
        worker = NewWorker(
            name=self.name.value,
            role="" if self._enrol else (self.role.value or ""),
            passphrase=self.passphrase.value,
            server=self._address() if self._enrol else "",
            code=self.code.value if self._enrol else "",
            laptop=(self.laptop.value or suggested_name(self.name.value)) if self._enrol else "",
        )
        self.make_asked.emit(worker, self.again.value)

    def _address(self) -> str:
        # of the two a fingerprint says more: this one server, not any that the authority vouches for
        address, vouched = self.server.value, self.fingerprint.value.strip() or self.authority.behind
        return f"{address}#{vouched}" if vouched and address and "#" not in address else address

    def _fields(self) -> dict[str, Field]:
        return {
            "name": self.name,
            "role": self.role,
            "server": self.server,
            "code": self.code,
            "fingerprint": self.fingerprint,
            "authority": self.authority,
            "passphrase": self.passphrase,
            "again": self.again,
        }

    def show_errors(self, errors: Sequence[tuple[str, str]]) -> None:
        """Show sentences at fields of the form, or at the groups of the recovery key."""
        if self._steps.currentWidget() is self.key:
            self.key.show_errors(errors)
            return
        fields = self._fields()
        for field in fields.values():
            field.show_error()
        self.summary.show_errors([(sentence, fields[name]) for name, sentence in errors])
        if errors:
            self._form_sheet.show_top()

    def pardon(self, name: str) -> None:
        """Take the sentence at a field away, and what the summary says of it."""
        self.summary.pardon(self._fields()[name])

    def show_trouble(self, sentence: str) -> None:
        """Say what went wrong and what to do; no words take it away."""
        self.trouble.set_words(self.tr("That did not work") if sentence else "", sentence)
        self.trouble.setAccessibleDescription(sentence)
        self.trouble.setVisible(bool(sentence))
        self.key.show_trouble(sentence)
        if sentence:
            self._form_sheet.show_top()
            if self._steps.currentWidget() is not self.key:
                # the keyboard goes where it is said, or nobody who cannot see it hears of it
                self.trouble.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_busy(self, busy: bool) -> None:
        """Show calmly that something is being done."""
        self.progress.setVisible(busy)
        if busy:
            self._form_sheet.show_top()

    def show_advice(self, sentence: str) -> None:
        """Say under the passphrase how good it is."""
        self.advice.setText(sentence)
        self.advice.setVisible(bool(sentence))

    def show_kept(self, sentence: str) -> None:
        """Say what came of keeping the recovery key."""
        self.key.show_kept(sentence)

    def show_key(self, groups: Sequence[str], to_type: Sequence[int]) -> None:
        """Show the recovery key and ask for some of its groups; what was typed in the form is forgotten."""
        self.passphrase.clear()
        self.again.clear()
        self.key.show_key(groups, to_type)
        self._steps.setCurrentWidget(self.key)
        self.key.take_focus()
