"""Which questions are one: what two workers answered each in one step is chosen in one step, not in halves of both."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from ewb_desktop.actions.both_answers import both_of
from ewb_desktop.actions.desk import Desk
from ewb_desktop.library import Library
from ewb_desktop.storage.cards.conflicts import ConflictCard, Said, open_conflicts
from sync.protocol.entities import ENTITIES

ONE_STEP = timedelta(seconds=2)
"""What one worker says within this time is one step of hers, such as a follow-up with what became of its signpost."""
_EACH_ALONE = frozenset({"person", "answer"})
"""Of these each field is a question of its own, whenever it was answered."""


def grouped(cards: Sequence[ConflictCard], library: Library) -> list[tuple[ConflictCard, ...]]:
    """Return the questions in their order, those together that two workers answered each in one step.

    A question whose answers can stand together stays alone, for there is more to choose; but not beside one with the very same
    answers, such as what was said of a signpost, which stands in its follow-up too.
    """
    groups: list[list[ConflictCard]] = []
    for card in cards:
        group = next((each for each in groups if _is_one_step(each[0], card, library)), None)
        if group is None:
            groups.append([card])
        else:
            group.append(card)
    return [tuple(sorted(group, key=_place)) for group in groups]


def count_questions(desk: Desk) -> int:
    """Return between how many answers somebody has to choose, as the page asks it."""
    with desk.store.read() as connection:
        return len(grouped(open_conflicts(connection), desk.library))


def _place(card: ConflictCard) -> tuple[int, str, int]:
    """Return where a field stands among those of all records, as the protocol names them."""
    entities, fields = list(ENTITIES), list(ENTITIES[card.entity].fields) if card.entity in ENTITIES else []
    entity = entities.index(card.entity) if card.entity in ENTITIES else len(entities)
    return entity, card.record, fields.index(card.field) if card.field in fields else len(fields)


def _is_one_step(one: ConflictCard, other: ConflictCard, library: Library) -> bool:
    if not (_may_join(one) and _may_join(other) and one.person and one.person == other.person):
        return False
    if not (_at_once(one.shown_said, other.shown_said) and _at_once(one.others[0].said[0], other.others[0].said[0])):
        return False
    together = both_of(one, library), both_of(other, library)
    return together == (None, None) or (None not in together and one.answers == other.answers)


def _may_join(card: ConflictCard) -> bool:
    is_of_two = len(card.others) == 1 and len(card.others[0].said) == 1
    return is_of_two and not card.is_about_removal and card.entity not in _EACH_ALONE


def _at_once(one: Said, other: Said) -> bool:
    if not one.worker or (one.worker, one.brought_by) != (other.worker, other.brought_by) or one.at is None or other.at is None:
        return False
    return abs(one.at - other.at) <= ONE_STEP
