"""Counting leaflets: every print, with a member only when it was made for one, and those printed before anybody unlocked."""

from __future__ import annotations

import logging
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ewb_desktop.actions.desk import Desk
from ewb_desktop.actions.visits import EVERYWHERE
from ewb_desktop.domain.roles import Duty
from ewb_desktop.domain.time import Clock
from ewb_desktop.storage.errors import WorkerCanAct
from ewb_desktop.storage.ids import new_id
from ewb_desktop.storage.looks import write_look
from ewb_desktop.storage.people import person_area
from ewb_desktop.storage.tables import LeafletGiven, PrintTally
from sync.protocol.messages import LookKind

log = logging.getLogger(__name__)

MOST_LINES = 10_000
"""Lines taken in at once; a file of tallies with more was not written by this program."""


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


def count_print(
    desk: Desk, printed: Printed, *, person: str | None = None, services: tuple[str, ...] = (), initiator: object | None = None
) -> str:
    """Count a print and return the tally's id. The tally names nobody.

    With ``person`` it is also written down, in the same transaction and as a record of its own, that the member was given
    the leaflet, with the ``services`` on it. Raises ``LookupError`` when the member is not in this file.
    """
    now = desk.clock.now()
    tally = PrintTally(
        area=EVERYWHERE, topic=printed.topic, language=printed.language, format=printed.format, copies=printed.copies,
        printed_at=now, place=desk.place, palette=printed.palette or None, sheet=printed.sheet or None, discreet=printed.discreet,
        batch=printed.batch or None,
    )  # fmt: skip
    with desk.write(Duty.COUNT if person is None else Duty.CARE, initiator) as writing:
        counted = writing.add(tally)
        if person is not None:
            write_look(writing, LookKind.PRINT, "person", person)
            writing.add(
                LeafletGiven(
                    area=person_area(writing.connection, person), person=person, topic=printed.topic, language=printed.language,
                    format=printed.format, services=list(services), given_at=now, given_by=desk.worker.id,
                )
            )  # fmt: skip
    return counted


class _Line(BaseModel):
    """One line of the file of tallies: nothing in it is about a person."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    id: str = Field(pattern=r"^[0-9a-f-]{36}$")
    topic: str = Field(min_length=1, max_length=200)
    language: str = Field(min_length=1, max_length=20)
    format: str = Field(min_length=1, max_length=60)
    copies: int = Field(ge=1, le=100_000)
    printed_at: datetime
    palette: str = Field(default="", max_length=60)
    sheet: str = Field(default="", max_length=60)
    discreet: bool = False
    batch: str = Field(default="", max_length=36)


def note_print_without_desk(tallies: Path, clock: Clock, printed: Printed) -> None:
    """Add a print to the plain file ``tallies`` of the profile: nobody is unlocked, so no store is open. Raises ``OSError``."""
    line = _Line(
        id=new_id(), topic=printed.topic, language=printed.language, format=printed.format, copies=printed.copies,
        printed_at=clock.now(), palette=printed.palette, sheet=printed.sheet, discreet=printed.discreet, batch=printed.batch,
    )  # fmt: skip
    tallies.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(tallies, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "ab") as file:
        file.write(line.model_dump_json().encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())


def take_in_prints(desk: Desk, tallies: Path) -> int:
    """Count what was printed before anybody unlocked, take the file away, and return how many prints that were.

    A line that is no tally is left out. Each has its id since it was printed, so that none is counted twice when the
    program ends between counting and taking the file away. What stops the counting, such as a full disk, must not stop an
    unlocking: the file then waits for the next one.
    """
    try:
        return _take_in(desk, tallies)
    except FileNotFoundError:
        return 0
    except (OSError, WorkerCanAct) as trouble:
        log.warning("prints of the lock screen wait to be counted: %s", type(trouble).__name__)
        return 0


def _take_in(desk: Desk, tallies: Path) -> int:
    text = tallies.read_text("utf-8", errors="replace")
    lines = [line for each in text.splitlines()[:MOST_LINES] if (line := _line(each)) is not None]
    if lines:
        with desk.write(Duty.COUNT) as writing:
            for line in lines:
                writing.put(
                    PrintTally(
                        id=line.id, area=EVERYWHERE, topic=line.topic, language=line.language, format=line.format,
                        copies=line.copies, printed_at=line.printed_at, palette=line.palette or None, sheet=line.sheet or None,
                        discreet=line.discreet, batch=line.batch or None,
                    )
                )  # fmt: skip
    tallies.unlink(missing_ok=True)
    return len(lines)


def _line(text: str) -> _Line | None:
    try:
        line = _Line.model_validate_json(text)
    except ValidationError:
        log.warning("a line in the file of prints to count is not a tally; it was left out")
        return None
    return line if line.printed_at.tzinfo is not None else None
