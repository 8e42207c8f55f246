"""How a leaflet will look: the worker's own choices before those recorded, and what must be said of them. No Qt in here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from ewb_desktop.domain.words import list_words
from ewb_desktop.leaflets.choose import DEFAULT_SIZE, ENGLISH, NOT_THERE, Choice, choose_format
from ewb_desktop.leaflets.press import Press
from ewb_desktop.leaflets.sheets import Sheet
from ewb_desktop.library import Library
from ewb_desktop.storage.cards.people import PersonRecord
from ewb_desktop.ui.leaflets.shown import Looks
from ewb_desktop.ui.leaflets.wish import Wish, formats_of, language_of

_NAMED = 3
"""How many leaflets in the member's language are named."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """What is printed: style, language and palette, on which paper, and with or without a discreet cover."""

    choice: Choice
    sheet: Sheet
    discreet: bool


def chosen(press: Press, wish: Wish, person: PersonRecord | None, library: Library) -> Chosen:
    """Return how the leaflet will look; what cannot be met falls back and says so in the choice's warnings."""
    asked = choose_format(
        press, wish.topic, formats_of(person, library), wish.language or language_of(person), _remedies(library)
    )
    palette = wish.palette or asked.palette
    choice = _styled(press, wish, asked)
    choice = replace(choice, palette=palette if palette in press.palettes else next(iter(press.palettes)))
    able = _able(press, choice.style)
    sheet = next((sheet for sheet in able if sheet.id == wish.sheet), able[0])
    recorded = bool(person.discreet_print) if person is not None else False
    return Chosen(choice, sheet, recorded if wish.discreet is None else wish.discreet)


def looks_to_show(press: Press, wish: Wish, made: Chosen, library: Library) -> Looks:
    """Return what can be chosen, and what is."""
    card = next((card for card in press.catalogue.topics() if card.id == wish.topic), None)
    choice = made.choice
    return Looks(
        styles=[(style.id, style.name) for style in press.styles_for(wish.topic, choice.language)],
        languages=language_options(card.languages, library) if card is not None else [],
        palettes=[(palette.id, palette.name) for palette in press.palettes.values()],
        sheets=[(sheet.id, sheet.name) for sheet in _able(press, choice.style)],
        style=choice.style, language=choice.language, palette=choice.palette, sheet=made.sheet.id, discreet=made.discreet,
        has_cover=not made.sheet.cards,
    )  # fmt: skip


def warnings_of(
    made: Chosen, person: PersonRecord | None, library: Library, *, services: bool, readable: Sequence[str] = ()
) -> list[str]:
    """Return what to look at before printing, and what to do about it.

    ``services`` says whether any were added; ``readable`` are titles that are there in the language that the member reads.
    """
    said = [warning for warning in made.choice.warnings if warning != NOT_THERE]
    language = language_of(person)
    if language and NOT_THERE in made.choice.warnings:
        said.append(_other_language(language, made.choice.language, library, readable))
    if made.sheet.folded:
        said.append("Print it on both sides, turned on the short edge. Then fold the sheets in the middle.")
    if made.sheet.cards:
        said.append("Print it on one side. Cut the cards out and fold each in the middle.")
        said += ["A card has no room for services. They are left off it."] if services else []
    if person is not None and person.safe_to_post == "no":
        said.append(f"It is not safe to post letters to {person.name}. Give it by hand.")
    if person is not None and person.safe_to_post == "ask_first":
        said.append(f"Ask {person.name} before anything is posted to them.")
    return said


def _other_language(wanted: str, printed: str, library: Library, readable: Sequence[str]) -> str:
    words = f"They read {language_words(wanted, library)}. This leaflet will be in {language_words(printed, library)}."
    if readable:
        there = list_words([f"“{title}”" for title in readable[:_NAMED]])
        more = f" and {len(readable) - _NAMED} more" if len(readable) > _NAMED else ""
        return f"{words} There in {language_words(wanted, library)}: {there}{more}. Or go through this one with an interpreter."
    return (
        f"{words} No leaflet is there in {language_words(wanted, library)} yet: go through it with an interpreter, or ring "
        "a number on it together: most lines can ask an interpreter to join."
    )


def _remedies(library: Library) -> dict[str, str]:
    """Return what to do instead of each format that cannot be printed, by its key."""
    entries = library.list("communication").entries
    return {entry.key: str(entry.more["instead"]) for entry in entries if entry.more.get("instead")}


def language_words(code: str, library: Library) -> str:
    """Return what a language is called."""
    entry = library.list("languages").entry(code)
    return entry.words if entry is not None else code


def language_options(codes: Iterable[str], library: Library) -> list[tuple[str, str]]:
    """Return languages with what they are called, as people look for them: English, then by name."""
    named = ((code, language_words(code, library)) for code in codes)
    return sorted(named, key=lambda each: (each[0] != ENGLISH, each[1].casefold()))


def _styled(press: Press, wish: Wish, asked: Choice) -> Choice:
    """Return the choice with the style that the worker wished for, where this leaflet is there in it."""
    wished = press.styles.get(wish.style or "")
    if wished is None:
        return asked
    if wished not in press.styles_for(wish.topic, asked.language):
        words = f"This leaflet is not there as “{wished.name}” in this language. It is in another format now."
        return replace(asked, warnings=(*asked.warnings, words))
    size = press.styles[asked.style].size
    smaller = wished.size < size and size > DEFAULT_SIZE
    said = (*asked.warnings, "They asked for larger print than this.") if smaller else asked.warnings
    return replace(asked, style=wished.id, warnings=said)


def _able(press: Press, style: str) -> list[Sheet]:
    """Return the paper that the style may be printed on."""
    return [sheet for sheet in press.sheets.values() if sheet.id in press.styles[style].sheets]


def own_trouble(press: Press) -> str:
    """Say which of the organisation's own leaflets cannot be printed, and where to see why; nothing when all can."""
    broken = [read.file.name for read in press.own if read.leaflet is None]
    if not broken:
        return ""
    named = list_words([f"“{name}”" for name in broken])
    return f"Our own {'leaflet' if len(broken) == 1 else 'leaflets'} {named} cannot be printed: see Our own leaflets."
