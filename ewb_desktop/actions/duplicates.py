"""Before somebody is added: who on this laptop might be the same person, and why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ewb_desktop.actions.desk import Desk
from ewb_desktop.domain.dedupe import Duplicate, Likeness, likely_duplicates
from ewb_desktop.domain.person import display_name
from ewb_desktop.storage.cards.people import candidates

NAMES = ("preferred_name", "given_name", "family_name")


def likely_same(desk: Desk, facts: Mapping[str, Any]) -> tuple[Duplicate, ...]:
    """Return members who may be the person described by ``facts``, most alike first, each with its reasons in words."""
    words = {name: str(facts.get(name) or "").strip() for name in (*NAMES, "postcode", "telephone")}
    born = facts.get("birth_date")
    with desk.store.read() as connection:
        known = candidates(
            connection,
            names=[words[name] for name in NAMES],
            born=born,
            postcode=words["postcode"].upper(),
            telephone=words["telephone"],
        )
    new = Likeness("", _whole_names(*(words[name] for name in NAMES)), born, words["postcode"], _some(words["telephone"]))
    others = [
        Likeness(one.id, _whole_names(one.preferred, one.given, one.family), one.born, one.postcode, _some(one.telephone))
        for one in known
    ]
    return likely_duplicates(new, others)


def _whole_names(preferred: str, given: str, family: str) -> tuple[str, ...]:
    names = (display_name(given, family), display_name("", family, preferred)) if family else (given, preferred)
    return tuple(dict.fromkeys(name for name in names if name.strip()))


def _some(text: str) -> tuple[str, ...]:
    return (text,) if text else ()
