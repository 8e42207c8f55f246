"""What was printed, as it is counted: without a name of anybody who was given it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import Connection, select

from ewb_desktop.domain.time import zone
from ewb_desktop.storage.tables import Place, PrintTally, table


@dataclass(frozen=True, slots=True)
class PrintCard:
    """One print: the ids of its topic, language, style, colours and paper, how many copies, when, and at which place.

    What was printed in one go for a stall has one ``batch``. Colours and paper are empty in counts of older programs.
    """

    id: str
    topic: str
    language: str
    format: str
    palette: str
    sheet: str
    discreet: bool
    copies: int
    at: datetime
    place: str
    batch: str


def prints_between(connection: Connection, first: date, last: date, place: str | None = None) -> list[PrintCard]:
    """Return what was printed from the day ``first`` to the day ``last`` (days in London, both counted), latest first.

    ``place`` is a place's id; without one it is what was printed everywhere.
    """
    known, where = table(PrintTally).c, table(Place).c
    begin = datetime.combine(first, time.min, zone())
    end = datetime.combine(last + timedelta(days=1), time.min, zone())
    wanted = (
        select(
            known.id, known.topic, known.language, known.format, known.palette, known.sheet, known.discreet, known.copies,
            known.printed_at, where.name, known.batch,
        )
        .select_from(table(PrintTally).outerjoin(table(Place), where.id == known.place))
        .where(known.gone == 0, known.topic.is_not(None), known.printed_at >= begin, known.printed_at < end)
        .order_by(known.printed_at.desc(), known.id.desc())
    )  # fmt: skip
    if place is not None:
        wanted = wanted.where(known.place == place)
    return [
        PrintCard(
            row.id, row.topic, row.language or "", row.format or "", row.palette or "", row.sheet or "", bool(row.discreet),
            row.copies or 1, row.printed_at, row.name or "", row.batch or "",
        )
        for row in connection.execute(wanted)
    ]  # fmt: skip
