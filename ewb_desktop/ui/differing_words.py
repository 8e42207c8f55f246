"""What is said of answers that differ: who gave which and when, and which of them every page goes by.

Also what is said beside a field into which a colleague wrote while it was being typed in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from ewb_desktop.domain.person import SAFE_WAYS, most_careful
from ewb_desktop.storage.cards.conflicts import ConflictCard, Said
from ewb_desktop.syncing.report import when_words
from ewb_desktop.ui.record_words import RecordWords
from sync.protocol.entities import Policy
from sync.protocol.merge import policy_of


@dataclass(frozen=True, slots=True)
class Beside:
    """What is said beside one field of a form. ``is_question``: there are two answers between which somebody has to choose."""

    words: str
    is_question: bool = True


def said_by(said: Sequence[Said], me: str, today: date) -> list[str]:
    """Return who gave an answer and when, one after the other; ``me`` is the worker who reads it."""
    return [_said_by_one(each, me, today) for each in said]


def _said_by_one(said: Said, me: str, today: date) -> str:
    who = "You" if said.worker == me else said.name or "A colleague"
    told = f"{who}, {when_words(said.at, today)}" if said.at is not None else who
    if not said.brought_by:
        return told
    whose = "your" if said.brought_by == me else f"{said.brought_name or 'a colleague'}'s"
    return f"{told}, brought back from {whose} laptop after the server was restored"


def gone_by(card: ConflictCard) -> Any:
    """Return the answer that every page goes by until somebody has chosen: of ways of contact the careful one."""
    return most_careful(card.answers) if card.entity == "person" and card.field in SAFE_WAYS else card.shown


def beside_words(card: ConflictCard, words: RecordWords, me: str, today: date) -> str:
    """Return what stands beside a field of a form whose answers differ: each of them, and which of them stands in the form."""

    def line(value: Any, said: Sequence[Said]) -> str:
        return f"“{words.value(card.entity, card.field, value)}” ({'; '.join(said_by(said, me, today))})"

    answers = [line(card.shown, [card.shown_said]), *(line(other.value, other.said) for other in card.others)]
    if card.field in SAFE_WAYS:
        rest = "Until somebody has chosen, every page goes by the careful answer, and so does this one."
    else:
        rest = "Until somebody has chosen, the first one stands on every page."
    return "\n".join([*answers, rest])


@dataclass(frozen=True, slots=True)
class Came:
    """What a colleague wrote into a field while a form with it was open.

    ``is_named``: it stands beside another field, so its own is named. ``then`` is what "Save" makes of it, where that does not
    hang on what is typed in the field beside which it stands.
    """

    entity: str
    field: str
    value: Any
    is_named: bool = False
    then: str = ""


_THEN = {
    Policy.ASK: "If you save it, both answers wait until somebody chooses.",
    Policy.UNION: "If you save it, what each of you chose stays.",
    Policy.APPEND: "If you save it, theirs stands, and yours stays in the history.",
}


def meanwhile_words(came: Sequence[Came], words: RecordWords, *, is_typed: bool = True) -> str:
    """Return what stands beside a field of a form into which something came; ``is_typed``: the worker has typed there too."""
    lines = [
        f"{words.field(each.entity, each.field)}: " * each.is_named + f"“{words.value(each.entity, each.field, each.value)}”"
        for each in came
    ]
    return "\n".join([*lines, *dict.fromkeys(each.then or _then(each, is_typed=is_typed) for each in came)])


def _then(came: Came, *, is_typed: bool) -> str:
    if not is_typed:
        return "You gave no answer here: if you save without one, theirs stands."
    later = "If you save it, it stands from then on, and theirs stays in the history."
    return f"What you typed is still in the field. {_THEN.get(policy_of(came.entity, came.field), later)}"
