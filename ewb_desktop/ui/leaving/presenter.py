"""What the page for leaving a laptop does: it sends first, seals what cannot be sent, asks once more, and only then lets go."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Protocol

from ewb_desktop.domain.words import count_words
from ewb_desktop.storage.errors import StorageTrouble, WorkerCanAct

Run = Callable[[Callable[[], object], Callable[[object], None], Callable[[Exception], None]], None]
"""Does work beside the window: the work, what to do with its result, what to do with its error."""

ROUNDS = 3
"""So many rounds follow each other before something counts as waiting: one may have begun before the last words were kept."""


class BadPlace(WorkerCanAct):
    """The sealed file cannot be where it was to be; the text says why and what would be better."""


class StillUnsent(WorkerCanAct):
    """Something was written since, or waits, that is neither at the server nor in the sealed file."""

    def __init__(self) -> None:
        super().__init__("Something came since that is neither sent nor in the sealed file. Nothing was taken off. Begin again.")


class SealedFileGone(WorkerCanAct):
    """The sealed file is not as it was written any more."""

    def __init__(self) -> None:
        super().__init__(
            "The sealed file cannot be read any more where you put it. Nothing was taken off. Put the stick back, "
            "or take another one, and write the file once more."
        )


@dataclass(frozen=True, slots=True)
class Standing:
    """What has not been sent, and what is in the way, at one moment."""

    is_joined: bool = True
    """Whether there is a server that work goes to."""
    to_send: int = 0
    to_bring: int = 0
    held: int = 0
    words: int = 0
    """On how many forms something was typed and not saved."""
    is_all_sent: bool = False
    """Whether the server has all that was saved, and all looks too."""
    asides: int = 0
    """How many files that were set aside may hold unsent work."""
    files: int = 0
    """How many sealed files of earlier work wait for the administrator."""
    files_inside: int = 0
    """How many of these lie where they would go with this part."""
    trouble: str = ""
    """What was in the way of the last round, in a sentence."""
    can_seal: bool = True
    """Whether the server knows this laptop: else nobody could open a file that is sealed here."""


class Step(Enum):
    """What the page offers."""

    START = "start"
    SENDING = "sending"
    WAITS = "waits"
    LAST = "last"
    BLOCKED = "blocked"


class Parting(Protocol):
    """What the page asks for. The slow ones run beside the window and raise ``WorkerCanAct`` or ``OSError``."""

    def standing(self) -> Standing:
        """Return what has not been sent, and what is in the way."""

    def write_down_words(self) -> None:
        """Turn what was typed and not saved into work."""

    def exchange(self) -> None:
        """Begin a round with the server."""

    def choose_place(self) -> str:
        """Ask where to put the sealed file; nothing when none was chosen."""

    def seal(self, place: str) -> None:
        """Seal what was not sent into a file, and check it there."""

    def check(self, typed: str) -> None:
        """Raise ``WorkerCanAct`` unless it is the passphrase or the recovery key, and the sealed file is whole."""

    def leave(self) -> None:
        """Take this part off the laptop; the window goes."""


class View(Protocol):
    """What the page can show."""

    def show_unsent(self, lines: Sequence[str]) -> None:
        """Say what has not been sent."""

    def show_step(self, step: Step, title: str, words: str, *, can_seal: bool = False) -> None:
        """Offer what can be done now, under these words."""

    def show_error(self, sentence: str) -> None:
        """Say what was wrong with what was typed; no words take it away."""

    def show_busy(self, words: str) -> None:
        """Say that something is being done; no words: it is over."""

    def forget(self) -> None:
        """Empty the secret field."""


class LeavingPresenter:
    """Drives the page for leaving this laptop."""

    def __init__(self, view: View, parting: Parting, run: Run) -> None:
        self._view = view
        self._parting = parting
        self._run = run
        self._rounds = 0
        self._busy = False
        self._stay = object()
        """What was begun before the worker went to another page, or came back, does nothing any more."""

    def stop(self) -> None:
        """The worker goes to another page: whatever is under way takes nothing off."""
        self._rounds, self._busy, self._stay = 0, False, object()

    def open(self) -> None:
        """Begin anew with what stands now."""
        self.stop()
        self._view.forget()
        self._view.show_error("")
        self._view.show_busy("")
        if not self._is_blocked(self._show_unsent()):
            self._view.show_step(Step.START, "", "")

    def send(self) -> None:
        """Make work of what was only typed, and send everything."""
        if self._busy:
            return
        try:
            self._parting.write_down_words()
        except StorageTrouble as trouble:
            self._view.show_step(Step.WAITS, "This did not work", str(trouble))
            return
        self._rounds = ROUNDS
        self._go_on_sending()

    def hear(self, is_working: bool) -> None:
        """The heartbeat told how things stand: a round that was waited for may be over."""
        if not self._rounds or is_working:
            return
        standing = self._show_unsent()
        self._rounds -= 1
        if self._rounds and not standing.is_all_sent and not standing.trouble:
            self._parting.exchange()
            return
        self._rounds = 0
        self._show_outcome(standing)

    def seal(self) -> None:
        """Ask for a place, and write what was not sent into a sealed file there."""
        place = self._parting.choose_place() if not self._busy else ""
        if not place:
            return
        path = Path(place)
        self._begin(
            "Writing the sealed file and reading it again",
            lambda: self._parting.seal(place),
            lambda _nothing: self._view.show_step(
                Step.LAST,
                "The sealed file is written and was checked",
                f"All that was not sent is in {path.name}, in {path.parent}. Take it to your administrator. "
                "Type your passphrase or your recovery key once more, and your part goes from this laptop.",
            ),
            self._not_sealed,
        )

    def leave(self, typed: str) -> None:
        """Take this part off the laptop once the secret was typed once more."""
        if self._busy:
            return
        if not typed:
            self._view.show_error("Type your passphrase or your recovery key.")
            return
        self._view.show_error("")
        self._begin("One moment", lambda: self._parting.check(typed), lambda _nothing: self._let_go(), self._not_checked)

    def _let_go(self) -> None:
        try:
            self._parting.leave()
        except WorkerCanAct as trouble:
            self._begin_again(trouble)
        except OSError:
            self._view.show_error("The disk did not do it. Nothing was taken off this laptop. Try again.")

    def _go_on_sending(self) -> None:
        self._view.show_step(Step.SENDING, "", "")
        self._view.show_busy("Sending everything first")
        self._parting.exchange()

    def _show_outcome(self, standing: Standing) -> None:
        self._view.show_busy("")
        if self._is_blocked(standing):
            return
        if standing.is_all_sent:
            self._view.show_step(
                Step.LAST,
                "Everything is sent",
                "Type your passphrase or your recovery key once more, and your part goes from this laptop.",
            )
            return
        why = standing.trouble or "The server did not take all of it. On Send and receive you see what, and why."
        then = _CHOICE if standing.can_seal else _NOBODY_COULD
        self._view.show_step(Step.WAITS, "Not everything is sent yet", f"{why} {then}", can_seal=standing.can_seal)

    def _is_blocked(self, standing: Standing) -> bool:
        words = _blocked(standing)
        if words:
            self._view.show_step(Step.BLOCKED, "Your part cannot go from this laptop yet", words)
        return bool(words)

    def _show_unsent(self) -> Standing:
        standing = self._parting.standing()
        self._view.show_unsent(unsent_lines(standing))
        return standing

    def _not_sealed(self, error: Exception) -> None:
        words = str(error) if isinstance(error, WorkerCanAct) else _NOT_WRITTEN
        self._view.show_step(Step.WAITS, "The sealed file was not written", words, can_seal=True)

    def _not_checked(self, error: Exception) -> None:
        if isinstance(error, SealedFileGone):
            self._begin_again(error)
        else:
            self._view.forget()
            self._view.show_error(str(error) if isinstance(error, WorkerCanAct) else _FAULT)

    def _begin_again(self, trouble: WorkerCanAct) -> None:
        self._view.forget()
        standing = self._show_unsent()
        if not self._is_blocked(standing):
            self._view.show_step(Step.WAITS, "Nothing was taken off", str(trouble), can_seal=standing.can_seal)

    def _begin(
        self, words: str, work: Callable[[], object], done: Callable[[object], None], failed: Callable[[Exception], None]
    ) -> None:
        self._busy, stay = True, self._stay
        self._view.show_busy(words)

        def over(then: Callable[..., None]) -> Callable[..., None]:
            def ended(result: object) -> None:
                if stay is not self._stay:
                    return
                self._busy = False
                self._view.show_busy("")
                then(result)

            return ended

        self._run(work, over(done), over(failed))


def unsent_lines(standing: Standing) -> list[str]:
    """Return what has not been sent, each kind in a line; one line says that there is nothing."""
    lines = []
    if standing.to_send:
        lines.append(f"{count_words(standing.to_send, 'change')} to send.")
    if standing.to_bring:
        lines.append(f"{count_words(standing.to_bring, 'change')} from colleagues to send.")
    if standing.held:
        lines.append(f"{count_words(standing.held, 'change')} that the server did not take: see Send and receive.")
    if standing.words:
        lines.append(f"Words on {count_words(standing.words, 'form')} that were not saved. They become notes, and are sent too.")
    if standing.asides:
        lines.append(f"{count_words(standing.asides, 'file')} that could not be read: see Send and receive.")
    if not lines and not standing.is_all_sent:
        lines.append("Only the list of which pages you opened, which your service keeps.")
    if standing.files:
        lines.append(
            f"{count_words(standing.files, 'sealed file')} of earlier work for your administrator: move it to a stick on Send "
            "and receive and take it along."
        )
    return lines or ["Nothing. Everything is sent."]


def _blocked(standing: Standing) -> str:
    if not standing.is_joined:
        return (
            "This laptop is not joined to a service, so what you wrote is nowhere else. "
            "Join your service on Send and receive first."
        )
    if standing.asides:
        return (
            "A file that was set aside may hold work that was not sent, and it could not be read. On Send and receive you can "
            "read it again with the passphrase that it had, or let it go. Until you have chosen, nothing is taken off."
        )
    if standing.files_inside:
        return "A sealed file lies among your records and would go with them. Move it to a stick on Send and receive first."
    return ""


_CHOICE = (
    "Nothing is taken off while something waits. You can wait and try again, or have it written to a sealed file, "
    "which only your administrator can open."
)
_NOBODY_COULD = "Ask your administrator for a new code first: nobody could open a file that is sealed now."
_NOT_WRITTEN = "It could not be written there, or not be read again. Nothing was taken off. Choose another place."
_FAULT = "Something went wrong in the program. It was not your fault, and nothing was taken off. Try again."
