"""What a worker can do about her change that the server did not take: put it right where it is shown, or let go of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ewb_desktop.actions.assessments import PERSON, record_answer
from ewb_desktop.actions.desk import Desk
from ewb_desktop.actions.faults import FaultyFields
from ewb_desktop.actions.people import NAMES, checked_facts
from ewb_desktop.domain.roles import Duty
from ewb_desktop.domain.unseen import without_unseen
from ewb_desktop.storage.exchange.remaking import retry
from ewb_desktop.storage.exchange.withdrawing import let_go_of
from ewb_desktop.storage.settling.held import HeldRecord, held_record
from ewb_desktop.storage.tables import KINDS
from sync.protocol.entities import ENTITIES, Sensitivity

_BY_HAND = ("place", "service", "own_leaflet", "own_picture")
_HAS_NAME = ("place", "service")


def mend(desk: Desk, id: str, values: Mapping[str, Any], *, initiator: object | None = None) -> bool:
    """Write ``values`` into the record of a change in quarantine, and send a new change in its place.

    The change that was not taken is settled as replaced; what waited for it waits for the new one. Blank words are no words.
    False, and nothing is written, when it waits no longer. Raises :class:`FaultyFields`, ``BadAnswer`` or ``NotForThisRole``.
    """
    with desk.store.read() as connection:
        held = held_record(connection, id)
    if held is None:
        return False
    entity = held.entry.entity
    changed = {name: value for name, value in _trimmed(values).items() if name in held.values and value != held.values[name]}
    if entity in _HAS_NAME and changed.get("name"):
        changed["name"] = without_unseen(changed["name"])
    if entity == "person":
        changed = checked_facts(desk, changed)
        _keep_a_name(held, changed)
    elif entity in _HAS_NAME and not changed.get("name", "named"):
        raise FaultyFields({"name": "Keep a name: without one nobody finds it."})
    elif entity == "answer" and "value" in changed:
        # by the rules of its questionnaire: the total follows, and an answer that speaks of suicide opens the conversation
        _answer(desk, held, changed.pop("value"), initiator)
    with desk.write(duty_of(entity), initiator) as writing:
        if changed:
            writing.edit(KINDS[entity], held.entry.record, **changed)
        retry(writing, [id])
    return True


def let_go(desk: Desk, id: str, *, initiator: object | None = None) -> int:
    """Let go of the worker's own change that was not taken, with what hangs on it; return how many, 0 when nothing was done.

    The record says again what it said before. Every role may that counts visits, also one that may not write such records any
    more: nobody else ever had it.
    """
    with desk.write(Duty.COUNT, initiator) as writing:
        return let_go_of(writing, id)


def duty_of(entity: str) -> Duty:
    """Return the duty that writing this kind of record needs."""
    match ENTITIES[entity].sensitivity:
        case Sensitivity.OPEN:
            return Duty.DIRECTORY if entity in _BY_HAND else Duty.COUNT
        case Sensitivity.CONTACT:
            return Duty.MEMBERS
        case Sensitivity.SAFEGUARDING:
            return Duty.SAFEGUARDING
        case _:
            return Duty.CARE


def _trimmed(values: Mapping[str, Any]) -> dict[str, Any]:
    words = {name: value.strip() if isinstance(value, str) else value for name, value in values.items()}
    return {name: None if value in ("", []) else value for name, value in words.items()}


def _keep_a_name(held: HeldRecord, changed: Mapping[str, Any]) -> None:
    if not any(changed.get(name, held.record[name]) for name in NAMES):
        raise FaultyFields(
            {next(name for name in NAMES if name in changed): "Keep one name, any that they like to be called by."}
        )


def _answer(desk: Desk, held: HeldRecord, value: Any, initiator: object | None) -> None:
    said = held.record
    record_answer(desk, said["assessment"], said["question"], value, said["told_by"] or PERSON, initiator=initiator)
