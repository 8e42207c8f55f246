"""How hard a text is to read, for those who write leaflets. It helps to choose what to mend; only readers can say.

The grade is Flesch and Kincaid's (Kincaid and others, 1975, Research Branch Report 8-75):
0.39 x words per sentence + 11.8 x syllables per word - 15.59. A reading age is the grade and five years.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from ewb_desktop.leaflets.blocks import Block, Facts, Grid, Heading, NewPage, Panel, Paragraph, Picture, Points
from ewb_desktop.leaflets.text.spans import plain

_WORD = re.compile(r"[A-Za-z]+(?:['’][A-Za-z]+)?")
_END = re.compile(r"[.!?]+(?:\s|$|[”\"'’])|\n+")
_VOWELS = re.compile(r"[aeiouy]+")
_TWO_SOUNDS = re.compile(r"(?<![tcsgx])i(?:a|o(?!u)|um)|iet|(?<!p)eo|^idea|^area|[aeiou]ing$|ua(?!r)|y[aeou]")
_SILENT = re.compile(r"(?:(?:[aeiouy]l|[^l])e|[^aeioutd]ed|[^aeiouscxzglh]es)$")
_HARD = 3
"""Words of this many syllables or more are named as hard."""


@dataclass(frozen=True, slots=True)
class Readability:
    """``reading_age`` in years; the longest sentence as it stands; hard words in the order they come, each once."""

    reading_age: float
    words: int
    longest_sentence: str
    hard_words: tuple[str, ...]


def measure(text: str) -> Readability:
    """Measure English ``text``. An empty text has the reading age 0."""
    sentences = [sentence.strip() for sentence in _END.split(text) if _WORD.search(sentence)]
    words = [word for sentence in sentences for word in _WORD.findall(sentence)]
    if not words:
        return Readability(0.0, 0, "", ())
    sounds = sum(syllables(word) for word in words)
    grade = 0.39 * len(words) / len(sentences) + 11.8 * sounds / len(words) - 15.59
    longest = max(sentences, key=lambda sentence: len(_WORD.findall(sentence)))
    hard = dict.fromkeys(word.lower() for word in words if syllables(word) >= _HARD)
    return Readability(round(grade + 5, 1), len(words), longest, tuple(hard))


def running_text(blocks: Iterable[Block]) -> str:
    """Return the text of ``blocks`` that is read as sentences: a heading or a point is a sentence of its own."""
    lines: list[str] = []
    for block in blocks:
        match block:
            case Heading() | Paragraph():
                lines.append(plain(block.spans))
            case Points(items=items):
                lines += [plain(item) for item in items]
            case Facts(rows=rows):
                lines += [plain(row.value) for row in rows]
            case Grid(rows=grid):
                lines += [plain(cell) for row in grid for cell in row]
            case Panel(blocks=inner):
                lines.append(running_text(inner))
            case Picture(description=description):
                lines.append(description)
            case NewPage():
                pass
    return "\n".join(lines)


def syllables(word: str) -> int:
    """Return about how many syllables an English word has: groups of vowels, with silent endings left out."""
    word = re.sub(r"[^a-z]", "", word.lower())
    if len(word) <= 3:
        return 1
    groups = len(_VOWELS.findall(word)) + len(_TWO_SOUNDS.findall(word))
    if _SILENT.search(word):
        groups -= 1
    return max(1, groups)
