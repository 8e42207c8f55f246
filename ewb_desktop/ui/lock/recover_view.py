"""What "I cannot get in" looks like: the recovery key with a new passphrase, or a backup."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from ewb_desktop.ui.narrow import NarrowColumn
from ewb_desktop.ui.page import Page
from ewb_desktop.ui.widgets.button import Button, Look
from ewb_desktop.ui.widgets.card import Card
from ewb_desktop.ui.widgets.field import Field, TextField
from ewb_desktop.ui.widgets.flow import Flow
from ewb_desktop.ui.widgets.notice import ErrorSummary, Notice, ProgressPanel
from ewb_desktop.ui.widgets.passphrase_field import PassphraseField
from ewb_desktop.ui.widgets.text import Heading, Kind, Level, Text


class RecoverPage(Page):
    """The ways back in for the worker who is named at the top.

    ``anew``: nobody is; this laptop never had the file, and a backup of another laptop is brought to it.
    """

    recover_asked = Signal(str, str, str)
    backup_asked = Signal(str, str)
    backup_with_key_asked = Signal(str, str, str, str)

    def __init__(self, pick_backup: Callable[[], str], *, anew: bool = False, parent: QWidget | None = None) -> None:
        super().__init__("I cannot get in", "recover", parent=parent)
        self.title = self.tr("Bring back a backup") if anew else self.tr("I cannot get in")
        self._anew = anew
        self._pick_backup = pick_backup
        self.summary = ErrorSummary()
        self.trouble = Notice("", name="recover-trouble")
        self.progress = ProgressPanel(self.tr("Opening your part of this laptop"), can_cancel=False)
        self.progress.set_progress(0, 0)
        self.who = Text("", Kind.MUTED)
        self.waiting = Text("", Kind.BOLD)
        self.recovery = TextField(
            self.tr("Recovery key"),
            self.tr("8 groups of letters and numbers. Capital letters and spaces do not matter"),
            name="recover-key",
        )
        self.passphrase = PassphraseField(
            self.tr("New passphrase"), self.tr("12 characters or four words"), name="recover-passphrase"
        )
        self.again = PassphraseField(self.tr("The new passphrase again"), name="recover-again")
        self.recover_button = Button(self.tr("Get in and set the new passphrase"), Look.PRIMARY, name="recover-go")
        self.backup = TextField(self.tr("Backup"), self.tr("A file that ends in .backup"), most=4_000, name="recover-backup")
        self.choose_button = Button(self.tr("Choose a backup"), name="recover-choose")
        self.old_passphrase = PassphraseField(self.tr("Passphrase of the backup"), name="recover-old-passphrase")
        self.backup_button = Button(self.tr("Bring back this backup"), Look.SECONDARY, name="recover-backup-go")
        self.backup_with_key_button = Button(self.tr("Bring back this backup"), Look.SECONDARY, name="recover-backup-key-go")
        self.back_button = Button(self.tr("Back"), icon="arrow-left", name="recover-back")
        self._lay_out()
        self.recover_button.clicked.connect(self._recover)
        self.again.entered.connect(self._bring_back_with_key if self._anew else self._recover)
        self.old_passphrase.entered.connect(self._bring_back)
        self.backup_with_key_button.clicked.connect(self._bring_back_with_key)
        self.choose_button.clicked.connect(self._choose)
        self.backup_button.clicked.connect(self._bring_back)
        self.back_button.clicked.connect(self.back)
        self.act(self.tr("Back"), "Esc", self.back.emit, "recover-leave")
        self.default_focus = self.choose_button if anew else self.recovery

    def _lay_out(self) -> None:
        middle = NarrowColumn(620)
        head = Heading(self.title, Level.PAGE)
        for part in (head, self.who, self.trouble, self.summary, self.progress):
            middle.add(part)
        if self._anew:
            cards = [self._backup_card(), self._backup_passphrase_card(), self._backup_key_card(), self._neither_card()]
        else:
            cards = [self._key_card(), self._backup_card(), self._neither_card()]
        for card in cards:
            middle.add(card)
        middle.add(Flow([self.back_button]))
        self.sheet.add(middle)
        self.sheet.fill()
        self.who.setVisible(not self._anew)
        self.waiting.hide()
        self.trouble.hide()
        self.progress.hide()

    def _key_card(self) -> Card:
        key = Card(self.tr("I have my recovery key"), self.tr("Your records stay as they are. The recovery key stays the same."))
        key.body.setSpacing(14)
        for field in (self.recovery, self.passphrase, self.again):
            key.add(field)
        key.add(Flow([self.recover_button]))
        return key

    def _backup_card(self) -> Card:
        if self._anew:
            title = self.tr("I have a backup from another laptop")
            words = self.tr(
                "Choose it on the memory stick, in the folder where it was made: its key file lies beside it. "
                "What was sent after the backup comes back from the server."
            )
        else:
            title = self.tr("My file is damaged, and I have a backup")
            words = self.tr(
                "The file that is here now is set aside. What was not sent in it comes over at once. If it cannot be read, it is "
                "kept, and Send and receive tells you. What was sent after the backup comes back from the server."
            )
        back = Card(title, words)
        back.body.setSpacing(14)
        back.add(self.waiting)
        back.add(self.backup)
        back.add(Flow([self.choose_button]))
        if not self._anew:
            back.add(self.old_passphrase)
            self.backup_with_key_button.set_text(self.tr("I forgot it: use the recovery key above"))
            back.add(Flow([self.backup_button, self.backup_with_key_button]))
        return back

    def _backup_passphrase_card(self) -> Card:
        known = Card(self.tr("I know its passphrase"), self.tr("The one that you had when the backup was made"))
        known.body.setSpacing(14)
        known.add(self.old_passphrase)
        known.add(Flow([self.backup_button]))
        return known

    def _backup_key_card(self) -> Card:
        key = Card(self.tr("I have my recovery key"), self.tr("It opens the backup, and you choose a new passphrase."))
        key.body.setSpacing(14)
        for field in (self.recovery, self.passphrase, self.again):
            key.add(field)
        self.backup_with_key_button.set_text(self.tr("Bring it back and set the new passphrase"))
        key.add(Flow([self.backup_with_key_button]))
        return key

    def _neither_card(self) -> Card:
        none = Card(self.tr("I have neither"))
        none.add(
            Text(
                self.tr(
                    "Tell your lead. Without the passphrase and without the recovery key nobody can open the file, "
                    "and we cannot either. What was sent is safe on the server, and you can set up a new part of this laptop. "
                    "Your file stays here, in case one of them is found."
                )
            )
        )
        return none

    def show_worker(self, name: str, waiting: str = "") -> None:
        """Say whose part of the laptop this is about, and in a sentence what waits in it to be sent."""
        self.who.setText(self.tr("About the part of this laptop that belongs to {0}").format(name))
        self.waiting.setText(waiting)
        self.waiting.setVisible(bool(waiting))

    def _fields(self) -> dict[str, Field]:
        return {
            "recovery": self.recovery,
            "passphrase": self.passphrase,
            "again": self.again,
            "backup": self.backup,
            "old_passphrase": self.old_passphrase,
        }

    def show_errors(self, errors: Sequence[tuple[str, str]]) -> None:
        """Show sentences at fields."""
        fields = self._fields()
        for field in fields.values():
            field.show_error()
        self.summary.show_errors([(sentence, fields[name]) for name, sentence in errors])

    def show_trouble(self, title: str, sentence: str) -> None:
        """Say what is wrong and what to do; no title takes it away."""
        self.trouble.set_words(title, sentence)
        self.trouble.setVisible(bool(title))
        if title:
            self.sheet.show_top()

    def show_busy(self, busy: bool) -> None:
        """Show calmly that something is being done."""
        self.progress.setVisible(busy)
        if busy:
            self.sheet.show_top()

    def forget(self) -> None:
        """Empty every field."""
        self.recovery.value = ""
        for field in (self.passphrase, self.again, self.old_passphrase):
            field.clear()

    def _recover(self) -> None:
        self.recover_asked.emit(self.recovery.value, self.passphrase.value, self.again.value)

    def _choose(self) -> None:
        chosen = self._pick_backup()
        if chosen:
            self.backup.value = chosen

    def _bring_back_with_key(self) -> None:
        self.backup_with_key_asked.emit(self.backup.value, self.recovery.value, self.passphrase.value, self.again.value)

    def _bring_back(self) -> None:
        self.backup_asked.emit(self.backup.value, self.old_passphrase.value)
