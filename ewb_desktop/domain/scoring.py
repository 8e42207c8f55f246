"""What a set of answers adds up to, by the rules in the questionnaire's own file, and how that was worked out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ewb_desktop.domain.answers import Answer, accept, answer_words
from ewb_desktop.domain.questionnaire import Questionnaire
from ewb_desktop.domain.scoring_rules import Method, ScoringRules, band_words


@dataclass(frozen=True, slots=True)
class PartScore:
    """One question that is reported by itself. ``value`` is ``None`` when it was not answered."""

    link_id: str
    name: str
    value: int | None
    words: str
    band: str | None


@dataclass(frozen=True, slots=True)
class Score:
    """What the answers come to. ``total`` is ``None`` when too few were given, or when nothing is ever added up.

    ``safety_item_missing`` says that a question about safety was not answered: that is not a nought, and someone should
    ask. ``words`` says how the total was worked out. ``band`` is the published word for the total, never for a person.
    """

    questionnaire_id: str
    questionnaire_version: str
    rule_version: str
    total: int | None
    maximum: int | None
    n_answered: int
    n_items: int
    prorated: bool
    words: str
    band: str | None
    safety_item_missing: bool
    parts: tuple[PartScore, ...]


def score(questionnaire: Questionnaire, answers: Mapping[str, Answer | None]) -> Score | None:
    """Work out the score of ``answers``, or return ``None`` for a questionnaire that has no scoring rules.

    Missing answers: when no more than the rule's ``max_missing`` are missing, the total is the mean of the answers given
    times the number of questions, rounded half up; with more missing there is no total. The rules and their sources are
    in the questionnaire's file. Raises :class:`~ewb_desktop.domain.answers.BadAnswer` for a value that is no answer.
    """
    rules = questionnaire.rules
    if rules is None:
        return None
    counted = rules.items or tuple(measure.link_id for measure in rules.measures)
    given = [value for link_id in counted if (value := _number(questionnaire, link_id, answers)) is not None]
    total = _total(rules, given) if rules.method is Method.SUM else None
    return Score(
        questionnaire_id=questionnaire.id,
        questionnaire_version=questionnaire.version,
        rule_version=rules.version,
        total=total,
        maximum=rules.maximum,
        n_answered=len(given),
        n_items=len(counted),
        prorated=total is not None and len(given) < len(counted),
        words=_how(rules, len(given), len(counted)),
        band=band_words(rules.bands, total),
        safety_item_missing=any(
            item.safety_above is not None and answers.get(item.link_id) is None for item in questionnaire.questions
        ),
        parts=_parts(questionnaire, rules, answers),
    )


def _total(rules: ScoringRules, given: list[int]) -> int | None:
    missing = len(rules.items) - len(given)
    if missing > rules.max_missing or not given:
        return None
    # Whole numbers throughout: a half rounds up exactly, which floating point would not promise.
    return (2 * sum(given) * len(rules.items) + len(given)) // (2 * len(given))


def _how(rules: ScoringRules, answered: int, items: int) -> str:
    if rules.method is Method.SEPARATE:
        return f"{answered} of {items} answered; each stands alone and they are not added up"
    if answered == items:
        return f"worked out from all {items} answers"
    if items - answered <= rules.max_missing:
        return f"worked out from {answered} of {items} answers"
    return f"no score: {answered} of {items} answered, and {items - rules.max_missing} are needed"


def _parts(questionnaire: Questionnaire, rules: ScoringRules, answers: Mapping[str, Answer | None]) -> tuple[PartScore, ...]:
    parts = []
    for measure in rules.measures:
        value = _number(questionnaire, measure.link_id, answers)
        words = answer_words(questionnaire.item(measure.link_id), value)
        parts.append(PartScore(measure.link_id, measure.name, value, words, band_words(measure.bands, value)))
    return tuple(parts)


def _number(questionnaire: Questionnaire, link_id: str, answers: Mapping[str, Answer | None]) -> int | None:
    value = answers.get(link_id)
    if value is None:
        return None
    accepted = accept(questionnaire.item(link_id), value)
    assert isinstance(accepted, int)  # noqa: S101  (a scored item is a choice or a number: the file was checked)
    return accepted
