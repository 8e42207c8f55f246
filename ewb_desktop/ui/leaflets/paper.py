"""Takes a leaflet to the printer, to a file, to an e-mail or to the viewer, and counts what was printed. No Qt in here."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

from ewb_desktop.actions.desk import Desk
from ewb_desktop.actions.leaflets import Taker
from ewb_desktop.domain.time import Clock
from ewb_desktop.domain.words import count_words
from ewb_desktop.leaflets.errors import LeafletError
from ewb_desktop.leaflets.saving import write_leaflet
from ewb_desktop.paths import make_private
from ewb_desktop.storage.cards.people import PersonRecord
from ewb_desktop.storage.exchange.looks import note_look
from ewb_desktop.storage.ids import new_id
from ewb_desktop.ui.leaflets.counting import Counting, Sent, Sheets
from ewb_desktop.ui.leaflets.edge import Edge, Run
from ewb_desktop.ui.leaflets.studio import Proof, Studio
from ewb_desktop.ui.leaflets.wish import file_name
from ewb_desktop.whole_file import write_whole
from sync.protocol.messages import LookKind

log = logging.getLogger(__name__)


class Paper:
    """What leaves the program. Every end of it is told in a sentence; ``note`` says what goes on until then."""

    def __init__(
        self, desk: Desk | None, clock: Clock, studio: Studio, run: Run, edge: Edge, tell: Callable[[str], None],
        note: Callable[[str], None],
    ) -> None:  # fmt: skip
        self._desk = desk
        self._studio = studio
        self._run = run
        self._edge = edge
        self._tell = tell
        self._note = note
        self.counting = Counting(desk, clock, edge)
        self._viewed = 0
        self._sending = False
        self._named: PersonRecord | None = None

    def say_no_name(self) -> None:
        """Name nobody when what is on its way to the printer ends: the page is not about them any more."""
        self._named = None

    def print(
        self, proof: Proof, copies: int, person: PersonRecord | None, services: tuple[str, ...], printed: Callable[[], None]
    ) -> None:
        """Print beside the window and count; ``printed`` follows when anything went to the printer.

        ``person`` is written down as having been given it.
        """
        if self._sending:
            self._tell("The last one is still on its way to the printer. Wait a moment.")
            return
        way = self._edge.printing.ask(proof.rendered.pdf, proof.rendered.title, copies)
        if not way.copies:
            self._tell(way.trouble or "Nothing was printed.")
            return
        self._sending = True
        self._named = person
        taker = Taker(person.id, services, new_id()) if person is not None else None
        sheets = Sheets(proof.order, proof.rendered, way.copies, taker)
        note = self.counting.begin(taker)

        def sent(end: object) -> None:
            self._sending = False
            if isinstance(end, Sent):
                self._tell(self._end_words(end, self.counting.end(note, sheets, end), self._named))
                if end.result.copies:
                    printed()

        def failed(error: Exception) -> None:
            self._sending = False
            self.counting.end(note, sheets, None)
            self._tell(not_sent(error))

        self._note("On its way to the printer.")
        self._run(lambda: self.counting.send(note, way, sheets), sent, failed)

    @staticmethod
    def _end_words(end: Sent, uncounted: str | None, person: PersonRecord | None) -> str:
        result = end.result
        if not result.copies:
            return f"Nothing was counted. {result.trouble}" if result.trouble else "Nothing was printed."
        words = f"{count_words(result.copies, 'copy is', 'copies are')} at the printer."
        if uncounted is not None:
            return f"{words} It could not be counted. {uncounted}".strip()
        return f"{words} It is written down that {person.name} was given it." if person is not None else words

    def save(self, proof: Proof, person: PersonRecord | None = None) -> None:
        """Save the leaflet where the worker says; ``person`` is whom it was made for, and the audit hears of it."""
        self._write(proof, ".pdf", proof.rendered.pdf, "It is not encrypted there.", person)

    def save_words(self, proof: Proof, person: PersonRecord | None = None) -> None:
        """Save the words alone: for a braille machine, a program that reads aloud, or a message."""
        closing = "It has the words alone, and is not encrypted there."
        self._run(
            lambda: self._studio.words(proof.order),
            lambda words: self._write(proof, ".txt", str(words).encode(), closing, person),
            lambda error: self._tell(not_made(error)),
        )

    def save_for_email(self, proof: Proof, person: PersonRecord | None = None) -> None:
        """Save the leaflet as one file that an e-mail can carry and a telephone can show."""
        closing = "Attach it to an e-mail. It is not encrypted there."
        self._run(
            lambda: self._studio.html(proof.order),
            lambda html: self._write(proof, ".html", str(html).encode(), closing, person),
            lambda error: self._tell(not_made(error)),
        )

    def copy(self, proof: Proof, person: PersonRecord | None = None) -> None:
        """Put the words where other programs paste from."""
        self._run(
            lambda: self._studio.words(proof.order),
            lambda words: self._copied(str(words), person),
            lambda error: self._tell(not_made(error)),
        )

    def _copied(self, words: str, person: PersonRecord | None) -> None:
        self._edge.copy(words)
        self._note_export(person)
        self._tell("The words are copied. Paste them where you want them; they can be pasted until you lock.")

    def _note_export(self, person: PersonRecord | None) -> None:
        """Note that something of a member's left the encrypted file: services and a next step say something about them."""
        if self._desk is not None and person is not None:
            note_look(self._desk.store, LookKind.EXPORT, "person", person.id)

    def _write(self, proof: Proof, kind: str, content: bytes, closing: str, person: PersonRecord | None) -> None:
        order = proof.order
        chosen = self._edge.ask_where(file_name(proof.rendered.title, order.style, discreet=order.discreet_cover, kind=kind))
        if not chosen:
            return
        path, kept = with_ending(Path(chosen), kind)
        try:
            write_leaflet(path, content)
        except LeafletError as error:
            self._tell(f"{error} You can still print it.")
        else:
            self._note_export(person)
            self._tell(f"Saved as {path.name} in the folder {path.parent.name or path.parent}. {kept}{closing}")

    def view(self, proof: Proof, person: PersonRecord | None = None) -> None:
        """Open the leaflet in the viewer of this computer, from a private copy that is taken away at the lock."""
        self._viewed += 1
        try:
            path = make_private(self._edge.to_view) / f"leaflet-{self._viewed}.pdf"
            write_whole(path, proof.rendered.pdf)
        except OSError:
            self._tell("The leaflet could not be opened: the disk did not take it. You can still print it.")
            return
        if self._edge.view(path):
            # the viewer can print and save it
            self._note_export(person)
            self._tell("The leaflet opens in another window. That copy is taken away when you lock or end.")
        else:
            path.unlink(missing_ok=True)
            self._tell("This computer has no program that shows the leaflet. You can still print it or save it.")


def with_ending(path: Path, kind: str) -> tuple[Path, str]:
    """Return ``path`` with the ending ``kind``, and a sentence where it is another file than the one asked for.

    The dialog asked about the file that was named: one with the ending added is never put in the place of another.
    """
    if path.suffix.lower() == kind:
        return path, ""
    wanted = path.with_name(path.name + kind)
    free = free_name(wanted.parent, wanted.name)
    return free, "" if free == wanted else f"{wanted.name} was there already, and is kept as it was. "


def free_name(folder: Path, name: str) -> Path:
    """Return a path in ``folder`` that no file has: a number is added where ``name`` is taken."""
    path = folder / name
    number = 2
    while path.exists():
        path = folder / f"{Path(name).stem}-{number}{Path(name).suffix}"
        number += 1
    return path


def not_made(error: Exception) -> str:
    """Return the sentence for a leaflet that could not be made."""
    if isinstance(error, LeafletError):
        return str(error)
    log.error("a leaflet could not be made: %s", type(error).__name__)
    return "The leaflet could not be made. Nothing is lost. Choose another topic or format, and tell us."


def not_sent(error: Exception) -> str:
    """Return the sentence for a leaflet that did not get to the printer, for a reason that nobody foresaw."""
    log.error("a leaflet could not be printed: %s", type(error).__name__)
    return "The leaflet could not be printed. Nothing was counted. Save it instead, and tell us."
