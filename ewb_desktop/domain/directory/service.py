"""One published service, in the shape of Open Referral UK 3.0, as one listing for each of its places."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from ewb_desktop.domain.directory.cleaning import (
    Mends,
    clean_day,
    clean_email,
    clean_line,
    clean_number,
    clean_text,
    clean_web,
    clean_whole,
    shown,
)
from ewb_desktop.domain.directory.listing import STATUSES, Json, Listing, Status
from ewb_desktop.domain.directory.places import Place, mappings, read_place
from ewb_desktop.domain.directory.terms import Terms
from ewb_desktop.domain.directory.timetable import read_schedules

_OLDEST = 130
_RARE_HYPHEN = re.compile("[\u2010-\u2012]")
_READ = frozenset(
    {
        "id",
        "organization_id",
        "name",
        "description",
        "url",
        "email",
        "status",
        "fees",
        "minimum_age",
        "maximum_age",
        "assured_date",
        "assurer_email",
        "alert",
        "last_modified",
        "schedules",
        "service_at_locations",
        "locations",
        "languages",
        "organization",
        "organisation",
        "phones",
        "contacts",
        "cost_options",
        "attributes",
        "taxonomy_terms",
        "eligibility_description",
    }
)
_SAME_STATUS: dict[str, Status] = {
    "open": "active",
    "live": "active",
    "closed": "defunct",
    "suspended": "temporarily closed",
    "temporarily_closed": "temporarily closed",
}


@dataclass(frozen=True, slots=True)
class Reading:
    """One listing and what was said about reading it."""

    listing: Listing
    mends: Mends


def read_service(service: Mapping[str, Any], terms: Terms) -> tuple[Reading, ...]:
    """Read one service: a reading for each place, at least one. Raises ``ValueError`` when it has no name."""
    links = mappings(service.get("service_at_locations")) or mappings(service.get("locations")) or [{}]
    readings: list[Reading] = []
    for index, link in enumerate(links):
        mends = Mends()
        listing = _listing(service, link, terms, mends)
        if index:
            place_id = clean_line(link.get("id"), "id of the place", mends) or listing.postcode or str(index + 1)
            listing = replace(listing, source_id=f"{listing.source_id}@{place_id}")
        readings.append(Reading(listing, mends))
    return tuple(readings)


def made_id(name: str, postcode: str) -> str:
    """Return the id of a service published without one: the same name and postcode always give the same id."""
    return str(uuid5(NAMESPACE_URL, f"directory:{name.casefold()}|{postcode.replace(' ', '').casefold()}"))


def _listing(service: Mapping[str, Any], link: Mapping[str, Any], terms: Terms, mends: Mends) -> Listing:
    name = clean_line(service.get("name"), "name", mends)
    if not name:
        raise ValueError("It has no name, so nobody could find it. Add a name and bring the file in again.")
    place = read_place(link, terms, mends)
    source_id = clean_line(service.get("id"), "id", mends)
    if not source_id:
        source_id = made_id(name, place.postcode)
        mends.mend("It had no id; one was made from its name and postcode.")
    organisation = next(iter(mappings(service.get("organization") or service.get("organisation"))), {})
    extra: dict[str, Json] = {key: _finite(value) for key, value in service.items() if key not in _READ}
    cost, free = _cost(service, mends)
    min_age = clean_whole(service.get("minimum_age"), "youngest age", _OLDEST, mends)
    max_age = clean_whole(service.get("maximum_age"), "oldest age", _OLDEST, mends)
    if min_age is not None and max_age is not None and max_age < min_age:
        mends.mend("The oldest age was below the youngest age; both were left out.")
        min_age = max_age = None
    needs, eligibility = _attributes(service, terms, extra, mends)
    languages = _languages(service, terms, extra, mends)
    if place.entrance:
        extra["entrance"] = place.entrance
    assured_on = clean_day(service.get("assured_date"), "day it was last checked", mends)
    return Listing(
        source_id=source_id,
        name=name,
        organisation=clean_line(organisation.get("name"), "name of the organisation", mends),
        description=clean_text(service.get("description"), "description", mends),
        status=_status(service, extra, mends),
        url=clean_web(service.get("url") or organisation.get("website"), mends),
        email=clean_email(service.get("email") or organisation.get("email"), mends),
        telephone=_telephone(service, organisation, link, mends),
        address=place.address,
        postcode=place.postcode,
        latitude=place.latitude,
        longitude=place.longitude,
        step_free=place.step_free,
        languages=languages,
        cost=cost,
        free=free,
        schedule=read_schedules(_schedules(service, link, place), mends),
        min_age=min_age,
        max_age=max_age,
        needs=needs,
        eligibility=eligibility,
        assured_on=assured_on,
        assured_by=clean_line(service.get("assurer_email"), "address of who checked it", mends),
        last_modified=clean_line(service.get("last_modified"), "day of the last change", mends),
        alert=clean_text(service.get("alert"), "alert", mends),
        extra=extra,
    )


def _status(service: Mapping[str, Any], extra: dict[str, Json], mends: Mends) -> Status:
    word = clean_line(service.get("status"), "status", mends).lower()
    if word in STATUSES:
        return STATUSES[STATUSES.index(word)]
    if not word:
        mends.mend("It did not say whether it is running; it was taken as running.")
        return "active"
    extra["published_status"] = _finite(service.get("status"))
    if word in _SAME_STATUS:
        mends.mend(f"The status {shown(word)} was read as {_SAME_STATUS[word]}.")
        return _SAME_STATUS[word]
    mends.mend(
        f"The status {shown(word)} is not known. It was set to inactive so that nobody is sent to a closed door; "
        "please check with them."
    )
    return "inactive"


def _telephone(service: Mapping[str, Any], organisation: Mapping[str, Any], link: Mapping[str, Any], mends: Mends) -> str:
    phones = mappings(service.get("phones"))
    for contact in mappings(service.get("contacts")) + mappings(link.get("contacts")):
        phones += mappings(contact.get("phones"))
    phones += mappings(link.get("phones")) + mappings(organisation.get("phones"))
    numbers: list[str] = []
    for phone in phones:
        # a figure dash and its kin are no signs of a keyboard: who searches or rings types a hyphen
        number = _RARE_HYPHEN.sub("-", clean_line(phone.get("number"), "telephone number", mends))
        extension = clean_line(phone.get("extension"), "telephone extension", mends)
        if number:
            numbers.append(f"{number} extension {extension}" if extension else number)
    return ", ".join(dict.fromkeys(numbers))


def _schedules(service: Mapping[str, Any], link: Mapping[str, Any], place: Place) -> list[Any]:
    own = link.get("schedules")
    shared = service.get("schedules")
    here = [
        each
        for each in (shared if isinstance(shared, list) else [])
        if not isinstance(each, Mapping) or each.get("service_at_location_id") in (None, "", place.id)
    ]
    return [*(own if isinstance(own, list) else []), *here]


def _cost(service: Mapping[str, Any], mends: Mends) -> tuple[str, bool | None]:
    told: list[str] = []
    amounts: list[float] = []
    for option in mappings(service.get("cost_options")):
        amount = clean_number(option.get("amount"), "cost", mends)
        parts = [clean_line(option.get(name), "words about cost", mends) for name in ("option", "amount_description")]
        price = "" if amount is None else ("Free" if amount == 0 else f"£{amount:.2f}".removesuffix(".00"))
        if amount is not None:
            amounts.append(amount)
        before = f"{parts[0]}: " if parts[0] and (price or parts[1]) and parts[0].lower() != price.lower() else ""
        alone = parts[0] if not (price or parts[1]) else ""
        told.append(f"{before}{price} {parts[1]}{alone}".strip())
    fees = clean_text(service.get("fees"), "fees", mends)
    words = "; ".join(dict.fromkeys(each for each in [*told, fees] if each))
    if amounts:
        return words, not any(amounts)
    plain = words.lower()
    return words, True if plain.startswith(("free", "no charge", "no cost", "£0")) else (False if "£" in plain else None)


def _attributes(service: Mapping[str, Any], terms: Terms, extra: dict[str, Json], mends: Mends) -> tuple[tuple[str, ...], str]:
    needs: list[str] = []
    who = [clean_text(service.get("eligibility_description"), "words about who can come", mends)]
    unknown: list[str] = []
    attributes = mappings(service.get("attributes"))
    found = [next(iter(mappings(each.get("taxonomy_term"))), each) for each in attributes]
    for term in found + mappings(service.get("taxonomy_terms")):
        names = [clean_line(term.get(key), "subject", mends) for key in ("name", "term")]
        code = next((need for need in map(terms.need, names) if need), None)
        if "eligib" in clean_line(term.get("taxonomy"), "list of subjects", mends).lower():
            who.append(names[0] or names[1])
        elif code:
            needs.append(code)
        elif names[0] or names[1]:
            unknown.append(names[0] or names[1])
    if unknown:
        extra["other_subjects"] = list(dict.fromkeys(unknown))
    return tuple(dict.fromkeys(needs)), "\n".join(dict.fromkeys(each for each in who if each))


def _languages(service: Mapping[str, Any], terms: Terms, extra: dict[str, Json], mends: Mends) -> tuple[str, ...]:
    codes: list[str] = []
    unknown: list[str] = []
    for language in mappings(service.get("languages")):
        words = [clean_line(language.get(key), "language", mends) for key in ("code", "language", "name", "note")]
        code = next((found for found in map(terms.language, filter(None, words)) if found), None)
        if code:
            codes.append(code)
        elif any(words):
            unknown.append(next(filter(None, words)))
    if unknown:
        extra["other_languages"] = unknown
        mends.doubt(f"The language {shown(unknown[0])} is not in the word list; it was kept as published.")
    return tuple(dict.fromkeys(codes))


def _finite(value: Any) -> Json:
    """Return carried JSON without what a file or a database would refuse: endless numbers and half letters."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, Mapping):
        return {str(_finite(key)): _finite(each) for key, each in value.items()}
    return _finite_list(value) if isinstance(value, list) else value


def _finite_list(values: Iterable[Any]) -> list[Json]:
    return [_finite(each) for each in values]
