"""Counting leaflets: every print, with a member only when it was made for one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ewb_desktop.actions.desk import Desk
from ewb_desktop.domain.roles import Duty
from ewb_desktop.storage.areas import EVERYWHERE
from ewb_desktop.storage.cards.people import person_area
from ewb_desktop.storage.exchange.looks import write_look
from ewb_desktop.storage.tables import LeafletGiven, PrintTally
from ewb_desktop.storage.writing import Writing
from sync.protocol.messages import LookKind


@dataclass(frozen=True, slots=True)
class Printed:
    """What came out of the printer: the topic's id, its language, the style's id, and how many copies.

    ``palette`` and ``sheet`` are the ids of its colours and paper. What was printed in one go for a stall has one ``batch``.
    """

    topic: str
    language: str
    format: str
    copies: int = 1
    palette: str = ""
    sheet: str = ""
    discreet: bool = False
    batch: str = ""

    def __post_init__(self) -> None:
        if self.copies < 1:
            raise ValueError("count one copy or more")


@dataclass(frozen=True, slots=True)
class Note:
    """What is settled before a print: the id of its tally, when and where it was printed."""

    id: str
    at: datetime
    place: str | None = None


@dataclass(frozen=True, slots=True)
class Taker:
    """The member for whom a leaflet is printed, by id, the services on it, and the id of the record that says so."""

    person: str
    services: tuple[str, ...] = ()
    given: str = ""


def count_print(
    desk: Desk, printed: Printed, taker: Taker | None = None, note: Note | None = None, initiator: object | None = None
) -> str:
    """Count a print and return the tally's id. The tally names nobody.

    With ``taker`` it is also written down, in the same transaction and as a record of its own, that the member was given
    the leaflet. What has its ids already is counted once, however often it is asked for. Raises ``LookupError`` when the
    member is not in this file.
    """
    note = note or Note("", desk.clock.now(), desk.place)
    with desk.write(Duty.COUNT if taker is None else Duty.CARE, initiator) as writing:
        tally = write_tally(writing, printed, note)
        if taker is not None:
            write_look(writing, LookKind.PRINT, "person", taker.person)
            writing.put(
                LeafletGiven(
                    id=taker.given, area=person_area(writing.connection, taker.person), person=taker.person, topic=printed.topic,
                    language=printed.language, format=printed.format, services=list(taker.services), given_at=note.at,
                    given_by=desk.worker.id,
                )
            )  # fmt: skip
    return tally


def write_tally(writing: Writing, printed: Printed, note: Note) -> str:
    """Write the tally of a print, once for each id, and return the id."""
    return writing.put(
        PrintTally(
            id=note.id, area=EVERYWHERE, topic=printed.topic, language=printed.language, format=printed.format,
            copies=printed.copies, printed_at=note.at, place=note.place, palette=printed.palette or None,
            sheet=printed.sheet or None, discreet=printed.discreet, batch=printed.batch or None,
        )
    )  # fmt: skip
