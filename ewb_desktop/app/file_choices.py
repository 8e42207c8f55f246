"""What the pages of the window ask the system's file dialogs for, each with its own words."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from ewb_desktop.app.dialogs import Dialogs
from ewb_desktop.ui.documents import UNSENT_WORK, WAITING, dated


class FileChoices(QObject):
    """Asks through ``dialogs``. Each method returns what was chosen, or nothing."""

    def __init__(self, dialogs: Dialogs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._dialogs = dialogs

    def copy(self, parent: QWidget) -> Path | None:
        """Ask where to keep a copy of what cannot be sent."""
        return _path(self._dialogs.save_file(parent, self.tr("Keep a copy"), dated(WAITING)))

    def sealed(self, parent: QWidget) -> Path | None:
        """Ask where to put the sealed file of a worker who leaves this laptop."""
        return _path(self._dialogs.save_file(parent, self.tr("Where to put the sealed file"), dated(UNSENT_WORK)))

    def place(self, parent: QWidget, name: str) -> Path | None:
        """Ask where to put a file of this name."""
        return _path(self._dialogs.save_file(parent, self.tr("Move to a stick"), name))

    def authority(self, parent: QWidget) -> Path | None:
        """Ask for the file of the service's own certificate authority."""
        kinds = self.tr("Certificates (*.pem *.crt *.cer *.der);;All files (*)")
        return _path(self._dialogs.open_file(parent, self.tr("Your service's own authority"), kinds))

    def directory_files(self, parent: QWidget) -> list[str]:
        """Ask for the files of a directory."""
        return self._dialogs.open_files(parent, self.tr("Choose the files of a directory"))

    def report(self, parent: QWidget, name: str) -> str:
        """Ask where to save the report of an import."""
        return self._dialogs.save_file(parent, self.tr("Save the report"), name)


def _path(chosen: str) -> Path | None:
    return Path(chosen) if chosen else None
