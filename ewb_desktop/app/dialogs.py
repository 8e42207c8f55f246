"""The system's file dialogs, at the edge: they begin among a person's own documents."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from ewb_desktop.ui.documents import in_documents

if TYPE_CHECKING:
    from PySide6.QtWidgets import QFileDialog


@dataclass(frozen=True, slots=True)
class Dialogs:
    """The system's dialogs, at the edge. Each returns a path, or nothing when nothing was chosen."""

    open_file: Callable[[QWidget | None, str, str], str]
    """Parent, title, and the kind of file as Qt writes it."""
    open_files: Callable[[QWidget | None, str], list[str]]
    """Parent and title; returns no paths when nothing was chosen."""
    save_file: Callable[[QWidget | None, str, str], str]
    """Parent, title, and the name that is offered."""
    choose_folder: Callable[[QWidget | None, str], str]


def system_dialogs() -> Dialogs:
    """Return the dialogs of this computer."""

    def files() -> type[QFileDialog]:
        from PySide6.QtWidgets import QFileDialog

        return QFileDialog

    return Dialogs(
        open_file=lambda parent, title, kind: files().getOpenFileName(parent, title, in_documents(), kind)[0],
        open_files=lambda parent, title: files().getOpenFileNames(parent, title, in_documents())[0],
        save_file=lambda parent, title, name: files().getSaveFileName(parent, title, in_documents(name))[0],
        choose_folder=lambda parent, title: files().getExistingDirectory(parent, title, in_documents()),
    )
