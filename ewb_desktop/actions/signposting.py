"""Telling a member of a service in a way that is followed through: how it was done, and when somebody asks how it went."""

from __future__ import annotations

from datetime import date

from ewb_desktop.actions.desk import Desk
from ewb_desktop.actions.faults import FaultyFields
from ewb_desktop.actions.follow_ups import bring_back_with_follow_ups, take_back_with_follow_ups
from ewb_desktop.domain.roles import Duty
from ewb_desktop.domain.signposting import follow_up_dates
from ewb_desktop.storage.cards import follow_ups as kinds
from ewb_desktop.storage.cards.people import person_area
from ewb_desktop.storage.cards.services import ServiceCard, service_card
from ewb_desktop.storage.tables import FollowUp, Signpost

IN_PERSON = ("went_along", "introduced", "called_together")
"""The ways in which the person met the service together with us."""


class ServiceClosed(ValueError):
    """A service that does not run now; the text says what to do instead."""


def signpost(
    desk: Desk,
    person: str,
    service: str,
    *,
    how: str,
    need: str | None = None,
    reason: str = "",
    leaflet: str = "",
    before_on: date | None = None,
    along_on: date | None = None,
    after_on: date | None = None,
    initiator: object | None = None,
) -> str:
    """Write down a signpost with its follow-ups after 4 and 12 weeks, and return its id.

    ``how`` is a key of ``signpost_ways``, ``need`` the id of a need of the member, ``leaflet`` a topic. The three days are
    contacts before and after, and going along. Raises :class:`FaultyFields`, :class:`ServiceClosed`.
    """
    today = desk.clock.today()
    _check(desk, how, {"before_on": before_on, "along_on": along_on, "after_on": after_on}, today)
    with desk.write(Duty.CARE, initiator) as writing:
        card = service_card(writing.connection, service)
        check_runs(card)
        area = person_area(writing.connection, person)
        made = writing.add(
            Signpost(
                area=area, person=person, service=service, service_name=card.name if card else None, need=need,
                reason=reason.strip() or None, how=how, made_by=desk.worker.id, leaflet=leaflet or None,
                introduced="yes" if how in IN_PERSON else None, made_at=desk.clock.now(),
            )
        )  # fmt: skip
        first, second = follow_up_dates(today, desk.library.times)
        days = (
            (kinds.BEFORE, before_on), (kinds.ALONG, along_on), (kinds.AFTER, after_on),
            (kinds.FOUR_WEEKS, first), (kinds.TWELVE_WEEKS, second),
        )  # fmt: skip
        for kind, day in days:
            if day is not None:
                writing.add(
                    FollowUp(
                        area=area, person=person, about=kinds.SIGNPOST, about_id=made, kind=kind, owner=desk.worker.id, due_on=day
                    )
                )
        return made


def take_back_signpost(desk: Desk, signpost: str, *, initiator: object | None = None) -> None:
    """Take a signpost that was made by mistake off the screens, with its follow-ups; :func:`bring_back_signpost` undoes it."""
    take_back_with_follow_ups(desk, Signpost, signpost, initiator)


def bring_back_signpost(desk: Desk, signpost: str, *, initiator: object | None = None) -> None:
    """Bring a signpost back to the screens, with its follow-ups."""
    bring_back_with_follow_ups(desk, Signpost, signpost, initiator)


def check_runs(card: ServiceCard | None) -> None:
    """Raise :class:`ServiceClosed` when nobody should be sent there now."""
    if card is None:
        raise ServiceClosed("This service is not in the directory any more. Nothing was saved. Look for another one.")
    if not card.runs:
        words = {"temporarily closed": "is closed for now", "defunct": "has closed"}.get(card.status, "does not run now")
        raise ServiceClosed(
            f"{card.name} {words}, so nobody can be signposted there. Nothing was saved. "
            "Look for another service, or correct the entry if it is open again."
        )


def _check(desk: Desk, how: str, days: dict[str, date | None], today: date) -> None:
    faults = {}
    if how not in desk.library.list("signpost_ways").keys:
        faults["how"] = "Choose how they were told, for example “Called together”."
    for name, day in days.items():
        if day is not None and day < today:
            faults[name] = "This day has passed. Choose today or a later day, or leave it empty."
    if faults:
        raise FaultyFields(faults)
