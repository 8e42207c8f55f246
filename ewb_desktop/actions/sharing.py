"""A member's sharing choices: what may be shared, with whom, how they were told, and taking it back."""

from __future__ import annotations

from datetime import date

from ewb_desktop.actions.desk import Desk
from ewb_desktop.actions.faults import FaultyFields
from ewb_desktop.domain.roles import Duty
from ewb_desktop.storage.cards.people import person_area
from ewb_desktop.storage.tables import SharingChoice


def record_sharing(
    desk: Desk,
    person: str,
    *,
    shared_with: str,
    what: str,
    agreed: bool,
    told_how: str = "",
    until: date | None = None,
    initiator: object | None = None,
) -> str:
    """Write down one choice of a member, and return its id. Raises :class:`FaultyFields`."""
    faults = {}
    if not shared_with.strip():
        faults["shared_with"] = "Write with whom, for example “GP” or the name of a service."
    if not what.strip():
        faults["what"] = "Write what may be shared, for example “needs and goals”."
    if until is not None and until < desk.clock.today():
        faults["until"] = "This day has passed. Choose a later one, or leave it empty."
    if faults:
        raise FaultyFields(faults)
    choice = SharingChoice(
        person=person, shared_with=shared_with.strip(), what=what.strip(), agreed=agreed,
        told_how=told_how.strip() or None, until=until, decided_at=desk.clock.now(), recorded_by=desk.worker.id,
    )  # fmt: skip
    with desk.write(Duty.MEMBERS, initiator) as writing:
        choice.area = person_area(writing.connection, person)
        return writing.add(choice)


def withdraw_sharing(desk: Desk, choice: str, *, initiator: object | None = None) -> None:
    """Take a choice back from now on; what was agreed before stays on record."""
    with desk.write(Duty.MEMBERS, initiator) as writing:
        writing.edit(SharingChoice, choice, withdrawn_at=desk.clock.now())


def share_again(desk: Desk, choice: str, *, initiator: object | None = None) -> None:
    """Undo :func:`withdraw_sharing`."""
    with desk.write(Duty.MEMBERS, initiator) as writing:
        writing.edit(SharingChoice, choice, withdrawn_at=None)
