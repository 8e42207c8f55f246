"""The organisation's own leaflets, pictures and logo, as they come out of the worker's file, and what of them can be printed."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from ewb_desktop.leaflets.catalogue import CRISIS, Leaflet, line_of, read_source
from ewb_desktop.leaflets.errors import Fault, MissingGlyphError, SourceError
from ewb_desktop.leaflets.pictures import CreditedPictures, NamedPictures, OwnPicture
from ewb_desktop.leaflets.styles import Style

Key = tuple[str, str, str]
"""What one leaflet stands for: topic, language and format."""
_INVISIBLE = ("Zs", "Zl", "Zp")
_LINE_SIGNS = frozenset("\t\x0b\x0c\x1c\x1d\x1e\x1f\x85")
"""Signs of white space that are read as a space."""


@dataclass(frozen=True, slots=True)
class OwnFile:
    """One leaflet as its author wrote it: the record it stands in, the file's name, and its text."""

    id: str
    name: str
    source: str


@dataclass(frozen=True, slots=True)
class Own:
    """All that is the organisation's own. A later file stands in for an earlier one of the same topic, language and format."""

    files: tuple[OwnFile, ...] = ()
    pictures: tuple[OwnPicture, ...] = ()
    logo: OwnPicture | None = None


@dataclass(frozen=True, slots=True)
class OwnRead:
    """What became of one file: the leaflet, or every fault in it. ``is_printed`` says whether no later file stands in for it."""

    file: OwnFile
    leaflet: Leaflet | None = None
    faults: tuple[Fault, ...] = ()
    is_printed: bool = False


@dataclass(frozen=True, slots=True)
class Rules:
    """What the program can print: its styles, the languages it has fixed words for, and the folder of its pictures."""

    styles: Mapping[str, Style]
    languages: tuple[str, ...]
    shipped_pictures: Path


def read_own(own: Own, rules: Rules) -> tuple[OwnRead, ...]:
    """Read every file. A broken one is named with its faults, and never stops the others."""
    last: dict[Key, str] = {}
    found: list[OwnRead] = []
    for file in own.files:
        try:
            leaflet = read_file(file, NamedPictures(own.pictures, rules.shipped_pictures), rules)
        except SourceError as error:
            found.append(OwnRead(file, faults=error.faults))
            continue
        last[key_of(leaflet)] = file.id
        found.append(OwnRead(file, leaflet))
    return tuple(
        replace(read, is_printed=read.leaflet is not None and last[key_of(read.leaflet)] == read.file.id) for read in found
    )


def read_file(file: OwnFile, pictures: CreditedPictures, rules: Rules) -> Leaflet:
    """Return the leaflet in ``file``, with the credits of its pictures. Raises ``SourceError`` with every fault in it."""
    faults: list[Fault] = []
    leaflet: Leaflet | None = None
    try:
        leaflet = read_source(file.source, Path(file.name), pictures)
    except SourceError as error:
        faults += error.faults
    if leaflet is not None:
        faults += _at_odds(leaflet, file, rules)
    faults += list(unprintable(file, leaflet.lang if leaflet is not None else "", rules.styles))
    if leaflet is None or faults:
        raise SourceError(tuple(sorted(set(faults), key=lambda fault: (fault.line, fault.words))))
    return replace(leaflet, credit="; ".join(dict.fromkeys((*filter(None, [leaflet.credit]), *pictures.credits))))


def key_of(leaflet: Leaflet) -> Key:
    """Return what a leaflet stands for."""
    return (leaflet.id, leaflet.lang, leaflet.format)


def unprintable(file: OwnFile, lang: str, styles: Mapping[str, Style]) -> Iterator[Fault]:
    """Yield a fault for each character that some style has no letter for, in the line where it first stands."""
    seen: set[str] = set()
    head = 0
    for number, line in enumerate(file.source.split("\n"), start=1):
        head += line.rstrip() == "+++"
        if head == 1 and line.lstrip().startswith("#"):
            continue
        for character in dict.fromkeys(line):
            if character in seen or character in _LINE_SIGNS or unicodedata.category(character) in _INVISIBLE:
                continue
            seen.add(character)
            if not all(_has(style, character, lang) for style in styles.values()):
                named = f"U+{ord(character):04X} {unicodedata.name(character, 'a character without a name')}"
                shown = f"“{character}” ({named})" if character.isprintable() else f"A sign that is not seen ({named})"
                yield Fault(file.name, number, f"{shown} cannot be printed. Take it out, or write it in words.")


def _has(style: Style, character: str, lang: str) -> bool:
    faces = [stack.face_for(character, lang) for stack in (style.regular, style.bold)]
    if all(face.has(character) for face in faces):
        return True
    if unicodedata.category(character) != "Cf":
        return False
    try:  # a sign that only says how letters join or turn needs no letter of its own
        for face in faces:
            face.shape(character, right_to_left=False, lang=lang)
    except MissingGlyphError:
        return False
    return True


def _at_odds(leaflet: Leaflet, file: OwnFile, rules: Rules) -> Iterator[Fault]:
    lines = file.source.split("\n")
    if leaflet.id == CRISIS:
        words = "the id “crisis” belongs to the crisis numbers, which the program keeps checked. Choose another id."
        yield Fault(file.name, line_of("id", lines), words)
    if leaflet.lang not in rules.languages:
        there = ", ".join(sorted(rules.languages))
        words = f"the program has no crisis words and dates in “{leaflet.lang}”, so it cannot print it. It has: {there}."
        yield Fault(file.name, line_of("lang", lines), words)
