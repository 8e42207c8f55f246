"""Reading Open Referral UK 3.0: pages, lists and single services, whole or broken."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ewb_desktop.domain.directory.bytestext import MOST_BYTES, ReadText, read_text
from ewb_desktop.domain.directory.gathering import Gathering
from ewb_desktop.domain.directory.report import DirectoryUnreadableError, Import
from ewb_desktop.domain.directory.terms import Terms

_LISTS = ("contents", "services", "content", "items")
_NAMED_LIST = re.compile(r'"(?:contents|services|content|items)"\s*:\s*\[')
_HEAD = 20_000
"""Characters in which a broken page must name its list: page numbers and links stand before it, nothing longer."""
_GAP = re.compile(r"[\s,]*")
_NAME_IN_PIECE = re.compile(r'"name"\s*:\s*"([^"\\]{1,80})')


@dataclass(frozen=True, slots=True)
class Page:
    """One chosen file: the name the person knows it by, and its bytes."""

    label: str
    data: bytes


@dataclass(frozen=True, slots=True)
class _Numbering:
    """What a page says about itself."""

    page: int | None
    pages: int | None
    services: int | None


def read_pages(pages: Sequence[Page], terms: Terms, most: int = MOST_BYTES) -> Import:
    """Read the chosen pages as one import.

    A page that cannot be read is one row left out with its reason. Raises :class:`DirectoryUnreadableError`, with a
    sentence for the person, when no page at all could be read.
    """
    if not pages:
        raise DirectoryUnreadableError("No file was chosen. Nothing was changed. Choose one or more directory files.")
    gathering = Gathering(terms)
    numberings: list[_Numbering] = []
    faults: list[str] = []
    for page in pages:
        try:
            numberings.append(_read_page(page, gathering, most))
        except DirectoryUnreadableError as fault:
            faults.append(str(fault))
            gathering.partial = True
            gathering.leave(page.label, "", str(fault))
    if len(faults) == len(pages):
        raise DirectoryUnreadableError(" ".join(faults))
    if not gathering.rows:
        labels = ", ".join(page.label for page in pages)
        raise DirectoryUnreadableError(
            f"{labels}: there are no services in it. Nothing was changed. "
            "The search or the page it was saved from may have been empty. Choose another file, or ask for it again."
        )
    _note_missing(numberings, gathering)
    return gathering.finished()


def _read_page(page: Page, gathering: Gathering, most: int) -> _Numbering:
    read = read_text(page.label, page.data, most)
    for note in read.notes:
        gathering.note(note)
    try:
        whole = json.loads(read.text, parse_constant=_no_constant)
    except json.JSONDecodeError as fault:
        return _read_piece(page.label, read, fault, gathering)
    except (RecursionError, ValueError) as fault:
        raise DirectoryUnreadableError(
            f"{page.label} is built in a way that cannot be read safely. Nothing was taken from it. "
            "Ask the people who made it for an Open Referral UK 3.0 file."
        ) from fault
    services, numbering = _services(page.label, whole)
    if not services:
        gathering.note(f"{page.label} holds no services.")
    for index, service in enumerate(services, 1):
        gathering.add(service, f"{_page_words(page.label, numbering.page)}, service {index}")
    return numbering


def _services(label: str, whole: Any) -> tuple[list[Any], _Numbering]:
    if isinstance(whole, list):
        return whole, _Numbering(None, None, None)
    if isinstance(whole, Mapping):
        numbers = [_count(whole.get(name)) for name in ("page_number", "total_pages", "total_items")]
        for name in _LISTS:
            if isinstance(whole.get(name), list):
                return whole[name], _Numbering(*numbers)
        if any(name in whole for name in ("name", "service", "service_at_locations")):
            return [whole], _Numbering(None, None, None)
    raise DirectoryUnreadableError(
        f"{label} is JSON but holds no list of services. Nothing was taken from it. "
        "Ask for an Open Referral UK 3.0 page: it has “contents” with services in it."
    )


def _read_piece(label: str, read: ReadText, fault: json.JSONDecodeError, gathering: Gathering) -> _Numbering:
    """Take the whole services before the place where the file breaks; say at which byte it does."""
    begin = _list_begins(read.text)
    total = read.byte_of(len(read.text)) - 1
    place = min(read.byte_of(fault.pos), total)
    if begin is None:
        raise DirectoryUnreadableError(
            f"{label} cannot be read as JSON from byte {place} on: it is another kind of file, or only part of one. "
            "Nothing was taken from it. Check that the right file was chosen, or ask for it again."
        )
    head = read.text[:begin]
    numbering = _Numbering(*(_number_in(head, name) for name in ("page_number", "total_pages", "total_items")))
    where = _page_words(label, numbering.page)
    count, stopped = 0, begin
    for service, end in _whole_values(read.text, begin):
        count, stopped = count + 1, end
        gathering.add(service, f"{where}, service {count}")
    rest = read.text[stopped:].strip(" \t\r\n,")
    gathering.partial = True
    gathering.note(
        f"{label} is broken at byte {place} of {total}. "
        f"Whole services read before that: {count}. Ask for the file again to get the rest."
    )
    if rest and not rest.startswith("]"):
        name = _NAME_IN_PIECE.search(rest[:2_000])
        gathering.leave(
            f"{where}, service {count + 1}",
            name[1] if name else "",
            f"The file breaks here, at byte {place}. What follows could not be read and nothing was taken from it.",
        )
    return numbering


def _list_begins(text: str) -> int | None:
    """Return where the first service of a page would stand, or ``None`` when the text does not begin like a page."""
    start = _GAP.match(text)
    position = start.end() if start else 0
    if text.startswith("[", position):
        return position + 1
    named = _NAMED_LIST.search(text[:_HEAD]) if text.startswith("{", position) else None
    return named.end() if named else None


def _whole_values(text: str, position: int) -> Iterator[tuple[Any, int]]:
    decoder = json.JSONDecoder(parse_constant=_no_constant)
    while True:
        gap = _GAP.match(text, position)
        position = gap.end() if gap else position
        if not text.startswith("{", position):
            return
        try:
            value, position = decoder.raw_decode(text, position)
        except (ValueError, RecursionError):
            return
        yield value, position


def _note_missing(numberings: Sequence[_Numbering], gathering: Gathering) -> None:
    numbered = {each.page for each in numberings if each.page is not None}
    totals = [each.pages for each in numberings if each.pages is not None]
    if numbered and totals:
        total = max(totals)
        first = 0 if 0 in numbered else 1
        missing = [number for number in range(first, min(total, 10_000) + first) if number not in numbered]
        gathering.partial = gathering.partial or bool(missing)
        if len(missing) == 1:
            gathering.note(f"Page {missing[0] + 1 - first} of {total} was not in what you chose.")
        elif missing:
            names = ", ".join(str(number + 1 - first) for number in missing[:20]) + (" ..." if missing[20:] else "")
            gathering.note(f"Pages {names} of {total} were not in what you chose.")
    items = [each.services for each in numberings if each.services is not None]
    if items and max(items) > len(gathering.rows):
        gathering.partial = True
        gathering.note(f"The file says there are {max(items)} services; {len(gathering.rows)} were in what you chose.")


def _page_words(label: str, number: int | None) -> str:
    return label if number is None else f"{label} (page {number})"


def _count(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**9 else None


def _number_in(head: str, name: str) -> int | None:
    match = re.search(rf'"{name}"\s*:\s*(\d{{1,9}})\b', head)
    return int(match[1]) if match else None


def _no_constant(_: str) -> None:
    return None
