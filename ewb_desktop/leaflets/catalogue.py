"""The leaflets there are: every Markdown file of some folders, checked. A broken one is named and the others stay."""

from __future__ import annotations

import datetime
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ewb_desktop.leaflets.addresses import LONGEST_ADDRESS, is_address
from ewb_desktop.leaflets.blocks import Block, Heading
from ewb_desktop.leaflets.errors import Fault, OrderError, SourceError
from ewb_desktop.leaflets.markdown import parse
from ewb_desktop.leaflets.pictures import Pictures

CRISIS = "crisis"
"""The topic of help in a crisis."""

MACHINE_DRAFT = "machine draft made for this project"
"""Who translated a leaflet that no person has translated; it is printed in the leaflet's own language."""

_FENCE = "+++"
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_DAY_WRITTEN = re.compile(r"\s*(?:date|review)\s*=\s*\d[\d./-]*\s*$")
_NEED = re.compile(r"[a-z0-9]+(_[a-z0-9]+)*")
_WORDS: dict[str, type] = {"id": str, "title": str, "lang": str, "version": str, "date": datetime.date, "review": datetime.date}
_LISTS = ("sources", "needs")
EASY = "easy"
"""The format of a leaflet in which every sentence has its picture; a leaflet without a format is running text."""
CARD = "card"
"""The format of a leaflet that is written for the wallet: a few short lines to fill in by hand."""
_FORMATS = ("", EASY, CARD)


@dataclass(frozen=True, slots=True)
class Leaflet:
    """One topic in one language.

    ``needs`` are the codes of the needs list that the topic suits. ``checked`` says whether a fluent reader has read a
    translation; what was written in its own language is checked. ``translator`` is empty for an original.
    ``format`` is empty, :data:`EASY` or :data:`CARD`; ``credit`` names who made its pictures and who allows them.
    With ``crisis_first`` the crisis numbers stand under the title, before all that is said. ``address`` is a page of the web
    on which more can be read; a translation without one has that of the topic in English.
    """

    id: str
    title: str
    lang: str
    version: str
    date: datetime.date
    review: datetime.date
    sources: tuple[str, ...]
    needs: tuple[str, ...]
    checked: bool
    translator: str
    blocks: tuple[Block, ...]
    format: str = ""
    credit: str = ""
    crisis_first: bool = False
    address: str = ""


@dataclass(frozen=True, slots=True)
class TopicCard:
    """A topic to choose from: its title in each language it is written in, and the needs it suits.

    ``easy`` are the languages in which it is there in easy read too.
    """

    id: str
    titles: Mapping[str, str]
    needs: tuple[str, ...]
    unchecked: tuple[str, ...]
    easy: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """The title in English, or in the first language there is."""
        return self.titles.get("en") or next(iter(self.titles.values()))

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages it is written in, English first."""
        return tuple(sorted(self.titles, key=lambda lang: (lang != "en", lang)))


class Catalogue:
    """The leaflets that can be printed, and the faults of those that cannot."""

    def __init__(self, leaflets: Iterable[Leaflet], faults: Iterable[Fault] = ()) -> None:
        self._leaflets = {(leaflet.id, leaflet.lang, leaflet.format): leaflet for leaflet in leaflets}
        self.faults = tuple(faults)

    @classmethod
    def load(cls, folders: Iterable[Path]) -> Catalogue:
        """Read every ``.md`` file under ``folders``. A later folder's leaflet stands in for one of the same topic."""
        leaflets: list[Leaflet] = []
        faults: list[Fault] = []
        for folder in folders:
            here: dict[tuple[str, str, str], str] = {}
            for path in sorted(folder.rglob("*.md")):
                try:
                    leaflet = read_leaflet(path)
                except SourceError as error:
                    faults.extend(error.faults)
                    continue
                key = (leaflet.id, leaflet.lang, leaflet.format)
                if key in here:
                    words = f"the topic “{leaflet.id}” in “{leaflet.lang}” is already in {here[key]}."
                    faults.append(Fault(path.name, 1, words))
                    continue
                here[key] = path.name
                leaflets.append(leaflet)
        return cls(leaflets, faults)

    def with_others(self, leaflets: Iterable[Leaflet], faults: Iterable[Fault] = ()) -> Catalogue:
        """Return a catalogue in which ``leaflets`` stand in for those of the same topic, language and format."""
        return Catalogue((*self._leaflets.values(), *leaflets), (*self.faults, *faults))

    def has(self, topic: str, lang: str, format: str = "") -> bool:
        """Say whether there is a leaflet on a topic in a language and format."""
        return (topic, lang, format) in self._leaflets

    def topics(self) -> tuple[TopicCard, ...]:
        """Return the topics in the order of their titles, help in a crisis last: it is not what anybody is given unasked."""
        grouped: dict[str, list[Leaflet]] = {}
        easy: dict[str, list[str]] = {}
        for leaflet in self._leaflets.values():
            if leaflet.format == CARD:
                continue
            if leaflet.format:
                easy.setdefault(leaflet.id, []).append(leaflet.lang)
                continue
            grouped.setdefault(leaflet.id, []).append(leaflet)
        cards = [
            TopicCard(
                topic,
                {leaflet.lang: leaflet.title for leaflet in several},
                tuple(sorted({need for leaflet in several for need in leaflet.needs})),
                tuple(sorted(leaflet.lang for leaflet in several if not leaflet.checked)),
                tuple(sorted(easy.get(topic, ()))),
            )
            for topic, several in grouped.items()
        ]
        return tuple(sorted(cards, key=lambda card: (card.id == CRISIS, card.title.casefold())))

    def leaflet(self, topic: str, lang: str, format: str = "") -> Leaflet:
        """Return a topic in a language and format. Raises ``OrderError`` when it is not there."""
        found = self._leaflets.get((topic, lang, format))
        if found is None and format == EASY:
            raise OrderError(f"There is no easy read leaflet “{topic}” in the language “{lang}”. Choose another format.")
        if found is None:
            raise OrderError(f"There is no leaflet “{topic}” in the language “{lang}”. Choose another.")
        return found

    def address(self, leaflet: Leaflet) -> str:
        """Return the page on which more can be read of what ``leaflet`` is about, or nothing."""
        english = self._leaflets.get((leaflet.id, "en", ""))
        return leaflet.address or (english.address if english is not None else "")


def read_leaflet(path: Path) -> Leaflet:
    """Read one file of the program's own. Raises ``SourceError`` with every fault in it."""
    try:
        content = path.read_bytes()
    except OSError:
        raise SourceError((Fault(path.name, 1, "the file cannot be read. Look whether it is still there."),)) from None
    return read_source(decoded(content, path.name), path)


def decoded(content: bytes, file: str) -> str:
    """Return the text of a file with plain line ends. Raises ``SourceError`` where it is not UTF-8."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        words = "the file cannot be read as UTF-8 text. Save it as UTF-8."
        raise SourceError((Fault(file, line, words),)) from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def read_source(text: str, path: Path, pictures: Pictures | None = None) -> Leaflet:
    """Read the text of a file; ``path`` names it, and its pictures stand beside it unless there are ``pictures``.

    Raises ``SourceError`` with every fault in it.
    """
    lines = text.split("\n")
    head_lines = lines_of_head(lines)
    if head_lines is None:
        words = "the file does not begin with a head between two lines of +++. Write one as in the example."
        raise SourceError((Fault(path.name, 1, words),))
    closing = len(head_lines) + 1
    head, faults = _head(head_lines, path.name)
    blocks, more = parse("\n".join(lines[closing + 1 :]), path, closing + 2, pictures)
    faults += more
    if not more and not (blocks and isinstance(blocks[0], Heading)):
        faults.append(Fault(path.name, closing + 2, "the leaflet does not begin with a title (one # sign)."))
    if faults:
        raise SourceError(tuple(sorted(faults, key=lambda fault: fault.line)))
    return Leaflet(
        **{key: head[key] for key in _WORDS},
        sources=tuple(head["sources"]),
        needs=tuple(head["needs"]),
        checked=head.get("checked", "translator" not in head),
        translator=head.get("translator", ""),
        blocks=blocks,
        format=head.get("format", ""),
        credit=head.get("credit", ""),
        crisis_first=head.get("crisis_first", False) or head["id"] == CRISIS,
        address=head.get("address", ""),
    )


def lines_of_head(lines: list[str]) -> list[str] | None:
    """Return the lines of a file's head, which begin at its second line; ``None`` when it has none."""
    fences = [i for i, line in enumerate(lines) if line.rstrip() == _FENCE][:2]
    return lines[1 : fences[1]] if len(fences) == len("..") and not fences[0] else None


def _head(lines: list[str], file: str) -> tuple[dict[str, Any], list[Fault]]:
    """Return the head and its faults; ``lines`` begin at the file's second line."""
    try:
        head = tomllib.loads("\n".join(lines))
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"line (\d+)", str(error))
        line = int(found.group(1)) + 1 if found else len(lines) + 1
        twice = "this name stands in the head twice. Take one of them out."
        plain = 'the head is not written as TOML (name = "words").'
        day = "there is no such day. Write a day such as 2026-11-21, without quotation marks."
        there = lines[line - 2] if line - 2 < len(lines) else ""
        words = twice if "overwrite" in str(error) else day if _DAY_WRITTEN.match(there) else plain
        return {}, [Fault(file, line, words)]
    except RecursionError:
        return {}, [Fault(file, 2, "a list in the head holds too many other lists. Write plain lists.")]
    faults: list[Fault] = []

    def fault(key: str, words: str) -> None:
        faults.append(Fault(file, line_of(key, lines, first=2), words))

    for key, kind in _WORDS.items():
        value = head.get(key)
        # a day with a time of day is a kind of day to Python, and cannot be compared with one
        if not isinstance(value, kind) or isinstance(value, datetime.datetime) or value == "":
            shape = "a day such as 2026-11-21" if kind is datetime.date else "words in quotation marks"
            fault(key, f"the head needs “{key}”, {shape}.")
    for key in _LISTS:
        value = head.get(key)
        if not isinstance(value, list) or not value or not all(isinstance(item, str) and item for item in value):
            fault(key, f'the head needs “{key}”, a list such as ["first", "second"].')
        elif key == "needs" and not all(_NEED.fullmatch(item) for item in value):
            fault(key, 'a need is a key of the needs list, such as "getting_active".')
    for key, words in _at_odds(head):
        fault(key, words)
    unknown = set(head) - set(_WORDS) - set(_LISTS) - {"checked", "translator", "format", "credit", "crisis_first", "address"}
    for key in sorted(unknown):
        fault(key, f"“{key}” is not known in the head of a leaflet. Take the line out.")
    return head, faults


def line_of(key: str, lines: list[str], first: int = 1) -> int:
    """Return the line in which a name of the head stands; 1, where the head begins, when it does not."""
    return next((i for i, text in enumerate(lines, start=first) if text.split("=")[0].strip() == key), 1)


def _at_odds(head: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield what is there but cannot be right: the name it stands under, and what is wrong with it."""
    topic, written, review = head.get("id"), head.get("date"), head.get("review")
    if isinstance(topic, str) and not _ID.fullmatch(topic):
        yield "id", 'the id is in small letters with hyphens, such as "low-mood".'
    if not isinstance(head.get("checked", False), bool):
        yield "checked", "“checked” is true or false, without quotation marks."
    if not isinstance(head.get("crisis_first", False), bool):
        yield "crisis_first", "“crisis_first” is true or false, without quotation marks."
    if "translator" in head and "checked" not in head:
        yield "translator", "a translation needs “checked = true” or “checked = false”."
    if head.get("format", "") not in _FORMATS:
        yield "format", f'the format can only be "{EASY}" or "{CARD}". Take the line out for running text.'
    if "address" in head and not (isinstance(head["address"], str) and is_address(head["address"])):
        yield (
            "address",
            f'the address is one of a page of the web, {LONGEST_ADDRESS} signs at most, such as "https://www.nhs.uk/".',
        )
    if not isinstance(head.get("credit", ""), str):
        yield "credit", "“credit” is words in quotation marks."
    if not isinstance(head.get("translator", ""), str):
        yield "translator", "“translator” is words in quotation marks."
    if type(written) is type(review) is datetime.date and review <= written:
        yield "review", "the review day is not after the day of writing. Give a later day."
