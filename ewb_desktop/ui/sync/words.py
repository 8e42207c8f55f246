"""Names of records, fields and values as the page of sending and receiving says them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from ewb_desktop.domain.time import local
from ewb_desktop.domain.words import clock_words, full_day

RECORDS: Mapping[str, str] = MappingProxyType(
    {
        "person": "About a member",
        "sharing_choice": "Sharing choice",
        "conversation": "Conversation",
        "assessment": "Questionnaire",
        "answer": "Answer",
        "need": "Need",
        "goal": "Goal",
        "goal_rating": "How a goal goes",
        "safety_talk": "Safety conversation",
        "signpost": "Signpost",
        "follow_up": "Follow-up",
        "handover": "Handover",
        "contact": "Contact",
        "leaflet_given": "Leaflet given",
        "conflict": "Choice between two answers",
        "visit": "Counted visit",
        "print_tally": "Counted leaflets",
        "service": "Service in the directory",
        "service_note": "Note on a service",
        "place": "Place",
        "worker": "Colleague",
    }
)

_FIELDS: Mapping[str, str] = MappingProxyType(
    {
        "coordinator": "Coordinator",
        "membership": "Membership",
        "safe_to_call": "Safe to call",
        "safe_to_message": "Safe to leave a message",
        "safe_to_post": "Safe to send post",
        "due_on": "Due on",
        "agreed": "Agreed",
        "told_whom": "Who was told",
        "told_at": "When they were told",
        "review_on": "Look at it again on",
        "closed_at": "Closed at",
        "closed_by": "Closed by",
        "value": "Answer",
        "skipped": "Skipped",
    }
)


def record_words(entity: str) -> str:
    """Return what a kind of record is called; one of a newer program keeps its own name."""
    return RECORDS.get(entity, entity.replace("_", " ").capitalize())


def field_words(field: str) -> str:
    """Return what a field is called."""
    return _FIELDS.get(field, field.replace("_", " ").capitalize())


LISTS: Mapping[tuple[str, str], str] = MappingProxyType(
    {
        ("person", "membership"): "states",
        ("person", "safe_to_call"): "safe_contact",
        ("person", "safe_to_message"): "safe_contact",
        ("person", "safe_to_post"): "safe_contact",
        ("need", "code"): "needs",
        ("need", "wanted"): "need_wants",
        ("need", "outcome"): "need_outcomes",
        ("need", "unmet_reason"): "unmet_reasons",
        ("goal", "outcome"): "goal_outcomes",
        ("safety_talk", "plan"): "safety_plans",
        ("signpost", "arrived"): "arrival_answers",
        ("signpost", "still_going"): "still_going_answers",
        ("signpost", "was_good"): "was_it_good_answers",
        ("follow_up", "answer"): "arrival_answers",
        ("handover", "answer"): "handover_answers",
    }
)
"""Fields, by kind of record, that two people may answer differently, and the list with the words of what is kept in them."""


def value_words(value: Any, names: Mapping[str, str]) -> str:
    """Return a value as people read it; a worker's id or a list's key becomes its words in ``names``."""
    if value is None or value in ("", []):
        return "Nothing"
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, datetime):
        at = local(value)
        return f"{full_day(at.date())} {clock_words(at.time())}"
    if isinstance(value, date):
        return full_day(value)
    if isinstance(value, list):
        return ", ".join(value_words(each, names) for each in value)
    text = str(value)
    if text in names:
        return names[text]
    # a code such as "left_message"; words that somebody typed have blanks or a capital
    return text.replace("_", " ").capitalize() if text.islower() and " " not in text else text
