"""What a worker asks to be printed: the topic, how it should look, and what is added for one person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ewb_desktop.domain.directory.listing import OpeningRule
from ewb_desktop.domain.lists import CrisisContact

UNNAMED = "Emotional wellbeing service"
"""Who gives a leaflet while nobody has written the service's name into the settings."""


@dataclass(frozen=True, slots=True)
class ServiceLine:
    """A service as it stands on a leaflet. Empty words are left out; ``last_checked`` is always said, even unknown.

    ``opening`` and ``free`` are told in the leaflet's language; ``what``, ``when``, ``where`` and ``cost`` are the directory's
    own words, in ``lang``. ``web`` is the address of its page of the web; what is none is left out.
    """

    name: str
    what: str = ""
    when: str = ""
    where: str = ""
    telephone: str = ""
    cost: str = ""
    opening: tuple[OpeningRule, ...] = ()
    free: bool = False
    last_checked: date | None = None
    web: str = ""
    lang: str = "en"


@dataclass(frozen=True, slots=True)
class NextStep:
    """What happens next, in words, who the person can ask for by name, on which day, and how to reach them."""

    words: str
    contact: str
    on: date | None = None
    telephone: str = ""
    lang: str = "en"


@dataclass(frozen=True, slots=True)
class LeafletOrder:
    """One leaflet to make. Two equal orders make the same bytes.

    ``crisis`` is the library's list as it is; those that come ``first`` are printed (all of them if none does). It is in
    English; a translation is found by its key, and has a place for the number but never a number of its own.

    ``printed_on`` is the day on the paper. ``service_name`` and ``service_telephone`` say who gives the leaflet, where that is
    known; ``service_address`` is its page of the web, to which leaflets lead that have no page of their own. With
    ``discreet_cover`` the first page says neither that nor the topic, and the foot of every page and the file's title say
    nothing of the topic; the file has no bookmarks, for they would name it beside the page.
    """

    topic: str
    printed_on: date
    crisis: tuple[CrisisContact, ...]
    language: str = "en"
    style: str = "clear-14"
    palette: str = "white"
    sheet: str = "a4"
    discreet_cover: bool = False
    services: tuple[ServiceLine, ...] = ()
    next_step: NextStep | None = None
    service_name: str = ""
    service_telephone: str = ""
    service_address: str = ""


@dataclass(frozen=True, slots=True)
class Rendered:
    """A finished leaflet: the file's bytes, how many pages it has, its title, and its text in reading order."""

    pdf: bytes
    pages: int
    title: str
    text: str
