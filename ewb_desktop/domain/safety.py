"""When the safety conversation opens, and what it holds before a named person closes it. Words only: never a grade."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from ewb_desktop.domain.questionnaire import Questionnaire


class SafetyPlan(StrEnum):
    """What became of the offer of a safety plan; the words are the list ``safety_plans``."""

    MADE = "made"
    UPDATED = "updated"
    OFFERED_NOT_WANTED = "offered_not_wanted"


@dataclass(frozen=True, slots=True)
class SafetyTalk:
    """A safety conversation. Every field may stay empty: an emergency is never held up by a form.

    ``told_at`` is the aware instant at which ``told_whom`` was told. ``closed_by`` names the person who closed it.
    """

    explored: str = ""
    told_whom: str = ""
    told_at: datetime | None = None
    agreed: str = ""
    plan: SafetyPlan | None = None
    closed_by: str = ""


class NotYetClosed(ValueError):
    """A safety conversation that cannot be closed yet; it is saved, and the text says what is still to write."""


def opens_safety_talk(questionnaire: Questionnaire, link_id: str, value: object) -> bool:
    """Return whether this one answer opens the safety conversation, at once and whatever the total.

    The questionnaire's file names its safety questions (PHQ-9 question 9: any answer above 0). An unanswered question
    opens nothing; :attr:`~ewb_desktop.domain.scoring.Score.safety_item_missing` says that it should be asked.
    """
    try:
        above = questionnaire.item(link_id).safety_above
    except KeyError:
        return False
    return above is not None and isinstance(value, int) and not isinstance(value, bool) and value > above


def safety_items(questionnaire: Questionnaire) -> tuple[str, ...]:
    """Return the link ids of the questions whose answers can open the safety conversation."""
    return tuple(item.link_id for item in questionnaire.questions if item.safety_above is not None)


def still_needed(talk: SafetyTalk) -> tuple[str, ...]:
    """Return what is still to be written before ``talk`` can be closed, in words; empty when nothing is."""
    gaps = (
        (not talk.explored.strip(), "what was talked about"),
        (not talk.told_whom.strip(), "who was told"),
        (talk.told_at is None, "when they were told"),
        (not talk.agreed.strip(), "what was agreed"),
        (talk.plan is None, "whether a safety plan was made, updated, or offered and not wanted"),
    )
    return tuple(words for missing, words in gaps if missing)


def check_may_close(talk: SafetyTalk, closed_by: str) -> None:
    """Raise :class:`NotYetClosed` with a sentence unless ``talk`` is complete and a named person closes it."""
    gaps = still_needed(talk) + (() if closed_by.strip() else ("the name of the person who closes it",))
    if gaps:
        raise NotYetClosed(f"This is saved, and stays on the Today page. To close it, add: {'; '.join(gaps)}.")
