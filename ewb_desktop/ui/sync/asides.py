"""What is told of a file that a backup took the place of: what came over from it, and that one may hold unsent work."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from ewb_desktop.actions.desk import Desk
from ewb_desktop.domain.words import count_words, list_words
from ewb_desktop.storage.asides.taking_over import Taken, forget_told, let_aside_go, read_taken, take_one, take_with
from ewb_desktop.storage.errors import DamagedFile, WorkerCanAct
from ewb_desktop.storage.file.aside_files import AsideFile, waiting_asides
from ewb_desktop.storage.file.disk import disk_trouble
from ewb_desktop.syncing.report import when_words
from ewb_desktop.ui.running import RunAside

MAY_HOLD = "A file that was set aside may hold work that was not sent"
QUESTION = "Let this file go for good?"
LOST = (
    "What was not sent in it is lost then, and nobody can bring it back. What was sent is safe on the server. "
    "Whoever looks after this laptop may be able to read the file."
)
GONE = "The file is gone."
STILL_NOT = "It could not be read, or not all of it. Nothing was changed in it."
TYPE_ONE = "Type the passphrase or the recovery key that you had on that day."


@dataclass(frozen=True, slots=True)
class Waiting:
    """A file that may hold unsent work. ``asks_secret``: it is under another key, which the worker may know."""

    title: str
    words: str
    asks_secret: bool


class AsidesView(Protocol):
    """What the part of the page for such files can show."""

    def show_taken(self, words: str) -> None:
        """Say what came over; no words take it away."""

    def show_waiting(self, waiting: Waiting | None) -> None:
        """Show a file that may hold unsent work, or none."""

    def show_fault(self, sentence: str) -> None:
        """Say what was wrong with what was typed, or with the file; no words take it away."""

    def show_reading(self, reading: bool) -> None:
        """Say that the file is being read."""

    def say(self, sentence: str) -> None:
        """Say what was done at the foot of the window."""


class AsidesPresenter:
    """Tells of the files, reads one again, and lets one go. ``send`` asks for a round after something came over."""

    def __init__(self, desk: Desk, view: AsidesView, run_aside: RunAside, send: Callable[[], object]) -> None:
        self._desk = desk
        self._view = view
        self._run_aside = run_aside
        self._send = send
        self._is_reading = False

    def refresh(self) -> None:
        """Show how it stands; the oldest of several files first."""
        store, today = self._desk.store, self._desk.clock.today()
        with store.read() as connection:
            taken = read_taken(connection)
        self._view.show_taken(" ".join(taken_words(each, today) for each in taken))
        files = waiting_asides(store.path)
        self._view.show_waiting(waiting_words(files, today) if files else None)

    def has_read(self) -> None:
        """The worker has read what came over."""
        with self._desk.store.write() as writing:
            forget_told(writing)
        self.refresh()

    def try_again(self, typed: str) -> None:
        """Read the file once more; ``typed`` is the passphrase or the recovery key that it had, if it is under another key."""
        store, files = self._desk.store, waiting_asides(self._desk.store.path)
        if not files or self._is_reading:
            return
        aside = files[0]
        if aside.slots.exists() and not typed:
            self._view.show_fault(TYPE_ONE)
            return
        self._is_reading = True
        self._view.show_fault("")
        self._view.show_reading(True)

        def work() -> Taken:
            if typed:
                return take_with(store, aside, typed)
            with store.lent_key() as key:
                return take_one(store, aside, key)

        self._run_aside(work, self._has_taken, self._has_not)

    def let_go(self) -> None:
        """Destroy the file that is shown; the worker was asked."""
        files = waiting_asides(self._desk.store.path)
        if files:
            let_aside_go(files[0])
            self._view.show_fault("")
            self._view.say(GONE)
        self.refresh()

    def _has_taken(self, taken: Taken) -> None:
        self._is_reading = False
        self._view.show_reading(False)
        self._view.say(taken_words(taken, self._desk.clock.today()))
        self.refresh()
        self._send()

    def _has_not(self, error: Exception) -> None:
        self._is_reading = False
        self._view.show_reading(False)
        trouble = disk_trouble(error) or error
        can_act = isinstance(trouble, WorkerCanAct) and not isinstance(trouble, DamagedFile)
        self._view.show_fault(str(trouble) if can_act else STILL_NOT)
        self.refresh()


def taken_words(taken: Taken, today: date) -> str:
    """Return what came over from a file, in a sentence or two."""
    when = when_words(taken.at, today)
    what = [count_words(taken.changes, "change") + " that had not been sent"] if taken.changes else []
    what += [count_words(taken.drafts, "form", "forms") + " not saved yet"] if taken.drafts else []
    if not what:
        return f"Nothing was waiting in the file that was set aside {when}."
    verb = "was" if taken.changes + taken.drafts == 1 else "were"
    return f"{list_words(what)} {verb} in the file that was set aside {when}. Nothing is lost: it is all on this laptop again."


def waiting_words(files: list[AsideFile], today: date) -> Waiting:
    """Return what is told of the oldest of these files."""
    aside = files[0]
    more = f" {count_words(len(files) - 1, 'more file waits', 'more files wait')} after this one." if len(files) > 1 else ""
    asks = aside.slots.exists()
    why = "It has another key than your file has now" if asks else "This program could not read all of it"
    return Waiting(
        MAY_HOLD,
        f"It was set aside {when_words(aside.at, today)}, when a backup was brought back. {why}. It stays on this laptop "
        f"until you decide: {aside.path.name}, in the folder {aside.path.parent}.{more}",
        asks,
    )
