"""The card of changes that the server did not take: what, about whom and why, and the form in which one is put right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from ewb_desktop.ui.authority_field import ChooseFile
from ewb_desktop.ui.destinations import Destination
from ewb_desktop.ui.documents import in_documents
from ewb_desktop.ui.sync.mending import Mending
from ewb_desktop.ui.sync.mending_form import MendingForm
from ewb_desktop.ui.widgets.button import Button
from ewb_desktop.ui.widgets.card import Card
from ewb_desktop.ui.widgets.flow import Flow
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
        self._rows = RowList(name="sync.held-rows")
        self._rows.acted.connect(self.again_asked)
        self._rows.opened.connect(self.open_asked)
        self.add(self._rows)
        self._again = Button(self.tr("Try all again"), name="sync.again")
        self._again.clicked.connect(lambda: self.again_asked.emit(""))
        copy = Button(self.tr("Save a copy for your administrator"), icon="download", name="sync.copy")
        copy.clicked.connect(self._save_copy)
        self.add(Flow([self._again, copy], spacing=12))
        self.hide()

    def show_held(self, rows: Sequence[Row]) -> None:
        """Show the changes that the server did not take."""
        self._rows.set_rows(rows)
        self.setVisible(bool(rows))

    def show_mending(self, mending: Mending | None) -> None:
        """Show one of them as it can be put right, or none."""
        before, self._form = self._form, None
        if mending is not None:
            self._form = MendingForm(mending)
            self._form.saved.connect(self.saved)
            self._form.let_go_asked.connect(self.let_go_asked)
            self._form.open_asked.connect(self.page_asked)
            self._form.closed.connect(self.closed)
            self.body.insertWidget(self.body.indexOf(self._rows) + 1, self._form)
            self._form.show()
            self._form.begin()
        if before is not None:
            had_focus = before.isAncestorOf(self.focusWidget()) if self.focusWidget() is not None else False
            if had_focus:
                self._again.setFocus(Qt.FocusReason.OtherFocusReason)
            self.body.removeWidget(before)
            before.hide()
            before.deleteLater()

    def show_faults(self, faults: Mapping[str, str]) -> None:
        """Show what is wrong in the open form."""
        if self._form is not None:
            self._form.show_faults(faults)

    def go_to(self, destination: Destination) -> None:
        """Ask the window for another page."""
        self.go.emit(destination)

    def say(self, sentence: str) -> None:
        """Say what was done at the foot of the window."""
        self.said.emit(sentence)

    def _save_copy(self) -> None:
        path = self._choose_file(self)
        if path is not None:
            self.copy_asked.emit(path)

    def _ask_for_file(self, parent: QWidget) -> Path | None:
        name, _kind = QFileDialog.getSaveFileName(parent, self.tr("Save a copy"), in_documents("waiting-changes.ewb-outbox"))
        return Path(name) if name else None
