"""Two colleagues at a venue without a line, and what is asked of their laptops there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from ewb_desktop.storage.tables import Person, table
from ewb_desktop.syncing import handing
from sync.server.database import tables
from tests.support.connected import AREA, Connected, House


@dataclass(slots=True)
class Venue:
    """Two colleagues who have met the server once, and have no line now."""

    centre: House
    rowan: Connected
    amina: Connected

    def meet(self, *others: Connected) -> None:
        """Let everybody hear of everybody, and of what is done so far."""
        for each in (self.rowan, self.amina, *others, self.rowan, self.amina):
            each.sync()

    def pack(self, receiver: Connected | None = None) -> bytes:
        """Seal what Rowan has not sent for ``receiver``, Amina where nobody is named."""
        return handing.pack(self.rowan.store, (receiver or self.amina).store.device).file


def met(at: Connected, name: str = "Grace", area: str = AREA) -> str:
    """Add a member, and return the id."""
    with at.store.write() as writing:
        return writing.add(Person(area=area, preferred_name=name))


def edit(at: Connected, person: str, **fields: Any) -> None:
    """Change what is known of a member."""
    with at.store.write() as writing:
        writing.edit(Person, person, **fields)


def seen(at: Connected, person: str) -> dict[str, Any] | None:
    """Return what a laptop shows of a member, or nothing."""
    known = table(Person).c
    with at.store.read() as connection:
        row = connection.execute(
            select(known.preferred_name, known.telephone, known.coordinator, known.number).where(
                known.id == person, known.gone == 0
            )
        ).first()
    return dict(row._mapping) if row is not None else None


def lines(centre: House, person: str) -> list[tuple[str, str]]:
    """Return whose change and from which laptop each line is that the server has of a member."""
    row = tables.ledger.c
    return [
        (line.author, line.device)
        for line in centre.server.do(
            lambda c: c.execute(select(row.author, row.device).where(row.record == person).order_by(row.number)).all()
        )
    ]
