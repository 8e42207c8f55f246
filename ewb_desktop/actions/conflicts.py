"""What a worker can do about what was answered differently: keep one of the answers, or all of them together."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from ewb_desktop.actions.both_answers import both_of
from ewb_desktop.actions.desk import Desk
from ewb_desktop.domain.roles import Duty
from ewb_desktop.storage.conflicts import ConflictCard, choice_of, conflict, present_value, wire_value
from ewb_desktop.storage.tables import KINDS, Conflict
from ewb_desktop.storage.writing import Writing


class Keep(StrEnum):
    """Which answer stays."""

    SHOWN = "shown"
    """The one on the screens now."""
    OTHER = "other"
    """One of those beside it."""
    BOTH = "both"
    """All together, where :func:`~ewb_desktop.actions.both_answers.both_of` says that this makes sense."""


class Kept(StrEnum):
    """What became of a choice."""

    DONE = "done"
    SETTLED = "settled"
    """Nothing was written: somebody settled it meanwhile, or both answers cannot stand together."""
    CHANGED = "changed"
    """Nothing was written: the answers are not what the worker was shown."""


def keep(
    desk: Desk, id: str, which: Keep, *, place: int = 0, seen: ConflictCard | None = None, initiator: object | None = None
) -> Kept:
    """Settle a question as the worker chooses of the answers that she has ``seen`` (None: as they stand now).

    Of several other answers ``place`` says which. What is not kept stays in the history of the record, and so does a choice of
    what stood already: two people who choose differently without knowing are asked once more.
    """
    with desk.write(Duty.CARE, initiator) as writing:
        card = conflict(writing.connection, id)
        if card is None:
            return Kept.SETTLED
        if (seen is not None and seen.answers != card.answers) or place >= len(card.others):
            return Kept.CHANGED
        both = both_of(card, desk.library)
        if which is Keep.BOTH and both is None:
            return Kept.SETTLED
        chosen = {Keep.SHOWN: card.shown, Keep.OTHER: card.others[place].value, Keep.BOTH: both}[which]
        _settle(writing, desk, card, chosen)
    return Kept.DONE


def choose_within(writing: Writing, desk: Desk, seen: ConflictCard, answer: Any) -> Kept:
    """Settle a question with one of the answers that were ``seen``, as a part of what is being written anyway."""
    card = conflict(writing.connection, seen.id)
    if card is None:
        return Kept.SETTLED
    if seen.answers != card.answers:
        return Kept.CHANGED
    _settle(writing, desk, card, answer)
    return Kept.DONE


def _settle(writing: Writing, desk: Desk, card: ConflictCard, chosen: Any) -> None:
    for each in card.ids:
        writing.edit(Conflict, each, chosen=wire_value(chosen), settled_at=desk.clock.now(), settled_by=desk.worker.id)
    _say(writing, card, chosen)


def take_back(desk: Desk, card: ConflictCard, *, initiator: object | None = None) -> bool:
    """Ask again what ``card`` asked, as it was before the worker's own choice.

    False, and nothing is written, when somebody else has settled it, or edited the record since.
    """
    with desk.write(Duty.CARE, initiator) as writing:
        for each in card.ids:
            choice = choice_of(writing.connection, card, each)
            if choice is None or choice.by != desk.worker.id or choice.chosen != wire_value(choice.stands):
                return False
        for each in card.ids:
            writing.edit(Conflict, each, chosen=None, settled_at=None, settled_by=None)
        _say(writing, card, card.shown)
    return True


def _say(writing: Writing, card: ConflictCard, value: Any) -> None:
    """Write the value, also when it is the one on the screens: that the worker said so must reach everybody else."""
    kind = KINDS[card.entity]
    if value == present_value(writing.connection, card):
        writing.say_again(kind, card.record, card.field)
    elif card.is_about_removal:
        (writing.remove if value else writing.restore)(kind, card.record)
    else:
        writing.edit(kind, card.record, **{card.field: value})
