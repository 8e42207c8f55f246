"""The part of the page for files that a backup took the place of: what came over, and one that may hold unsent work."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ewb_desktop.ui.sync.asides import LOST, QUESTION, Waiting
from ewb_desktop.ui.widgets.announce import announce
from ewb_desktop.ui.widgets.button import Button, Look
from ewb_desktop.ui.widgets.flow import Flow
from ewb_desktop.ui.widgets.notice import Notice, Tone
from ewb_desktop.ui.widgets.passphrase_field import PassphraseField
from ewb_desktop.ui.widgets.reading_order import has_keyboard
from ewb_desktop.ui.widgets.text import Text


class AsidesBox(QWidget):
    """Shows what its presenter says, and tells what is asked for. A file goes only after a question."""

    read = Signal()
    """The worker has read what came over."""
    again_asked = Signal(str)
    let_go_asked = Signal()
    said = Signal(str)
    left = Signal()
    """The part that had the keyboard is gone, and there is nothing else here to go to."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        self._taken = Notice("", tone=Tone.INFO, name="sync.asides-taken")
        self._close = Button(self.tr("I have read it"), says=self.tr("I have read what came over"), name="sync.asides-read")
        self._close.clicked.connect(self.read)
        self._taken.add(Flow([self._close]))
        column.addWidget(self._taken)
        column.addWidget(self._waiting_notice())
        self._taken.hide()
        self._waiting.hide()
        self.hide()

    def _waiting_notice(self) -> Notice:
        self._waiting = Notice("", name="sync.asides")
        self._secret = PassphraseField(
            self.tr("Passphrase or recovery key of that file"),
            self.tr("The one that you had on that day"),
            name="sync.asides-secret",
        )
        self._secret.entered.connect(self._ask_again)
        self._waiting.add(self._secret)
        self._fault = Text("")
        self._waiting.add(self._fault)
        self._again = Button(self.tr("Read it again"), Look.SECONDARY, name="sync.asides-again")
        self._again.clicked.connect(self._ask_again)
        self._let_go = Button(self.tr("Let it go"), says=self.tr("Let the file that was set aside go"), name="sync.asides-let-go")
        self._let_go.clicked.connect(self._ask)
        self._buttons = Flow([self._again, self._let_go], spacing=12)
        self._waiting.add(self._buttons)
        self._question = Notice(QUESTION, LOST, name="sync.asides-question")
        self._keep = Button(self.tr("No, keep it"), Look.SECONDARY, name="sync.asides-keep")
        self._keep.setAccessibleDescription(f"{QUESTION} {LOST}")
        self._keep.clicked.connect(self._do_not)
        yes = Button(self.tr("Yes, let it go"), Look.SECONDARY, name="sync.asides-yes")
        yes.clicked.connect(self._yes)
        self._question.add(Flow([self._keep, yes], spacing=12))
        self._waiting.add(self._question)
        self._question.hide()
        self._fault.hide()
        return self._waiting

    def show_taken(self, words: str) -> None:
        """Say what came over; no words take it away."""
        had_keyboard = not words and has_keyboard(self._taken)
        self._taken.set_words("", words)
        self._taken.setVisible(bool(words))
        self._show_if_used()
        if had_keyboard:
            self._hand_on(self._waiting, self._again)

    def show_waiting(self, waiting: Waiting | None) -> None:
        """Show a file that may hold unsent work, or none."""
        had_keyboard = waiting is None and has_keyboard(self._waiting)
        if waiting is not None:
            self._waiting.set_words(waiting.title, waiting.words)
            self._secret.setVisible(waiting.asks_secret)
        else:
            self._secret.clear()
            self._question.hide()
            self._buttons.show()
        self._waiting.setVisible(waiting is not None)
        self._show_if_used()
        if had_keyboard:
            self._hand_on(self._taken, self._close)

    def show_fault(self, sentence: str) -> None:
        """Say what was wrong with what was typed, or with the file; no words take it away."""
        self._fault.setText(sentence)
        self._fault.setVisible(bool(sentence))
        if sentence:
            announce(self, sentence)

    def show_reading(self, reading: bool) -> None:
        """Say that the file is being read."""
        self._again.set_text(self.tr("Reading") if reading else self.tr("Read it again"))

    def say(self, sentence: str) -> None:
        """Say what was done at the foot of the window."""
        self.said.emit(sentence)

    def _show_if_used(self) -> None:
        # what is inside a hidden part is hidden for itself only where it was hidden itself
        self.setVisible(not self._taken.isHidden() or not self._waiting.isHidden())

    def _hand_on(self, part: QWidget, button: Button) -> None:
        if part.isHidden():
            self.left.emit()
        else:
            button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _ask_again(self) -> None:
        self.again_asked.emit(self._secret.value if not self._secret.isHidden() else "")

    def _ask(self) -> None:
        self._buttons.hide()
        self._question.show()
        self._keep.setFocus(Qt.FocusReason.OtherFocusReason)

    def _do_not(self) -> None:
        self._question.hide()
        self._buttons.show()
        self._let_go.setFocus(Qt.FocusReason.OtherFocusReason)

    def _yes(self) -> None:
        self.let_go_asked.emit()
        self._question.hide()
        self._buttons.show()
