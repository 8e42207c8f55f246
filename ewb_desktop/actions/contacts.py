"""Recording that somebody was rung, written to or met, or could not be reached; and whether a way is safe for them."""

from __future__ import annotations

from collections.abc import Collection

from ewb_desktop.actions.desk import Desk
from ewb_desktop.actions.faults import FaultyFields
from ewb_desktop.actions.follow_ups import as_done
from ewb_desktop.domain.person import ASK_FIRST, NOT_SAFE
from ewb_desktop.domain.roles import Duty
from ewb_desktop.storage.cards.contacts import SPOKE
from ewb_desktop.storage.cards.people import PersonRecord, person_area
from ewb_desktop.storage.tables import Contact, FollowUp
from ewb_desktop.storage.writing import SeenAt


def warn_of_way(desk: Desk, record: PersonRecord, how: str, disputed: Collection[str] = ()) -> str:
    """Return a sentence when a way is not safe for this member, or is to be asked about first; else nothing.

    ``record`` holds the careful answer where workers differ, and ``disputed`` names those fields. It is a warning and nothing
    more: in an emergency any way is right, and the worker decides.
    """
    way = desk.library.list("contact_ways").entry(how)
    field = str(way.more.get("safe", "")) if way is not None else ""
    answer, differ = getattr(record, field, None), "Two answers about this differ, and one of them says: "
    opening = differ if field in disputed else ""
    if way is not None and answer == NOT_SAFE:
        return f"{opening}{way.more.get('not_safe', '')} Choose another way, unless somebody is in danger.".strip()
    if answer == ASK_FIRST:
        return f"{opening}They asked us to check first each time. Say only your first name until you know who answers."
    return ""


def record_contact(
    desk: Desk, person: str, how: str, reached: str, note: str = "", *, follow_up: str | None = None, seen_at: SeenAt = None,
    initiator: object | None = None,
) -> str:  # fmt: skip
    """Write down an attempt to reach a member, here and now, and return its id. ``follow_up`` is done when it is named.

    ``how`` is a key of the list ``contact_ways`` and ``reached`` one of ``contact_results``. A follow-up stays open while
    nobody was reached. ``seen_at`` is the server's number at which the worker saw it: what a colleague wrote there since is not
    passed over unseen. Raises :class:`FaultyFields`.
    """
    faults = {}
    if how not in desk.library.list("contact_ways").keys:
        faults["how"] = "Choose how you tried."
    if reached not in desk.library.list("contact_results").keys:
        faults["reached"] = "Choose how it went. “Could not reach them” is an answer too."
    if faults:
        raise FaultyFields(faults)
    with desk.write(Duty.CARE, initiator) as writing:
        contact = writing.add(
            Contact(
                area=person_area(writing.connection, person), person=person, at=desk.clock.now(), worker=desk.worker.id,
                how=how, reached=reached, note=note.strip() or None, follow_up=follow_up,
            )
        )  # fmt: skip
        if follow_up is not None and reached == SPOKE:
            writing.edit_as_seen(FollowUp, follow_up, seen_at, **as_done(desk, {"note": note.strip()}))
        return contact


def take_back_contact(desk: Desk, contact: str, follow_up: str | None = None, *, initiator: object | None = None) -> None:
    """Undo :func:`record_contact`; a follow-up that it answered is to be done again."""
    with desk.write(Duty.CARE, initiator) as writing:
        writing.remove(Contact, contact)
        if follow_up is not None:
            writing.edit(FollowUp, follow_up, done_at=None, done_by=None, note=None)
