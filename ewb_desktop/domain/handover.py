"""Warm handover: agreed is accepted, three answers and no other, and nobody is let go before the next one has started."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from ewb_desktop.domain.words import count_words, full_day

OVERDUE = "handover_overdue_days"
USUAL_DAYS = 14
"""Days, where ``times.toml`` cannot be read."""


class AnswerKind(StrEnum):
    """The answers a receiver can give, as in ``handover_answers.toml``. There is no other."""

    START_ON = "start_on"
    START_AND_NEED = "start_and_need"
    BETTER_DONE_BY = "better_done_by"


@dataclass(frozen=True, slots=True)
class HandoverAnswer:
    """What the receiver answered; :func:`check_answer` says what each kind needs."""

    kind: AnswerKind
    start_on: date | None = None
    need: str = ""
    better_done_by: str = ""


@dataclass(frozen=True, slots=True)
class Handover:
    """A handover from one worker (``owner``) to another (``receiver``), both ids.

    It is accepted on ``agreed_on``. ``first_attended_on`` is the first contact with the receiver that the person came to.
    """

    owner: str
    receiver: str
    agreed_on: date
    answer: HandoverAnswer | None = None
    first_attended_on: date | None = None


@dataclass(frozen=True, slots=True)
class HandoverClock:
    """How long a handover has been under way: ``days`` since it was agreed, until it started."""

    days: int
    started: bool
    overdue: bool
    words: str


class BadHandoverAnswer(ValueError):
    """An answer that leaves out what it promises; the text is a sentence that says what to add."""


def check_answer(answer: HandoverAnswer) -> HandoverAnswer:
    """Return ``answer``, or raise :class:`BadHandoverAnswer` when a date, a need or a name is still to be written."""
    if answer.kind in (AnswerKind.START_ON, AnswerKind.START_AND_NEED) and answer.start_on is None:
        raise BadHandoverAnswer("Add the day on which you start. You can change it later.")
    if answer.kind is AnswerKind.START_AND_NEED and not answer.need.strip():
        raise BadHandoverAnswer("Add what you need to start. The start day stands meanwhile.")
    if answer.kind is AnswerKind.BETTER_DONE_BY and not answer.better_done_by.strip():
        raise BadHandoverAnswer("Add who would do it better. You stay with the person until they have started.")
    return answer


def answer_sentence(answer: HandoverAnswer) -> str:
    """Return the answer as it is read by everyone."""
    day = full_day(answer.start_on) if answer.start_on else "a day to be agreed"
    match answer.kind:
        case AnswerKind.START_ON:
            return f"We start on {day}"
        case AnswerKind.START_AND_NEED:
            return f"We start with you on {day}, and need {answer.need.strip()}"
        case AnswerKind.BETTER_DONE_BY:
            return f"Better done by {answer.better_done_by.strip()}, and we stay with it until they have started"


def owner_of(handover: Handover) -> str:
    """Return who holds the person now: the receiver only from the first contact that the person came to."""
    return handover.receiver if handover.first_attended_on is not None else handover.owner


def clock(handover: Handover, today: date, times: Mapping[str, int] | None = None) -> HandoverClock:
    """Return the handover's clock on ``today``. Overdue: not started after the days that ``times`` allows."""
    allowed = (times or {}).get(OVERDUE, USUAL_DAYS)
    started = handover.first_attended_on is not None
    until = handover.first_attended_on or today
    days = max(0, (until - handover.agreed_on).days)
    overdue = not started and days > allowed
    if started:
        words = f"started after {count_words(days, 'day')}"
    elif overdue:
        words = f"agreed {count_words(days, 'day')} ago, not started: {count_words(days - allowed, 'day')} overdue"
    else:
        words = "agreed today" if days == 0 else f"agreed {count_words(days, 'day')} ago, not started yet"
    return HandoverClock(days=days, started=started, overdue=overdue, words=words)
