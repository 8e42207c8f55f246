"""Counts what goes to the printer: no lock, and no end of the program before it is counted, loses a print. No Qt in here."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from ewb_desktop.actions.desk import Desk
from ewb_desktop.actions.leaflets import Note, Printed, Taker, count_print
from ewb_desktop.actions.print_notes import forget_taker, keep_taker, note_print, strike_note
from ewb_desktop.domain.roles import Duty
from ewb_desktop.domain.time import Clock
from ewb_desktop.leaflets.order import LeafletOrder, Rendered
from ewb_desktop.storage.errors import StorageTrouble
from ewb_desktop.storage.ids import new_id
from ewb_desktop.ui.leaflets.edge import Edge, PrintResult, Way

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Sheets:
    """What goes to the printer in one go: the leaflet, how many of it, and for whom, if it is for anybody."""

    order: LeafletOrder
    rendered: Rendered
    copies: int
    taker: Taker | None = None
    batch: str = ""

    def printed(self, copies: int) -> Printed:
        """Return what is counted when so many came out."""
        order = self.order
        return Printed(
            order.topic, order.language, order.style, copies, order.palette, order.sheet, order.discreet_cover, self.batch
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sent:
    """How it ended at the printer, and whether the print is noted where the next unlocking counts it."""

    result: PrintResult
    noted: bool


class Counting:
    """A print is noted before it is sent, mended when the printer has answered, and struck out once it is counted.

    The note stands in the profile's plain file, where nobody is named; for whom it is stays in the encrypted file.
    """

    def __init__(self, desk: Desk | None, clock: Clock, edge: Edge) -> None:
        self._desk = desk
        self._clock = clock
        self._edge = edge
        # nobody goes without a leaflet because of who printed it
        self._counts = desk is None or desk.may(Duty.COUNT)

    def begin(self, taker: Taker | None = None) -> Note:
        """Settle what a print is called, before it is sent. In the window's thread."""
        note = Note(new_id(), self._clock.now(), self._desk.place if self._desk is not None else None)
        if self._desk is not None and taker is not None and self._counts:
            try:
                keep_taker(self._desk, note, taker)
            except StorageTrouble as trouble:
                log.warning("for whom a print is could not be kept beforehand: %s", type(trouble).__name__)
        return note

    def send(self, note: Note, way: Way, sheets: Sheets) -> Sent:
        """Print, asking nothing. Runs beside the window, and ends whether the window is still there or not."""
        noted = self._note(note, sheets, sheets.copies)
        try:
            result = self._edge.printing.send(way, sheets.rendered.pdf, sheets.rendered.title, sheets.copies)
        except BaseException:
            self._strike(note)
            raise
        if result.copies != sheets.copies:
            self._strike(note)
            noted = bool(result.copies) and self._note(note, sheets, result.copies)
        return Sent(result, noted)

    def end(self, note: Note, sheets: Sheets, sent: Sent | None) -> str | None:
        """Count what came out; return ``None``, or why it could not be counted now: words for the worker, perhaps none.

        ``sent`` is nothing when the print failed. In the window's thread.
        """
        copies = sent.result.copies if sent is not None else 0
        if self._desk is None:
            return None if not copies or (sent is not None and sent.noted) else ""
        if not self._counts:
            return None
        if copies:
            try:
                count_print(self._desk, sheets.printed(copies), sheets.taker, note)
            except (StorageTrouble, LookupError) as trouble:
                log.warning("a print could not be counted: %s", type(trouble).__name__)
                later = "It is counted when you unlock next." if sent is not None and sent.noted else ""
                return f"{trouble if isinstance(trouble, StorageTrouble) else ''} {later}".strip()
            self._strike(note)
        if sheets.taker is not None:
            forget_taker(self._desk)
        return None

    def _note(self, note: Note, sheets: Sheets, copies: int) -> bool:
        if not self._counts:
            return False
        try:
            note_print(self._edge.tallies, sheets.printed(copies), note)
        except OSError as trouble:
            log.warning("a print could not be noted: %s", type(trouble).__name__)
            return False
        return True

    def _strike(self, note: Note) -> None:
        try:
            strike_note(self._edge.tallies, note)
        except OSError as trouble:
            # counted again it is the same tally; one that never came out is counted, and too many is better than too few
            log.warning("a noted print could not be struck out: %s", type(trouble).__name__)
