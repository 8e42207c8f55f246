"""What a worker can do about what was answered differently: keep one of the answers, or all of them together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

from ewb_desktop.actions.both_answers import both_of, item_of
from ewb_desktop.actions.desk import Desk
from ewb_desktop.domain.roles import Duty
from ewb_desktop.storage.cards.assessments import question_of
from ewb_desktop.storage.cards.conflicts import ConflictCard, choice_of, conflict, present_value, wire_value
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
        asked = question_of(writing.connection, card.record) if (card.entity, card.field) == ("answer", "value") else None
        both = both_of(card, desk.library, item_of(asked, desk.library))
        if which is Keep.BOTH and both is None:
            return Kept.SETTLED
        chosen = {Keep.SHOWN: card.shown, Keep.OTHER: card.others[place].value, Keep.BOTH: both}[which]
        _settle(writing, desk, card, chosen)
    return Kept.DONE


def keep_together(desk: Desk, seen: Sequence[ConflictCard], which: Keep, *, initiator: object | None = None) -> Kept:
    """Settle several questions alike, which two workers answered each in one step: all of them, or none."""
    with desk.write(Duty.CARE, initiator) as writing:
        cards = [conflict(writing.connection, each.id) for each in seen]
        there = [card for card in cards if card is not None]
        if len(there) < len(seen):
            return Kept.SETTLED
        if any(now.answers != was.answers for now, was in zip(there, seen, strict=True)):
            return Kept.CHANGED
        for card in there:
            both = both_of(card, desk.library)
            if which is Keep.BOTH and both is None:
                return Kept.SETTLED
            _settle(writing, desk, card, {Keep.SHOWN: card.shown, Keep.OTHER: card.others[0].value, Keep.BOTH: both}[which])
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
    _say(writing, card, chosen, _told(desk, card, chosen))


def _told(desk: Desk, card: ConflictCard, chosen: Any) -> Mapping[str, Any]:
    """Return what stands beside an answer of by whom and when it was said; of what nobody else said whole, that she says it."""
    answer = next((other for other in card.others if other.value == chosen), None)
    if answer is not None and answer.told:
        return answer.told
    hers = {"answered_by": desk.worker.id, "answered_at": desk.clock.now()}
    return {name: value for name, value in hers.items() if name in card.shown_told}


def take_back(desk: Desk, *cards: ConflictCard, initiator: object | None = None) -> bool:
    """Ask again what each of ``cards`` asked, as it was before the worker's own choice.

    False, and nothing is written, when somebody else has settled one of them, or edited the record since.
    """
    with desk.write(Duty.CARE, initiator) as writing:
        if not all(_is_own_choice(writing, desk, card) for card in cards):
            return False
        for card in cards:
            for id_ in card.ids:
                writing.edit(Conflict, id_, chosen=None, settled_at=None, settled_by=None)
            _say(writing, card, card.shown, card.shown_told)
    return True


def _is_own_choice(writing: Writing, desk: Desk, card: ConflictCard) -> bool:
    """Tell whether the worker herself settled it, and what she chose stands still."""
    choices = [choice_of(writing.connection, card, each) for each in card.ids]
    return all(each is not None and each.by == desk.worker.id and each.chosen == wire_value(each.stands) for each in choices)


def _say(writing: Writing, card: ConflictCard, value: Any, told: Mapping[str, Any]) -> None:
    """Write the value and how it was ``told``, also when it is on the screens: that she said so must reach everybody else."""
    kind = KINDS[card.entity]
    if value == present_value(writing.connection, card):
        writing.say_again(kind, card.record, card.field)
    elif card.is_about_removal:
        (writing.remove if value else writing.restore)(kind, card.record)
    else:
        writing.edit(kind, card.record, **{card.field: value}, **told)
