"""Where a page can ask the window to go: one frozen type per page, with what that page needs to open."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Did(StrEnum):
    """What was done on another page and can be undone on the person's."""

    SIGNPOSTED = "signposted"
    SIGNPOST_OFF = "signpost_off"
    HANDED_OVER = "handed_over"
    HANDOVER_OFF = "handover_off"
    FOLLOWED_UP = "followed_up"
    PASSED_ON = "passed_on"


@dataclass(frozen=True, slots=True)
class Done:
    """Something that was just done: what, to which record (for ``PASSED_ON`` who coordinated before), and the words for it."""

    did: Did
    about: str
    words: str


@dataclass(frozen=True, slots=True)
class ToToday:
    """Who needs a contact, and what is on here today."""


@dataclass(frozen=True, slots=True)
class ToMembers:
    """The list of members, searched for ``search``; with ``mine`` only those whom the worker coordinates."""

    search: str = ""
    mine: bool = False


@dataclass(frozen=True, slots=True)
class ToPerson:
    """One person's page, by the person's id; with ``contact`` it opens at recording one, which may answer ``follow_up``.

    ``done`` is what was just done elsewhere: the page offers once to undo it.
    """

    person: str
    contact: bool = False
    follow_up: str | None = None
    done: Done | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class ToNewPerson:
    """The front door; ``visit`` is the counted visit that becomes this person, ``name`` what was searched for."""

    visit: str | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class ToOpening:
    """Looking on the server for a member who is not on this laptop; ``name`` is what was searched for."""

    name: str = ""


@dataclass(frozen=True, slots=True)
class ToEditPerson:
    """What is known of a person, to be changed."""

    person: str


@dataclass(frozen=True, slots=True)
class ToConversation:
    """A conversation; without its id a new one begins."""

    person: str
    conversation: str | None = None


@dataclass(frozen=True, slots=True)
class ToQuestionnaire:
    """One questionnaire (by its id in resources/questionnaires) within a conversation."""

    person: str
    conversation: str
    questionnaire: str


@dataclass(frozen=True, slots=True)
class ToSafety:
    """The safety conversation; without its id a new one begins."""

    person: str
    talk: str | None = None
    conversation: str | None = None


@dataclass(frozen=True, slots=True)
class ToDirectory:
    """The directory, searched, perhaps on behalf of a person."""

    search: str = ""
    person: str | None = None


@dataclass(frozen=True, slots=True)
class ToService:
    """One service of the directory."""

    service: str
    person: str | None = None


@dataclass(frozen=True, slots=True)
class ToDirectoryImport:
    """Adding services: from a file, or one by hand; with ``service`` an entry made by hand is changed."""

    service: str | None = None


@dataclass(frozen=True, slots=True)
class ToSignpost:
    """Signposting a person to a service, or asking how an earlier signpost went."""

    person: str
    service: str | None = None
    signpost: str | None = None


@dataclass(frozen=True, slots=True)
class ToHandover:
    """Handing a person over warmly to a service, or one handover that was begun."""

    person: str
    service: str | None = None
    handover: str | None = None


@dataclass(frozen=True, slots=True)
class ToLeaflets:
    """Leaflets, perhaps for a person, with services on them, on a topic, in the style and language it was printed in."""

    person: str | None = None
    services: tuple[str, ...] = ()
    topic: str = ""
    style: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class ToOwnLeaflets:
    """The leaflets, pictures and logo of the organisation's own."""


@dataclass(frozen=True, slots=True)
class ToVisits:
    """Groups and visits: what was counted here."""


@dataclass(frozen=True, slots=True)
class ToReports:
    """Numbers of outcomes, flow and gaps."""


@dataclass(frozen=True, slots=True)
class ToSync:
    """Sending and receiving."""


@dataclass(frozen=True, slots=True)
class ToConflicts:
    """What two people answered differently: everything, or what is about one ``person``."""

    person: str = ""


@dataclass(frozen=True, slots=True)
class ToHistory:
    """Who changed one record, from what, to what, and when; ``person`` is whom it is about, if anybody."""

    entity: str
    record: str
    person: str = ""


@dataclass(frozen=True, slots=True)
class ToSettings:
    """Look, language, place, security; ``section`` is opened first."""

    section: str = ""


@dataclass(frozen=True, slots=True)
class ToLeaving:
    """Taking one's own part off this laptop."""


@dataclass(frozen=True, slots=True)
class ToHelp:
    """Help on a topic, the keyboard list among them."""

    topic: str = ""


@dataclass(frozen=True, slots=True)
class ToCrisis:
    """Crisis contacts and what to do; open without a login."""


Destination = (
    ToToday | ToMembers | ToPerson | ToNewPerson | ToOpening | ToEditPerson | ToConversation | ToQuestionnaire | ToSafety
    | ToDirectory | ToService | ToDirectoryImport | ToSignpost | ToHandover | ToLeaflets | ToOwnLeaflets | ToVisits | ToReports
    | ToSync | ToConflicts | ToHistory | ToSettings | ToLeaving | ToHelp | ToCrisis
)  # fmt: skip
"""Anywhere the window can go."""
