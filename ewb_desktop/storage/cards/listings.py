"""The directory's records as the listings that an import compares and writes."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select

from ewb_desktop.domain.directory.listing import STATUSES, Listing, OpeningRule, rule_from_json, rule_json
from ewb_desktop.domain.time import instant_text, parse_instant
from ewb_desktop.storage.areas import EVERYWHERE
from ewb_desktop.storage.tables import Service, table
from ewb_desktop.storage.writing import Writing
from sync.protocol.ids import service_id as service_id

_SAME = (
    "source_id", "name", "organisation", "description", "status", "url", "email", "telephone", "address", "postcode",
    "latitude", "longitude", "step_free", "cost", "free", "eligibility", "assured_on", "assured_by", "alert",
)  # fmt: skip
"""What a listing and a record call by one name."""


_WORDS_OF_A_RULE = ("opens_at", "closes_at", "valid_from", "valid_to")


BY_HAND = "by hand"
"""The directory of the services that workers wrote in themselves; no file is read into it."""


@dataclasses.dataclass(frozen=True, slots=True)
class Kept:
    """One service of a directory as it is kept."""

    id: str
    listing: Listing
    in_latest_file: bool


def directories(connection: Connection) -> list[tuple[str, int]]:
    """Return the name of each directory that was read, and how many services it has here, the largest first."""
    known = table(Service).c
    rows = connection.execute(
        select(known.source, func.count()).where(known.gone == 0).group_by(known.source).order_by(func.count().desc())
    )
    return [(source or "", int(count)) for source, count in rows]


def kept_listings(connection: Connection, source: str) -> list[Kept]:
    """Return every service of one directory."""
    known = table(Service).c
    columns = [known[name] for name in _SAME]
    rows = connection.execute(
        select(
            known.id, known.in_latest_file, known.languages, known.schedule, known.minimum_age, known.maximum_age, known.needs,
            known.modified_at, known.extra, *columns,
        ).where(known.gone == 0, known.source == source)
    )  # fmt: skip
    found = []
    for id, latest, languages, schedule, youngest, oldest, needs, modified, extra, *values in rows:
        plain = {name: value for name, value in zip(_SAME, values, strict=True) if value is not None}
        plain["source_id"] = plain.get("source_id") or id
        plain["name"] = plain.get("name") or ""
        listing = Listing(
            **plain,
            languages=tuple(languages or ()),
            schedule=opening_rules(schedule),
            min_age=youngest,
            max_age=oldest,
            needs=tuple(needs or ()),
            last_modified=instant_text(modified) if modified else "",
            extra=extra or {},
        )
        found.append(Kept(id, listing, bool(latest)))
    return found


def service_fields(listing: Listing) -> dict[str, Any]:
    """Return a listing as the fields of a record; what was not said is ``None``."""
    fields: dict[str, Any] = {name: getattr(listing, name) for name in _SAME}
    fields = {name: None if value == "" else value for name, value in fields.items()}
    return fields | {
        "languages": list(listing.languages) or None,
        "schedule": [rule_json(rule) for rule in listing.schedule] or None,
        "minimum_age": listing.min_age,
        "maximum_age": listing.max_age,
        "needs": list(listing.needs) or None,
        "modified_at": parse_instant(listing.last_modified) if listing.last_modified else None,
        "extra": dict(listing.extra) or None,
    }


def as_kept(listing: Listing) -> Listing:
    """Return a listing as it would come back from its record: instants in one form, words that are no instant set aside."""
    if not listing.last_modified:
        return listing
    try:
        read = datetime.fromisoformat(listing.last_modified)
    except ValueError:
        extra = {**listing.extra, "last_modified": listing.last_modified}
        return dataclasses.replace(listing, last_modified="", extra=extra)
    aware = read if read.tzinfo else read.replace(tzinfo=UTC)
    return dataclasses.replace(listing, last_modified=instant_text(aware))


def add_listings(writing: Writing, source: str, listings: Sequence[Listing]) -> None:
    """Write new services of a directory. One that another laptop has added, or that was taken off here, is brought up to date."""
    known = table(Service).c
    ids = {service_id(source, listing.source_id): listing for listing in listings}
    there = set(writing.connection.execute(select(known.id).where(known.id.in_(list(ids)))).scalars())
    fresh = [
        {"id": id, "area": EVERYWHERE, "author": writing.author, "made_at": writing.clock.now(), "source": source,
         "in_latest_file": True, **service_fields(listing)}
        for id, listing in ids.items()
        if id not in there
    ]  # fmt: skip
    if fresh:
        # one statement for many rows: the triggers journal each of them all the same
        writing.connection.execute(insert(table(Service)), fresh)
    for id in there:
        writing.put(Service(id=id, area=EVERYWHERE, source=source, in_latest_file=True, **service_fields(ids[id])))


def opening_rules(schedule: Any) -> tuple[OpeningRule, ...]:
    """Return the opening rules of a record; what a newer program wrote in a form not known here is passed over."""
    rules = []
    for plain in schedule if isinstance(schedule, list) else ():
        if not isinstance(plain, dict) or not all(isinstance(plain.get(name), str | None) for name in _WORDS_OF_A_RULE):
            continue
        try:
            rules.append(rule_from_json(plain))
        except (TypeError, KeyError, ValueError):
            continue
    return tuple(rules)


def runs(status: str | None) -> bool:
    """Say whether a service can be signposted to: only one that is active; nothing said counts as active."""
    return (status or STATUSES[0]) == STATUSES[0]
