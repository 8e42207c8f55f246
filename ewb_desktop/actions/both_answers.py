"""All answers to one question kept together: sets as one set, words one below the other, with who wrote which and when."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from ewb_desktop.domain.questionnaire import Item, ItemType
from ewb_desktop.domain.time import local
from ewb_desktop.domain.words import full_day
from ewb_desktop.library import Library
from ewb_desktop.storage.cards.conflicts import ConflictCard, Said
from sync.protocol.entities import ENTITIES, Kind
from sync.protocol.merge import join_sets

_SIGNED = re.compile(r" \([^()]+, \d{1,2} [A-Z][a-z]+ \d{4}\)$")
"""How a line ends that says who wrote it and when."""


def item_of(asked: tuple[str, str] | None, library: Library) -> Item | None:
    """Return the question with this id of the questionnaire with that one, as ``question_of`` finds them; None where none is."""
    form = library.questionnaires.get(asked[0]) if asked is not None else None
    return next((item for item in form.questions if item.link_id == asked[1]), None) if form is not None and asked else None


def both_of(card: ConflictCard, library: Library, item: Item | None = None) -> Any:
    """Return all answers together, or None where only one can be true: words with who wrote which, of sets everything.

    ``item`` is the question of a questionnaire to which these are answers (:func:`item_of`).

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
    if not (_holds_words(card, item) if item is not None else _is_told(card, declared.kind, library)):
        return None
    before = str(card.before or "").splitlines()
    told = [(card.shown, (card.shown_said,)), *((other.value, other.said) for other in card.others)]
    words = "\n".join(dict.fromkeys(line for words, said in told for line in _lines(words, said, before)))
    return words if item is None or item.max_length is None or len(words) <= item.max_length else None


def _is_told(card: ConflictCard, kind: Kind, library: Library) -> bool:
    words = library.lists.get("fields")
    entry = words.entry(f"{card.entity}.{card.field}") if words is not None else None
    return kind is Kind.TEXT and entry is not None and entry.more.get("holds") == "told"


def _holds_words(card: ConflictCard, item: Item) -> bool:
    """Tell whether these are answers in words, all told by the same: a member's words are not put together with a carer's."""
    tellers = {card.shown_told.get("told_by"), *(other.told.get("told_by") for other in card.others)}
    return item.type in (ItemType.STRING, ItemType.TEXT) and len(tellers) == 1


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
