"""What the page for leaving this laptop asks for, over the office that is open: nothing goes before everything is elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ewb_desktop.storage.exchange.looks import write_look
from ewb_desktop.storage.exchange.sync_state import read_enrolment, read_sealed_files
from ewb_desktop.storage.file.aside_files import waiting_asides
from ewb_desktop.storage.holding.in_hand import count_words
from ewb_desktop.storage.holding.sealed_files import THERE_ALREADY, is_sealed_file, sealed_files
from ewb_desktop.syncing.troubles import UnknownLaptop, words_for
from ewb_desktop.syncing.unsent import gather_unsent, holds, ids_of, seal_into, write_down_words
from ewb_desktop.ui.leaving.presenter import BadPlace, SealedFileGone, Standing, StillUnsent
from sync.protocol.messages import LookKind

if TYPE_CHECKING:
    from ewb_desktop.app.office import Office


class Leaving:
    """Keeps the promises of the page's ``Parting``. Belongs to one office, so that it knows what it sealed."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._file: Path | None = None
        self._sealed = b""
        self._ids: frozenset[str] = frozenset()

    def standing(self) -> Standing:
        """Return what has not been sent, and what is in the way."""
        store, vault = self._office.desk.store, self._office.vault
        status = self._office.heartbeat.status()
        with store.read() as connection:
            words, noted = count_words(connection), read_sealed_files(connection)
        return Standing(
            is_joined=status.is_enrolled,
            to_send=status.to_send,
            to_bring=status.to_bring,
            held=status.quarantined,
            words=words,
            is_all_sent=gather_unsent(store).is_empty,
            asides=len(waiting_asides(vault.path)),
            files=len(sealed_files(self._office.around.paths.data, noted)),
            files_inside=len([path for path in noted if path.exists() and _is_in(path, vault.folder)]),
            trouble=status.file_trouble or (words_for(status.trouble) if status.trouble is not None else ""),
            can_seal=status.trouble != UnknownLaptop.name,
        )

    def write_down_words(self) -> None:
        """Turn what was typed and not saved into work."""
        write_down_words(self._office.desk.store, self._finish_typing)

    def exchange(self) -> None:
        """Begin a round with the server now; the heartbeat tells its end."""
        self._office.heartbeat.ask()

    def choose_place(self) -> str:
        """Ask where to put the sealed file; nothing when none was chosen."""
        chosen = self._office.files.sealed(self._office.window)
        return str(chosen) if chosen is not None else ""

    def seal(self, place: str) -> None:
        """Seal what was not sent into the file ``place``, read it again and hold it against what is here. Beside the window."""
        path, store = Path(place), self._office.desk.store
        if _is_in(path, self._office.around.paths.vaults):
            raise BadPlace(
                "That folder belongs to the program and goes from this laptop too. Choose another place, such as a stick."
            )
        if path != self._file and is_sealed_file(path):
            raise BadPlace(THERE_ALREADY)
        with store.read() as connection:
            enrolment = read_enrolment(connection)
        if enrolment is None:
            raise BadPlace("This laptop is not joined to a service, so nobody could open the file.")
        with store.write() as writing:
            for change in gather_unsent(store).changes:
                write_look(writing, LookKind.EXPORT, change.entity, change.record)
        unsent = gather_unsent(store)
        sealed = seal_into(path, unsent, enrolment.credential)
        self._file, self._sealed, self._ids = path, sealed, ids_of(unsent)

    def check(self, typed: str) -> None:
        """Raise ``WorkerCanAct`` unless this is the passphrase or the recovery key, and the sealed file is whole."""
        self._office.vault.check(typed)
        if not gather_unsent(self._office.desk.store).is_empty:
            self._see_file()

    def leave(self) -> None:
        """Destroy this part of the laptop and go, unless something is neither sent nor in the sealed file."""
        store = self._office.desk.store
        self.write_down_words()
        unsent = ids_of(gather_unsent(store))
        if unsent - self._ids or waiting_asides(self._office.vault.path):
            raise StillUnsent
        if unsent:
            self._see_file()
        self._office.leave_laptop(self._file if self._file is not None and self._file.exists() else None)

    def _see_file(self) -> None:
        if self._file is not None and not holds(self._file, self._sealed):
            self._ids = frozenset()
            raise SealedFileGone

    def _finish_typing(self) -> bool:
        self._office.typing_end.finish()
        return True


def _is_in(path: Path, folder: Path) -> bool:
    return path.resolve().is_relative_to(folder.resolve())
