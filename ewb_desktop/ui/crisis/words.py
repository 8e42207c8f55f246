"""What crisis help says: contacts from the library, and the card that tells what to do, read from the files beside it."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ewb_desktop.domain.lists import BadList, CrisisContact, Entry, crisis_contacts, parse_list
from ewb_desktop.domain.words import full_day

LAST_RESORT = "Call 999 if life is in danger. Call NHS 111 and choose the mental health option at any hour."
"""Shown when the list of contacts cannot be read, so that the page is never empty (domain notes 7.4)."""


@dataclass(frozen=True, slots=True)
class ContactWords:
    """One contact as it is read: the number large, then who it is and how to reach it."""

    number: str
    name: str
    how: str
    checked: str
    first: bool


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the card; ``number`` is empty for the step that comes before all others."""

    number: str
    words: str
    note: str


@dataclass(frozen=True, slots=True)
class CrisisWords:
    """The whole page as words. ``trouble`` is set when a file could not be read; ``at_once`` comes before all steps."""

    contacts: tuple[ContactWords, ...]
    title: str
    at_once: Step | None
    steps: tuple[Step, ...]
    if_left: tuple[Step, ...]
    trouble: str = ""


def read_words(resources: Path) -> CrisisWords:
    """Read contacts and card under ``resources``. Never raises: what cannot be read is replaced by :data:`LAST_RESORT`."""
    trouble = ""
    try:
        contacts = crisis_contacts(parse_list("crisis", _document(resources / "lists" / "crisis.toml")))
    except (OSError, ValueError):
        contacts, trouble = (), LAST_RESORT
    try:
        card = parse_list("what-to-do", _document(resources / "help" / "what-to-do.toml"))
        title, entries = card.title, card.entries
    except (OSError, ValueError):
        title, entries, trouble = "", (), LAST_RESORT
    steps = [entry for entry in entries if entry.group != "left"]
    return CrisisWords(
        contacts=contact_words(contacts),
        title=title,
        at_once=next((_step("", entry) for entry in entries if entry.more.get("now") is True), None),
        steps=tuple(_step(str(number), entry) for number, entry in enumerate(steps, start=1)),
        if_left=tuple(_step("", entry) for entry in entries if entry.group == "left"),
        trouble=trouble,
    )


def contact_words(contacts: Sequence[CrisisContact]) -> tuple[ContactWords, ...]:
    """Return the contacts as they are read; the facts stay exactly as they stand in the list."""
    return tuple(
        ContactWords(
            number=contact.number,
            name=contact.name,
            how=". ".join(part for part in (contact.how, contact.who_for, contact.when) if part),
            checked=f"Checked on {full_day(contact.checked_on)}" if contact.checked_on else "Not yet checked by your service",
            first=contact.first,
        )
        for contact in contacts
    )


def _step(number: str, entry: Entry) -> Step:
    return Step(number, entry.words, entry.note)


def _document(path: Path) -> dict[str, object]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise BadList("it is not TOML") from error
