"""What the safety page is given to show and gives back, as plain data without Qt."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, time
from typing import Protocol

from ewb_desktop.ui.destinations import Destination
from ewb_desktop.ui.meanwhile import MeanwhileView

Typed = tuple[str, str, str]
"""Day, month and year as they were typed."""


@dataclass(frozen=True, slots=True)
class Written:
    """What stands on the page: ``words`` by field, days as read (``None`` when empty or no day) and as typed."""

    words: Mapping[str, str] = field(default_factory=dict)
    plan: str = ""
    owner: str = ""
    told_day: date | None = None
    told_day_typed: Typed = ("", "", "")
    told_time: str = ""
    review_on: date | None = None
    review_typed: Typed = ("", "", "")
    faults: Mapping[str, str] = field(default_factory=dict)
    """What the days' fields say of themselves, by field."""


def with_newer(written: Written, newer: Written, untouched: Collection[str]) -> Written:
    """Return what is written, and what is newer in the fields in which nothing was typed."""
    words = {name: newer.words.get(name, "") if name in untouched else said for name, said in written.words.items()}
    written = replace(written, words=words)
    if "plan" in untouched:
        written = replace(written, plan=newer.plan)
    if "owner" in untouched:
        written = replace(written, owner=newer.owner)
    if "told_at" in untouched:
        written = replace(written, told_day=newer.told_day, told_day_typed=newer.told_day_typed, told_time=newer.told_time)
    if "review_on" in untouched:
        written = replace(written, review_on=newer.review_on, review_typed=newer.review_typed)
    return written


class SafetyView(Protocol):
    """What the presenter needs of the page."""

    @property
    def beside(self) -> MeanwhileView:
        """What is said beside what is written."""

    def tell(self, words: str) -> None:
        """Say in the foot what happened."""

    def show_whom(self, trail: str, line: str, why: str) -> None:
        """Show whose talk it is, by two identifiers, when it was opened, and why."""

    def show_workers(self, workers: Sequence[tuple[str, str]]) -> None:
        """Offer these workers as owner and as the one who closes it."""

    def show_written(self, written: Written) -> None:
        """Show what was written so far."""

    def show_faults(self, faults: Mapping[str, str]) -> None:
        """Tell what needs another look, by field."""

    def show_still_needed(self, sentence: str) -> None:
        """Say what is still to be written before it can be closed; no sentence takes it away."""

    def show_closed(self, sentence: str) -> None:
        """Say who closed it and when; no sentence while it is open."""

    def show_saved(self, text: str) -> None:
        """Say that it is saved."""

    def written(self) -> Written:
        """Return what stands on the page now."""

    def leave_for(self, destination: Destination, said: str) -> None:
        """Go to another page, and say what was done."""


class BadTime(ValueError):
    """Text that is no time of day; the text of the error is a sentence."""


def parse_time(text: str) -> time | None:
    """Read a time of day as people type it: ``14:05``, ``14.05``, ``1405``, ``9``, ``2:30 pm``. Raises :class:`BadTime`."""
    shown = text.strip().casefold().replace(" ", "")
    if not shown:
        return None
    found = re.fullmatch(r"(\d{1,2})(?:[:.]?(\d{2}))?(am|pm)?", shown)
    hour, minute = (int(found[1]), int(found[2] or 0)) if found else (24, 0)
    if found and found[3] and 1 <= hour <= 12:
        hour = hour % 12 + (12 if found[3] == "pm" else 0)
    elif found and found[3]:
        hour = 24
    if hour > 23 or minute > 59:
        raise BadTime("Type the time like 14:05.")
    return time(hour, minute)
