"""Prints that are counted later: noted beside the encrypted file while it is shut, or may be shut before the print ends."""

from __future__ import annotations

import contextlib
import logging
import os
import threading
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ewb_desktop.actions.desk import Desk
from ewb_desktop.actions.leaflets import Note, Printed, Taker, count_print, write_tally
from ewb_desktop.domain.roles import Duty
from ewb_desktop.storage.drafts import drop_draft, load_draft, save_draft
from ewb_desktop.storage.errors import WorkerCanAct
from ewb_desktop.whole_file import write_whole

log = logging.getLogger(__name__)

MOST_LINES = 10_000
"""Lines taken in at once; a file of tallies with more was not written by this program."""

TAKER = "leaflet-under-way"
"""Under this name the encrypted file keeps for whom the leaflet is that is on its way to the printer."""

_one_at_a_time = threading.Lock()
"""Prints end beside the window, and the file of tallies is read and written whole."""


class _Line(BaseModel):
    """One line of the file of tallies: nothing in it is about a person."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    id: str = Field(pattern=r"^[0-9a-f-]{36}$")
    topic: str = Field(min_length=1, max_length=200)
    language: str = Field(min_length=1, max_length=20)
    format: str = Field(min_length=1, max_length=60)
    copies: int = Field(ge=1, le=100_000)
    printed_at: datetime
    place: str | None = Field(default=None, max_length=60)
    palette: str = Field(default="", max_length=60)
    sheet: str = Field(default="", max_length=60)
    discreet: bool = False
    batch: str = Field(default="", max_length=36)

    @property
    def printed(self) -> Printed:
        """What came out of the printer."""
        return Printed(
            self.topic, self.language, self.format, self.copies, self.palette, self.sheet, self.discreet, self.batch
        )  # fmt: skip

    @property
    def note(self) -> Note:
        """When and where, and the id of its tally."""
        return Note(self.id, self.printed_at, self.place)


def note_print(tallies: Path, printed: Printed, note: Note) -> None:
    """Add a print to the plain file ``tallies`` of the profile. Raises ``OSError``. May be called from any thread."""
    line = _Line(
        id=note.id, topic=printed.topic, language=printed.language, format=printed.format, copies=printed.copies,
        printed_at=note.at, place=note.place, palette=printed.palette, sheet=printed.sheet, discreet=printed.discreet,
        batch=printed.batch,
    )  # fmt: skip
    with _one_at_a_time:
        tallies.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(tallies, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(handle, "ab") as file:
            file.write(line.model_dump_json().encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())


def strike_note(tallies: Path, note: Note) -> None:
    """Take a print out of the file again: it is counted, or it never came out. Raises ``OSError``. From any thread."""
    with _one_at_a_time:
        try:
            lines = tallies.read_bytes().splitlines()
        except FileNotFoundError:
            return
        left = [line for line in lines if note.id.encode() not in line]
        if left:
            write_whole(tallies, b"\n".join(left) + b"\n")
        else:
            tallies.unlink(missing_ok=True)


def keep_taker(desk: Desk, note: Note, taker: Taker) -> None:
    """Keep in the encrypted file for whom a print is, until it is counted. Raises ``WorkerCanAct`` when the disk is full."""
    save_draft(desk.store, TAKER, {"note": note.id, "person": taker.person, "services": [*taker.services], "given": taker.given})


def forget_taker(desk: Desk) -> None:
    """Forget for whom the last print was: it is counted, or it never came out."""
    if load_draft(desk.store, TAKER) is not None:
        drop_draft(desk.store, TAKER)


def take_in_prints(desk: Desk, tallies: Path) -> int:
    """Count what was printed before anybody unlocked or was on its way at a lock, take the file away, and return how many.

    A line that is no tally is left out. Each has its id since it was printed, so that none is counted twice when the
    program ends between counting and taking the file away. What stops the counting, such as a full disk, must not stop an
    unlocking: the file then waits for the next one.
    """
    try:
        with _one_at_a_time:
            return _take_in(desk, tallies)
    except FileNotFoundError:
        forget_taker(desk)
        return 0
    except (OSError, WorkerCanAct) as trouble:
        log.warning("noted prints wait to be counted: %s", type(trouble).__name__)
        return 0


def _take_in(desk: Desk, tallies: Path) -> int:
    text = tallies.read_text("utf-8", errors="replace")
    lines = [line for each in text.splitlines()[:MOST_LINES] if (line := _line(each)) is not None]
    if lines:
        with desk.write(Duty.COUNT) as writing:
            for line in lines:
                write_tally(writing, line.printed, line.note)
    _give(desk, lines)
    tallies.unlink(missing_ok=True)
    return len(lines)


def _give(desk: Desk, lines: Sequence[_Line]) -> None:
    """Write down for whom the one was that was on its way at the lock."""
    kept: Any = load_draft(desk.store, TAKER)
    line = next((line for line in lines if isinstance(kept, dict) and line.id == kept.get("note")), None)
    # whoever has left this laptop meanwhile has left with everything
    with contextlib.suppress(LookupError, WorkerCanAct):
        if line is not None:
            taker = Taker(kept["person"], tuple(kept["services"]), kept["given"])
            count_print(desk, line.printed, taker, line.note)
    forget_taker(desk)


def _line(text: str) -> _Line | None:
    try:
        line = _Line.model_validate_json(text)
    except ValidationError:
        log.warning("a line in the file of prints to count is not a tally; it was left out")
        return None
    return line if line.printed_at.tzinfo is not None else None
