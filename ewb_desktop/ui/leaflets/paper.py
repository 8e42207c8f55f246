"""Takes a finished leaflet to the printer, to a file, or to the viewer, and counts what was printed. No Qt in here."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

from ewb_desktop.actions.desk import Desk
from ewb_desktop.actions.leaflets import Printed, count_print, note_print_without_desk
from ewb_desktop.domain.roles import Duty
from ewb_desktop.domain.time import Clock
from ewb_desktop.domain.words import count_words
from ewb_desktop.leaflets.errors import LeafletError
from ewb_desktop.leaflets.saving import write_leaflet
from ewb_desktop.paths import make_private
from ewb_desktop.storage.errors import StorageTrouble
from ewb_desktop.storage.people import PersonRecord
from ewb_desktop.ui.leaflets.edge import Edge
from ewb_desktop.ui.leaflets.studio import Proof
from ewb_desktop.ui.leaflets.wish import file_name
from ewb_desktop.whole_file import write_whole

log = logging.getLogger(__name__)


class Paper:
    """What leaves the program. Every end of it is told in a sentence."""

    def __init__(self, desk: Desk | None, clock: Clock, edge: Edge, tell: Callable[[str], None]) -> None:
        self._desk = desk
        self._clock = clock
        self._edge = edge
        self._tell = tell
        self._viewed = 0

    def print(self, proof: Proof, copies: int, person: PersonRecord | None, services: tuple[str, ...]) -> bool:
        """Print and count; return whether anything went to the printer. ``person`` is written down as having been given it."""
        result = self._edge.printing.print(proof.rendered.pdf, proof.rendered.title, copies)
        if not result.copies:
            self._tell(result.trouble or "Nothing was printed.")
            return False
        words = f"{count_words(result.copies, 'copy is', 'copies are')} at the printer."
        printed = Printed(proof.order.topic, proof.order.language, proof.order.style, result.copies)
        try:
            self._count(printed, person, services)
        except (StorageTrouble, LookupError, OSError) as trouble:
            log.warning("a print could not be counted: %s", type(trouble).__name__)
            why = str(trouble) if isinstance(trouble, StorageTrouble) else ""
            self._tell(f"{words} It could not be counted. {why}".strip())
            return True
        whom = f" It is written down that {person.name} was given it." if person is not None else ""
        self._tell(words + whom)
        return True

    def _count(self, printed: Printed, person: PersonRecord | None, services: tuple[str, ...]) -> None:
        if self._desk is None:
            note_print_without_desk(self._edge.tallies, self._clock, printed)
            return
        if not self._desk.may(Duty.COUNT):
            # nobody goes without a leaflet because of who printed it
            return
        count_print(self._desk, printed, person=person.id if person is not None else None, services=services)

    def save(self, proof: Proof) -> None:
        """Save the leaflet where the worker says."""
        discreet = proof.order.discreet_cover
        chosen = self._edge.ask_where(file_name(proof.rendered.title, proof.order.style, discreet=discreet))
        if not chosen:
            return
        path = Path(chosen)
        path = path if path.suffix.lower() == ".pdf" else path.with_name(path.name + ".pdf")
        try:
            write_leaflet(path, proof.rendered.pdf)
        except LeafletError as error:
            self._tell(str(error))
        else:
            self._tell(f"Saved as {path.name} in the folder {path.parent.name or path.parent}. It is not encrypted there.")

    def view(self, proof: Proof) -> None:
        """Open the leaflet in the viewer of this computer, from a private copy that is taken away at the lock."""
        self._viewed += 1
        try:
            path = make_private(self._edge.to_view) / f"leaflet-{self._viewed}.pdf"
            write_whole(path, proof.rendered.pdf)
        except OSError:
            self._tell("The leaflet could not be opened: the disk did not take it. You can still print it.")
            return
        if self._edge.view(path):
            self._tell("The leaflet opens in another window. That copy is taken away when you lock or end.")
        else:
            path.unlink(missing_ok=True)
            self._tell("This computer has no program that shows the leaflet. You can still print it or save it.")
