"""What a member would like help with: noted in their words, changed, taken off, and what became of it."""

from __future__ import annotations

from typing import Any

from ewb_desktop.actions.desk import Desk
from ewb_desktop.actions.faults import FaultyFields
from ewb_desktop.domain.roles import Duty
from ewb_desktop.storage.cards.needs import NeedCard, needs_of
from ewb_desktop.storage.cards.people import person_area
from ewb_desktop.storage.tables import Need
from ewb_desktop.storage.writing import SeenAt, Writing

OWN_WORDS = "something_else_own_words"
"""The entry of the list that needs words of its own."""
WANTED_NOW = "now"
STILL_OPEN = "still_open"


def add_need(
    desk: Desk, person: str, code: str, words: str = "", *, wanted: str = WANTED_NOW, priority: int | None = None,
    conversation: str | None = None, initiator: object | None = None,
) -> str:  # fmt: skip
    """Note a need and return its id. ``code`` is a key of the list of needs; without one, words are enough.

    ``priority`` 1 comes first for them. Raises :class:`FaultyFields`.
    """
    kept = _checked(desk, {"code": code, "words": words, "wanted": wanted, "priority": priority})
    with desk.write(Duty.CARE, initiator) as writing:
        return writing.add(
            Need(
                area=person_area(writing.connection, person), person=person, conversation=conversation,
                noted_at=desk.clock.now(), noted_by=desk.worker.id, outcome=STILL_OPEN, **kept,
            )
        )  # fmt: skip


def change_need(
    desk: Desk, need: str, code: str, words: str, *, wanted: str, priority: int | None = None, shown: NeedCard | None = None,
    seen_at: SeenAt = None, initiator: object | None = None,
) -> None:  # fmt: skip
    """Put a need in other words. Raises :class:`FaultyFields`.

    ``shown`` is the need as the worker saw it: only what differs from it is written, and what a colleague wrote since is not
    passed over unseen. ``seen_at`` where she saw some of it later: at which of the server's numbers.
    """
    kept = _checked(desk, {"code": code, "words": words, "wanted": wanted, "priority": priority})
    with desk.write(Duty.CARE, initiator) as writing:
        _edit(writing, need, kept, shown, seen_at)


def remove_need(desk: Desk, need: str, *, initiator: object | None = None) -> None:
    """Take a need off the screens; :func:`restore_need` undoes it."""
    with desk.write(Duty.CARE, initiator) as writing:
        writing.remove(Need, need)


def restore_need(desk: Desk, need: str, *, initiator: object | None = None) -> None:
    """Bring a need back."""
    with desk.write(Duty.CARE, initiator) as writing:
        writing.restore(Need, need)


def record_need_outcome(
    desk: Desk, need: str, outcome: str, unmet_reason: str = "", *, shown: NeedCard | None = None, seen_at: SeenAt = None,
    initiator: object | None = None,
) -> None:  # fmt: skip
    """Note what became of a need (a key of ``need_outcomes``), and why it was not met (a key of ``unmet_reasons``).

    ``shown`` and ``seen_at`` as for :func:`change_need`.
    """
    if outcome not in desk.library.list("need_outcomes").keys:
        raise FaultyFields({"outcome": "Choose what became of this need."})
    with desk.write(Duty.CARE, initiator) as writing:
        _edit(writing, need, {"outcome": outcome, "unmet_reason": unmet_reason or None}, shown, seen_at)


def needs_to_choose(desk: Desk, person: str) -> list[tuple[str, str]]:
    """Return a member's needs by id, with the words they are chosen by."""
    with desk.store.read() as connection:
        return [(need.id, need.words or desk.library.list("needs").words(need.code)) for need in needs_of(connection, person)]


def _edit(writing: Writing, need: str, facts: dict[str, Any], shown: NeedCard | None, seen_at: SeenAt = None) -> None:
    if shown is None:
        writing.edit(Need, need, **facts)
    else:
        said = {name: value for name, value in facts.items() if (value or "") != (getattr(shown, name) or "")}
        writing.edit_as_seen(Need, need, seen_at or shown.number, **said)


def _checked(desk: Desk, facts: dict[str, Any]) -> dict[str, Any]:
    words = str(facts["words"]).strip()
    code = facts["code"] or (OWN_WORDS if words else "")
    if not code:
        raise FaultyFields({"code": "Choose a need from the list, or write it in their own words."})
    if code == OWN_WORDS and not words:
        raise FaultyFields({"words": "Write what they would like help with, in their own words."})
    if facts["wanted"] not in desk.library.list("need_wants").keys:
        raise FaultyFields({"wanted": "Choose when help is wanted."})
    return {"code": code, "words": words or None, "wanted": facts["wanted"], "priority": facts["priority"]}
