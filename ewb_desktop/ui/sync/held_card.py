"""The card of changes that the server did not take: what, about whom and why, and the form in which one is put right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from ewb_desktop.ui.authority_field import ChooseFile
from ewb_desktop.ui.destinations import Destination
from ewb_desktop.ui.documents import WAITING, dated, in_documents
from ewb_desktop.ui.draft_timer import DraftTimer
from ewb_desktop.ui.sync.mending import Mending
from ewb_desktop.ui.sync.mending_form import MendingForm
from ewb_desktop.ui.widgets.button import Button, Look
from ewb_desktop.ui.widgets.card import Card
from ewb_desktop.ui.widgets.flow import Flow
from ewb_desktop.ui.widgets.notice import Notice, Tone
from ewb_desktop.ui.widgets.reading_order import has_keyboard
from ewb_desktop.ui.widgets.row import Row
from ewb_desktop.ui.widgets.rows import RowList


class HeldCard(Card):
    """Shows what its presenter says, and tells what is asked for."""

    again_asked = Signal(object)
    open_asked = Signal(object)
    page_asked = Signal()
    saved = Signal(object)
    let_go_asked = Signal()
    closed = Signal()
    typed = Signal(object)
    """What stands in the open form, to be kept as a draft."""
    started_again = Signal()
    copy_asked = Signal(object)
    go = Signal(object)
    said = Signal(str)

    def __init__(self, choose_file: ChooseFile | None = None) -> None:
        super().__init__(
            QCoreApplication.translate("HeldCard", "Needs a look"),
            QCoreApplication.translate(
                "HeldCard", "The server did not take these changes yet. They are kept on this laptop, and all others go on."
            ),
            name="sync.held",
        )
        self._choose_file = choose_file or self._ask_for_file
        self._form: MendingForm | None = None
        self._has_rows = False
        self._timer = DraftTimer(self)
        self._timer.due.connect(self._tell_typed)
        self._rows = RowList(name="sync.held-rows")
        self._rows.acted.connect(self._ask_again)
        self._rows.opened.connect(self._ask_to_open)
        self.add(self._rows)
        self._again = Button(self.tr("Try all again"), name="sync.again")
        self._again.clicked.connect(lambda: self._ask_again(""))
        self._copy = Button(self.tr("Save a copy for your administrator"), icon="download", name="sync.copy")
        self._copy.clicked.connect(self._save_copy)
        self.add(Flow([self._again, self._copy], spacing=12))
        self.hide()
        self.gone = Notice("", tone=Tone.INFO, name="sync.let-go")
        """Stands under the card, also when nothing is left in it: what was let go of can still be read."""
        self._history: Destination | None = None
        self._came = Button(
            self.tr("See how this came about"), Look.LINK,
            says=self.tr("See how this came about: what you let go of"), name="sync.let-go-history",
        )  # fmt: skip
        self._came.clicked.connect(lambda: self.go.emit(self._history))
        self.gone.add(Flow([self._came]))
        self.gone.hide()

    def show_held(self, rows: Sequence[Row]) -> None:
        """Show the changes that the server did not take."""
        self._rows.set_rows(rows)
        self._has_rows = bool(rows)
        for part in (self._rows, self._again, self._copy):
            part.setVisible(self._has_rows)
        self._show_if_used()

    def show_let_go(self, sentence: str, history: Destination) -> None:
        """Say what was let go of, with the way to where it can still be read; the keyboard is on it."""
        self._history = history
        self.gone.set_words(sentence)
        self.gone.show()
        # the question that was answered is gone, and with the last change everything round it
        self._came.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_mending(self, mending: Mending | None, kept: Mapping[str, Any] | None = None) -> None:
        """Show one of them as it can be put right, with what was typed there before, or none."""
        # what was typed last has been told, or it was settled with the form
        self._timer.forget()
        before, self._form = self._form, None
        if mending is not None:
            self._form = MendingForm(mending, kept)
            self._form.edited.connect(self._timer.touch)
            self._form.started_again.connect(self._start_again)
            self._form.saved.connect(self.saved)
            self._form.let_go_asked.connect(self.let_go_asked)
            self._form.open_asked.connect(self.page_asked)
            self._form.closed.connect(self._close)
            self.body.insertWidget(self.body.indexOf(self._rows) + 1, self._form)
            self._form.show()
            self._form.begin()
        if before is not None:
            if has_keyboard(before):
                self._again.setFocus(Qt.FocusReason.OtherFocusReason)
            self.body.removeWidget(before)
            before.hide()
            before.deleteLater()
        self._show_if_used()

    def show_faults(self, faults: Mapping[str, str]) -> None:
        """Show what is wrong in the open form."""
        if self._form is not None:
            self._form.show_faults(faults)

    def show_gone(self, gone: bool) -> None:
        """Say whether the change of the open form still waits."""
        if self._form is not None:
            self._form.show_gone(gone)

    def flush(self) -> None:
        """Tell at once what was typed last."""
        self._timer.flush()

    def go_to(self, destination: Destination) -> None:
        """Ask the window for another page."""
        self.go.emit(destination)

    def say(self, sentence: str) -> None:
        """Say what was done at the foot of the window."""
        self.said.emit(sentence)

    def _show_if_used(self) -> None:
        # a form whose change has gone stays with what was typed in it
        self.setVisible(self._has_rows or self._form is not None)

    def _tell_typed(self) -> None:
        if self._form is not None:
            self.typed.emit(self._form.typed)

    def _ask_again(self, key: object) -> None:
        self.flush()
        self.again_asked.emit(key)

    def _ask_to_open(self, key: object) -> None:
        self.flush()
        self.open_asked.emit(key)

    def _close(self) -> None:
        self.flush()
        self.closed.emit()

    def _start_again(self) -> None:
        self._timer.forget()
        self.started_again.emit()

    def _save_copy(self) -> None:
        path = self._choose_file(self)
        if path is not None:
            self.copy_asked.emit(path)

    def _ask_for_file(self, parent: QWidget) -> Path | None:
        name, _kind = QFileDialog.getSaveFileName(parent, self.tr("Save a copy"), in_documents(dated(WAITING)))
        return Path(name) if name else None
