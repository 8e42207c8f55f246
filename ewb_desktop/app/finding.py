"""What the find box finds, each with where it opens: members first, for whoever may open them, then pages, then services."""

from __future__ import annotations

from collections.abc import Callable

from ewb_desktop.actions.desk import Desk
from ewb_desktop.domain.person import display_name, identifiers_line
from ewb_desktop.domain.roles import Duty
from ewb_desktop.storage.cards.search import FoundPerson, find_people, find_services, find_taken_off
from ewb_desktop.storage.cards.services import service_card
from ewb_desktop.storage.holding.openings import may_look_further
from ewb_desktop.ui.destinations import ToOpening, ToOwnLeaflets, ToPerson, ToService
from ewb_desktop.ui.shell.find_box import Found

MOST = 8
"""How many of each kind are shown; more letters find fewer."""

OWN_LEAFLETS = Found("Our own leaflets", "What we wrote ourselves, our pictures and our logo", "page", ToOwnLeaflets())
_OWN_WORDS = ("our", "own", "leaflets", "pictures", "logo")
_FEWEST = 3
"""Letters before a page is found: fewer begin too many names."""

TAKEN_OFF = "Taken off the screens: open to bring it back"
LOOK_ALSO = "Somebody else of that name: look on the server"
LOOK_FURTHER = "Not on this laptop: look on the server"


def make_find(desk: Desk) -> Callable[[str], list[Found]]:
    """Return what answers the find box of the window at this desk."""

    def find(text: str) -> list[Found]:
        if not text.strip():
            return []
        with desk.store.read() as connection:
            people = find_people(connection, text, MOST) if desk.may(Duty.CARE) else []
            taken_off = find_taken_off(connection, text, MOST) if desk.may(Duty.CARE) else []
            # one digit stands in the address or telephone of any service, and tells nobody apart
            too_short = len(text.strip()) == 1 and text.strip().isdigit()
            may_look = may_look_further(connection)
            listed = [] if too_short else find_services(connection, text, limit=MOST)
            services = [service_card(connection, service) for service in listed]
        found = [*map(_found, people), *(_found(one, TAKEN_OFF) for one in taken_off)]
        if may_look and desk.may(Duty.OPEN):
            # somebody else of that name may be here: the one who is looked for need not be
            words = LOOK_FURTHER if not people and not taken_off else LOOK_ALSO
            found.append(Found(words, "For a member of another area", "server", ToOpening(text.strip())))
        if desk.may(Duty.DIRECTORY) and _means_own_leaflets(text):
            found.append(OWN_LEAFLETS)
        return [
            *found,
            *(Found(service.name, service.organisation, "service", ToService(service.id)) for service in services if service),
        ]

    return find


def _found(person: FoundPerson, first: str = "") -> Found:
    identifiers = identifiers_line(
        person.birth_date,
        person.preferred_name or "",
        person.given_name or "",
        postcode=person.postcode or "",
        telephone=person.telephone or "",
    )
    return Found(
        display_name(person.given_name or "", person.family_name or "", person.preferred_name or ""),
        " · ".join(part for part in (first, identifiers) if part),
        "member",
        ToPerson(person.id),
    )


def _means_own_leaflets(text: str) -> bool:
    """Say whether each word typed begins a word of the page of our own leaflets, as members and services are found."""
    typed = text.casefold().split()
    long_enough = max(map(len, typed)) >= _FEWEST
    return long_enough and all(any(word.startswith(each) for word in _OWN_WORDS) for each in typed)
