"""All answers to one question kept together: sets as one set, words one below the other, with who wrote which and when."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from ewb_desktop.domain.time import local
from ewb_desktop.domain.words import full_day
from ewb_desktop.library import Library
from ewb_desktop.storage.cards.conflicts import ConflictCard, Said
from sync.protocol.entities import ENTITIES, Kind
from sync.protocol.merge import join_sets

_SIGNED = re.compile(r" \([^()]+, \d{1,2} [A-Z][a-z]+ \d{4}\)$")
"""How a line ends that says who wrote it and when."""


def both_of(card: ConflictCard, library: Library) -> Any:
    """Return all answers together, or None where only one can be true: words with who wrote which, of sets everything.

    A line that was kept together before, and says already who wrote it, stands once and as it was; where one of the answers
    changed it, that version is signed by who changed it.
    """
    declared = ENTITIES[card.entity].fields.get(card.field) if card.entity in ENTITIES else None
    if declared is None or None in card.answers:
        return None
    if declared.kind is Kind.LIST:
        together: list[Any] = []
        for answer in card.answers:
            together = join_sets(None, together, answer)
        return together
    words = library.lists.get("fields")
    entry = words.entry(f"{card.entity}.{card.field}") if words is not None else None
    if declared.kind is not Kind.TEXT or entry is None or entry.more.get("holds") != "told":
        return None
    before = str(card.before or "").splitlines()
    told = [(card.shown, (card.shown_said,)), *((other.value, other.said) for other in card.others)]
    return "\n".join(dict.fromkeys(line for words, said in told for line in _lines(words, said, before)))


def _lines(words: str, said: Sequence[Said], before: Collection[str]) -> Iterator[str]:
    """Yield an answer's words, signed: what nobody has signed as a whole, and every signed line by itself."""
    answer, unsigned = words.splitlines(), []
    changed = [line for line in before if line not in answer]
    for line in answer:
        signed = _SIGNED.search(line)
        if signed is None:
            unsigned.append(line)
            continue
        if unsigned:
            yield _signed(unsigned, said)
            unsigned = []
        was_changed = line not in before and any(gone.endswith(signed.group()) for gone in changed)
        yield _signed([line[: signed.start()]], said) if was_changed else line
    if unsigned:
        yield _signed(unsigned, said)


def _signed(lines: Sequence[str], said: Sequence[Said]) -> str:
    words = "\n".join(lines)
    parts = [part for each in said for part in (each.name, full_day(local(each.at).date()) if each.at is not None else "")]
    signature = ", ".join(part for part in parts if part)
    return f"{words} ({signature})" if signature else words
