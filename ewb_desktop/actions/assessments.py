"""Asking a questionnaire: every answer is saved at once, any may be skipped, and what is unfinished is taken up again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ewb_desktop.actions.conversations import start_of_today
from ewb_desktop.actions.desk import Desk
from ewb_desktop.actions.safety import open_talk_within
from ewb_desktop.domain.answers import Answer, BadAnswer, accept, answer_words
from ewb_desktop.domain.questionnaire import Questionnaire
from ewb_desktop.domain.roles import Duty
from ewb_desktop.domain.safety import opens_safety_talk
from ewb_desktop.domain.scoring import Score, score
from ewb_desktop.storage.cards.assessments import AnswerCard, AssessmentCard, answers_of, assessment_card, assessments_of
from ewb_desktop.storage.cards.people import person_area
from ewb_desktop.storage.ids import answer_id
from ewb_desktop.storage.tables import Answer as AnswerRow
from ewb_desktop.storage.tables import Assessment
from ewb_desktop.storage.writing import Writing

PERSON, CARER, REFERRER = TOLD_BY = ("person", "carer", "referrer")
"""Who said an answer."""

WITH_WORKER, BY_THEMSELVES = "with_worker", "self"
"""How a questionnaire was filled in."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """What followed from an answer. ``talk`` is the safety conversation that it opened, or that was open already."""

    score: Score | None
    opens_safety: bool
    talk: str | None


def start_assessment(
    desk: Desk, person: str, conversation: str | None, questionnaire: str, *, initiator: object | None = None
) -> str:
    """Return the id of this questionnaire with this member: today's unfinished one is taken up again, else one begins."""
    form = desk.library.questionnaire(questionnaire)
    today = start_of_today(desk)
    with desk.write(Duty.CARE, initiator) as writing:
        for card in assessments_of(writing.connection, person, questionnaire):
            if card.completed_at is None and card.started_at >= today and card.version == form.version:
                return card.id
        return writing.add(
            Assessment(
                area=person_area(writing.connection, person), person=person, conversation=conversation,
                questionnaire=questionnaire, version=form.version, worker=desk.worker.id, started_at=desk.clock.now(),
                questions=len(form.questions),
            )
        )  # fmt: skip


def record_answer(
    desk: Desk, assessment: str, question: str, value: object, told_by: str = PERSON, *, seen_at: int | None = None,
    initiator: object | None = None,
) -> Recorded:  # fmt: skip
    """Save one answer. Words that are blank take the answer away again.

    ``seen_at`` is the server's number at which the worker saw the answer before, 0 where there was none: what a colleague wrote
    since is not passed over unseen.

    An answer that opens the safety conversation does so in the same transaction, so that neither is ever without the other.
    Changing it later leaves the conversation open: a person closes it. Raises ``BadAnswer`` with a sentence.
    """
    card = _card(desk, assessment)
    form = desk.library.questionnaire(card.questionnaire)
    item = form.item(question)
    if told_by not in TOLD_BY:
        raise ValueError("an answer is told by the person, a carer or a referrer")
    if form.person_only and told_by != PERSON:
        raise BadAnswer("Only the person can answer this. Skip it, or ask them.")
    blank = value is None or (isinstance(value, str) and not value.strip())
    answer = None if blank else accept(item, value.strip() if isinstance(value, str) else value)
    with desk.write(Duty.CARE, initiator) as writing:
        _put(writing, desk, card, question, answer, skipped=False, told_by=told_by, seen_at=seen_at)
        talk = None
        if opens_safety_talk(form, question, answer):
            because = f"{form.title}: “{item.text}” {answer_words(item, answer)}."
            talk = open_talk_within(writing, desk, card.person, card.conversation or None, because)
        so_far = _score(form, answers_of(writing.connection, assessment))
        if card.completed_at is not None:
            _keep_total(writing, form, card, so_far)
    return Recorded(so_far, talk is not None, talk)


def skip_question(
    desk: Desk, assessment: str, question: str, *, seen_at: int | None = None, initiator: object | None = None
) -> None:
    """Note that a question was skipped; an answer that was there is taken away. ``seen_at`` as for :func:`record_answer`."""
    card = _card(desk, assessment)
    form = desk.library.questionnaire(card.questionnaire)
    form.item(question)
    with desk.write(Duty.CARE, initiator) as writing:
        _put(writing, desk, card, question, None, skipped=True, told_by=PERSON, seen_at=seen_at)
        if card.completed_at is not None:
            _keep_total(writing, form, card, _score(form, answers_of(writing.connection, assessment)))


def finish_assessment(desk: Desk, assessment: str, how: str = WITH_WORKER, *, initiator: object | None = None) -> Score | None:
    """Note that the last question was reached and keep what the answers come to. It can still be changed afterwards."""
    card = _card(desk, assessment)
    form = desk.library.questionnaire(card.questionnaire)
    with desk.write(Duty.CARE, initiator) as writing:
        result = _score(form, answers_of(writing.connection, assessment))
        _keep_total(writing, form, card, result)
        writing.edit(Assessment, assessment, completed_at=card.completed_at or desk.clock.now(), completed_how=how)
    return result


def score_of(desk: Desk, assessment: str) -> Score | None:
    """Return what the answers of a questionnaire come to now, or ``None`` when it is not scored."""
    card = _card(desk, assessment)
    with desk.store.read() as connection:
        return _score(desk.library.questionnaire(card.questionnaire), answers_of(connection, assessment))


def values(answers: Mapping[str, AnswerCard]) -> dict[str, Answer | None]:
    """Return the bare answers, as the rules take them."""
    return {question: card.value for question, card in answers.items()}


def _score(form: Questionnaire, answers: Mapping[str, AnswerCard]) -> Score | None:
    return score(form, values(answers))


def _put(
    writing: Writing, desk: Desk, card: AssessmentCard, question: str, value: Answer | None, *, skipped: bool, told_by: str,
    seen_at: int | None,
) -> None:  # fmt: skip
    id_ = answer_id(card.id, question)
    said: dict[str, Any] = {
        "value": value, "skipped": skipped, "answered_at": desk.clock.now(), "answered_by": desk.worker.id, "told_by": told_by
    }  # fmt: skip
    if seen_at is not None and question in answers_of(writing.connection, card.id):
        writing.edit_as_seen(AnswerRow, id_, seen_at, **said)
        return
    area = person_area(writing.connection, card.person)
    writing.put(AnswerRow(id=id_, area=area, person=card.person, assessment=card.id, question=question, **said))


def _keep_total(writing: Writing, form: Questionnaire, card: AssessmentCard, result: Score | None) -> None:
    if result is None:
        given = [each for each in answers_of(writing.connection, card.id).values() if each.value is not None]
        writing.edit(Assessment, card.id, answered=len(given), questions=len(form.questions))
        return
    writing.edit(
        Assessment, card.id, total=None if result.total is None else float(result.total), answered=result.n_answered,
        questions=result.n_items, prorated=result.prorated, rule_version=result.rule_version,
    )  # fmt: skip


def _card(desk: Desk, assessment: str) -> AssessmentCard:
    with desk.store.read() as connection:
        card = assessment_card(connection, assessment)
    if card is None:
        raise LookupError("this questionnaire is not on this laptop any more")
    return card
