"""Choosing the file of a service's own certificate authority, beside a server's address."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from ewb_desktop.ui.documents import in_documents
from ewb_desktop.ui.widgets.announce import announce
from ewb_desktop.ui.widgets.button import Button
from ewb_desktop.ui.widgets.field import Field
from ewb_desktop.ui.widgets.flow import Flow
from ewb_desktop.ui.widgets.text import Kind, Text

ChooseFile = Callable[[QWidget], Path | None]


class AuthorityField(Field):
    """``behind`` is what stands behind the ``#`` of the server's address, empty while no file was chosen."""

    def __init__(
        self, label: str, hint: str, choose_file: ChooseFile | None = None, *, name: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(label, hint, optional=True, name=name, parent=parent)
        self.behind = ""
        self._choose_file = choose_file or self._ask_for_file
        self._trusted = Text("", Kind.BOLD)
        self._trusted.hide()
        self.box.addWidget(self._trusted)
        self._choose = Button(self.tr("Choose its file"), name=f"{name}.choose")
        self._choose.clicked.connect(self._ask)
        self._leave = Button(self.tr("Leave it out"), name=f"{name}.leave")
        self._leave.clicked.connect(self.leave_out)
        self._leave.hide()
        self._take(Flow([self._choose, self._leave], spacing=12), self._choose)
        self._choose.setAccessibleName("")
        self.setAccessibleName(label)

    def leave_out(self) -> None:
        """Trust the usual authorities again."""
        if self._leave.hasFocus():
            self._choose.setFocus()
        self._show("", "")

    def read(self, file: Path) -> None:
        """Take the authority in ``file``, or say why not; what was chosen before stays then."""
        from ewb_desktop.syncing.authorities import LARGEST, read_authority
        from ewb_desktop.syncing.troubles import WrongAuthority

        try:
            with file.open("rb") as opened:
                authority = read_authority(opened.read(LARGEST + 1))
        except WrongAuthority as fault:
            self.show_error(str(fault))
        except OSError:
            self.show_error(self.tr("This file cannot be read. Copy it to this laptop and choose it again."))
        else:
            self._show(authority.behind, authority.name or file.name)
            announce(self, self._trusted.text())
            return
        announce(self, self.error.text())

    def _show(self, behind: str, called: str) -> None:
        self.behind = behind
        self.show_error()
        self._trusted.setText(self.tr("Only servers that “{0}” vouches for are trusted.").format(called) if behind else "")
        self._trusted.setVisible(bool(behind))
        self._leave.setVisible(bool(behind))
        self._choose.set_text(self.tr("Choose another file") if behind else self.tr("Choose its file"))
        self.edited.emit()

    def _ask(self) -> None:
        file = self._choose_file(self)
        if file is not None:
            self.read(file)

    def _ask_for_file(self, parent: QWidget) -> Path | None:
        kinds = self.tr("Certificates (*.pem *.crt *.cer *.der);;All files (*)")
        name, _kind = QFileDialog.getOpenFileName(parent, self.label_text, in_documents(), kinds)
        return Path(name) if name else None
