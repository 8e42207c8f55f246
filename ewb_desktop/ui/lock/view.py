"""What the lock screen looks like: crisis help first, one card in the middle, leaflets under it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QSizePolicy, QWidget

from ewb_desktop.ui.lock.presenter import Door
from ewb_desktop.ui.narrow import NarrowColumn
from ewb_desktop.ui.page import Page
from ewb_desktop.ui.widgets.announce import announce
from ewb_desktop.ui.widgets.button import Button, Look
from ewb_desktop.ui.widgets.card import Card
from ewb_desktop.ui.widgets.field import SelectField
from ewb_desktop.ui.widgets.flow import Columns, Flow
from ewb_desktop.ui.widgets.notice import Notice
from ewb_desktop.ui.widgets.passphrase_field import PassphraseField
from ewb_desktop.ui.widgets.text import Heading, Kind, Level, Text


class LockView(Page):
    """Who are you, your passphrase, Unlock. Crisis help stands over the card: at any text size it is in sight."""

    unlock_asked = Signal(str)
    door_chosen = Signal(str)
    ticked = Signal()
    recover_asked = Signal()
    crisis_asked = Signal()
    leaflet_asked = Signal()
    new_worker_asked = Signal()

    def __init__(self, *, leaflets: bool = True, parent: QWidget | None = None) -> None:
        super().__init__("Unlock", "lock", parent=parent)
        self.title = self.tr("Unlock")
        self.who = SelectField(self.tr("Who are you?"), name="lock-who")
        self.passphrase = PassphraseField(self.tr("Passphrase"), self.tr("Four words or more"), name="lock-passphrase")
        self.unlock_button = Button(self.tr("Unlock"), Look.PRIMARY, name="lock-unlock")
        self.recover_button = Button(self.tr("I cannot get in"), name="lock-recover")
        self.busy = QWidget()
        self.trouble = Notice("", name="lock-trouble")
        self.backup_button = Button(self.tr("Bring back a backup"), Look.SECONDARY, name="lock-backup")
        self.countdown = Text("", Kind.BOLD)
        self.waiting = Text("", Kind.HINT)
        self.waiting.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._clock = QTimer(self)
        self._clock.setInterval(1000)
        self._clock.timeout.connect(self.ticked)
        self._lay_out(leaflets)
        self._connect()
        self.default_focus = self.passphrase

    def _lay_out(self, leaflets: bool) -> None:
        card = Card(name="lock-card")
        card.body.setContentsMargins(34, 32, 34, 18)
        card.body.setSpacing(16)
        card.add(Heading(self.tr("Unlock"), Level.PAGE))
        card.add(Text(self.tr("This laptop keeps people's private words. Only you can open your part of it."), Kind.MUTED))
        self.trouble.add(self.backup_button)
        card.add(self.trouble)
        card.add(self.who)
        card.add(self.passphrase)
        card.add(self.countdown)
        wide = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        wide.setHeightForWidth(True)
        self.unlock_button.setSizePolicy(wide)
        card.add(Columns([self.unlock_button, self.recover_button], (1, 0), stack_under=300, spacing=16))
        self._lay_out_busy()
        card.add(self.busy)
        self.crisis_button = Button(self.tr("Crisis help"), Look.CRISIS, key="F2", icon="life-buoy", name="lock-crisis")
        self.leaflet_button = Button(self.tr("Print a leaflet without unlocking"), icon="printer", name="lock-leaflet")
        self.new_worker_button = Button(self.tr("Add someone who works on this laptop"), Look.LINK, name="lock-new-worker")
        middle = NarrowColumn(460)
        middle.add(Flow([self.crisis_button]))
        middle.add(card)
        if leaflets:
            middle.add(Flow([self.leaflet_button]))
        middle.add(self.new_worker_button)
        middle.add(self.waiting)
        self.sheet.body.addStretch(1)
        self.sheet.add(middle)
        self.sheet.body.addStretch(1)
        self.trouble.hide()
        self.countdown.hide()

    def _lay_out_busy(self) -> None:
        bar = QProgressBar()
        bar.setRange(0, 0)
        bar.setTextVisible(False)
        bar.setAccessibleName(self.tr("Unlocking"))
        across = QHBoxLayout(self.busy)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(12)
        words = Text(self.tr("Unlocking"), Kind.HINT)
        words.setWordWrap(False)
        across.addWidget(words)
        across.addWidget(bar, 1)
        kept = self.busy.sizePolicy()
        kept.setRetainSizeWhenHidden(True)
        self.busy.setSizePolicy(kept)
        self.busy.hide()

    def _connect(self) -> None:
        self.unlock_button.clicked.connect(self._unlock)
        self.passphrase.entered.connect(self._unlock)
        self.who.chosen.connect(self._choose)
        self.recover_button.clicked.connect(self.recover_asked)
        self.backup_button.clicked.connect(self.recover_asked)
        self.crisis_button.clicked.connect(self.crisis_asked)
        self.leaflet_button.clicked.connect(self.leaflet_asked)
        self.new_worker_button.clicked.connect(self.new_worker_asked)

    def _unlock(self) -> None:
        self.unlock_asked.emit(self.passphrase.value)

    def _choose(self, key: object) -> None:
        self.passphrase.clear()
        self.door_chosen.emit(str(key))
        self.passphrase.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_doors(self, doors: Sequence[Door], chosen: str) -> None:
        """Offer these workers."""
        self.who.set_options([(door.key, door.name) for door in doors])
        self.who.value = chosen

    def show_waiting(self, sentence: str) -> None:
        """Say how many changes wait to be sent."""
        self.waiting.setText(sentence)

    def show_error(self, sentence: str) -> None:
        """Say at the passphrase what was wrong; no words take it away."""
        self.passphrase.show_error(sentence)
        announce(self, sentence)

    def show_trouble(self, title: str, sentence: str, *, offer_backup: bool) -> None:
        """Say what is wrong with the file and what to do; no title takes it away."""
        self.trouble.set_words(title, sentence)
        self.backup_button.setVisible(offer_backup)
        self.trouble.setVisible(bool(title))
        announce(self, f"{title}. {sentence}" if title else "")

    def show_countdown(self, seconds: int) -> None:
        """Say how long to wait; 0 takes it away."""
        minutes, rest = divmod(seconds, 60)
        if minutes:
            self.countdown.setText(self.tr("Nothing is lost. You can try again in {0} min {1} s.").format(minutes, rest))
        else:
            self.countdown.setText(self.tr("Nothing is lost. You can try again in {0} s.").format(seconds))
        self.countdown.setVisible(seconds > 0)
        if seconds > 0 and not self._clock.isActive():
            announce(self, self.countdown.text())
            self._clock.start()
        elif seconds <= 0:
            self._clock.stop()

    def show_busy(self, busy: bool) -> None:
        """Show calmly that something is being done."""
        self.busy.setVisible(busy)
        if busy:
            announce(self, self.tr("Unlocking"))

    def forget(self) -> None:
        """Empty the passphrase, and put the keyboard back into it."""
        self.passphrase.clear()
        self.passphrase.setFocus(Qt.FocusReason.OtherFocusReason)
