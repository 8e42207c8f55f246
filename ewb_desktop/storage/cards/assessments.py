"""Questionnaires that were begun with members: their answers, their totals over time, and what was said before."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Select, select

from ewb_desktop.domain.answers import Answer
from ewb_desktop.domain.time import local
from ewb_desktop.storage.tables import Answer as AnswerRow
from ewb_desktop.storage.tables import Assessment, Worker, table


@dataclass(frozen=True, slots=True)
class AssessmentCard:
    """One questionnaire with one member. ``total`` is empty when nothing is added up, or too little was answered."""

    id: str
    person: str
    conversation: str
    questionnaire: str
    version: str
    worker_name: str
    started_at: datetime
    completed_at: datetime | None
    completed_how: str
    total: float | None
    answered: int | None
    questions: int | None
    prorated: bool
    rule_version: str


@dataclass(frozen=True, slots=True)
class AnswerCard:
    """One answer: who wrote it down (``answered_by``, a name), when, and who said it (``person``, ``carer``, ``referrer``)."""

    assessment: str
    question: str
    value: Answer | None
    skipped: bool
    answered_at: datetime
    answered_by: str
    told_by: str
    number: int
    """The server's number of the record as it stands here; 0 where the server has not numbered it yet."""


@dataclass(frozen=True, slots=True)
class SeriesPoint:
    """One total on one day, with how much of the questionnaire it was worked out from."""

    day: date
    total: float
    answered: int
    questions: int
    prorated: bool


def assessment_card(connection: Connection, assessment: str) -> AssessmentCard | None:
    """Return one questionnaire that was begun, or ``None`` when it is not in this file."""
    return next(iter(_cards(connection, _wanted().where(table(Assessment).c.id == assessment))), None)


def assessments_of(connection: Connection, person: str, questionnaire: str | None = None) -> list[AssessmentCard]:
    """Return what was begun with a member, the latest first; all questionnaires, or one."""
    known = table(Assessment).c
    wanted = _wanted().where(known.person == person).order_by(known.started_at.desc(), known.id.desc())
    if questionnaire is not None:
        wanted = wanted.where(known.questionnaire == questionnaire)
    return _cards(connection, wanted)


def assessments_in(connection: Connection, conversation: str) -> list[AssessmentCard]:
    """Return what was begun in one conversation, in order."""
    known = table(Assessment).c
    return _cards(connection, _wanted().where(known.conversation == conversation).order_by(known.started_at, known.id))


def answers_of(connection: Connection, assessment: str) -> dict[str, AnswerCard]:
    """Return the answers of one questionnaire by question; a skipped one is there and says so."""
    known = table(AnswerRow).c
    return {card.question: card for card in _answers(connection, _answer_rows().where(known.assessment == assessment))}


def question_of(connection: Connection, answer: str) -> tuple[str, str] | None:
    """Return the questionnaire and the question that the answer with this id belongs to."""
    known, begun = table(AnswerRow).c, table(Assessment).c
    found = connection.execute(
        select(begun.questionnaire, known.question)
        .select_from(table(AnswerRow).join(table(Assessment), begun.id == known.assessment))
        .where(known.id == answer)
    ).first()
    return (found[0] or "", found[1] or "") if found is not None else None


def answered_before(
    connection: Connection, person: str, questions: Collection[str], *, besides: str | None = None, limit: int = 3
) -> list[AnswerCard]:
    """Return what a member answered to any of ``questions``, the latest first, without the assessment ``besides``."""
    known = table(AnswerRow).c
    wanted = (
        _answer_rows()
        .where(known.person == person, known.question.in_(questions), known.value.is_not(None))
        .order_by(known.answered_at.desc(), known.id)
        .limit(limit)
    )
    if besides is not None:
        wanted = wanted.where(known.assessment != besides)
    return _answers(connection, wanted)


def answers_in(connection: Connection, assessments: Collection[str]) -> dict[str, dict[str, Answer | None]]:
    """Return the bare answers of several questionnaires, by questionnaire and question."""
    known = table(AnswerRow).c
    query = select(known.assessment, known.question, known.value).where(known.assessment.in_(assessments), known.gone == 0)
    found: dict[str, dict[str, Answer | None]] = {}
    for assessment, question, value in connection.execute(query):
        found.setdefault(assessment, {})[question or ""] = value
    return found


def series(cards: Sequence[AssessmentCard]) -> tuple[SeriesPoint, ...]:
    """Return the totals of ``cards``, the latest first, in the order of time; what has no total is left out."""
    return tuple(
        SeriesPoint(local(card.started_at).date(), card.total, card.answered or 0, card.questions or 0, card.prorated)
        for card in reversed(cards)
        if card.total is not None
    )


def _wanted() -> Select[Any]:
    known, worker = table(Assessment).c, table(Worker).c
    return (
        select(
            known.id, known.person, known.conversation, known.questionnaire, known.version, worker.name, known.started_at,
            known.made_at, known.completed_at, known.completed_how, known.total, known.answered, known.questions, known.prorated,
            known.rule_version,
        )
        .select_from(table(Assessment).outerjoin(table(Worker), worker.id == known.worker))
        .where(known.gone == 0)
    )  # fmt: skip


def _cards(connection: Connection, wanted: Select[Any]) -> list[AssessmentCard]:
    return [
        AssessmentCard(
            id, person or "", conversation or "", questionnaire or "", version or "", worker or "", started or made, completed,
            how or "", total, answered, questions, bool(prorated), rule or "",
        )
        for id, person, conversation, questionnaire, version, worker, started, made, completed, how, total, answered, questions,
        prorated, rule in connection.execute(wanted)
    ]  # fmt: skip


def _answer_rows() -> Select[Any]:
    known, worker = table(AnswerRow).c, table(Worker).c
    return (
        select(
            known.assessment, known.question, known.value, known.skipped, known.answered_at, known.made_at, worker.name,
            known.told_by, known.number,
        )
        .select_from(table(AnswerRow).outerjoin(table(Worker), worker.id == known.answered_by))
        .where(known.gone == 0)
    )  # fmt: skip


def _answers(connection: Connection, wanted: Select[Any]) -> list[AnswerCard]:
    return [
        AnswerCard(assessment or "", question or "", value, bool(skipped), answered or made, worker or "", told or "", number)
        for assessment, question, value, skipped, answered, made, worker, told, number in connection.execute(wanted)
    ]
