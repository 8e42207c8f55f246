"""Recording that somebody was rung, written to or met, or could not be reached; and whether a way is safe for them."""

from __future__ import annotations

from ewb_desktop.actions.desk import Desk
from ewb_desktop.actions.faults import FaultyFields
from ewb_desktop.storage.contacts import EMAIL, MESSAGE, POST, REACHED, RING, WAYS
from ewb_desktop.storage.people import PersonRecord, person_area
from ewb_desktop.storage.tables import Contact, FollowUp

_ASKED = {RING: "safe_to_call", MESSAGE: "safe_to_message", EMAIL: "safe_to_message", POST: "safe_to_post"}
_NOT_SAFE = {
    RING: "They said that it is not safe to call.",
    MESSAGE: "They said that messages are not safe.",
    EMAIL: "They said that messages are not safe.",
    POST: "They said that post is not safe.",
}
NOT_SAFE, ASK_FIRST = "no", "ask_first"
"""Keys of the list ``safe_contact``."""


def warn_of_way(record: PersonRecord, how: str) -> str:
    """Return a sentence when a way is not safe for this member, or is to be asked about first; else nothing.

    It is a warning and nothing more: in an emergency any way is right, and the worker decides.
    """
    answer = getattr(record, _ASKED[how], None) if how in _ASKED else None
    if answer == NOT_SAFE:
        return f"{_NOT_SAFE[how]} Choose another way, unless somebody is in danger."
    if answer == ASK_FIRST:
        return "They asked us to check first each time. Say only your first name until you know who answers."
    return ""


def record_contact(
    desk: Desk, person: str, how: str, reached: str, note: str = "", *, follow_up: str | None = None,
    initiator: object | None = None,
) -> str:  # fmt: skip
    """Write down an attempt to reach a member, here and now, and return its id. ``follow_up`` is done when it is named.

    ``how`` is one of ``WAYS`` and ``reached`` one of ``REACHED``. A follow-up stays open while nobody was reached.
    Raises :class:`FaultyFields`.
    """
    faults = {}
    if how not in WAYS:
        faults["how"] = "Choose how you tried."
    if reached not in REACHED:
        faults["reached"] = "Choose how it went. “Could not reach them” is an answer too."
    if faults:
        raise FaultyFields(faults)
    with desk.store.write(initiator) as writing:
        contact = writing.add(
            Contact(
                area=person_area(writing.connection, person), person=person, at=desk.clock.now(), worker=desk.worker.id,
                how=how, reached=reached, note=note.strip() or None, follow_up=follow_up,
            )
        )  # fmt: skip
        if follow_up is not None and reached == REACHED[0]:
            writing.edit(FollowUp, follow_up, done_at=desk.clock.now(), done_by=desk.worker.id, note=note.strip() or None)
        return contact


def take_back_contact(desk: Desk, contact: str, follow_up: str | None = None, *, initiator: object | None = None) -> None:
    """Undo :func:`record_contact`; a follow-up that it answered is to be done again."""
    with desk.store.write(initiator) as writing:
        writing.remove(Contact, contact)
        if follow_up is not None:
            writing.edit(FollowUp, follow_up, done_at=None, done_by=None, note=None)
