"""What a worker can do about a member: add, correct, hand the coordination on, take off the screens and bring back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from types import MappingProxyType
from typing import Any

from ewb_desktop.actions.conflicts import Kept, choose_within
from ewb_desktop.actions.desk import Desk
from ewb_desktop.actions.faults import FaultyFields
from ewb_desktop.actions.visits import count_within
from ewb_desktop.domain.membership import CoordinatorNeeded, check_move, states
from ewb_desktop.domain.nhs_number import check_nhs_number
from ewb_desktop.domain.person import check_birth_date, check_phone, check_postcode
from ewb_desktop.domain.roles import Duty
from ewb_desktop.domain.time import zone
from ewb_desktop.domain.unseen import without_unseen
from ewb_desktop.storage.cards.conflicts import ConflictCard
from ewb_desktop.storage.cards.contacts import COULD_NOT_REACH
from ewb_desktop.storage.cards.member_area import areas_to_choose, remember_area
from ewb_desktop.storage.cards.people import PersonRecord, person_record
from ewb_desktop.storage.cards.workers import areas_worked_in
from ewb_desktop.storage.tables import Contact, FollowUp, Person
from ewb_desktop.storage.writing import SeenAt

NAMES = ("preferred_name", "given_name", "family_name")
_LINES = frozenset(
    {
        *NAMES, "pronouns", "telephone", "email", "postcode", "nhs_number", "where_to_find", "contact_note", "source_detail",
        "turned_away_by", "interpreter", "gp_practice",
    }
)  # fmt: skip
"""What is typed on one line, or pasted there."""
JOINED_AS = "active"
"""The state in which a new member begins."""
MEMBERSHIP, NEXT_CONTACT = "membership", "next_contact"
"""What a follow-up is about, and its kind, when a member waits until an agreed day."""
NO_AREA = "Choose their area. The workers there can see them then."
NOBODY_THERE = "Nobody works in this area, so nobody would see them. Choose another one."
ANSWER_CHANGED = "One of the answers has changed meanwhile. Look at them again, and choose then."
NOTHING_SEEN: Mapping[str, ConflictCard] = MappingProxyType({})
NEVER: Mapping[str, int] = MappingProxyType({})
NOON = time(12)
"""The hour of an attempt of which only the day is known."""


def add_person(
    desk: Desk,
    facts: Mapping[str, Any],
    *,
    coordinator: str | None = None,
    came_today: bool = False,
    initiator: object | None = None,
) -> str:
    """Add a member and return the id. A name is enough, any name; the worker at the desk coordinates unless another is named.

    ``facts`` are fields of a person by name. ``came_today`` counts one visit here and now with them, unless ``first_visit``
    names the visit as which they were counted already. Where the worker works in several areas, ``area`` is the one they belong
    to; it is remembered for the next member. Raises :class:`FaultyFields`.
    """
    checked = checked_facts(desk, facts)
    area = _area(desk, checked.pop("area", None))
    if not any(checked.get(name) for name in NAMES):
        raise FaultyFields({"preferred_name": "Type a name, any name that they like to be called by. Nothing else is needed."})
    person = Person(
        area=area or desk.area, coordinator=coordinator or desk.worker.id, membership=JOINED_AS, joined_on=desk.clock.today()
    )
    for name, value in checked.items():
        setattr(person, name, value)
    with desk.write(Duty.MEMBERS, initiator) as writing:
        if came_today and person.first_visit is None:
            person.first_visit = count_within(writing, desk)
        if area:
            remember_area(writing, area)
        return writing.add(person)


def correct_person(
    desk: Desk,
    person: str,
    facts: Mapping[str, Any],
    *,
    seen: Mapping[str, ConflictCard] = NOTHING_SEEN,
    seen_at: Mapping[str, int] = NEVER,
    initiator: object | None = None,
) -> tuple[str, ...]:
    """Change what is known about a member; only what differs is written. Raises :class:`FaultyFields`.

    ``seen`` are questions with two answers, by their fields, that the worker was shown: one of the answers among ``facts``
    settles its question. Returns the fields that were settled so. ``seen_at`` are the server's numbers at which she saw what
    stood in the fields: what a colleague wrote into one of them since is not passed over unseen.

    With another ``area``, which somebody must work in, she moves there with everything about her: the server moves what hangs
    on her.
    """
    checked = checked_facts(desk, facts)
    if not checked.get("area"):
        checked.pop("area", None)
    record = _record(desk, person)
    if checked.get("area", record.area) != record.area:
        with desk.store.read() as connection:
            if checked["area"] not in areas_worked_in(connection):
                raise FaultyFields({"area": NOBODY_THERE})
    names = {name: checked.get(name, getattr(record, name)) for name in NAMES}
    if not any(names.values()):
        raise FaultyFields({"preferred_name": "Keep one name, any name that they like to be called by."})
    chosen = {name: value for name, value in checked.items() if name in seen and value in seen[name].answers}
    with desk.write(Duty.MEMBERS, initiator) as writing:
        became = {name: choose_within(writing, desk, seen[name], value) for name, value in chosen.items()}
        changed = {name: ANSWER_CHANGED for name in chosen if became[name] is Kept.CHANGED}
        if changed:
            raise FaultyFields(changed)
        writing.edit_as_seen(Person, person, seen_at, **checked)
    return tuple(name for name in chosen if became[name] is Kept.DONE)


def change_coordinator(desk: Desk, person: str, worker: str, *, seen_at: SeenAt = None, initiator: object | None = None) -> None:
    """Make ``worker`` the member's coordinator. Raises ``CoordinatorNeeded``: there is always one.

    ``seen_at`` is the server's number at which the worker saw the member: what a colleague chose since is not passed over unseen.
    """
    if not worker.strip():
        raise CoordinatorNeeded("Every member has one coordinator. Choose who it is; the one before stays until then.")
    with desk.write(Duty.MEMBERS, initiator) as writing:
        writing.edit_as_seen(Person, person, seen_at, coordinator=worker)


def change_membership(
    desk: Desk, person: str, state: str, facts: Mapping[str, date | None] | None = None, *, seen_at: SeenAt = None,
    initiator: object | None = None,
) -> None:  # fmt: skip
    """Move a membership to another state. Raises ``MoveNotPossible`` with a sentence; every state has a way on.

    The day on which somebody tried (``tried_on``) is kept as a contact, and the next date as a follow-up of the coordinator.
    ``seen_at`` as for :func:`change_coordinator`.
    """
    record = _record(desk, person)
    check_move(
        states(desk.library.list("states")), record.membership or "", state, coordinator=record.coordinator or "", facts=facts
    )
    given = facts or {}
    tried, following = given.get("tried_on"), given.get("next_date")
    with desk.write(Duty.MEMBERS, initiator) as writing:
        writing.edit_as_seen(Person, person, seen_at, membership=state)
        if tried is not None:
            writing.add(
                Contact(
                    area=record.area, person=person, at=datetime.combine(tried, NOON, tzinfo=zone()), worker=desk.worker.id,
                    reached=COULD_NOT_REACH,
                )
            )  # fmt: skip
        if following is not None:
            writing.add(
                FollowUp(
                    area=record.area, person=person, about=MEMBERSHIP, about_id=person, kind=NEXT_CONTACT,
                    owner=record.coordinator, due_on=following,
                )
            )  # fmt: skip


def take_off(desk: Desk, person: str, *, initiator: object | None = None) -> None:
    """Take a record that was made by mistake off the screens; :func:`bring_back` undoes it."""
    with desk.write(Duty.MEMBERS, initiator) as writing:
        writing.remove(Person, person)


def bring_back(desk: Desk, person: str, *, initiator: object | None = None) -> None:
    """Bring a record back to the screens."""
    with desk.write(Duty.MEMBERS, initiator) as writing:
        writing.restore(Person, person)


def checked_facts(desk: Desk, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return ``facts`` as they are kept: trimmed, blank as nothing, numbers in one form. Raises :class:`FaultyFields`.

    Lines, such as names, are kept without signs that nobody sees.
    """
    checks: dict[str, Callable[[Any], Any]] = {
        "birth_date": lambda born: check_birth_date(born, desk.clock.today()),
        "nhs_number": lambda text: check_nhs_number(text).digits,
        "telephone": check_phone,
        "postcode": check_postcode,
    }
    checked: dict[str, Any] = {}
    faults: dict[str, str] = {}
    for name, value in facts.items():
        kept = (without_unseen(value) if name in _LINES else value.strip()) or None if isinstance(value, str) else value
        try:
            checked[name] = checks[name](kept) if kept is not None and name in checks else kept
        except ValueError as fault:
            faults[name] = str(fault)
    if faults:
        raise FaultyFields(faults)
    return checked


def _area(desk: Desk, said: str | None) -> str:
    """Return the area of a new member: the one that was chosen, or the only one there is; empty where none is known.

    Where nobody has named an area yet, everywhere is where the worker and all her colleagues work: nobody is turned away for it.
    """
    with desk.store.read() as connection:
        areas = areas_to_choose(connection)
    if not said and len(areas) > 1:
        raise FaultyFields({"area": NO_AREA})
    if said and said not in areas:
        raise FaultyFields({"area": NOBODY_THERE})
    return said or (areas[0] if areas else "")


def _record(desk: Desk, person: str) -> PersonRecord:
    with desk.store.read() as connection:
        record = person_record(connection, person)
    if record is None:
        raise LookupError("this member's record is not on this laptop any more")
    return record
