"""What counts as an answer to a question, which questions are asked, and how an answer reads."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from ewb_desktop.domain.questionnaire import Condition, Item, ItemType, Questionnaire
from ewb_desktop.domain.words import full_day

Answer = str | int | bool
"""What is kept: the number of the chosen option, a whole number, yes or no, words, or a day as ``YYYY-MM-DD``."""


class BadAnswer(ValueError):
    """A value that is no answer to its question; the text is a sentence for the person who typed it."""


def accept(item: Item, value: object) -> Answer:
    """Return ``value`` as it is kept for ``item``. Raises :class:`BadAnswer` with a sentence when it is no answer."""
    match item.type:
        case ItemType.CHOICE:
            return _choice(item, value)
        case ItemType.INTEGER:
            return _integer(item, value)
        case ItemType.BOOLEAN:
            if isinstance(value, bool):
                return value
            raise BadAnswer("Choose yes or no.")
        case ItemType.DATE:
            return _day(value)
        case ItemType.STRING | ItemType.TEXT:
            return _words(item, value)
        case ItemType.GROUP | ItemType.DISPLAY:
            raise BadAnswer(f"“{item.text}” is not a question, so it has no answer.")


def asked(questionnaire: Questionnaire, answers: Mapping[str, Answer | None]) -> tuple[Item, ...]:
    """Return the questions to ask now, in reading order, given the ``answers`` so far (``None`` is unanswered)."""
    found: list[Item] = []

    def visit(items: tuple[Item, ...]) -> None:
        for item in items:
            if not is_enabled(item, answers):
                continue
            if item.is_question:
                found.append(item)
            visit(item.items)

    visit(questionnaire.items)
    return tuple(found)


def is_enabled(item: Item, answers: Mapping[str, Answer | None]) -> bool:
    """Return whether ``item`` itself is to be shown, given the ``answers`` so far."""
    if not item.conditions:
        return True
    results = [_holds(condition, answers.get(condition.link_id)) for condition in item.conditions]
    return any(results) if item.enable_any else all(results)


def answer_words(item: Item, value: Answer | None) -> str:
    """Return an answer as a person reads it; an unanswered question reads “not answered”."""
    if value is None:
        return "not answered"
    if item.type is ItemType.CHOICE:
        return next((option.display for option in item.options if option.value == value), str(value))
    if item.type is ItemType.BOOLEAN:
        return "Yes" if value else "No"
    if item.type is ItemType.DATE:
        return full_day(date.fromisoformat(str(value)))
    if item.type is ItemType.INTEGER and item.maximum is not None:
        return f"{value} out of {item.maximum}"
    return str(value)


def _choice(item: Item, value: object) -> int:
    values = [option.value for option in item.options]
    if isinstance(value, bool) or not isinstance(value, int) or value not in values:
        raise BadAnswer(f"Choose one of: {'; '.join(option.display for option in item.options)}.")
    return value


def _integer(item: Item, value: object) -> int:
    low, high = item.minimum, item.maximum
    if isinstance(value, bool) or not isinstance(value, int):
        raise BadAnswer("Type a whole number.")
    if (low is not None and value < low) or (high is not None and value > high):
        if low is not None and high is not None:
            raise BadAnswer(f"Choose a number from {low} to {high}.")
        raise BadAnswer(f"Choose a number of {low} or more." if low is not None else f"Choose a number up to {high}.")
    return value


def _day(value: object) -> str:
    try:
        return (value if type(value) is date else date.fromisoformat(str(value))).isoformat()
    except ValueError as error:
        raise BadAnswer("That is not a day in the calendar. Type it like 14 March 2026.") from error


def _words(item: Item, value: object) -> str:
    if not isinstance(value, str):
        raise BadAnswer("Type the answer in words.")
    if item.max_length is not None and len(value) > item.max_length:
        raise BadAnswer(f"This answer has {len(value)} letters; it can have {item.max_length}. Nothing has been cut.")
    return value


def _holds(condition: Condition, answer: Answer | None) -> bool:
    if answer is None:
        return False
    if condition.operator == "=":
        return answer == condition.value and isinstance(answer, bool) == isinstance(condition.value, bool)
    both = isinstance(answer, int) and isinstance(condition.value, int)
    return both and int(answer) > int(condition.value)
