"""Sealed files that wait for the administrator, as the page of sending lists them, and the way to a stick."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Protocol

from ewb_desktop.actions.desk import Desk
from ewb_desktop.storage.exchange.sync_state import read_sealed_files
from ewb_desktop.storage.holding.sealed_files import THERE_ALREADY, SealedFile, SealedFileThere, move_sealed, sealed_files
from ewb_desktop.syncing.report import when_words
from ewb_desktop.ui.running import RunAside
from ewb_desktop.ui.widgets.row import Row

MOVED = "The sealed file is at its new place and has gone from this laptop. Give it to your administrator, who can open it."
NOT_MOVED = "The sealed file could not be moved there. Nothing is lost: it is still on this laptop. Choose another place."


class SealedView(Protocol):
    """What the presenter needs of the card."""

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Show the files; none hides it all."""

    def say(self, sentence: str) -> None:
        """Say what was done."""


class SealedPresenter:
    """Lists what lies in ``folder``, where sealed work stays when a worker's own file goes.

    ``tell`` lets everybody be told anew how things stand: what was sealed has left this laptop.
    """

    def __init__(
        self, desk: Desk, view: SealedView, folder: Path | None, run_aside: RunAside, tell: Callable[[], object]
    ) -> None:
        self._desk = desk
        self._run_aside = run_aside
        self._tell = tell
        self._moving: set[str] = set()
        self._view = view
        self._folder = folder

    def refresh(self) -> None:
        """Show what is there now."""
        with self._desk.store.read() as connection:
            noted = read_sealed_files(connection)
        self._view.show_rows([self._row(each) for each in sealed_files(self._folder, noted)])

    def _row(self, file: SealedFile) -> Row:
        sealed = when_words(file.at, self._desk.clock.today())
        where = f"{file.path.name}, in {file.path.parent}"
        return Row(key=str(file.path), title=f"Sealed {sealed}", detail=where, action="Move to a stick")

    def move(self, file: str, to: Path) -> None:
        """Take a file to where the worker chose. A stick may be slow: the window goes on meanwhile."""
        if file in self._moving:
            return
        self._moving.add(file)
        self._run_aside(lambda: move_sealed(Path(file), to), lambda _: self._has_moved(file), partial(self._has_not_moved, file))

    def _has_moved(self, file: str) -> None:
        self._moving.discard(file)
        self._view.say(MOVED)
        self._tell()
        self.refresh()

    def _has_not_moved(self, file: str, error: Exception) -> None:
        self._moving.discard(file)
        self._view.say(THERE_ALREADY if isinstance(error, SealedFileThere) else NOT_MOVED)
        self.refresh()
