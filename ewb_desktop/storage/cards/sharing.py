"""What a member agreed to share, with whom, and what was withdrawn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, select

from ewb_desktop.storage.tables import SharingChoice, table


@dataclass(frozen=True, slots=True)
class SharingCard:
    """One choice. It counts while ``agreed``, not withdrawn, and not past ``until``."""

    id: str
    shared_with: str
    what: str
    agreed: bool
    told_how: str
    decided_at: datetime | None
    until: date | None
    withdrawn_at: datetime | None

    def counts_on(self, day: date) -> bool:
        """Say whether sharing is agreed on ``day``."""
        return self.agreed and self.withdrawn_at is None and (self.until is None or day <= self.until)


def sharing_choices(connection: Connection, person: str) -> list[SharingCard]:
    """Return all choices of a member, the latest first."""
    known = table(SharingChoice).c
    rows = connection.execute(
        select(
            known.id,
            known.shared_with,
            known.what,
            known.agreed,
            known.told_how,
            known.decided_at,
            known.until,
            known.withdrawn_at,
        )
        .where(known.person == person, known.gone == 0)
        .order_by(known.decided_at.desc(), known.id.desc())
    )
    return [
        SharingCard(id, shared_with or "", what or "", bool(agreed), told_how or "", decided, until, withdrawn)
        for id, shared_with, what, agreed, told_how, decided, until, withdrawn in rows
    ]
