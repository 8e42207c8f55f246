"""Which leaflet suits a person: topics by their needs, format and language by what they asked for.

Nothing is chosen behind the worker's back. Where a wish cannot be met, the choice says so in a sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from ewb_desktop.leaflets.catalogue import Catalogue, TopicCard
from ewb_desktop.leaflets.press import Press
from ewb_desktop.leaflets.styles import Style

ENGLISH = "en"
DEFAULT_SIZE = 14.0
"""The size of print, in points, for somebody who asked for no other."""
_LARGE_SIZE = 18.0
_MET = frozenset(("clear-print", "plain-english", "email-that-a-screen-reader-can-read", "electronic-can-be-edited"))
"""Wishes that every leaflet meets: the words are plain, the saved file is tagged, and its text can be copied."""
_UNCHECKED = (
    "This translation has not been checked yet by a fluent reader, and the leaflet says so. "
    "Read it through with someone who speaks the language, or give the English one too."
)
NOT_THERE = "This leaflet is not there in the person's language yet. Read it through with an interpreter."
"""What is said where a leaflet is printed in another language than was asked for."""
_TRY_BOTH = "Look at the other one together too, and ask which is easier to read."
_POINTS = re.compile(r"large-print(?:-(\d{2}))?(?:pt)?")


@dataclass(frozen=True, slots=True)
class Choice:
    """The style, language and palette to print in, and what must be said to the worker about it."""

    style: str
    language: str
    warnings: tuple[str, ...]
    palette: str = ""


def suited_topics(catalogue: Catalogue, needs: Iterable[str]) -> tuple[TopicCard, ...]:
    """Return the topics that suit any of ``needs`` (keys of the needs list), those that suit most first."""
    wanted = frozenset(needs)
    shared = {card.id: len(wanted.intersection(card.needs)) for card in catalogue.topics()}
    suited = [card for card in catalogue.topics() if shared[card.id]]
    return tuple(sorted(suited, key=lambda card: -shared[card.id]))


def choose_format(
    press: Press, topic: str, formats: Iterable[str], language: str, instead: Mapping[str, str] = MappingProxyType({})
) -> Choice:
    """Return how to print ``topic`` for a person with the recorded ``formats`` and ``language``.

    ``formats`` are keys such as "large_print", "large-print-18", "easy_read" or "braille"; an empty ``language`` is
    English. ``instead`` says, by format, what to do where it cannot be printed. Large print comes before letters for
    people with dyslexia and before easy read where those are not there in its size. A translation that nobody has checked
    is never the silent choice: it comes with a warning.
    """
    warnings: list[str] = []
    remedies = {key.replace("_", "-").lower(): words for key, words in instead.items()}
    least, palette = DEFAULT_SIZE, ""
    wanted: dict[str, Style] = {}
    chosen, said = _language(press.catalogue, topic, language or ENGLISH)
    keys = sorted({key.replace("_", "-").lower() for key in formats})
    for size in filter(None, map(_POINTS.fullmatch, keys)):
        least = max(least, float(size.group(1) or _LARGE_SIZE))
    for key in keys:
        if _POINTS.fullmatch(key):
            continue
        fit = [style for style in press.styles_for(topic, chosen) if key in style.asked]
        style = next((style for style in fit if style.size >= least), fit[0] if fit else None)
        colours = next((each.id for each in press.palettes.values() if key in each.asked), "")
        if style is not None:
            wanted[style.id] = style
        elif colours:
            palette = colours
        elif key not in _MET:
            words = key.replace("-", " ")
            remedy = remedies.get(key, "Ask how else to help.")
            warnings.append(f"They asked for {words}. This leaflet cannot be made in {words} here. {remedy}")
    by_size = sorted((style for style in press.styles.values() if not style.asked), key=lambda style: style.size)
    # who cannot see the letters is not helped by their shape: print that is large enough comes first
    able = [style for style in wanted.values() if style.size >= least]
    style = able[-1] if able else next((style for style in by_size if style.size >= least), by_size[-1])
    for other in wanted.values():
        if other is not style:
            why = "It cannot be both" if other.size >= least else f"It is not there in {least:g} point print"
            warnings.append(f"They asked for “{other.name}” as well. {why}: this is “{style.name}”. {_TRY_BOTH}")
    if style.size < least:
        warnings.append(f"They asked for {least:g} point print. The largest here is {style.size:g} point.")
    return Choice(style.id, chosen, (*warnings, *said), palette)


def _language(catalogue: Catalogue, topic: str, language: str) -> tuple[str, list[str]]:
    card = next((card for card in catalogue.topics() if card.id == topic), None)
    if card is None or language in card.languages:
        if card is not None and language in card.unchecked:
            return language, [_UNCHECKED]
        return language, []
    instead = ENGLISH if ENGLISH in card.languages else card.languages[0]
    return instead, [NOT_THERE]
