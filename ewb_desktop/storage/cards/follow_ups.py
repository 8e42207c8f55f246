"""What somebody promised to ask or do on a day: due now, and all that belongs to one member or to one signpost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Connection, case, select

from ewb_desktop.domain.person import display_name
from ewb_desktop.storage.tables import FollowUp, Handover, Person, Service, Signpost, table

FOUR_WEEKS, TWELVE_WEEKS = "four_weeks", "twelve_weeks"
BEFORE, ALONG, AFTER = "before", "along", "after"
MEETING, STARTED = "meeting", "started"
KINDS = (FOUR_WEEKS, TWELVE_WEEKS, BEFORE, ALONG, AFTER, MEETING, STARTED)
"""What a follow-up is for: ask how a signpost went (after 4 and 12 weeks), a contact before and after it and going along
between; for a handover the joint meeting, and whether it has started."""

SIGNPOST, HANDOVER = "signpost", "handover"
"""What a follow-up can be about."""


@dataclass(frozen=True, slots=True)
class FollowUpCard:
    """One follow-up. ``subject`` names the service or the receiver; ``about`` is ``signpost`` or ``handover``."""

    id: str
    number: int
    """The server's number of the record as it stands here; 0 where the server has not numbered it yet."""
    person: str
    person_name: str
    born: date | None
    about: str
    about_id: str
    kind: str
    subject: str
    owner: str
    due_on: date
    done_at: datetime | None
    answer: str
    note: str

    @property
    def is_open(self) -> bool:
        """Whether nobody has done it yet."""
        return self.done_at is None


def due(connection: Connection, today: date, owner: str | None = None, *, days_ahead: int = 0) -> list[FollowUpCard]:
    """Return what is due on ``today`` (or within ``days_ahead`` days) and not done, the longest due first.

    With ``owner`` only what that worker promised.
    """
    known = table(FollowUp).c
    last = date.fromordinal(today.toordinal() + days_ahead)
    where = [known.done_at.is_(None), known.due_on <= last]
    if owner is not None:
        where.append(known.owner == owner)
    return _cards(connection, *where)


def follow_ups_about(connection: Connection, about_id: str) -> list[FollowUpCard]:
    """Return the follow-ups of one signpost or handover, by day."""
    return _cards(connection, table(FollowUp).c.about_id == about_id)


def follow_up_card(connection: Connection, follow_up: str) -> FollowUpCard | None:
    """Return one follow-up, or ``None`` when it is not in this file."""
    return next(iter(_cards(connection, table(FollowUp).c.id == follow_up)), None)


def follow_up_ids(connection: Connection, about_id: str) -> list[str]:
    """Return the ids of all follow-ups of one signpost or handover, also of those that were taken off the screens."""
    known = table(FollowUp).c
    return list(connection.execute(select(known.id).where(known.about_id == about_id)).scalars())


def _cards(connection: Connection, *where: ColumnElement[bool]) -> list[FollowUpCard]:
    known, person, signpost, handover, service = (table(kind).c for kind in (FollowUp, Person, Signpost, Handover, Service))
    joined = (
        table(FollowUp)
        .join(table(Person), (person.id == known.person) & (person.gone == 0))
        .outerjoin(table(Signpost), (known.about == SIGNPOST) & (signpost.id == known.about_id))
        .outerjoin(table(Handover), (known.about == HANDOVER) & (handover.id == known.about_id))
        .outerjoin(table(Service), service.id == case((known.about == SIGNPOST, signpost.service), else_=handover.service))
    )
    rows = connection.execute(
        select(
            known.id, known.number, known.person, known.about, known.about_id, known.kind, known.owner, known.due_on,
            known.done_at, known.answer, known.note, person.given_name, person.family_name, person.preferred_name,
            person.birth_date, signpost.service_name, handover.to_name, service.name,
        )
        .select_from(joined)
        .where(known.gone == 0, *where)
        .order_by(known.due_on, known.id)
    )  # fmt: skip
    return [
        FollowUpCard(
            id=id, number=number, person=who, person_name=display_name(given or "", family or "", preferred or ""), born=born,
            about=about or "", about_id=about_id or "", kind=kind or "", subject=told or receiver or name or "",
            owner=owner or "", due_on=day or date.max, done_at=done_at, answer=answer or "", note=note or "",
        )
        for id, number, who, about, about_id, kind, owner, day, done_at, answer, note, given, family, preferred, born, told,
        receiver, name in rows
    ]  # fmt: skip
