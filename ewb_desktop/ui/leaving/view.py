"""What the page for leaving a laptop looks like: what goes, what stays, what waits, and one step at a time."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from ewb_desktop.syncing.report import SyncStatus
from ewb_desktop.ui.destinations import Destination, ToSync
from ewb_desktop.ui.leaving.presenter import Step
from ewb_desktop.ui.page import Page
from ewb_desktop.ui.widgets.announce import announce
from ewb_desktop.ui.widgets.button import Button, Look
from ewb_desktop.ui.widgets.card import Card, stacked
from ewb_desktop.ui.widgets.flow import Columns, Flow
from ewb_desktop.ui.widgets.notice import Notice
from ewb_desktop.ui.widgets.page_head import PageHead
from ewb_desktop.ui.widgets.passphrase_field import PassphraseField
from ewb_desktop.ui.widgets.text import Kind, Text


class LeavingView(Page):
    """``heard_of`` tells of rounds. Everything else is asked for by the worker, one step after the other."""

    came = Signal()
    send_asked = Signal()
    seal_asked = Signal()
    leave_asked = Signal(str)
    heard_of = Signal(bool)
    went = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Leave this laptop", "leaving", parent=parent)
        self.title = self.tr("Leave this laptop")
        self.back_button = Button(self.tr("No, stay on this laptop"), icon="arrow-left", name="leaving-back")
        self.back_button.clicked.connect(self.back)
        line = self.tr(
            "You give it back, or change to another. Your part goes from this one, and nothing that you wrote is lost."
        )
        self.sheet.add(PageHead(self.title, line, [self.back_button]))
        self.sheet.add(Columns([stacked(self._goes()), stacked(self._stays())], (1, 1), stack_under=860))
        self.sheet.add(self._unsent_card())
        self.notice = Notice("", name="leaving-notice")
        self.sheet.add(self.notice)
        self.busy = Text("", Kind.BOLD)
        self.busy.setObjectName("leaving-busy")
        self.sheet.add(self.busy)
        self.secret = PassphraseField(self.tr("Your passphrase or your recovery key"), name="leaving-secret")
        self.secret.entered.connect(self._leave)
        self.sheet.add(self.secret)
        self._make_buttons()
        self.sheet.fill()
        self.default_focus = self.back_button

    def _goes(self) -> Card:
        card = Card(self.tr("What goes from this laptop"))
        card.body.setSpacing(12)
        card.add(Text(self.tr("The members' records that were here for you, and what you typed.")))
        card.add(Text(self.tr("Their keys: your passphrase and your recovery key open nothing here any more.")))
        card.add(Text(self.tr("The copies that the program made of them every day.")))
        return card

    def _stays(self) -> Card:
        card = Card(self.tr("What stays"))
        card.body.setSpacing(12)
        card.add(Text(self.tr("Everything that was sent. It is at your service, under your name. For members nothing changes.")))
        card.add(Text(self.tr("Your colleagues' parts of this laptop.")))
        card.add(
            Text(
                self.tr(
                    "Backups that you made on a memory stick. They still open with your passphrase: give the stick to your "
                    "administrator, or delete them."
                )
            )
        )
        return card

    def _unsent_card(self) -> Card:
        card = Card(self.tr("What is not sent yet"))
        self.unsent = Text("")
        self.unsent.setObjectName("leaving-unsent")
        card.add(self.unsent)
        return card

    def _make_buttons(self) -> None:
        self.send_button = Button(self.tr("Send everything and go on"), Look.PRIMARY, name="leaving-send")
        self.again_button = Button(self.tr("Try to send again"), Look.PRIMARY, name="leaving-again")
        self.seal_button = Button(self.tr("Write it to a sealed file"), Look.SECONDARY, icon="download", name="leaving-seal")
        self.sync_button = Button(self.tr("Open Send and receive"), Look.SECONDARY, name="leaving-sync")
        self.leave_button = Button(self.tr("Take my part off this laptop"), Look.SECONDARY, name="leaving-leave")
        self.send_button.clicked.connect(self.send_asked)
        self.again_button.clicked.connect(self.send_asked)
        self.seal_button.clicked.connect(self.seal_asked)
        self.sync_button.clicked.connect(lambda: self.go.emit(ToSync()))
        self.leave_button.clicked.connect(self._leave)
        self._buttons = Flow(
            [self.send_button, self.again_button, self.seal_button, self.sync_button, self.leave_button], spacing=12
        )
        self.sheet.add(self._buttons)

    def opened(self, destination: Destination) -> None:  # noqa: ARG002 - there is one way to open it
        """Begin anew with what stands now."""
        self.came.emit()

    def leaving(self) -> None:
        """Forget what was typed into the secret field; what is under way takes nothing off any more."""
        self.forget()
        self.went.emit()

    def hear_status(self, status: SyncStatus) -> None:
        """The heartbeat told how things stand."""
        self.heard_of.emit(status.is_working)

    def _leave(self) -> None:
        self.leave_asked.emit(self.secret.value)

    # -- what the presenter shows

    def show_unsent(self, lines: Sequence[str]) -> None:
        """Say what has not been sent."""
        self.unsent.setText("\n".join(lines))

    def show_step(self, step: Step, title: str, words: str, *, can_seal: bool = False) -> None:
        """Offer what can be done now, under these words, and lead the keyboard to it."""
        self.notice.set_words(title, words)
        self.notice.setVisible(bool(title))
        shown = {
            self.send_button: step is Step.START,
            self.again_button: step is Step.WAITS,
            self.seal_button: step is Step.WAITS and can_seal,
            self.sync_button: step in (Step.WAITS, Step.BLOCKED),
            self.leave_button: step is Step.LAST,
            self.secret: step is Step.LAST,
        }
        for part, is_shown in shown.items():
            part.setVisible(is_shown)
        first: dict[Step, QWidget] = {
            # at the top, where it is read what goes
            Step.START: self.back_button,
            Step.SENDING: self.back_button,
            Step.WAITS: self.again_button,
            Step.LAST: self.secret.line,
            Step.BLOCKED: self.sync_button,
        }
        self.default_focus = first[step]
        if self.isVisible():
            first[step].setFocus(Qt.FocusReason.OtherFocusReason)
            if step is not Step.START:
                self.sheet.ensureWidgetVisible(self._buttons)
            self.sheet.ensureWidgetVisible(first[step])
        if title:
            announce(self, f"{title}. {words}")

    def show_error(self, sentence: str) -> None:
        """Say what was wrong with what was typed; no words take it away."""
        self.secret.show_error(sentence)
        if sentence:
            self.secret.setFocus()
            announce(self, sentence)

    def show_busy(self, words: str) -> None:
        """Say that something is being done; no words: it is over."""
        self.busy.setText(words)
        self.busy.setVisible(bool(words))
        for button in (self.again_button, self.seal_button, self.leave_button):
            button.setEnabled(not words)
        if words:
            announce(self, words)

    def forget(self) -> None:
        """Empty the secret field."""
        self.secret.clear()
