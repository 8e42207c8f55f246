"""Looks at a leaflet that somebody wants to bring in: what must be mended, what could be better, how hard it is to read."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from ewb_desktop.leaflets.blocks import Heading, Picture
from ewb_desktop.leaflets.catalogue import EASY, Catalogue, Leaflet, decoded, line_of, lines_of_head
from ewb_desktop.leaflets.errors import Fault, SourceError
from ewb_desktop.leaflets.own import Own, OwnFile, OwnRead, Rules, key_of, read_file, read_own
from ewb_desktop.leaflets.pictures import BroughtPictures, NamedPictures, OwnPicture
from ewb_desktop.leaflets.reading import Reading, read_closely
from ewb_desktop.leaflets.text.spans import plain

MOST_SOURCE = 60_000
"""Bytes of one leaflet's file: some twenty pages, and small enough to travel as one change."""
_MARKS = {b"PK\x03\x04": "a Word or other office file", b"%PDF": "a PDF file", b"\x89PNG": "a picture", b"\xff\xd8": "a picture"}

CANDIDATE = ""
"""The id of a file that is no record yet."""


@dataclass(frozen=True, slots=True)
class Check:
    """What is known of a file. With ``faults`` there is nothing to print; ``hints`` stop nothing.

    ``source`` is its text as it would be kept. ``pictures`` are those beside the file that would be kept with it.
    ``replaces`` are the ids of own leaflets that it would take the place of; ``replaces_ours`` says whether one that came with
    the program is printed now for its topic, language and format.
    """

    name: str
    source: str = ""
    leaflet: Leaflet | None = None
    faults: tuple[Fault, ...] = ()
    hints: tuple[Fault, ...] = ()
    reading: Reading | None = None
    pictures: tuple[OwnPicture, ...] = ()
    replaces: tuple[str, ...] = ()
    replaces_ours: bool = False


@dataclass(frozen=True, slots=True)
class Around:
    """What a file is looked at against: what is the organisation's own, what came with the program, the needs, and the day."""

    own: Own
    rules: Rules
    shipped: Catalogue
    needs: Mapping[str, str]
    today: date


def check_file(name: str, content: bytes, beside: Callable[[str], bytes | None], around: Around) -> Check:
    """Look at a file as it was chosen. ``beside`` returns the bytes of a file of that name in its folder, or None."""
    source = ""
    rules, own = around.rules, around.own
    pictures = BroughtPictures(NamedPictures(own.pictures, rules.shipped_pictures), beside)
    try:
        source = _text(name, content)
        leaflet = read_file(OwnFile(CANDIDATE, name, source), pictures, rules)
    except SourceError as error:
        return Check(name, source, faults=error.faults)
    credit = _credit(source)
    if pictures.brought and not credit:
        words = "the head needs “credit”: who made the pictures beside the file, and who allows them."
        return Check(name, source, faults=(Fault(name, line_of("credit", source.split("\n")), words),))
    shown = {block.path.name.casefold(): block.description for block in leaflet.blocks if isinstance(block, Picture)}
    brought = (replace(each, description=shown.get(key, ""), credit=credit) for key, each in pictures.brought.items())
    before = [read for read in read_own(own, rules) if read.leaflet is not None and key_of(read.leaflet) == key_of(leaflet)]
    return Check(
        name, source, leaflet, hints=tuple(_hints(leaflet, source, name, around, before)), reading=read_closely(leaflet, source),
        pictures=tuple(brought), replaces=tuple(read.file.id for read in before),
        replaces_ours=around.shipped.has(*key_of(leaflet)),
    )  # fmt: skip


def _credit(source: str) -> str:
    """Return the credit that the head itself has."""
    head = lines_of_head(source.split("\n")) or []
    return str(tomllib.loads("\n".join(head)).get("credit", ""))


def _hints(leaflet: Leaflet, source: str, name: str, around: Around, before: Sequence[OwnRead]) -> Iterator[Fault]:
    """Yield what could be better, and stops nothing."""
    lines = source.split("\n")
    for need in leaflet.needs:
        if need not in around.needs:
            words = f"“{need}” is not in the list of needs, so no member's need will point to this leaflet."
            yield Fault(name, line_of("needs", lines), f"{words} There are: {', '.join(sorted(around.needs))}.")
    title = leaflet.blocks[0]
    if isinstance(title, Heading) and " ".join(plain(title.spans).split()) != " ".join(leaflet.title.split()):
        words = "the title in the head is not the one over the words: lists show the first, and the paper shows the other."
        yield Fault(name, line_of("title", lines), words)
    if leaflet.review <= around.today:
        yield Fault(name, line_of("review", lines), "the review day has passed. Read it again, then give it a new day.")
    if any(read.leaflet is not None and read.leaflet.version == leaflet.version for read in before):
        words = f"the version is “{leaflet.version}”, as that of the one before it. A new one tells the papers apart."
        yield Fault(name, line_of("version", lines), words)
    if leaflet.format == EASY and not _has_running_text(leaflet, around):
        words = "there is no leaflet in running text with this id and language, and until there is, nobody can choose this one."
        yield Fault(name, line_of("format", lines), words)


def _has_running_text(leaflet: Leaflet, around: Around) -> bool:
    key = (leaflet.id, leaflet.lang, "")
    reads = (read.leaflet for read in read_own(around.own, around.rules))
    return around.shipped.has(*key) or any(each is not None and key_of(each) == key for each in reads)


def _text(name: str, content: bytes) -> str:
    for mark, kind in _MARKS.items():
        if content.startswith(mark):
            words = f"this is {kind}. Save the words as plain text (UTF-8) with the ending .md, and choose that."
            raise SourceError((Fault(name, 1, words),))
    if len(content) > MOST_SOURCE:
        size = f"{len(content) // 1000:,} kB"
        words = f"the file has {size} and a leaflet has {MOST_SOURCE // 1000} kB at most. Make several leaflets of it."
        raise SourceError((Fault(name, 1, words),))
    text = decoded(content, name)
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        raise SourceError((Fault(name, line, "the file is not plain text. Save it as plain text (UTF-8)."),))
    return text
