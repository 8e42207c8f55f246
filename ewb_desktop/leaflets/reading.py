"""How hard a leaflet's own text is to read, with the line in which each thing to mend stands."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from ewb_desktop.leaflets.catalogue import Leaflet
from ewb_desktop.leaflets.readability import measure, running_text

EASY_AGES = (9, 11)
"""The reading ages at which most people who come to a drop-in can read a leaflet (the service's own rule)."""
LONG = 20
"""A sentence of more words than these is long (plain English guidance: 15 to 20)."""
_SENTENCE = re.compile(r"[.!?]+(?:\s|$)|[。！？।۔؟]|\n+")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_SHORT = 8
"""Words by which the beginning of a sentence is looked for."""


@dataclass(frozen=True, slots=True)
class HardWord:
    """A word of three syllables or more: the line where it stands first, and how often it is there."""

    word: str
    line: int
    times: int


@dataclass(frozen=True, slots=True)
class Reading:
    """What is known of a text. ``age`` is None where it cannot be measured: the formula is for English.

    ``longest`` is the longest sentence, of ``longest_words`` words, which begins in ``longest_line``.
    """

    age: float | None
    words: int
    longest: str
    longest_words: int
    longest_line: int
    hard: tuple[HardWord, ...]

    @property
    def is_easy(self) -> bool:
        """Whether the reading age is no higher than people find easy."""
        return self.age is None or self.age <= EASY_AGES[1]


def read_closely(leaflet: Leaflet, source: str) -> Reading:
    """Return how hard ``leaflet`` is to read; lines are those of ``source``, the file it was read from."""
    text = running_text(leaflet.blocks)
    sentences = [part.strip() for part in _SENTENCE.split(text) if _WORD.search(part)]
    longest = max(sentences, key=_length, default="")
    english = measure(text) if leaflet.lang == "en" else None
    body = _body(source)
    counts = Counter(word.casefold() for word in _WORD.findall(text))
    hard = english.hard_words if english is not None else ()
    return Reading(
        age=english.reading_age if english is not None else None,
        words=english.words if english is not None else sum(map(_length, sentences)),
        longest=longest,
        longest_words=_length(longest),
        longest_line=_line_of_sentence(longest, body),
        hard=tuple(HardWord(word, _line_of_word(word, body), counts[word.casefold()]) for word in hard),
    )


def _length(sentence: str) -> int:
    return len(_WORD.findall(sentence))


def _body(source: str) -> str:
    """Return ``source`` with its head made empty, so that its lines keep their numbers."""
    lines = source.split("\n")
    ends = [number for number, line in enumerate(lines) if line.rstrip() == "+++"]
    closing = ends[1] if len(ends) > 1 else -1
    return "\n".join("" if number <= closing else line for number, line in enumerate(lines))


def _line_of_sentence(sentence: str, body: str) -> int:
    words = _WORD.findall(sentence)[:_SHORT]
    found = re.search(r"[\W\d_]+".join(map(re.escape, words)), body) if words else None
    return body.count("\n", 0, found.start()) + 1 if found is not None else 1


def _line_of_word(word: str, body: str) -> int:
    found = re.search(rf"(?<!\w){re.escape(word)}(?!\w)", body, re.IGNORECASE)
    return body.count("\n", 0, found.start()) + 1 if found is not None else 1
