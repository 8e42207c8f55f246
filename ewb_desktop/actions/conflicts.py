"""What a worker can do about a field that two people answered differently: keep one of the answers, or both."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from ewb_desktop.actions.desk import Desk
from ewb_desktop.domain.roles import Duty
from ewb_desktop.domain.time import local
from ewb_desktop.domain.words import full_day
from ewb_desktop.library import Library
from ewb_desktop.storage.conflicts import ConflictCard, conflict, wire_value
from ewb_desktop.storage.tables import KINDS, Conflict
from sync.protocol.entities import ENTITIES, Kind
from sync.protocol.merge import join_sets


class Keep(StrEnum):
    """Which answer stays."""

    SHOWN = "shown"
    """The one on the screens now."""
    OTHER = "other"
    """The one that came later."""
    BOTH = "both"
    """Both together, where :func:`both_of` says that this makes sense."""


def keep(desk: Desk, id: str, which: Keep, *, initiator: object | None = None) -> bool:
    """Settle a conflict; False when somebody settled it meanwhile, or when both answers cannot stand together.

    What is not kept stays in the history of the record.
    """
    with desk.write(Duty.CARE, initiator) as writing:
        card = conflict(writing.connection, id)
        if card is None:
            return False
        both = both_of(card, desk.library)
        if which is Keep.BOTH and both is None:
            return False
        chosen = {Keep.SHOWN: card.shown, Keep.OTHER: card.other, Keep.BOTH: both}[which]
        writing.edit(Conflict, id, chosen=wire_value(chosen), settled_at=desk.clock.now(), settled_by=desk.worker.id)
        # written also when it is the one on the screens: another laptop may show the other by then
        writing.edit(KINDS[card.entity], card.record, **{card.field: chosen})
    return True


def both_of(card: ConflictCard, library: Library) -> Any:
    """Return both answers together, or None where only one can be true: words with who wrote which, of sets everything."""
    declared = ENTITIES[card.entity].fields.get(card.field) if card.entity in ENTITIES else None
    if declared is None or card.shown is None or card.other is None:
        return None
    if declared.kind is Kind.LIST:
        return join_sets(None, card.shown, card.other)
    words = library.lists.get("fields")
    entry = words.entry(f"{card.entity}.{card.field}") if words is not None else None
    if declared.kind is not Kind.TEXT or entry is None or entry.more.get("holds") != "told":
        return None
    first = _signed(card.shown, card.shown_by, card.shown_at)
    return f"{first}\n{_signed(card.other, card.other_by, card.other_at)}"


def _signed(words: str, by: str, at: Any) -> str:
    said = [by, full_day(local(at).date()) if at is not None else ""]
    signed = ", ".join(part for part in said if part)
    return f"{words} ({signed})" if signed else words
