"""What a worker asks to be printed: the topic, how it should look, and what is added for one person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class ServiceLine:
    """A service as it stands on a leaflet. Empty words are left out; ``last_checked`` is always said, even unknown."""

    name: str
    what: str = ""
    when: str = ""
    where: str = ""
    telephone: str = ""
    cost: str = ""
    last_checked: date | None = None
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
class CrisisContact:
    """One line of the crisis strip, from the checked list of the house.

    ``reach`` says what to do, with the number in it or ``{number}`` where it goes ("Call {number}, free"). A
    translation is found by ``id`` ("samaritans"); it has a place for the number and never a number of its own.
    ``checked_on`` is the day on which the service last tried the number, None if it never did; the paper says which.
    """

    id: str
    name: str
    number: str
    reach: str
    when: str
    checked_on: date | None
    lang: str = "en"


@dataclass(frozen=True, slots=True)
class LeafletOrder:
    """One leaflet to make. Two equal orders make the same bytes.

    ``printed_on`` is the day on the paper. ``service_name`` and ``service_telephone`` say who gives the leaflet; with
    ``discreet_cover`` the first page and the file's title name neither the service nor the topic.
    """

    topic: str
    printed_on: date
    crisis: tuple[CrisisContact, ...]
    language: str = "en"
    style: str = "clear-14"
    discreet_cover: bool = False
    services: tuple[ServiceLine, ...] = ()
    next_step: NextStep | None = None
    service_name: str = "Emotional wellbeing service"
    service_telephone: str = ""


@dataclass(frozen=True, slots=True)
class Rendered:
    """A finished leaflet: the file's bytes, how many pages it has, its title, and its text in reading order."""

    pdf: bytes
    pages: int
    title: str
    text: str
