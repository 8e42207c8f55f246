"""What the first start does: who you are, a passphrase that is hard to guess, and a recovery key that was really kept."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from ewb_desktop.syncing.troubles import RoundFailed
from ewb_desktop.ui.joining_words import field_of, first_words

Run = Callable[[Callable[[], object], Callable[[object], None], Callable[[Exception], None]], None]
"""Does work beside the window: the work, what to do with its result, what to do with its error."""

GROUPS_TO_TYPE = (2, 5)
"""Which groups of the recovery key are typed back, counted from 0: two of eight show that the paper is there."""


@dataclass(frozen=True, slots=True)
class NewWorker:
    """What a worker filled in. ``server`` and ``code`` are empty when this laptop stands alone for now.

    ``laptop`` is what colleagues read of the laptop, empty for the name that the computer has by itself.
    """

    name: str
    role: str
    passphrase: str
    server: str = ""
    code: str = ""
    laptop: str = ""


@dataclass(frozen=True, slots=True)
class Made:
    """A new part of the laptop: ``opened`` is what the program goes on with, ``recovery_key`` is shown once."""

    opened: object
    recovery_key: str


class Builder(Protocol):
    """What the first start asks of the vaults and of the server."""

    def weakness(self, passphrase: str, name: str) -> str:
        """Return why this passphrase is too easy to guess, or nothing."""

    def make(self, worker: NewWorker) -> Made:
        """Make a part of the laptop for the worker; takes a few seconds. Raises an error whose text says what to do."""

    def keep_key(self, recovery_key: str, path: str) -> None:
        """Write the recovery key into a file. Raises ``OSError``."""


class View(Protocol):
    """What the pages of the first start can show."""

    def show_errors(self, errors: Sequence[tuple[str, str]]) -> None:
        """Show sentences at fields."""

    def show_trouble(self, sentence: str) -> None:
        """Say what went wrong and what to do; no words take it away."""

    def show_busy(self, busy: bool) -> None:
        """Show calmly that something is being done."""

    def pardon(self, name: str) -> None:
        """Take the sentence at a field away: what was wrong there has been put right."""

    def show_advice(self, sentence: str) -> None:
        """Say under the passphrase how good it is."""

    def show_key(self, groups: Sequence[str], to_type: Sequence[int]) -> None:
        """Show the recovery key and ask for some of its groups."""

    def show_kept(self, sentence: str) -> None:
        """Say what came of keeping the recovery key."""


class FirstRunPresenter:
    """Drives the form and the recovery key. ``done`` is handed what the builder opened once the key was typed back.

    ``print_key`` prints a recovery key and returns in a sentence what came of it.
    """

    def __init__(
        self, view: View, builder: Builder, run: Run, done: Callable[[object], None], print_key: Callable[[str], str]
    ) -> None:
        self._view = view
        self._builder = builder
        self._run = run
        self._done = done
        self._print_key = print_key
        self._made: Made | None = None
        self._busy = False
        self._address = ""

    def advise(self, passphrase: str, name: str) -> None:
        """The passphrase was changed: say how good it is."""
        weakness = self._builder.weakness(passphrase, name) if passphrase else ""
        good = "This passphrase is good." if passphrase and not weakness else ""
        if good:
            self._view.pardon("passphrase")
        self._view.show_advice(weakness or good)

    def make(self, worker: NewWorker, again: str, *, enrol: bool) -> None:
        """Check what was filled in; make the worker's part when nothing is wrong."""
        errors = self._errors(worker, again, enrol=enrol)
        self._view.show_errors(errors)
        self._view.show_trouble("")
        if errors or self._busy:
            return
        self._busy = True
        self._address = worker.server
        self._view.show_busy(True)
        self._run(lambda: self._builder.make(worker), self._is_made, self._failed)

    def _errors(self, worker: NewWorker, again: str, *, enrol: bool) -> list[tuple[str, str]]:
        errors = []
        if not worker.name:
            errors.append(("name", "Write your name, as your colleagues know you."))
        if enrol and not worker.server:
            errors.append(("server", "Write the address of the server, from the letter with your code."))
        if enrol and not worker.code:
            errors.append(("code", "Write the code that your lead gave you."))
        if not enrol and not worker.role:
            errors.append(("role", "Choose what you do."))
        if not worker.passphrase:
            errors.append(("passphrase", "Choose a passphrase."))
        elif weakness := self._builder.weakness(worker.passphrase, worker.name):
            errors.append(("passphrase", weakness))
        elif worker.passphrase != again:
            errors.append(("again", "The two passphrases are not the same."))
        return errors

    def _is_made(self, made: object) -> None:
        self._busy = False
        self._view.show_busy(False)
        if isinstance(made, Made):
            self._made = made
            self._view.show_key(groups_of(made.recovery_key), GROUPS_TO_TYPE)

    def _failed(self, error: Exception) -> None:
        self._busy = False
        self._view.show_busy(False)
        # told where it can be put right, and the keyboard goes there
        field = field_of(error, self._address)
        words = first_words(error) if isinstance(error, RoundFailed) else str(error)
        if field:
            self._view.show_errors([(field, words)])
        else:
            self._view.show_trouble(words)

    def keep_key(self, path: str) -> None:
        """Write the recovery key to ``path``."""
        if self._made is not None and path:
            told = keep_in_file(self._builder.keep_key, self._made.recovery_key, path)
            self._view.show_trouble(told.trouble)
            self._view.show_kept(told.kept)

    def print_key(self) -> None:
        """Print the recovery key."""
        if self._made is not None:
            self._view.show_kept(self._print_key(self._made.recovery_key))

    def confirm(self, typed: Sequence[str]) -> None:
        """The groups that were asked for were typed: go on when they are right."""
        if self._made is None:
            return
        errors = wrong_groups(self._made.recovery_key, typed)
        self._view.show_errors(errors)
        if not errors:
            opened = self._made.opened
            self._made = None
            self._done(opened)


@dataclass(frozen=True, slots=True)
class KeptInFile:
    """What came of saving a recovery key: one of the two sentences, the other is empty."""

    kept: str = ""
    trouble: str = ""


def keep_in_file(keep: Callable[[str, str], None], recovery_key: str, path: str) -> KeptInFile:
    """Write the recovery key into a file and say what came of it."""
    try:
        keep(recovery_key, path)
    except OSError as error:
        reason = error.strerror or "no reason given"
        return KeptInFile(
            trouble=f"The recovery key could not be saved there ({reason}). Choose another place, or write it down."
        )
    return KeptInFile(kept=f"The recovery key is saved in the file {Path(path).name}. Keep it away from this laptop.")


def wrong_groups(recovery_key: str, typed: Sequence[str]) -> list[tuple[str, str]]:
    """Return a sentence for each group that was typed back wrongly."""
    groups = groups_of(recovery_key)
    return [
        (f"group-{place}", f"Look at your paper: group {place + 1} is not the same.")
        for place, text in zip(GROUPS_TO_TYPE, typed, strict=True)
        if plain(text) != plain(groups[place])
    ]


def groups_of(recovery_key: str) -> list[str]:
    """Return the groups that a recovery key is read in."""
    return [group for group in re.split(r"[\s-]+", recovery_key.strip()) if group]


def plain(text: str) -> str:
    """Return what was typed without blanks, dashes and capitals."""
    return re.sub(r"[\s-]+", "", text).upper()
