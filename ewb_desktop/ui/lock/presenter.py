"""What the lock screen does: who is on this laptop, one try at a time, the growing wait, and the ways back in."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from ewb_desktop.domain.words import count_words
from ewb_desktop.storage.errors import (
    DamagedFile,
    DamagedHeader,
    NoBackup,
    NoKeyFile,
    StorageTrouble,
    WaitBeforeTrying,
    WrongPassphrase,
)
from ewb_desktop.storage.file.disk import disk_trouble

Run = Callable[[Callable[[], object], Callable[[object], None], Callable[[Exception], None]], None]
"""Does work beside the window: the work, what to do with its result, what to do with its error."""


@dataclass(frozen=True, slots=True)
class Door:
    """One worker's part of this laptop. ``to_send`` is a bare number, or ``None`` when it is not known without the key."""

    key: str
    name: str
    to_send: int | None = None


class Gatekeeper(Protocol):
    """What the lock screen asks of the vaults. The three that open take about a second and run beside the window."""

    def doors(self) -> Sequence[Door]:
        """Return everyone who has a part of this laptop, the last one who was here first."""

    def wait_seconds(self, key: str) -> float:
        """Return how long the next try has to wait."""

    def unlock(self, key: str, passphrase: str) -> object:
        """Open with the passphrase. Raises ``WorkerCanAct``."""

    def recover(self, key: str, recovery_key: str, passphrase: str) -> object:
        """Open with the recovery key and set a new passphrase. Raises ``WorkerCanAct``."""

    def bring_back(self, key: str, backup: str, passphrase: str) -> object:
        """Put a backup in the place of the file and open it; no key: this laptop never had the file. Raises ``WorkerCanAct``."""

    def bring_back_with_recovery(self, key: str, backup: str, recovery_key: str, passphrase: str) -> object:
        """Put a backup in the place of the file with the recovery key, set a new passphrase, and open it. Raises as above."""


class View(Protocol):
    """What the lock screen can show."""

    def show_doors(self, doors: Sequence[Door], chosen: str) -> None:
        """Offer these workers."""

    def show_waiting(self, sentence: str) -> None:
        """Say how many changes wait to be sent."""

    def show_error(self, sentence: str) -> None:
        """Say at the passphrase what was wrong; no words take it away."""

    def show_trouble(self, title: str, sentence: str, *, offer_backup: bool) -> None:
        """Say what is wrong with the file and what to do; no title takes it away."""

    def show_countdown(self, seconds: int) -> None:
        """Say how long to wait; 0 takes it away."""

    def show_busy(self, busy: bool) -> None:
        """Show calmly that something is being done."""

    def forget(self) -> None:
        """Empty the fields with secrets, and put the keyboard back into the first of them."""


class LockPresenter:
    """The lock screen. ``opened`` is handed what the gatekeeper returns when the right passphrase was given."""

    def __init__(self, view: View, gatekeeper: Gatekeeper, run: Run, opened: Callable[[object], None]) -> None:
        self._view = view
        self._gatekeeper = gatekeeper
        self._run = run
        self._opened = opened
        self._doors: dict[str, Door] = {}
        self._busy = False
        self.chosen = ""

    def show(self) -> None:
        """Offer everyone who is on this laptop."""
        doors = self._gatekeeper.doors()
        self._doors = {door.key: door for door in doors}
        self._view.show_doors(doors, doors[0].key if doors else "")
        if doors:
            self.choose(doors[0].key)

    def choose(self, key: str) -> None:
        """Somebody else sits here."""
        self.chosen = key
        self._view.show_error("")
        self._view.show_trouble("", "", offer_backup=False)
        self._view.show_waiting(waiting_words(self._doors[key].to_send if key in self._doors else None))
        self.tick()

    def unlock(self, passphrase: str) -> None:
        """Try this passphrase for the worker who is chosen."""
        if not passphrase:
            self._view.show_error("Type your passphrase.")
            return
        key = self.chosen
        self._begin(lambda: self._gatekeeper.unlock(key, passphrase))

    def tick(self) -> None:
        """A second went by: count down."""
        wait = self._gatekeeper.wait_seconds(self.chosen) if self.chosen else 0
        self._view.show_countdown(math.ceil(wait))
        if wait <= 0 and not self._busy and self._waited:
            self._waited = False
            self._view.show_error("")
        elif wait > 0:
            self._waited = True

    _waited = False

    def _begin(self, work: Callable[[], object]) -> None:
        if self._busy:
            return
        self._busy = True
        self._view.show_error("")
        self._view.show_trouble("", "", offer_backup=False)
        self._view.show_busy(True)
        self._run(work, self._done, self._failed)

    def _done(self, opened: object) -> None:
        self._busy = False
        self._view.show_busy(False)
        self._view.forget()
        self._opened(opened)

    def _failed(self, error: Exception) -> None:
        self._busy = False
        self._view.show_busy(False)
        self._view.forget()
        if isinstance(error, WrongPassphrase):
            # how long to wait is said once, by the line that counts it down
            waits = self._gatekeeper.wait_seconds(self.chosen) > 0
            self._view.show_error(("" if isinstance(error, WaitBeforeTrying) else _WRONG) if waits else str(error))
            self.tick()
        else:
            title, sentence = trouble_words(error)
            self._view.show_trouble(title, sentence, offer_backup=isinstance(error, DamagedFile))


class RecoverView(Protocol):
    """What the page "I cannot get in" can show."""

    def show_errors(self, errors: Sequence[tuple[str, str]]) -> None:
        """Show sentences at fields: ``recovery``, ``passphrase``, ``again`` or ``backup``."""

    def show_trouble(self, title: str, sentence: str) -> None:
        """Say what is wrong with the file and what to do; no title takes it away."""

    def show_busy(self, busy: bool) -> None:
        """Show calmly that something is being done."""

    def forget(self) -> None:
        """Empty the fields with secrets."""


class RecoverPresenter:
    """The ways back in: the recovery key with a new passphrase, or a backup."""

    def __init__(self, view: RecoverView, gatekeeper: Gatekeeper, run: Run, opened: Callable[[object], None]) -> None:
        self._view = view
        self._gatekeeper = gatekeeper
        self._run = run
        self._opened = opened
        self._busy = False
        self.chosen = ""

    def recover(self, recovery_key: str, passphrase: str, again: str) -> None:
        """Open with the recovery key and set the new passphrase."""
        errors = _recovery_faults(recovery_key, passphrase, again)
        self._view.show_errors(errors)
        if not errors:
            key = self.chosen
            self._begin(lambda: self._gatekeeper.recover(key, recovery_key, passphrase))

    def bring_back(self, backup: str, passphrase: str) -> None:
        """Put a backup in the place of the file."""
        errors = []
        if not backup:
            errors.append(("backup", "Choose the backup."))
        if not passphrase:
            errors.append(("old_passphrase", "Type the passphrase that you had when the backup was made."))
        self._view.show_errors(errors)
        if not errors:
            key = self.chosen
            self._begin(lambda: self._gatekeeper.bring_back(key, backup, passphrase))

    def bring_back_with_recovery(self, backup: str, recovery_key: str, passphrase: str, again: str) -> None:
        """Put a backup in the place of the file: the passphrase that it had is forgotten, too."""
        errors = [] if backup else [("backup", "Choose the backup.")]
        errors += _recovery_faults(recovery_key, passphrase, again)
        self._view.show_errors(errors)
        if not errors:
            key = self.chosen
            self._begin(lambda: self._gatekeeper.bring_back_with_recovery(key, backup, recovery_key, passphrase))

    def _begin(self, work: Callable[[], object]) -> None:
        if not self._busy:
            self._busy = True
            self._view.show_trouble("", "")
            self._view.show_busy(True)
            self._run(work, self._done, self._failed)

    def _done(self, opened: object) -> None:
        self._busy = False
        self._view.show_busy(False)
        self._view.forget()
        self._opened(opened)

    def _failed(self, error: Exception) -> None:
        self._busy = False
        self._view.show_busy(False)
        title, sentence = trouble_words(error)
        self._view.show_trouble(title, sentence)


def _recovery_faults(recovery_key: str, passphrase: str, again: str) -> list[tuple[str, str]]:
    errors = []
    if not recovery_key.strip():
        errors.append(("recovery", "Type the recovery key from your paper."))
    if not passphrase:
        errors.append(("passphrase", "Choose a new passphrase."))
    elif passphrase != again:
        errors.append(("again", "The two passphrases are not the same."))
    return errors


_WRONG = "This passphrase is not right. You can also use your recovery key."


def waiting_words(to_send: int | None) -> str:
    """Return the line under the card; nothing when there is nothing to say."""
    if not to_send:
        return ""
    if to_send == 1:
        return "1 of your changes is not sent yet. It is safe."
    return f"{to_send} of your changes are not sent yet. They are safe."


def not_sent_words(to_send: int | None) -> str:
    """Return what is said where another file takes the place of the one with these changes; nothing when there are none."""
    if not to_send:
        return ""
    return f"In the file that is here now {count_words(to_send, 'change is', 'changes are')} not sent yet."


def trouble_words(error: Exception) -> tuple[str, str]:
    """Return a title and a sentence for an error; one that is our fault shows nothing of its inside."""
    trouble = disk_trouble(error) or error
    if isinstance(trouble, NoBackup | NoKeyFile):
        return "This file cannot be brought back", str(trouble)
    if isinstance(trouble, DamagedHeader):
        return "Your key file is damaged", str(trouble)
    if isinstance(trouble, DamagedFile):
        return "Your records are damaged", str(trouble)
    if isinstance(trouble, WrongPassphrase):
        return "This passphrase does not open it", str(trouble)
    if isinstance(trouble, StorageTrouble):
        return "Your part of this laptop could not be opened", str(trouble)
    return (
        "Something went wrong in the program",
        "It was not your fault, and your work is kept. Start the program again. Then tell whoever looks after it.",
    )
