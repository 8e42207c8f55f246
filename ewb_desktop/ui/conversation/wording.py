"""The conversation's sentences: what is known already, what answers come to, and what that means, never about a person's risk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from ewb_desktop.domain.answers import Answer, answer_words, asked
from ewb_desktop.domain.questionnaire import Item, ItemType, Questionnaire
from ewb_desktop.domain.scoring import Score
from ewb_desktop.domain.scoring_rules import Band
from ewb_desktop.domain.time import local
from ewb_desktop.domain.words import AHEAD, MONTHS, full_day
from ewb_desktop.storage.cards.assessments import AnswerCard, SeriesPoint
from ewb_desktop.ui.conversation.shown import Ask, CheckPart, Known, QuestionShown
from ewb_desktop.ui.widgets.row import Row

LONG_LEAD = 120
"""Letters: a longer introduction is read once, before the first question of its group."""

OWN_WORDS = (ItemType.TEXT, ItemType.STRING)
"""Questions that are answered in people's own words: nothing is changed in them, not even a small first letter."""


def short_title(form: Questionnaire) -> str:
    """Return what people call a questionnaire: the letters in brackets where it has them, else its title."""
    return form.title.rpartition("(")[2].rstrip(")") if form.title.endswith(")") else form.title


def plain_title(form: Questionnaire) -> str:
    """Return what a questionnaire is about, without the letters in brackets."""
    return form.title.partition(" (")[0]


def day_said(instant: datetime, today: date) -> str:
    """Return ``today``, ``28 October``, or with its year when it was another one; of a later day than today that it is so."""
    day = local(instant).date()
    if day == today:
        return "today"
    said = f"{day.day} {MONTHS[day.month - 1]}" if day.year == today.year else full_day(day)
    return said + (AHEAD if day > today else "")


def known_words(card: AnswerCard, today: date) -> Known:
    """Return what was said before, with who it was said to and when."""
    when = day_said(card.answered_at, today)
    on = when if when == "today" else f"on {when}"
    who = f"Told by a {card.told_by}" if card.told_by in ("carer", "referrer") else "Said"
    to = f", to {card.answered_by.split()[0]}" if card.answered_by else ""
    return Known(f"{who} {on}{to}:", str(card.value), quote=True)


def known_last_time(item: Item, card: AnswerCard, today: date) -> Known:
    """Return the last answer to the same question."""
    return Known("", f"Last time: {_lower(answer_words(item, card.value))} ({day_said(card.answered_at, today)})", quote=False)


def known_asked_today(worker: str) -> Known:
    """Return that a colleague asks the same questions today."""
    return Known(
        "", f"{_colleague(worker)} asked these questions today too. Both are kept, each with its own answers.", quote=False
    )


def asked_today_too(worker: str) -> str:
    """Return what is said in the foot when it arrives that a colleague asks the same questions today."""
    return f"{_colleague(worker)} asked these questions today too. It stands under “Already known”."


def question_shown(form: Questionnaire, item: Item, answers: Mapping[str, Answer | None], *, draft: str | None) -> QuestionShown:
    """Return one question as it is asked, with the answer it has; ``draft`` are words that were kept and not recorded yet."""
    value = answers.get(item.link_id) if draft is None else draft
    ask = {ItemType.CHOICE: Ask.CHOICE, ItemType.BOOLEAN: Ask.CHOICE, ItemType.TEXT: Ask.WORDS}.get(item.type, Ask.LINE)
    choices: tuple[tuple[object, str], ...] = tuple((option.value, option.display) for option in item.options)
    if item.type is ItemType.BOOLEAN:
        choices = ((True, "Yes"), (False, "No"))
    if item.type is ItemType.INTEGER and item.maximum is not None and item.maximum - (item.minimum or 0) <= 10:
        ask = Ask.SCALE
    return QuestionShown(
        ask=ask, lead=_lead(form, item, answers), text=item.text, hint=item.hint, choices=choices, first=item.minimum or 0,
        last=item.maximum or 0, low=item.low_words, high=item.high_words, value=value, draft=draft is not None,
    )  # fmt: skip


def as_typed(item: Item, typed: str) -> object:
    """Return what was typed as the rules take it: a whole number for a question that wants one."""
    return int(typed) if item.type is ItemType.INTEGER and typed.lstrip("-").isdecimal() else typed


def check_part(
    form: Questionnaire, answers: Mapping[str, AnswerCard], result: Score | None, before: Sequence[SeriesPoint]
) -> CheckPart:
    """Return one questionnaire for the last page. ``before`` are the earlier totals in the order of time."""
    values = {question: card.value for question, card in answers.items()}
    rows = []
    for item in asked(form, values):
        card = answers.get(item.link_id)
        words = "Skipped" if card is not None and card.skipped else answer_words(item, values.get(item.link_id))
        if item.type not in OWN_WORDS or values.get(item.link_id) is None:
            words = _upper(words)
        if card is not None and card.value is not None and card.told_by in ("carer", "referrer"):
            words += f" (told by a {card.told_by})"
        rows.append(Row(f"{form.id}/{item.link_id}", item.text, words, action="Change"))
    missing = [item for item in form.questions if item.safety_above is not None and values.get(item.link_id) is None]
    to_ask = f"“{missing[0].text}” has not been answered. That is not a nought. Please ask it." if missing else ""
    return CheckPart(
        key=form.id, title=form.title, total=total_words(result), meaning=meaning_words(form, result, before), rows=tuple(rows),
        to_ask=to_ask, to_ask_key=f"{form.id}/{missing[0].link_id}" if missing else "",
    )  # fmt: skip


def total_words(result: Score | None) -> str:
    """Return ``14 out of 27, worked out from 8 of 9 answers``; measures that stand alone are never added up."""
    if result is None:
        return ""
    if result.maximum is None or result.total is None:
        return _upper(result.words)
    return f"{result.total} out of {result.maximum}, {result.words}"


def meaning_words(form: Questionnaire, result: Score | None, before: Sequence[SeriesPoint]) -> str:
    """Say what a total is called in the published guide, and how it compares with the last one. It describes answers only."""
    if result is None or result.total is None or form.rules is None:
        return ""
    said = []
    band = next((band for band in reversed(form.rules.bands) if band.at_least <= result.total), None)
    if band is not None:
        said.append(f"{_span(form.rules.bands, band, form.rules.maximum)} {_called(band.words)} in the published guide. "
                    "It describes these answers, not the person.")  # fmt: skip
    elif form.rules.bands:
        said.append(f"Totals below {form.rules.bands[0].at_least} have no name in the published guide.")
    if before:
        last = before[-1]
        apart = result.total - round(last.total)
        change = "The same as" if apart == 0 else f"{abs(apart)} {'higher' if apart > 0 else 'lower'} than"
        said.append(f"{change} on {full_day(last.day)}.")
    return " ".join(said)


def _colleague(worker: str) -> str:
    return worker.split()[0] if worker else "A colleague"


def _called(words: str) -> str:
    return f"are called “{words}”"


def _span(bands: Sequence[Band], band: Band, maximum: int | None) -> str:
    following = [other.at_least for other in bands if other.at_least > band.at_least]
    top = min(following) - 1 if following else maximum
    return f"Totals from {band.at_least} to {top}"


def _lead(form: Questionnaire, item: Item, answers: Mapping[str, Answer | None]) -> str:
    first = asked(form, answers)[:1] == (item,)
    read_first = [each.text for each in form.items if each.type is ItemType.DISPLAY] if first else []
    group = next((each for each in form.items if item in each.items), None)
    if group is None:
        return " ".join(read_first)
    opens_group = group.items[:1] == (item,)
    words = group.text if opens_group or len(group.text) <= LONG_LEAD else ""
    return read_first[0] if read_first else words


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:]


def _upper(words: str) -> str:
    return words[:1].upper() + words[1:]
