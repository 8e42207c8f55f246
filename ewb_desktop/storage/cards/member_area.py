"""In which area a new member is: the areas that a worker can choose from, and the one that she chose last."""

from __future__ import annotations

from sqlalchemy import Connection, select

from ewb_desktop.storage.areas import ALONE, EVERYWHERE
from ewb_desktop.storage.cards.workers import areas_worked_in
from ewb_desktop.storage.exchange.sync_state import read_progress
from ewb_desktop.storage.notes import read_note
from ewb_desktop.storage.tables import Person, table
from ewb_desktop.storage.writing import Writing

_LAST = "member.area"


def areas_to_choose(connection: Connection) -> tuple[str, ...]:
    """Return the areas in which this worker can add a member, by name; where she works in every area, those that are in use.

    Every area at once is none of them: only colleagues who work everywhere would get the member.
    """
    areas = read_progress(connection).areas
    if EVERYWHERE not in areas:
        return tuple(sorted(areas))
    known = table(Person).c
    lived_in = connection.execute(select(known.area).where(known.gone == 0).distinct()).scalars()
    return tuple(sorted({*areas_worked_in(connection), *areas, *lived_in} - {EVERYWHERE, ALONE}))


def last_area(connection: Connection) -> str:
    """Return the area that this worker chose last, empty before the first time or when it cannot be chosen any more."""
    kept = read_note(connection, _LAST)
    return kept if isinstance(kept, str) and kept in areas_to_choose(connection) else ""


def remember_area(writing: Writing, area: str) -> None:
    """Keep the area that was chosen, for the next member."""
    writing.note(_LAST, area)
