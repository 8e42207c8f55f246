"""What the page of what changed can be about: each record of a member that has a history, in words by which it is known again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from ewb_desktop.domain.questionnaire import Item, Questionnaire
from ewb_desktop.storage.cards.changed_records import ChangedRecord
from ewb_desktop.syncing.report import when_words
from ewb_desktop.ui.destinations import ToHistory
from ewb_desktop.ui.record_words import RecordWords, short

Question = tuple[Questionnaire, Item]


def abouts(
    shown: ToHistory,
    changed: Sequence[ChangedRecord],
    words: RecordWords,
    today: date,
    asked: Mapping[str, Question | None],
) -> list[tuple[ToHistory, str]]:
    """Return what can be chosen: the member's own record, then the ``changed`` ones as they come; none where there is no other.

    What is ``shown`` is always among them. ``asked`` has the questions of answers by the answers' ids.
    """
    if not shown.person:
        return []
    found = {each.record: each for each in changed}
    own = ToHistory("person", shown.person, shown.person)
    others = [ToHistory(each.entity, each.record, shown.person) for each in changed if each.record != shown.person]
    here = [shown] if shown not in (own, *others) else []
    offered = [own, *here, *others]
    if len(offered) == 1:
        return []
    return [(each, _told(each, found.get(each.record), words, today, asked.get(each.record))) for each in offered]


def asked_words(question: Question | None) -> str:
    """Return a question with the title of its questionnaire, nothing for none."""
    return f"{question[0].title}: {question[1].text}" if question is not None else ""


def _told(about: ToHistory, changed: ChangedRecord | None, words: RecordWords, today: date, question: Question | None) -> str:
    called = words.record(about.entity)
    if question is not None:
        # without the questionnaire's title: what tells two answers apart would be cut where the letters are large
        called = f"{called} “{short(question[1].text)}”"
    elif changed is not None and about.entity != "person":
        called = words.called(about.entity, changed.says)
    if changed is None:
        return called
    done = "let go" if changed.is_let_go else "off the screens," if changed.is_gone else ""
    when = when_words(changed.at, today) if changed.at is not None else ""
    return " · ".join(part for part in (called, f"{done} {when}".strip(" ,")) if part)
