"""Words other people use, and the codes they stand for: needs, languages, step-free entrances."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ewb_desktop.domain.directory.listing import StepFree


@dataclass(frozen=True, slots=True)
class Terms:
    """A word list read from ``resources/directory/terms.json``. All words are kept in lower case."""

    needs: Mapping[str, str]
    """From a taxonomy term, or from a need's own code, to the code of the need."""
    languages: Mapping[str, str]
    """From a language's name to its ISO 639 code."""
    steps: Sequence[str]
    """Words that say there are steps. They are looked for first: "not step-free" holds "step-free"."""
    no_steps: Sequence[str]
    """Words that say there are none."""

    def need(self, words: str) -> str | None:
        """Return the need code for a taxonomy term, or ``None`` when the list does not know it."""
        return self.needs.get(plain_words(words))

    def language(self, words: str) -> str | None:
        """Return the ISO 639 code for a language's code or name, or ``None`` when the list does not know it."""
        plain = plain_words(words)
        if plain in self.languages:
            return self.languages[plain]
        head = words.strip().lower().replace("_", "-").split("-")[0]
        return head if head in self.languages.values() else None

    def step_free(self, words: str) -> StepFree:
        """Say what some published words tell of the entrance. Words for both, or for neither, stay unknown."""
        plain = plain_words(words)
        barred = False
        for phrase in sorted(self.steps, key=len, reverse=True):
            if phrase in plain:
                barred = True
                plain = plain.replace(phrase, " ")
        free = any(phrase in plain for phrase in self.no_steps)
        if barred == free:
            return "unknown"
        return "no" if barred else "yes"


def plain_words(words: str) -> str:
    """Return ``words`` in lower case with every mark and gap as one space: ``"Step-free: yes"`` is ``"step free yes"``."""
    return re.sub(r"[\W_]+", " ", words).strip().lower()


def parse_terms(data: bytes) -> Terms:
    """Read the word list. Raises ``ValueError`` or ``KeyError`` when the file is not such a list."""
    plain = json.loads(data)
    needs = {plain_words(code): code for code in plain["needs"]}
    for code, words in plain["needs"].items():
        needs.update({plain_words(word): code for word in words})
    languages = {plain_words(name): code for code, names in plain["languages"].items() for name in (code, *names)}
    return Terms(
        needs,
        languages,
        tuple(plain_words(words) for words in plain["steps"]),
        tuple(plain_words(words) for words in plain["no_steps"]),
    )
