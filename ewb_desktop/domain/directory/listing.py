"""One service at one place, as the directory keeps it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import date
from typing import Any, Literal, get_args

Json = Any
"""What ``json`` reads and writes."""

Status = Literal["active", "inactive", "defunct", "temporarily closed"]
"""The four words of Open Referral UK 3.0 for whether a service runs."""

StepFree = Literal["yes", "no", "unknown"]
"""Whether a wheelchair or a pram can get in without steps; unknown is never shown as no."""

Frequency = Literal["weekly", "monthly"]

STATUSES: tuple[Status, ...] = get_args(Status)
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
"""Days as RFC 5545 writes them; the place in the tuple is ``date.weekday()``."""


@dataclass(frozen=True, slots=True)
class OpeningRule:
    """One line of an opening timetable, local time.

    ``byday`` holds two-letter days. ``nth`` is the week of the month of a monthly rule (1 first, -1 last), else ``None``.
    ``interval`` 2 means every second week or month, counted from ``valid_from``. ``monthdays`` are days of the month.
    Times are ``HH:MM`` and days ``YYYY-MM-DD``; both may be ``None``. Closing before opening means the next morning.
    A rule with neither days nor monthdays opens nothing: it only carries ``notes``, the words the publisher wrote.
    """

    freq: Frequency = "weekly"
    byday: tuple[str, ...] = ()
    nth: int | None = None
    interval: int = 1
    monthdays: tuple[int, ...] = ()
    opens_at: str | None = None
    closes_at: str | None = None
    valid_from: str | None = None
    valid_to: str | None = None
    notes: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """A service at a place. Empty text, ``None`` or an empty tuple means "they did not say".

    ``source_id`` is the publisher's own id of the service; a second and later place of the same service adds ``@`` and
    the place's id. ``free`` is ``None`` when nothing was said of cost. ``needs`` are codes of the needs list.
    ``languages`` are ISO 639 codes. ``extra`` carries, as published, the fields this program has no room for.
    """

    source_id: str
    name: str
    organisation: str = ""
    description: str = ""
    status: Status = "active"
    url: str = ""
    email: str = ""
    telephone: str = ""
    address: str = ""
    postcode: str = ""
    latitude: float | None = None
    longitude: float | None = None
    step_free: StepFree = "unknown"
    languages: tuple[str, ...] = ()
    cost: str = ""
    free: bool | None = None
    schedule: tuple[OpeningRule, ...] = ()
    min_age: int | None = None
    max_age: int | None = None
    needs: tuple[str, ...] = ()
    eligibility: str = ""
    assured_on: date | None = None
    assured_by: str = ""
    last_modified: str = ""
    alert: str = ""
    extra: Mapping[str, Json] = field(default_factory=dict)

    @property
    def can_be_signposted(self) -> bool:
        """Only a service that runs can be signposted to."""
        return self.status == "active"


FIELD_NAMES: tuple[str, ...] = tuple(each.name for each in fields(Listing))
"""The fields of a listing in the order of its record."""


def listing_json(listing: Listing) -> dict[str, Json]:
    """Return ``listing`` as plain JSON values, for a record or a change."""
    plain = asdict(listing)
    plain["assured_on"] = listing.assured_on.isoformat() if listing.assured_on else None
    plain["schedule"] = [rule_json(rule) for rule in listing.schedule]
    plain["languages"], plain["needs"] = list(listing.languages), list(listing.needs)
    plain["extra"] = dict(listing.extra)
    return plain


def listing_from_json(plain: Mapping[str, Json]) -> Listing:
    """Read what :func:`listing_json` wrote; fields of a newer program are passed over.

    Raises ``TypeError``, ``KeyError`` or ``ValueError`` when the record was not written by :func:`listing_json`.
    """
    known = {name: plain[name] for name in FIELD_NAMES if name in plain}
    known["assured_on"] = date.fromisoformat(plain["assured_on"]) if plain.get("assured_on") else None
    known["schedule"] = tuple(rule_from_json(rule) for rule in plain.get("schedule", ()))
    known["languages"], known["needs"] = tuple(plain.get("languages", ())), tuple(plain.get("needs", ()))
    return Listing(**known)


def rule_json(rule: OpeningRule) -> dict[str, Json]:
    """Return an opening rule as plain JSON values."""
    return asdict(rule) | {"byday": list(rule.byday), "monthdays": list(rule.monthdays)}


def rule_from_json(plain: Mapping[str, Json]) -> OpeningRule:
    """Read what :func:`rule_json` wrote; fields of a newer program are passed over."""
    known = {each.name: plain[each.name] for each in fields(OpeningRule) if each.name in plain}
    known["byday"], known["monthdays"] = tuple(plain.get("byday", ())), tuple(plain.get("monthdays", ()))
    return OpeningRule(**known)
