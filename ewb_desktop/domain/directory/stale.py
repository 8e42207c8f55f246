"""How long ago an entry of the directory was checked, in words without alarm."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from ewb_desktop.domain.words import MONTHS

AGEING_MONTHS = 3
OLD_MONTHS = 6
"""After these months an entry is ageing, then old: the service's own working rule."""

Freshness = Literal["fresh", "ageing", "old", "unknown"]


@dataclass(frozen=True, slots=True)
class Checked:
    """How fresh an entry is and the words that say so."""

    state: Freshness
    words: str


def last_checked(assured_on: date | None, today: date, ageing: int = AGEING_MONTHS, old: int = OLD_MONTHS) -> Checked:
    """Say when an entry was last checked; it ages after ``ageing`` months and is old after ``old``.

    A day that is still to come counts as fresh: somebody's clock was ahead.
    """
    if assured_on is None:
        return Checked("unknown", "No one has said when this was last checked. Call before you go.")
    month = MONTHS[assured_on.month - 1]
    when = month if assured_on.year == today.year else f"{month} {assured_on.year}"
    months = months_between(assured_on, today)
    if months < ageing:
        return Checked("fresh", f"Last checked {assured_on.day} {month} {assured_on.year}")
    if months < old:
        return Checked("ageing", f"Not checked since {when}")
    return Checked("old", f"Not checked since {when}. Call before you go.")


def months_between(earlier: date, later: date) -> int:
    """Return the whole months from ``earlier`` to ``later``: 31 January to 28 February is none, to 1 March is one."""
    months = (later.year - earlier.year) * 12 + later.month - earlier.month
    return months - (later.day < earlier.day)
