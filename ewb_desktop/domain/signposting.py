"""Signposting that is followed through: contacts before and after, and follow-ups at 4 and 12 weeks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

FIRST, SECOND = "signpost_first_follow_up_days", "signpost_second_follow_up_days"


@dataclass(frozen=True, slots=True)
class FollowUp:
    """One follow-up. The answers are keys of ``arrival_answers``, ``still_going_answers`` and ``was_it_good_answers``.

    ``done_on`` is ``None`` until someone has asked; an empty answer was not asked.
    """

    due_on: date
    done_on: date | None = None
    arrived: str = ""
    still_going: str = ""
    was_it_good: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Bookends:
    """A contact before and after, and going along between: each is a day or empty, and none is ever compulsory.

    ``before_on``: a contact to prepare. ``introduced_in_person``: ``None`` is not asked. ``went_along_on``: the connector
    came to the first visit. ``after_due_on`` and ``after_on``: the contact that asks how it went and what is next.
    """

    before_on: date | None = None
    introduced_in_person: bool | None = None
    went_along_on: date | None = None
    after_due_on: date | None = None
    after_on: date | None = None


def follow_up_dates(signposted_on: date, times: Mapping[str, int] | None = None) -> tuple[date, date]:
    """Return the two days on which to ask how it went: 28 and 84 days on, unless ``times`` (``times.toml``) says else."""
    given = times or {}
    return (
        signposted_on + timedelta(days=given.get(FIRST, 28)),
        signposted_on + timedelta(days=given.get(SECOND, 84)),
    )


def next_due(follow_ups: tuple[FollowUp, ...]) -> FollowUp | None:
    """Return the earliest follow-up that has not been done, or ``None`` when all are done."""
    waiting = [each for each in follow_ups if each.done_on is None]
    return min(waiting, key=lambda each: each.due_on) if waiting else None


def is_due(follow_up: FollowUp, today: date) -> bool:
    """Return whether ``follow_up`` belongs on the Today page."""
    return follow_up.done_on is None and follow_up.due_on <= today


def entry_needs_check(follow_up: FollowUp) -> bool:
    """Return whether the answers are a reason to check the directory entry: not good, or the service could not help."""
    return follow_up.was_it_good == "bad" or follow_up.arrived == "service_could_not"
