"""What is said of words that wait about a member who leaves this laptop, and where they are gone on with."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from ewb_desktop.domain.time import local
from ewb_desktop.domain.words import clock_words, count_words, full_day, list_words
from ewb_desktop.storage.holding.departures import Departure
from ewb_desktop.storage.holding.in_hand import InHand, form_words
from ewb_desktop.ui.destinations import (
    Destination,
    ToConversation,
    ToEditPerson,
    ToHandover,
    ToLeaflets,
    ToPerson,
    ToSafety,
    ToSignpost,
    ToSync,
)

DEPARTED = "Your work changed"
"""The title of what is told when areas were taken away or the role became smaller."""
THREE_HOURS = "The three hours are over"
LET_GO = "You let them go"
WAITS = "What you typed waits"


def place_of(person: str, keys: Sequence[str]) -> Destination:
    """Return the page on which the last of what was typed about a member is gone on with."""
    form, _, rest = (keys[-1] if keys else "").replace(":", "/", 1).partition("/")
    parts = rest.split("/")
    about = parts[1] if len(parts) > 1 and parts[1] != "new" else None
    match form:
        case "contact":
            return ToPerson(person, contact=True)
        case "newperson":
            return ToEditPerson(person)
        case "handover":
            return ToHandover(person, service=about)
        case "signpost":
            return ToSignpost(person, service=about)
        case "answer" | "need":
            return ToConversation(person)
        case "safety":
            return ToSafety(person)
        case "leaflet":
            return ToLeaflets(person=person)
        case "mending":
            return ToSync()
    return ToPerson(person)


def why_words(one: InHand) -> str:
    """Return why a member's page leaves."""
    return "The three hours are over." if one.is_opened else "They are not among the people you look after any more."


def until_words(one: InHand, today: date) -> str:
    """Return until when the words wait, such as "on 23 November 2026 at 14:05"."""
    at = local(one.until)
    day = "today" if at.date() == today else f"on {full_day(at.date())}"
    return f"{day} at {clock_words(at.time())}"


def waiting_line(one: InHand, keys: Sequence[str], today: date) -> str:
    """Return what waits, why, and what becomes of it by itself."""
    forms = list_words(list(dict.fromkeys(form_words(key) for key in keys)))
    return f"{forms[:1].upper()}{forms[1:]}. {why_words(one)} If nobody saves it, it is sent as a note {until_words(one, today)}."


def page_words(one: InHand, today: date) -> str:
    """Return what the member's own page says while only words hold it."""
    rest = " Only what you need to finish is still here." if one.is_opened else ""
    return (
        f"{why_words(one)}{rest} Save what you typed, or let it go: then this page leaves the laptop. If you do neither, "
        f"your words are sent as a note {until_words(one, today)}."
    )


def held_words(names: Sequence[str]) -> str:
    """Return that words wait about members of these names; nothing where nobody waits."""
    if not names:
        return ""
    whom = list_words(list(names)) if len(names) <= 3 else count_words(len(names), "member")
    return f"What you typed about {whom} and did not save waits: save it or let it go. It stands in Send and receive."


def departure_words(departure: Departure, role: str, waits: str, leaving: int = 0) -> str:
    """Return what is told of areas that were taken away or a role that became smaller; ``role`` is its words, if it changed.

    So many members are still ``leaving``: somebody types, or what was written about them is not sent yet.
    """
    told = []
    if departure.areas:
        gone = list_words([_area(area) for area in departure.areas])
        told.append(f"{gone} {'is' if len(departure.areas) == 1 else 'are'} not among your areas any more.")
    if role:
        told.append(f"Your role is now: {role}.")
    if departure.sent:
        told.append(f"{count_words(departure.sent, 'change of yours was', 'changes of yours were')} sent first.")
    if departure.notes:
        where = "the member's page as a note" if departure.notes == 1 else "the members' pages as notes"
        told.append(f"What you had typed and not saved is not lost: it goes to {where}.")
    if departure.members:
        whose = count_words(departure.members, "member has", "members have")
        told.append(f"{whose} left this laptop, with all that is written about them.")
    if leaving:
        whose = count_words(leaving, "member", "members")
        leave = "leaves" if leaving == 1 else "leave"
        more = f"{leaving} more {leave}" if departure.members else f"{whose} {leave} this laptop"
        told.append(f"{more} soon: when you stop typing for a moment and all that you saved is sent.")
    elif not departure.members:
        told.append("No member has left this laptop by that.")
    return " ".join([*told, waits]).strip()


def left_words(departed: int, moved: int, opened: int = 0) -> str:
    """Return what is said when members have left: with areas or a role that became smaller, or moved to somebody else.

    So many were ``opened`` for a few hours, and stayed until the words about them were sent.
    """
    told = []
    if departed:
        whose = count_words(departed, "member has", "members have")
        told.append(f"{whose} left this laptop, because your areas or your role changed.")
    if moved:
        whose = count_words(moved, "member is", "members are")
        told.append(f"{whose} in another area now, or with another worker.")
    if opened:
        pages = "page that waited for your words is" if opened == 1 else "pages that waited for your words are"
        told.append(f"The {pages} closed.")
    return " ".join([*told, "All you saved was sent, and left this laptop."])


def note_words(departure: Departure, role: str, leaving: int = 0) -> str:
    """Return the same as the page of sending and receiving says it, with its day."""
    return f"{full_day(local(departure.at).date())}: {departure_words(departure, role, '', leaving)}"


def _area(area: str) -> str:
    return re.sub(r"(^|-)([a-z])", lambda found: f"{' ' if found[1] else ''}{found[2].upper()}", area)
