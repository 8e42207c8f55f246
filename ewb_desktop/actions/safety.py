"""The safety conversation: opened at once, saved at any time, closed by a named person."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from ewb_desktop.actions.desk import Desk
from ewb_desktop.actions.faults import FaultyFields
from ewb_desktop.domain.roles import Duty
from ewb_desktop.domain.safety import NotYetClosed, SafetyPlan, check_may_close
from ewb_desktop.domain.safety import SafetyTalk as TalkSoFar
from ewb_desktop.storage.cards.people import person_area
from ewb_desktop.storage.cards.safety_talks import TalkCard, open_talk_of, talk_card
from ewb_desktop.storage.cards.workers import worker_names
from ewb_desktop.storage.tables import SafetyTalk
from ewb_desktop.storage.writing import SeenAt, Writing

FIELDS = (
    "explored", "harder", "safer", "could_change", "told_whom", "told_at", "agreed", "plan", "review_on", "owner",
)  # fmt: skip
"""What a worker can write, in the order of the page."""


def open_safety_talk(
    desk: Desk, person: str, conversation: str | None = None, because: str = "", *, initiator: object | None = None
) -> str:
    """Open a safety conversation and return its id; the member's open one is used again. ``because`` says why, in words."""
    with desk.write(Duty.CARE, initiator) as writing:
        return open_talk_within(writing, desk, person, conversation, because)


def open_talk_within(writing: Writing, desk: Desk, person: str, conversation: str | None, because: str) -> str:
    """Do what :func:`open_safety_talk` does inside a transaction that is open, so that the answer and the talk are one."""
    present = open_talk_of(writing.connection, person)
    if present is not None:
        return present.id
    return writing.add(
        SafetyTalk(
            area=person_area(writing.connection, person), person=person, conversation=conversation,
            opened_at=desk.clock.now(), opened_by=desk.worker.id, opened_because=because or None, owner=desk.worker.id,
        )
    )  # fmt: skip


def save_safety_talk(
    desk: Desk, talk: str, fields: Mapping[str, Any], *, seen_at: SeenAt = None, initiator: object | None = None
) -> None:
    """Save what was written so far, as little as it may be. Raises :class:`FaultyFields` before anything is written.

    ``seen_at`` is the server's number at which the worker saw the talk: what a colleague wrote into a field since is not passed
    over unseen.
    """
    kept: dict[str, Any] = {}
    faults: dict[str, str] = {}
    for name, value in fields.items():
        if name not in FIELDS:
            raise ValueError(f"a safety conversation has no field {name}")
        kept[name] = (value.strip() or None) if isinstance(value, str) else value
    told_at, review_on, plan = kept.get("told_at"), kept.get("review_on"), kept.get("plan")
    if isinstance(told_at, datetime) and told_at > desk.clock.now():
        faults["told_at"] = "This time is still to come. Write when they were told, or leave it empty until then."
    if isinstance(review_on, date) and review_on < desk.clock.today():
        card = _card(desk, talk)
        if card.review_on != review_on:
            faults["review_on"] = "This day has passed. Choose today or a later day."
    if plan is not None and plan not in set(SafetyPlan):
        faults["plan"] = "Choose one of the answers about the safety plan."
    if faults:
        raise FaultyFields(faults)
    with desk.write(Duty.CARE, initiator) as writing:
        writing.edit_as_seen(SafetyTalk, talk, seen_at, **kept)


def close_safety_talk(desk: Desk, talk: str, closed_by: str, *, seen_at: SeenAt = None, initiator: object | None = None) -> None:
    """Close it in the name of the worker ``closed_by``. Raises ``NotYetClosed`` that says what is still to be written.

    ``seen_at`` as for :func:`save_safety_talk`.
    """
    card = _card(desk, talk)
    with desk.store.read() as connection:
        name = worker_names(connection).get(closed_by, "")
    check_may_close(so_far(card), name)
    with desk.write(Duty.CARE, initiator) as writing:
        writing.edit_as_seen(SafetyTalk, talk, seen_at, closed_at=desk.clock.now(), closed_by=closed_by)


def reopen_safety_talk(desk: Desk, talk: str, *, initiator: object | None = None) -> None:
    """Undo :func:`close_safety_talk`: it stands on the Today page again."""
    with desk.write(Duty.CARE, initiator) as writing:
        writing.edit(SafetyTalk, talk, closed_at=None, closed_by=None)


def so_far(card: TalkCard) -> TalkSoFar:
    """Return what the rules need to know of a talk."""
    plan = SafetyPlan(card.plan) if card.plan in set(SafetyPlan) else None
    return TalkSoFar(card.explored, card.told_whom, card.told_at, card.agreed, plan, card.closed_by_name)


def _card(desk: Desk, talk: str) -> TalkCard:
    with desk.store.read() as connection:
        card = talk_card(connection, talk)
    if card is None:
        raise LookupError("this safety conversation is not on this laptop any more")
    return card


__all__ = [
    "FIELDS", "NotYetClosed", "close_safety_talk", "open_safety_talk", "open_talk_within", "reopen_safety_talk",
    "save_safety_talk", "so_far",
]  # fmt: skip
