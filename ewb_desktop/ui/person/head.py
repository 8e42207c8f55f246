"""The words at the top of a person's page: two identifiers, and the flags that nobody should have to look for."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from ewb_desktop.domain.person import ASK_FIRST, NOT_SAFE
from ewb_desktop.domain.words import MONTHS, count_words, full_day, list_words
from ewb_desktop.library import Library
from ewb_desktop.storage.cards.people import PersonRecord
from ewb_desktop.storage.cards.sharing import SharingCard
from ewb_desktop.storage.exchange.journal import JournalCounts
from ewb_desktop.ui.widgets.row import Tint

_WAYS = {"safe_to_call": "calls", "safe_to_message": "messages", "safe_to_post": "post"}
USUAL_FORMAT = "clear_print"
ENGLISH = "en"


@dataclass(frozen=True, slots=True)
class Flag:
    """A few words about how to talk with somebody, in a tint of their kind."""

    text: str
    tint: Tint


@dataclass(frozen=True, slots=True)
class Head:
    """What stands at the top. ``first`` is the name for buttons; ``two_answers`` says that workers answered differently."""

    name: str
    first: str
    line: str
    flags: tuple[Flag, ...]
    coordinator: str
    two_answers: bool
    reach: tuple[tuple[str, str], ...]
    """How to reach them: labels and values."""


def head_of(
    record: PersonRecord,
    sharing: Sequence[SharingCard],
    library: Library,
    today: date,
    coordinator: str,
    *,
    two_answers: bool,
    disputed: Collection[str] = (),
    waiting: JournalCounts | None = None,
) -> Head:
    """Return the head of one member's page. ``waiting`` is what of her the server has not taken; None without a server.

    ``disputed`` are the ways of contact about which workers differ: ``record`` holds the careful answer.
    """
    return Head(
        name=record.name,
        first=record.preferred_name or record.given_name or record.name,
        line=identifiers(record),
        flags=(*_communication(record, library), *_contact(record, disputed), *_sharing(sharing, today), *_waiting(waiting)),
        coordinator=coordinator,
        two_answers=two_answers,
        reach=(
            ("Telephone", record.telephone or ""),
            ("Email", record.email or ""),
            ("Where to find them", record.where_to_find or ""),
            ("About contact", record.contact_note or ""),
        ),
    )


def identifiers(record: PersonRecord) -> str:
    """Return ``born 14 March 1986 · first name Amina · she/her · since June 2026``; the name stands above it.

    Without a date of birth the postcode or the telephone number is the second identifier, if there is one.
    """
    preferred, given = (record.preferred_name or "").strip(), (record.given_name or "").strip()
    if record.birth_date:
        born = f"born {full_day(record.birth_date)}"
    else:
        second = record.postcode or record.telephone or ""
        born = " · ".join(part for part in ("date of birth not known", second) if part)
    other = f"first name {given}" if preferred and given and preferred.casefold() != given.casefold() else ""
    joined = record.joined_on
    since = f"since {MONTHS[joined.month - 1]} {joined.year}" if joined else ""
    return " · ".join(part for part in (born, other, record.pronouns or "", since) if part)


def _communication(record: PersonRecord, library: Library) -> list[Flag]:
    words = []
    if record.leaflet_format and record.leaflet_format != USUAL_FORMAT:
        words.append(library.list("leaflet_formats").words(record.leaflet_format))
    if record.interpreter:
        kind = record.interpreter.strip()
        words.append(kind if "interpreter" in kind.casefold() else f"{kind} interpreter")
    languages = library.list("languages")
    for language, verb in ((record.spoken_language, "Speaks"), (record.written_language, "Reads")):
        if language and language != ENGLISH and not (record.interpreter and verb == "Speaks"):
            words.append(f"{verb} {languages.words(language)}")
    needs = library.list("communication")
    words += [needs.words(key) for key in record.communication or ()]
    # "Large print, 18 point" says all that "Large print" would
    told = [text for text in dict.fromkeys(words) if not any(other.startswith(f"{text},") for other in words)]
    return [Flag(text, Tint.AMBER) for text in told]


def _contact(record: PersonRecord, disputed: Collection[str]) -> list[Flag]:
    ways = {words: getattr(record, field) for field, words in _WAYS.items()}
    unsafe = [way for way, answer in ways.items() if answer == NOT_SAFE]
    first = [way for way, answer in ways.items() if answer == ASK_FIRST]
    found = []
    if unsafe == ["messages", "post"]:
        found.append("Ring only, no messages or post")
    elif len(unsafe) == len(ways):
        found.append("No calls, messages or post: in person only")
    elif unsafe:
        found.append(f"No {list_words(unsafe).replace(' and ', ' or ')}")
    if first:
        found.append(f"Ask first: {list_words(first)}")
    if record.discreet_print:
        found.append("Discreet print")
    differ = list_words([words for field, words in _WAYS.items() if field in disputed])
    told = [Flag(f"Answers differ on {differ}: be careful until somebody has chosen", Tint.AMBER)] if differ else []
    return [*told, *(Flag(text, Tint.GREY) for text in found)]


def _sharing(choices: Sequence[SharingCard], today: date) -> list[Flag]:
    # of one receiver and one thing the last choice stands
    last = {(choice.shared_with.casefold(), choice.what.casefold()): choice for choice in reversed(choices)}.values()
    agreed = [choice for choice in last if choice.counts_on(today)]
    kept = [choice for choice in last if not choice.agreed and choice.withdrawn_at is None]
    both = {choice.shared_with for choice in agreed} & {choice.shared_with for choice in kept}

    def named(of: Sequence[SharingCard]) -> str:
        """Return with whom, and what where they said yes to one thing and no to another."""
        told = (f"{each.shared_with} ({each.what})" if each.shared_with in both else each.shared_with for each in of)
        return ", ".join(dict.fromkeys(told))

    found = [Flag(f"Shares with: {named(agreed)}", Tint.GREEN)] if agreed else []
    return [*found, Flag(f"Not to share with: {named(kept)}", Tint.GREY)] if kept else found


def _waiting(waiting: JournalCounts | None) -> list[Flag]:
    found = []
    if waiting is not None and waiting.quarantined:
        words = count_words(waiting.quarantined, "change was", "changes were")
        found.append(Flag(f"{words} not taken: see Send and receive", Tint.AMBER))
    if waiting is not None and waiting.to_send:
        found.append(Flag(f"{count_words(waiting.to_send, 'change')} to send", Tint.GREY))
    return found
