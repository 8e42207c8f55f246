"""Lists of words to choose from (needs, front doors, formats, languages ...): data with a version and a source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a list. ``key`` is stored and never changes; ``words`` are read. ``more`` holds what only some lists have."""

    key: str
    words: str
    group: str = ""
    note: str = ""
    more: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class WordList:
    """A list with its version and source, in the order in which it is shown."""

    name: str
    title: str
    version: str
    source: str
    entries: tuple[Entry, ...]

    def entry(self, key: str) -> Entry | None:
        """Return the entry called ``key``, or ``None``."""
        return next((entry for entry in self.entries if entry.key == key), None)

    def words(self, key: str) -> str:
        """Return what is read for ``key``. A key from a newer list is shown as it is, so that nothing goes missing."""
        entry = self.entry(key)
        return entry.words if entry else key.replace("_", " ")

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys in order."""
        return tuple(entry.key for entry in self.entries)


@dataclass(frozen=True, slots=True)
class CrisisContact:
    """Somewhere to turn to at once. ``number`` is as it is dialled or texted; ``checked_on`` is ``None`` until checked."""

    key: str
    name: str
    number: str
    how: str
    when: str
    who_for: str
    region: str
    first: bool
    checked_on: date | None
    source: str


def format_words(formats: WordList, form: str) -> str:
    """Return what is read for how a leaflet was printed: a key of ``formats``, or the id of the ``style`` of one of them."""
    if not form:
        return ""
    return next((entry.words for entry in formats.entries if entry.more.get("style") == form), formats.words(form))


def by_number(words: WordList) -> dict[int, str]:
    """Return the words of each entry by its ``value``. Raises :class:`BadList` for one that is no number."""
    return {number: words.words(key) for key, number in numbers(words).items()}


class BadList(ValueError):
    """A list file that cannot be used; the text says what is wrong."""


def parse_list(name: str, document: Mapping[str, object]) -> WordList:
    """Read the list called ``name``. Raises :class:`BadList`."""
    entries = tuple(_entry(block) for block in _entries(document))
    if not entries:
        raise BadList("it has no entries")
    seen: set[str] = set()
    for entry in entries:
        if entry.key in seen:
            raise BadList(f"the key '{entry.key}' comes twice")
        seen.add(entry.key)
    return WordList(
        name=name,
        title=_text(document, "title", "it"),
        version=_text(document, "version", "it"),
        source=_text(document, "source", "it"),
        entries=entries,
    )


def crisis_contacts(contacts: WordList) -> tuple[CrisisContact, ...]:
    """Return the crisis contacts in order. Raises :class:`BadList` when one has no number."""
    return tuple(_contact(entry) for entry in contacts.entries)


def numbers(times: WordList) -> dict[str, int]:
    """Return the ``value`` of each entry of a list of numbers, by key. Raises :class:`BadList` for one that is no number."""
    found = {}
    for entry in times.entries:
        value = entry.more.get("value")
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            raise BadList(f"'{entry.key}' needs a whole number called value")
        found[entry.key] = value
    return found


def _contact(entry: Entry) -> CrisisContact:
    more = entry.more
    checked_on = more.get("checked_on")
    return CrisisContact(
        key=entry.key,
        name=entry.words,
        number=_text(more, "number", f"'{entry.key}'"),
        how=_text(more, "how", f"'{entry.key}'"),
        when=str(more.get("when", "")),
        who_for=str(more.get("who_for", "")),
        region=str(more.get("region", "")),
        first=more.get("first") is True,
        checked_on=checked_on if isinstance(checked_on, date) else None,
        source=_text(more, "source", f"'{entry.key}'"),
    )


def _entries(document: Mapping[str, object]) -> list[object]:
    blocks = document.get("entry", [])
    return blocks if isinstance(blocks, list) else []


def _entry(block: object) -> Entry:
    if not isinstance(block, Mapping):
        raise BadList("an entry is not a block of its own")
    key = _text(block, "key", "an entry")
    usual = {"key", "words", "group", "note"}
    return Entry(
        key=key,
        words=_text(block, "words", f"'{key}'"),
        group=str(block.get("group", "")),
        note=str(block.get("note", "")),
        more=MappingProxyType({name: value for name, value in block.items() if name not in usual}),
    )


def _text(block: Mapping[str, object], name: str, whose: str) -> str:
    value = block.get(name)
    if not isinstance(value, str) or not value.strip():
        raise BadList(f"{whose} has no {name}")
    return value
