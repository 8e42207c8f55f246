"""Writing one service into the directory by hand, and changing such an entry; it can be signposted to at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ewb_desktop.actions.desk import Desk
from ewb_desktop.actions.faults import FaultyFields
from ewb_desktop.domain.directory.listing import Listing, OpeningRule, rule_json
from ewb_desktop.domain.directory.service import made_id
from ewb_desktop.domain.roles import Duty
from ewb_desktop.domain.unseen import without_unseen
from ewb_desktop.storage.cards.listings import BY_HAND, add_listings, service_id
from ewb_desktop.storage.cards.services import service_card
from ewb_desktop.storage.tables import Service


def add_service(desk: Desk, facts: Mapping[str, Any], *, initiator: object | None = None) -> str:
    """Add a service to the directory and return its id. It counts as checked today by the worker at the desk.

    ``facts``: name, description, telephone, address, postcode, when and cost in words, ``free`` (True or nothing said) and
    ``languages`` in words, such as "Polish, Urdu". Raises :class:`FaultyFields`.
    """
    kept = _checked(desk, facts)
    listing = Listing(source_id=made_id(kept["name"], kept["postcode"]), assured_on=desk.clock.today(),
                      assured_by=desk.worker.name, **kept)  # fmt: skip
    service = service_id(BY_HAND, listing.source_id)
    with desk.write(Duty.DIRECTORY, initiator) as writing:
        if service_card(writing.connection, service) is not None:
            raise FaultyFields({"name": "A service of this name and postcode is here already. Look for it and change that one."})
        add_listings(writing, BY_HAND, [listing])
    return service


def change_service(
    desk: Desk, service: str, facts: Mapping[str, Any], *, shown: Mapping[str, Any] | None = None, initiator: object | None = None
) -> None:
    """Change an entry that was made by hand; it counts as checked today. Raises :class:`FaultyFields`.

    ``shown`` are the facts as the worker saw them: only what differs from them is written.
    """
    kept = _checked(desk, facts)
    fields = {name: value or None for name, value in kept.items()}
    fields["schedule"] = [rule_json(rule) for rule in kept["schedule"]] or None
    fields["languages"] = list(kept["languages"]) or None
    if shown is not None:
        same = {name for name in (*fields, "when") if (facts.get(name) or "") == (shown.get(name) or "")}
        fields = {name: value for name, value in fields.items() if ("when" if name == "schedule" else name) not in same}
    with desk.write(Duty.DIRECTORY, initiator) as writing:
        writing.edit(Service, service, assured_on=desk.clock.today(), assured_by=desk.worker.name, **fields)


def _checked(desk: Desk, facts: Mapping[str, Any]) -> dict[str, Any]:
    words = {
        name: " ".join(without_unseen(str(facts.get(name) or "")).split())
        for name in ("name", "description", "telephone", "address", "postcode", "cost")
    }
    faults = {}
    if not words["name"]:
        faults["name"] = "Write the name of the service, for example “Stretford walking group”."
    codes, unknown = _languages(desk, str(facts.get("languages") or ""))
    if unknown:
        faults["languages"] = f"“{unknown}” is not in the list of languages. Write it under “What is it?” instead."
    if faults:
        raise FaultyFields(faults)
    when = str(facts.get("when") or "").strip()
    return {
        **words,
        "postcode": words["postcode"].upper(),
        "free": True if facts.get("free") else None,
        "languages": codes,
        "schedule": (OpeningRule(notes=when),) if when else (),
    }


def _languages(desk: Desk, typed: str) -> tuple[tuple[str, ...], str]:
    """Return the codes of the languages that were written, and the first word that is none."""
    known = {entry.words.casefold(): entry.key for entry in desk.library.list("languages").entries}
    known |= {str(entry.more.get("own")).casefold(): entry.key for entry in desk.library.list("languages").entries}
    codes: dict[str, None] = {}
    for word in (part.strip() for part in typed.replace(" and ", ",").replace(";", ",").split(",")):
        if not word:
            continue
        if word.casefold() not in known:
            return (), word
        codes[known[word.casefold()]] = None
    return tuple(codes), ""
