"""What questionnaires come to by the answers that stand now.

The kept total is what one worker's laptop worked out. Two who changed answers without knowing of each other each kept a total of
their own answers; the later one stood beside answers that come to another. So every page works it out from the answers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ewb_desktop.actions.desk import Desk
from ewb_desktop.domain.answers import Answer, BadAnswer
from ewb_desktop.domain.scoring import score
from ewb_desktop.library import Library
from ewb_desktop.storage.cards.assessments import AssessmentCard, SeriesPoint, answers_in, assessments_of, series
from ewb_desktop.storage.cards.timeline import Happened, TimelineEntry


def present_series(desk: Desk, person: str, questionnaire: str) -> tuple[SeriesPoint, ...]:
    """Return the totals of a member in the order of time, for a chart; what has no total is left out."""
    return series(_present(desk, person, questionnaire))


def with_totals(desk: Desk, person: str, entries: Sequence[TimelineEntry]) -> tuple[TimelineEntry, ...]:
    """Return ``entries`` of a member's timeline, each measure with its total and that of the one before it."""
    if not any(entry.kind is Happened.MEASURE for entry in entries):
        return tuple(entries)
    cards = _present(desk, person)
    counted = {card.id: card for card in cards}

    def counted_up(entry: TimelineEntry) -> TimelineEntry:
        card = counted.get(entry.id) if entry.kind is Happened.MEASURE else None
        if card is None:
            return entry
        earlier = (each for each in cards if each.questionnaire == card.questionnaire and each.total is not None)
        last = next((each for each in earlier if each.started_at < card.started_at), None)
        return replace(
            entry, total=card.total, answered=entry.answered if card.answered is None else card.answered,
            before=last.total if last else None, before_on=last.started_at if last else None,
        )  # fmt: skip

    return tuple(counted_up(entry) for entry in entries)


def _present(desk: Desk, person: str, questionnaire: str | None = None) -> list[AssessmentCard]:
    """Return what was begun with a member, the latest first, with what the answers come to now."""
    with desk.store.read() as connection:
        cards = assessments_of(connection, person, questionnaire)
        answers = answers_in(connection, [card.id for card in cards if card.rule_version])
    return [_counted(desk.library, card, answers.get(card.id, {})) for card in cards]


def _counted(library: Library, card: AssessmentCard, answers: Mapping[str, Answer | None]) -> AssessmentCard:
    """Return the card with its total by the rules by which it was kept; as it was kept, where this program has other ones."""
    form = library.questionnaires.get(card.questionnaire)
    if len(answers) < (card.answered or 0):
        # a first pull brings questionnaires before their answers; one that was taken back is there, without a value
        return card
    if form is None or form.rules is None or (form.version, form.rules.version) != (card.version, card.rule_version):
        return card
    try:
        result = score(form, answers)
    except BadAnswer:
        # something else wrote it: it stands in the questionnaire as it is, and the total as it was kept
        return card
    if result is None:
        return card
    total = None if result.total is None else float(result.total)
    return replace(card, total=total, answered=result.n_answered, questions=result.n_items, prorated=result.prorated)
